// Prints how soon real tabs leave a withdrawn version, on a running site of this machine:
// node bench-tabs.mjs <url> <registry> <remote> [tabs]
//
// The site must have a newer version of the remote live than the one before it: each run takes it back
// (`asterism rollback`) and then puts it live again.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const [url, registry, remote, tabs = "10"] = process.argv.slice(2);
if (!remote) {
  console.error("node bench-tabs.mjs <url> <registry> <remote> [tabs]");
  process.exit(2);
}
const tool = (...args) => promisify(execFile)(process.env.ASTERISM_BIN ?? "asterism", [...args, "--registry", registry]);

const before = (await (await fetch(`${url}/manifest.json`)).json()).remotes[remote];
const path = before.active.routes[0].path.replace(/\/\*$/, "");
const browser = await chromium.launch({
  executablePath: process.env.ASTERISM_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-renderer-backgrounding", "--disable-background-timer-throttling"],
});
const pages = [];
for (let i = 0; i < Number(tabs); i++) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(url + path);
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
const called = Date.now();
await tool("rollback", remote, "--reason", "bench-tabs");
const returned = Date.now();
const times = await Promise.all(pages.map((page) => page.evaluate(() => window.left)));
await browser.close();
await tool("release", remote, before.active.version, "--reason", "bench-tabs is over");

const sorted = (from) => times.map((time) => time - from).sort((a, b) => a - b);
const print = (what, values) =>
  console.log(`${what}: p50 ${values[Math.floor(values.length / 2)]} ms, max ${values.at(-1)} ms (n=${values.length})`);
print("from the call of rollback to the remounted slot", sorted(called));
print("from the return of rollback to the remounted slot", sorted(returned));
