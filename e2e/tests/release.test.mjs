// A team changes its remote and ships it alone: nobody else's bytes change, and there is a way back.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { asterism, until, useSite } from "./harness.mjs";

const site = useSite();
const run = promisify(execFile);
const ROOT = process.env.ASTERISM_ROOT ?? join(import.meta.dirname, "../..");
const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
const HEADING = "A career in delivery, told as stories";
const CHANGED = "A career in delivery, told anew";

/** Copies the checkout (what git knows or would know), so that the change is nobody else's. */
const copyCheckout = async (to) => {
  await rm(to, { recursive: true, force: true });
  const { stdout } = await run("git", ["ls-files", "-co", "--exclude-standard", "-z"], { cwd: ROOT, maxBuffer: 1 << 26 });
  for (const file of stdout.split("\0").filter(Boolean)) {
    await mkdir(join(to, dirname(file)), { recursive: true });
    await cp(join(ROOT, file), join(to, file), { preserveTimestamps: true }).catch((error) => {
      // Deleted but not yet committed.
      if (error.code !== "ENOENT") throw error;
    });
  }
};

/** Integrity of every file of the shell and of every remote but `search`. */
const others = async (page) => {
  const manifest = await (await page.request.get("/manifest.json")).json();
  const { search, ...rest } = manifest.remotes;
  const shell = await page.locator("[data-shell]").evaluateAll((all) => all.map((e) => e.integrity));
  return { shell, remotes: Object.fromEntries(Object.entries(rest).map(([name, r]) => [name, r.active])) };
};

test("a release of one remote changes that remote only, and a rollback brings the old one back", async () => {
  const page = await site.page();
  await page.goto("/");
  await page.getByRole("heading", { level: 1, name: HEADING }).waitFor();
  const before = await others(page);
  const gateway = (await site.site.state()).processes.map(({ name, pid }) => [name, pid]);

  // A checkout and a target folder of its own, at a fixed place so that a second run is warm.
  const home = join(TARGET, "e2e-release");
  const checkout = join(home, "checkout");
  await copyCheckout(checkout);
  const file = join(checkout, "mfe-search/ui/src/pages/search_page.rs");
  const source = await readFile(file, "utf8");
  assert.ok(source.includes(HEADING));
  await writeFile(file, source.replaceAll(HEADING, CHANGED));
  const registry = ["--registry", join(site.data, "registry")];
  const options = { cwd: checkout, env: { ...process.env, CARGO_TARGET_DIR: join(home, "target") } };

  const released = await asterism(["release", "search", "0.1.1", "--reason", "e2e", ...registry], options);
  assert.equal(released.code, 0, released.stderr);

  const revision = () => page.request.get("/manifest.json").then((answer) => answer.json());
  await until("the gateway to serve 0.1.1", async () => (await revision()).remotes.search.active.version === "0.1.1");
  await page.reload();
  await page.getByRole("heading", { level: 1, name: CHANGED }).waitFor();
  assert.deepEqual(await others(page), before, "no other file changed");
  assert.deepEqual((await site.site.state()).processes.map(({ name, pid }) => [name, pid]), gateway);

  // A version is never reused, and a stale release is refused.
  const again = await asterism(["publish", "search", "--version", "0.1.1", ...registry]);
  assert.equal(again.code, 1, "the unchanged sources are not what 0.1.1 is");
  assert.match(again.stderr + again.stdout, /0\.1\.1/);
  const stale = await asterism(["release", "search", "0.1.0", "--if-match", "1", ...registry], options);
  assert.equal(stale.code, 1, stale.stdout);

  const back = await asterism(["rollback", "search", "--reason", "e2e", ...registry], options);
  assert.equal(back.code, 0, back.stderr);
  await until("the gateway to serve 0.1.0", async () => (await revision()).remotes.search.active.version === "0.1.0");
  await page.reload();
  await page.getByRole("heading", { level: 1, name: HEADING }).waitFor();
  assert.deepEqual(await others(page), before);

  const history = await asterism(["history", ...registry], options);
  assert.match(history.stdout, /0\.1\.1/);
});
