// Both worlds, with the real npm packages: our search remote in a single-spa root config and through Module
// Federation's runtime, both on an origin of their own; and a React application in our shell.

import assert from "node:assert/strict";
import { once } from "node:events";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { build } from "esbuild";
import { copyVersion, release, rollback, served, tool } from "./bundles.mjs";
import { useSite } from "./harness.mjs";

const site = useSite();
const HERE = join(import.meta.dirname, "..");
const closing = [];
after(() => Promise.all(closing.map((server) => (server.closeAllConnections(), new Promise((done) => server.close(done))))));

/** Serves `pages` on another origin; `/api` goes to the site, as a foreign host's own proxy would do it. */
const foreignHost = async (pages) => {
  const server = createServer((req, res) => {
    const path = new URL(req.url, "http://x").pathname;
    if (path.startsWith("/api/")) {
      const up = request(site.site.url + req.url, { method: req.method, headers: { ...req.headers, host: new URL(site.site.url).host } });
      up.on("response", (answer) => (res.writeHead(answer.statusCode, answer.headers), answer.pipe(res)));
      up.on("error", () => res.writeHead(502).end());
      return req.pipe(up);
    }
    const found = Object.hasOwn(pages, path) ? pages[path] : pages["/"];
    res.writeHead(200, { "content-type": found.startsWith("<!doctype") ? "text/html" : "text/javascript" }).end(found);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(server);
  return `http://127.0.0.1:${server.address().port}`;
};

/** The site's import map, with absolute addresses. */
const importMap = async () => {
  const map = await (await fetch(`${site.site.url}/importmap.json`)).json();
  const absolute = (url) => new URL(url, site.site.url).href;
  return {
    imports: Object.fromEntries(Object.entries(map.imports).map(([name, url]) => [name, absolute(url)])),
    integrity: Object.fromEntries(Object.entries(map.integrity).map(([url, hash]) => [absolute(url), hash])),
  };
};

const findsAStory = async (page) => {
  const box = page.getByRole("combobox", { name: "Search the stories" }).first();
  await box.waitFor();
  await box.fill("mainframe exit");
  await page.getByRole("link", { name: "Exiting the Mainframe in Nineteen Months" }).first().waitFor();
};

test("search runs unchanged in a single-spa 6 root config on another origin", async () => {
  const root = `<!doctype html><html lang="en"><title>root</title>
    <script type="importmap">${JSON.stringify(await importMap())}</script>
    <body><main></main><script type="module">
      import { registerApplication, start, navigateToUrl, getMountedApps } from "/single-spa.js";
      registerApplication({ name: "search", app: () => import("search"), activeWhen: (location) => !location.pathname.startsWith("/other") });
      registerApplication({
        name: "other",
        app: async () => ({
          bootstrap: async () => {},
          mount: async () => { document.querySelector("main").innerHTML = "<h1>Elsewhere</h1>"; },
          unmount: async () => { document.querySelector("main").replaceChildren(); },
        }),
        activeWhen: "/other",
      });
      window.spa = { navigateToUrl, getMountedApps };
      start();
    </script></body></html>`;
  const lib = await readFile(join(HERE, "node_modules/single-spa/lib/es2015/esm/single-spa.min.js"), "utf8");
  const origin = await foreignHost({ "/": root, "/single-spa.js": lib });
  const page = await site.page({ baseURL: origin });
  await page.goto("/");
  await findsAStory(page);
  await page.evaluate(() => window.spa.navigateToUrl("/other"));
  await page.getByRole("heading", { name: "Elsewhere" }).waitFor();
  assert.equal(await page.getByRole("combobox", { name: "Search the stories" }).count(), 0, "it was unmounted");
  assert.deepEqual(await page.evaluate(() => window.spa.getMountedApps()), ["other"]);
  await page.evaluate(() => window.spa.navigateToUrl("/"));
  await findsAStory(page);
  assert.deepEqual(await page.evaluate(() => window.spa.getMountedApps()), ["search"]);
  assert.deepEqual(page.problems, []);
});

test("search is loaded by Module Federation's runtime on another origin", async () => {
  const host = await build({
    stdin: {
      contents: `
        import { createInstance } from "@module-federation/runtime";
        window.run = async (entry) => {
          const federation = createInstance({ name: "foreign", remotes: [{ name: "search", entry, type: "module" }] });
          const lifecycle = await federation.loadRemote("search");
          const props = { name: "search", domElement: document.querySelector("main") };
          await lifecycle.bootstrap(props);
          await lifecycle.mount(props);
          window.leave = () => lifecycle.unmount(props);
        };`,
      resolveDir: HERE,
    },
    bundle: true,
    format: "esm",
    write: false,
    define: { FEDERATION_BUILD_IDENTIFIER: "undefined", FEDERATION_OPTIMIZE_NO_SNAPSHOT_PLUGIN: "true" },
  });
  const page = await site.page({
    baseURL: await foreignHost({
      "/": `<!doctype html><html lang="en"><title>federation</title><main></main><script type="module" src="/host.js"></script></html>`,
      "/host.js": host.outputFiles[0].text,
    }),
  });
  await page.goto("/");
  await page.waitForFunction(() => window.run);
  const { imports } = await importMap();
  await page.evaluate((entry) => window.run(entry), imports.search);
  await findsAStory(page);
  await page.evaluate(() => window.leave());
  assert.equal(await page.getByRole("combobox", { name: "Search the stories" }).count(), 0);
  assert.deepEqual(page.problems, []);
});

test("a React 19 application is published, signed, released, used, left and rolled back in our shell", async () => {
  const bundled = await build({
    entryPoints: [join(HERE, "fixtures/react/app.jsx")],
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const dir = join(site.data, "made/counter");
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, "entry.js"), bundled.outputFiles[0].text);
  await cp(join(HERE, "fixtures/react/app.css"), join(dir, "app.css"));
  const what = ["--name", "counter", "--version", "1.0.0", "--entry", "entry.js", "--style", "app.css"];
  const where = ["--route", "/counter=Counter", "--nav", "Counter=90"];
  await tool(site, "describe", "--from", dir, ...what, ...where);
  await tool(site, "publish", "--from", dir);
  await tool(site, "release", "counter", "1.0.0", "--reason", "e2e");
  const { active } = await served(site, "counter", "1.0.0");
  assert.equal(active.signed.algorithm, "ed25519");

  const page = await site.page();
  await page.goto("/");
  const header = page.getByRole("banner");
  await header.getByRole("link", { name: "Counter" }).first().click();
  await page.getByRole("heading", { level: 1, name: "Counted by React 19" }).waitFor();
  const button = page.getByRole("main").getByRole("button", { name: /clicks/ });
  await button.click();
  await button.click();
  assert.equal(await button.innerText(), "2 clicks");
  assert.equal(await button.evaluate((element) => getComputedStyle(element).color), "rgb(1, 2, 3)");

  // Its styles stay inside, ours outside.
  assert.ok(await header.isVisible());
  const toggle = header.getByRole("button").first();
  assert.notEqual(await toggle.evaluate((element) => getComputedStyle(element).color), "rgb(1, 2, 3)");

  await header.getByRole("link", { name: "Ask" }).first().click();
  await page.getByRole("textbox").waitFor();
  await page.goBack();
  await button.waitFor();
  assert.equal(await button.innerText(), "0 clicks", "a new mount");
  assert.deepEqual(page.problems, []);

  await copyVersion(site, "counter", "1.0.0", "1.0.1");
  await release(site, "counter", "1.0.1");
  await served(site, "counter", "1.0.1");
  await rollback(site, "counter");
  await served(site, "counter", "1.0.0");
  await page.reload();
  await button.click();
  assert.equal(await button.innerText(), "1 clicks");
});
