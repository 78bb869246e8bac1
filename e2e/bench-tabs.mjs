// Prints how soon real tabs leave a withdrawn version, on a site of its own: node bench-tabs.mjs [tabs]
//
// Half of the tabs are of one browser and share an event stream; the others are each a person of their own.
// From the rollback's answer to the remote that came back, on the page. It takes what was built last.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { copyVersion, release, rollback } from "./tests/bundles.mjs";
import { startSite } from "./tests/harness.mjs";

const [tabs = "10"] = process.argv.slice(2);
const data = await mkdtemp(join(tmpdir(), "asterism-bench-"));
const site = { data, site: await startSite(data) };
const browser = await chromium.launch({
  executablePath: process.env.ASTERISM_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-renderer-backgrounding", "--disable-background-timer-throttling"],
});
try {
  const { remotes } = await (await fetch(`${site.site.url}/manifest.json`)).json();
  const [remote, { active }] = Object.entries(remotes).find(([, { active }]) => active.routes[0].nav);
  const newer = `${active.version}-bench`;
  await copyVersion(site, remote, active.version, newer);
  await release(site, remote, newer);

  const shared = await browser.newContext();
  const pages = [];
  for (let i = 0; i < Number(tabs); i++) {
    const page = await (i % 2 ? await browser.newContext() : shared).newPage();
    await page.goto(site.site.url + active.routes[0].path.replace(/\/\*$/, ""));
    await page.locator(".slot__host:not(.is-pending)").waitFor();
    await page.evaluate(() => {
      const old = document.querySelector(".slot__host:not(.is-pending)");
      window.left = new Promise((resolve) => {
        const watch = new MutationObserver(() => {
          const now = document.querySelector(".slot__host:not(.is-pending)");
          if (now && now !== old) resolve(Date.now());
        });
        watch.observe(document.querySelector(".slot"), { childList: true, subtree: true, attributes: true });
      });
    });
    pages.push(page);
  }
  await rollback(site, remote);
  const returned = Date.now();
  const times = await Promise.all(pages.map((page) => page.evaluate(() => window.left)));
  const sorted = times.map((time) => time - returned).sort((a, b) => a - b);
  const [median, last] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  console.log(`rollback to the remounted slot of ${remote}: p50 ${median} ms, max ${last} ms (${pages.length} tabs)`);
} finally {
  await browser.close();
  await site.site.stop();
  await rm(data, { recursive: true, force: true });
}
