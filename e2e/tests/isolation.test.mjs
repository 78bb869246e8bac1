// Two remotes and the shell on one page, each a Yew application: no click reaches a stranger's handler,
// each mount is a fresh WebAssembly instance, and 200 mounts leave nothing behind.

import assert from "node:assert/strict";
import { test } from "node:test";
import { until, useSite } from "./harness.mjs";
import { memoryOf } from "./memory.mjs";

const site = useSite();

/** Remembers every WebAssembly instance weakly, so that a test can count the living. */
const countInstances = () => {
  const living = [];
  const original = WebAssembly.instantiate;
  WebAssembly.instantiate = async (...args) => {
    const result = await original.apply(WebAssembly, args);
    living.push(new WeakRef(result.instance ?? result));
    return result;
  };
  window.instances = () => ({
    made: living.length,
    alive: living.filter((ref) => ref.deref()).length,
  });
};

test("a click reaches its own handler only", async () => {
  const page = await site.page();
  // The import map lists what the shell has loaded: load the second remote once, then come back.
  await page.goto("/industries");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Ask" }).first().click();
  await page.getByRole("textbox").waitFor();
  // A second remote beside the first, inside the shell's own Yew tree.
  await page.evaluate(async () => {
    const manifest = await (await fetch("/manifest.json")).json();
    const release = manifest.remotes.industries.active;
    const { bootstrap, mount } = await import(release.base + release.entry);
    const beside = document.createElement("div");
    beside.id = "beside";
    document.querySelector(".slot__host").parentElement.append(beside);
    const moved = [];
    window.moved = moved;
    const host = {
      contract: "1.0.0",
      basePath: "",
      location: () => "/industries",
      navigate: (path) => moved.push(path),
      onLocation: () => () => {},
      publish() {},
      subscribe: () => () => {},
      fetch: (url, init) => fetch(url, init),
      report() {},
      theme: "light",
      locale: "en",
      onPreference: () => () => {},
    };
    const props = { name: "industries", domElement: beside, host };
    await bootstrap(props);
    await mount(props);
  });
  await page.locator("#beside").getByRole("heading", { level: 1 }).waitFor();

  const snapshot = () =>
    page.evaluate(() => ({
      url: location.pathname,
      theme: document.documentElement.dataset.theme ?? "system",
      draft: document.querySelector(".slot__host").shadowRoot.querySelector("textarea").value,
      moved: window.moved.length,
    }));
  const before = await snapshot();

  // 1. Typing and clicking in the first remote moves nothing else.
  await page.getByRole("textbox").click();
  await page.keyboard.type("kafka");
  assert.deepEqual(await snapshot(), { ...before, draft: "kafka" });

  // 2. The shell's button changes the theme only.
  await page.getByRole("banner").getByRole("button").first().click();
  const themed = await snapshot();
  assert.notEqual(themed.theme, before.theme);
  assert.deepEqual({ ...themed, theme: before.theme }, { ...before, draft: "kafka" });

  // 3. A click into the second remote's text (no link) does nothing at all.
  await page.locator("#beside").getByRole("heading", { level: 1 }).click();
  assert.deepEqual(await snapshot(), themed);

  // 4. The shell's navigation still works, from inside a page with three applications.
  await page.getByRole("navigation").getByRole("link", { name: "Work" }).first().click();
  await page.getByRole("combobox", { name: "Search the stories" }).first().waitFor();
});

test("packaging renamed Yew's brands in shell and remotes, each to its own", async () => {
  const page = await site.page();
  await page.goto("/");
  const seen = new Map();
  const manifest = await (await page.request.get("/manifest.json")).json();
  const scripts = Object.entries(manifest.remotes).map(([name, { active }]) => [name, active.base + active.entry]);
  scripts.push(["shell", await page.locator("script[data-shell]").getAttribute("src")]);
  for (const [name, path] of scripts) {
    const source = await (await page.request.get(path)).text();
    const brands = new Set(source.match(/__yew_\w*subtree_id/g));
    assert.equal(brands.size, 1, `${name}: ${[...brands]}`);
    const [brand] = brands;
    assert.notEqual(brand, "__yew_subtree_id", name);
    assert.ok(!seen.has(brand), `${name} and ${seen.get(brand)} share ${brand}`);
    seen.set(brand, name);
  }
  assert.equal(seen.size, 5);
});

test("200 mounts leave a flat heap and no instance behind", async () => {
  const page = await site.page();
  await page.addInitScript(countInstances);
  await page.goto("/industries");
  await page.getByRole("heading", { level: 1 }).waitFor();
  const memory = await memoryOf(page);
  const measure = async () => {
    const { heap, ...counts } = await memory();
    return { heapKB: heap / 1024, ...counts, ...(await page.evaluate(() => window.instances())) };
  };
  const cycles = async (count) => {
    for (let i = 0; i < count; i++) {
      await page.getByRole("navigation").getByRole("link", { name: "Ask" }).first().click();
      await page.getByRole("textbox").waitFor();
      await page.getByRole("navigation").getByRole("link", { name: "Industries" }).first().click();
      await page.getByRole("link", { name: /Retail/ }).first().waitFor();
    }
  };
  await cycles(20);
  const early = await measure();
  await cycles(80);
  const late = await until("instances to be collected", async () => {
    const now = await measure();
    return now.alive <= early.alive + 2 && now;
  });
  console.log(JSON.stringify({ early, late }));
  assert.ok(late.made - early.made >= 160, "each mount is a fresh instance");
  assert.ok(late.listeners - early.listeners <= 20, `listeners ${early.listeners} -> ${late.listeners}`);
  assert.ok(late.nodes - early.nodes <= 200, `nodes ${early.nodes} -> ${late.nodes}`);
  assert.ok(late.heapKB - early.heapKB <= 400, `heap ${early.heapKB} -> ${late.heapKB} KB`);
  assert.deepEqual(page.problems, []);
});

test("a panic costs one remote, is told, and is recovered from by retry", async () => {
  const page = await site.page();
  await page.goto("/ask");
  await page.getByRole("textbox").waitFor();
  // Yew panics when its nodes vanish under it: a real panic in a real remote.
  await page.evaluate(() => {
    const root = document.querySelector(".slot__host").shadowRoot;
    const textarea = root.querySelector("textarea");
    const parent = textarea.getRootNode().querySelector(".slot__root") ?? root;
    for (const element of parent.querySelectorAll("*")) if (element !== textarea && !element.contains(textarea)) element.remove();
  });
  await page.getByRole("textbox").fill("anything at all");
  await page.keyboard.press("Enter");
  const retry = page.getByRole("main").getByRole("button", { name: /again|retry/i });
  await retry.waitFor();
  await page.getByRole("alert").getByText(/Ask/).first().waitFor();
  // The rest of the page lives.
  await page.getByRole("navigation").getByRole("link", { name: "Industries" }).first().click();
  await page.getByRole("link", { name: /Retail/ }).first().waitFor();
  await page.goBack();
  await page.getByRole("textbox").waitFor();
  await page.getByRole("textbox").fill("still here");
  assert.equal(await page.getByRole("textbox").inputValue(), "still here");
});
