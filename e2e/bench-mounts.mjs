// Prints what 200 mounts of each remote leave behind, on a running site:
// node bench-mounts.mjs <url> [cycles] [remote=path …]
//
// Remotes of the navigation are found by themselves, others by a link to them on the start page, or they need
// a path, as reports=/report/some-id.
// A cycle is a navigation to the remote and away to another. Slopes are by least squares over ten samples,
// each after forced garbage collection, since single readings jump by what V8 has not collected yet.

import { chromium } from "playwright-core";
import { memoryOf } from "./tests/memory.mjs";

const [url = "http://127.0.0.1:8080", asked = "200", ...more] = process.argv.slice(2);
const cycles = Number(asked);
const SAMPLES = 10;

const browser = await chromium.launch({
  executablePath: process.env.ASTERISM_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});

const manifest = await (await fetch(`${url}/manifest.json`)).json();
const entries = Object.entries(manifest.remotes).flatMap(([name, { active }]) =>
  active.routes.filter((route) => route.nav).map((route) => ({ name, path: route.path.replace(/\/\*$/, "") })),
);
for (const pair of more) entries.push({ name: pair.split("=")[0], path: pair.slice(pair.indexOf("=") + 1) });

/** Finds a page of a remote that has no place in the navigation: the first link to it on the start page. */
const linked = async (name, { active }) => {
  const prefixes = active.routes.map((route) => route.path.split(/[:*]/)[0]);
  const page = await browser.newPage();
  await page.goto(url);
  const hrefs = () => page.locator("a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  for (let i = 0; i < 50; i++) {
    const path = (await hrefs()).find((href) => prefixes.some((prefix) => href?.startsWith(prefix) && href.length > prefix.length));
    if (path) return { name, path };
    await page.waitForTimeout(100);
  }
  throw new Error(`no link to ${name} on the start page: name a path, as ${name}=${prefixes[0]}some-id`);
};
for (const [name, state] of Object.entries(manifest.remotes)) {
  if (!entries.some((entry) => entry.name === name)) entries.push(await linked(name, state));
}

const slope = (values) => {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((a, b) => a + b) / values.length;
  const over = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0);
  return over / values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
};

/** Goes to a path within the page and waits until its remote is mounted. */
const visit = (page, path) =>
  page.evaluate(
    (path) =>
      new Promise((resolve, reject) => {
        const before = document.querySelector(".slot__host:not(.is-pending)");
        const late = setTimeout(() => reject(new Error(`${path} does not mount`)), 20_000);
        const link = document.body.appendChild(document.createElement("a"));
        link.href = path;
        link.click();
        link.remove();
        const look = () => {
          const now = document.querySelector(".slot__host:not(.is-pending)");
          if (!now || now === before) return requestAnimationFrame(look);
          clearTimeout(late);
          resolve();
        };
        look();
      }),
    path,
  );

for (const { name, path } of entries) {
  const away = entries.find((other) => other.name !== name);
  const page = await (await browser.newContext()).newPage();
  await page.goto(url + away.path);
  await page.locator(".slot__host:not(.is-pending)").waitFor();
  const measure = await memoryOf(page);
  const run = async (count) => {
    for (let i = 0; i < count; i++) {
      await visit(page, path);
      await visit(page, away.path);
    }
  };
  // Caches and just-in-time code settle first.
  await run(20);
  const samples = [await measure()];
  const step = cycles / SAMPLES;
  for (let i = 0; i < SAMPLES; i++) {
    await run(step);
    samples.push(await measure());
  }
  const by = (key) => slope(samples.map((sample) => sample[key])) / step;
  const [first, last] = [samples[0], samples.at(-1)];
  console.log(
    `${name}: ${cycles} cycles, heap ${(first.heap / 1024).toFixed(0)} -> ${(last.heap / 1024).toFixed(0)} KB ` +
      `(${by("heap").toFixed(0)} bytes a cycle), nodes ${first.nodes} -> ${last.nodes} (${by("nodes").toFixed(2)} a cycle), ` +
      `listeners ${first.listeners} -> ${last.listeners} (${by("listeners").toFixed(2)} a cycle)`,
  );
  await page.context().close();
}
await browser.close();
