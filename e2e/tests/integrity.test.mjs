// Integrity fails closed: a byte that is not the released one never runs, and the page says so.

import assert from "node:assert/strict";
import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { useSite } from "./harness.mjs";

const site = useSite();

/** Lets `page` get files that match `pattern` with one byte changed. */
const tamper = (page, pattern) =>
  page.route(pattern, async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    // A trailing space keeps scripts and stylesheets valid: only their hash tells.
    const changed = pattern.source.includes("wasm")
      ? Buffer.from(body.map((byte, i) => (i === body.length - 1 ? byte ^ 1 : byte)))
      : Buffer.concat([body, Buffer.from(" ")]);
    await route.fulfill({ response, body: changed });
  });

for (const [what, pattern] of [
  ["glue", /\/remotes\/ask\/.*\.js(\?|$)/],
  ["WASM", /\/remotes\/ask\/.*\.wasm(\?|$)/],
  ["stylesheet", /\/remotes\/ask\/.*\.css(\?|$)/],
]) {
  test(`a remote's tampered ${what} is refused and the rest works`, async () => {
    const page = await site.page();
    await tamper(page, pattern);
    await page.goto("/ask");
    await page.getByRole("alert").waitFor({ timeout: 30_000 });
    assert.equal(await page.getByRole("textbox").count(), 0, "nothing of the remote runs");
    await page.getByRole("navigation").getByRole("link", { name: "Industries" }).first().click();
    await page.getByRole("link", { name: /Retail/ }).first().waitFor();
    // Back on the released bytes, retry works.
    await page.unrouteAll();
    await page.getByRole("navigation").getByRole("link", { name: "Ask" }).first().click();
    const retry = page.getByRole("main").getByRole("button", { name: /again|retry/i });
    await Promise.race([retry.waitFor(), page.getByRole("textbox").waitFor()]);
    if (await retry.isVisible()) await retry.click();
    await page.getByRole("textbox").waitFor();
  });
}

for (const [what, pattern] of [
  ["script", /\/shell\/.*\.js$/],
  ["WASM", /\/shell\/.*\.wasm$/],
  ["stylesheet", /\/shell\/.*\.css$/],
]) {
  test(`the shell's tampered ${what} is refused and the page says so`, async () => {
    const page = await site.page();
    await tamper(page, pattern);
    await page.goto("/");
    await page.getByRole("heading", { name: "This page could not start" }).waitFor();
    assert.equal(await page.getByRole("combobox", { name: "Search the stories" }).count(), 0);
  });
}

test("a script without integrity is not loaded at all", async () => {
  const page = await site.page();
  await page.goto("/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  const outcome = await page.evaluate(async () => {
    const manifest = await (await fetch("/manifest.json")).json();
    const { base, entry } = manifest.remotes.industries.active;
    return import(`${base}${entry}?unlisted=1`).then(
      () => "ran",
      () => "refused",
    );
  });
  assert.equal(outcome, "refused");
});

test("a missing file costs one remote", async () => {
  const folder = join(site.data, "registry/remotes/industries/0.1.0");
  const files = (await readdir(folder)).filter((file) => file.includes(".wasm"));
  assert.ok(files.length > 0);
  for (const file of files) await rename(join(folder, file), join(site.data, file));
  try {
    const page = await site.page();
    await page.goto("/industries");
    await page.getByRole("alert").getByText(/Industries/).first().waitFor({ timeout: 30_000 });
    await page.getByRole("navigation").getByRole("link", { name: "Work" }).first().click();
    await page.getByRole("combobox", { name: "Search the stories" }).first().waitFor();
  } finally {
    for (const file of files) await rename(join(site.data, file), join(folder, file));
  }
});
