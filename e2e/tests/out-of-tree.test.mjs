// A team with a workspace of its own: made, built, published, released and opened, while no byte of the
// shell and of the other remotes changes.

import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { manifest, registry, served } from "./bundles.mjs";
import { asterism, useSite } from "./harness.mjs";

const site = useSite();
const TARGET = process.env.CARGO_TARGET_DIR ?? join(process.env.ASTERISM_ROOT ?? join(import.meta.dirname, "../.."), "target");

const done = async (args, options) => {
  const { code, stdout, stderr } = await asterism(args, options);
  assert.equal(code, 0, `asterism ${args.join(" ")}\n${stdout}${stderr}`);
};

/** Integrity of the shell's files, and everything that is live. */
const hashes = async (page) => ({
  shell: await page.locator("[data-shell]").evaluateAll((all) => all.map((element) => element.integrity)),
  remotes: (await manifest(site)).remotes,
});

test("a remote of another workspace joins the site and changes nobody else", async () => {
  const page = await site.page();
  await page.goto("/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  const before = await hashes(page);

  // Outside of any workspace, or cargo takes the two for one; always the same place, so that a second run
  // is warm.
  const dir = join(tmpdir(), "asterism-out-of-tree");
  await rm(dir, { recursive: true, force: true });
  await done(["new", "visits", "--out-of-tree", dir], { cwd: tmpdir() });
  const yew = async (lock) => (await readFile(lock, "utf8")).match(/name = "yew"\nversion = "([^"]+)"/)[1];
  const ours = await yew(join(import.meta.dirname, "../../Cargo.lock"));
  const theirs = await yew(join(dir, "Cargo.lock"));
  console.log(`Yew here ${ours}, there ${theirs}`);
  assert.notEqual(theirs, ours, "a version of its own");

  const options = { cwd: dir, env: { ...process.env, CARGO_TARGET_DIR: join(TARGET, "e2e-out-of-tree") } };
  await done(["release", "visits", "0.1.0", "--reason", "e2e", "--registry", registry(site)], options);
  await served(site, "visits", "0.1.0");

  await page.reload();
  await page.getByRole("navigation").getByRole("link", { name: "Visits" }).first().click();
  await page.getByRole("main").getByRole("heading", { level: 1, name: /Visits/ }).waitFor();
  const after = await hashes(page);
  const { visits, ...others } = after.remotes;
  assert.equal(visits.active.kind, "yew");
  assert.deepEqual({ ...after, remotes: others }, before, "no other byte changed");

  // It is left and found again like any other.
  await page.getByRole("navigation").getByRole("link", { name: "Ask" }).first().click();
  await page.getByRole("textbox").first().waitFor();
  await page.goBack();
  await page.getByRole("main").getByRole("heading", { level: 1, name: /Visits/ }).waitFor();
});
