// A developer's own copy of one remote, in one tab; and the panel that shows what is on the page.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { makeBundle } from "./bundles.mjs";
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
    routes: [{ path: "/industries", title: "Industries" }],
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
const panel = (page) => page.getByRole("dialog").or(page.getByRole("complementary")).or(page.locator("[class*=devtools]")).first();

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
});

test("an override from an origin that is not allowed is refused", async () => {
  const page = await site.page();
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`/industries?asterism-override=industries=${encodeURIComponent("https://elsewhere.example/")}`);
  await released(page).waitFor();
  assert.deepEqual(asked.filter((url) => url.includes("elsewhere.example") && !url.startsWith(site.site.url)), []);
});

test("the panel shows what is on the page and reloads it", async () => {
  const page = await site.page();
  await page.goto("/industries");
  await released(page).waitFor();
  await page.keyboard.press("Control+Shift+Period");
  await panel(page).waitFor();
  const text = await panel(page).innerText();
  for (const fact of [/industries/, /0\.1\.0/, /\^1\.0/, /bucket/i, /revision/i, /mount/i]) assert.match(text, fact);
  await page.evaluate(() => (document.querySelector(".slot__host").dataset.kept = "yes"));
  await panel(page).getByRole("button", { name: /reload/i }).first().click();
  await page.waitForFunction(() => !document.querySelector(".slot__host[data-kept=yes]"));
  await released(page).waitFor();
  await page.keyboard.press("Control+Shift+Period");
  await panel(page).waitFor({ state: "hidden" });
});
