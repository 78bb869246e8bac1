// Prints how long a person waits, on a running site: node bench-load.mjs <url> [runs]
//
// Each run is a fresh browser context, so every cache is cold. Medians with the smallest and largest, since
// this is a measurement and not a test.

import { chromium } from "playwright-core";

const [url = "http://127.0.0.1:8080", runs = "9"] = process.argv.slice(2);

const browser = await chromium.launch({
  executablePath: process.env.ASTERISM_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/** Milliseconds since navigation start at which `find(document)` first holds, frame by frame. */
const whenSeen = (page, selector) =>
  page.evaluate(
    (selector) =>
      new Promise((resolve) => {
        const look = () => {
          const root = document.querySelector(".slot__host")?.shadowRoot;
          if (root?.querySelector(selector)) resolve(performance.now());
          else requestAnimationFrame(look);
        };
        look();
      }),
    selector,
  );

const print = (what, values) => {
  values.sort((a, b) => a - b);
  const ms = (value) => `${value.toFixed(0)} ms`;
  const median = values[Math.floor(values.length / 2)];
  console.log(`${what}: median ${ms(median)} (${ms(values[0])} to ${ms(values.at(-1))}, n=${values.length})`);
};

const first = [];
const hovered = [];
const unhovered = [];
for (let run = 0; run < Number(runs); run++) {
  for (const hover of [true, false]) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(url, { waitUntil: "commit" });
    first.push(await whenSeen(page, "a[href*='/story/']"));
    const link = page.getByRole("navigation").getByRole("link", { name: "Ask" }).first();
    if (hover) {
      await link.hover();
      // As long as a hand takes from arriving on a link to pressing.
      await page.waitForTimeout(250);
    }
    const start = await page.evaluate(() => {
      const now = performance.now();
      document.querySelector("nav a[href='/ask']").click();
      return now;
    });
    (hover ? hovered : unhovered).push((await whenSeen(page, "textarea")) - start);
    await context.close();
  }
}
print("navigation to the first story card, cold cache", first);
print("switch to /ask after hovering its link", hovered);
print("switch to /ask without hovering", unhovered);
await browser.close();
