// A team works on its remote alone: `asterism dev` builds, packages and serves it with a mock host, with made-up
// answers where no service is; and the same copy stands in for the released one in one tab of a running site.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { after, test } from "node:test";
import { until, useSite } from "./harness.mjs";

const BIN = process.env.ASTERISM_BIN ?? "asterism";
const ROOT = process.env.ASTERISM_ROOT ?? join(import.meta.dirname, "../..");
const site = useSite();
const started = [];
after(() => Promise.all(started.map(({ child, ended }) => (child.kill("SIGTERM"), ended))));

/** Starts `dev` on a free port; `data` says which running site it may ask. */
const dev = async (data) => {
  const args = ["dev", "industries", "--port", "0", "--data", data];
  const child = spawn(BIN, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  started.push({ child, ended: new Promise((resolve) => child.on("exit", resolve)) });
  const url = await until(
    "dev to serve",
    async () => {
      assert.equal(child.exitCode, null, output);
      const found = output.match(/http:\/\/localhost:\d+/)?.[0];
      return found && (await fetch(`${found}/remote.json`)).ok && found;
    },
    300_000,
  );
  return { url, output: () => output };
};

test("a remote works alone, with made-up answers and a host that does what the contract says", async () => {
  const { url } = await dev(join(site.data, "nothing-runs-here"));
  const page = await site.page({ baseURL: url });
  await page.goto("/industries");
  const retail = page.getByRole("link", { name: /Retail/ }).first();
  await retail.waitFor();
  const answer = await page.request.get("/api/industries");
  assert.equal(answer.status(), 200);
  assert.ok(Object.keys(answer.headers()).some((name) => /fixture|made|fake/.test(name)), JSON.stringify(answer.headers()));
  // A step is the host's: it changes the address, and back undoes it.
  await retail.click();
  await page.waitForURL("**/industries/retail");
  await page.goBack();
  await retail.waitFor();
  await page.getByLabel("Theme").selectOption("dark");
  await page.waitForFunction(() => getComputedStyle(document.documentElement).colorScheme === "dark");
  assert.deepEqual(page.problems, []);
});

test("the same copy stands in for the released one, in one tab of a running site", async () => {
  const { url, output } = await dev(site.data);
  const link = output().match(/http:\/\/127\.0\.0\.1:\d+\/\S*asterism-override=\S+/)?.[0];
  assert.ok(link?.startsWith(site.site.url), output());
  const page = await site.page();
  await page.goto(link);
  await page.getByText(`is overridden in this tab only, from ${url}/`).waitFor();
  await page.getByRole("link", { name: /Retail/ }).first().waitFor();
  await page.getByText(/industries@[\d.]+-dev/).waitFor();
  assert.deepEqual(page.problems, []);
});
