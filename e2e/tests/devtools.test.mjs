// A developer's own copy of one remote, in one tab; and the panel that shows what is on the page.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { copyVersion, makeBundle, release } from "./bundles.mjs";
import { source } from "./gallery.mjs";
import { useSite } from "./harness.mjs";

const servers = [];
after(() => Promise.all(servers.map((server) => (server.closeAllConnections(), new Promise((done) => server.close(done))))));

let local;
const site = useSite(async (site) => {
  const dir = await makeBundle(join(site.data, "made/dev"), {
    name: "industries",
    version: "9.9.9",
    files: { "entry.js": source("a developer's copy") },
    routes: [{ path: "/industries", title: "Industries", nav: { label: "Industries", order: 30 } }],
  });
  const server = createServer(async (req, res) => {
    const path = new URL(req.url, "http://x").pathname;
    const cors = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" };
    const type = path.endsWith(".js") ? "text/javascript" : "application/json";
    await readFile(join(dir, path)).then(
      (bytes) => res.writeHead(200, { ...cors, "content-type": type }).end(bytes),
      () => res.writeHead(404, cors).end(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  local = `http://localhost:${server.address().port}/`;
});

const mine = (page) => page.getByRole("heading", { level: 1, name: "This is a developer's copy" });
const released = (page) => page.getByRole("link", { name: /Retail/ }).first();
const panel = (page) => page.getByRole("complementary", { name: "Asterism devtools" });

test("an override shows a developer's copy in one tab, under a banner, and in no other", async () => {
  const page = await site.page();
  await page.goto(`/industries?asterism-override=industries=${encodeURIComponent(local)}`);
  await mine(page).waitFor();
  await page.getByText(/overrid/i).first().waitFor();
  // It lasts for the tab, and the other remotes are the released ones.
  await page.getByRole("navigation").getByRole("link", { name: "Ask" }).first().click();
  await page.getByRole("textbox").waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Industries" }).first().click();
  await mine(page).waitFor();
  const other = await page.context().newPage();
  await other.goto("/industries");
  await released(other).waitFor();
  assert.equal(await other.getByText(/overrid/i).count(), 0);
  // The banner ends it.
  await page.getByRole("button", { name: "Stop" }).click();
  await released(page).waitFor();
  assert.equal(await page.getByText(/overrid/i).count(), 0);
});

test("an override from an origin that is not allowed is refused", async () => {
  const page = await site.page();
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`/industries?asterism-override=industries=${encodeURIComponent("https://elsewhere.example/")}`);
  await released(page).waitFor();
  await page.getByText(/cannot be used: https:\/\/elsewhere.example is not among the origins/).waitFor();
  assert.deepEqual(asked.filter((url) => url.includes("elsewhere.example") && !url.startsWith(site.site.url)), []);
});

test("the panel shows what is on the page, reloads it, overrides it and goes back to the previous version", async () => {
  const page = await site.page();
  await page.goto("/industries");
  await released(page).waitFor();
  await page.keyboard.press("Control+Shift+Period");
  await panel(page).waitFor();
  const row = panel(page).getByRole("listitem").filter({ hasText: "industries" });
  const text = await row.innerText();
  const { remotes, revision } = await (await page.request.get("/manifest.json")).json();
  const { active } = remotes.industries;
  const bytes = Object.values(active.files).reduce((sum, file) => sum + file.bytes, 0);
  for (const fact of [
    active.version, active.base, active.contract, active.kind, active.signed.key, `${(bytes / 1000).toFixed(1)} KB`,
    `revision\n${revision}`, "on the page", "active",
  ]) {
    assert.ok(text.replaceAll("\n\n", "\n").includes(fact), `${fact} in ${text}`);
  }
  assert.match(text, /cohort\s+\d+ of 10000/);
  assert.match(text, /load [\d.]+ ms, import [\d.]+ ms, bootstrap [\d.]+ ms, mount [\d.]+ ms/);
  assert.match(await panel(page).innerText(), /bucket \d+/);
  assert.equal(await panel(page).getByRole("listitem").count(), Object.keys(remotes).length, "every remote");

  const mark = () => page.evaluate(() => (document.querySelector(".slot__host").dataset.kept = "yes"));
  const fresh = () => page.waitForFunction(() => !document.querySelector(".slot__host[data-kept=yes]"));
  await mark();
  await row.getByRole("button", { name: /^Reload/ }).click();
  await fresh();
  await released(page).waitFor();

  await row.getByRole("textbox").fill(local);
  await row.getByRole("button", { name: /^Override/ }).click();
  await mine(page).waitFor();
  await row.getByText("override", { exact: true }).waitFor();
  await row.getByRole("button", { name: /^Clear/ }).click();
  await released(page).waitFor();

  assert.ok(await row.getByRole("button", { name: /^Force previous/ }).isDisabled(), "there is none yet");
  await copyVersion(site, "industries", active.version, "0.1.1");
  await release(site, "industries", "0.1.1");
  const previous = row.getByRole("button", { name: /^Force previous/ });
  await page.waitForFunction((button) => !button.disabled, await previous.elementHandle());
  await page.reload();
  await page.getByText("industries@0.1.1").waitFor();
  await page.keyboard.press("Control+Shift+Period");
  await previous.click();
  await page.getByText(`industries@${active.version}`).waitFor();
  await row.getByText("previous", { exact: true }).waitFor();

  await page.keyboard.press("Escape");
  await panel(page).waitFor({ state: "hidden" });
  assert.deepEqual(page.problems, []);
});
