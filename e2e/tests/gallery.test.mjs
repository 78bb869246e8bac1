// A gallery of bad remotes, as single-spa's own tests have one: each a real bundle, published, signed and
// released. Whatever they do, the page's frame and the other remotes go on working, and the slot says what
// happened and heals.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { makeBundle, put, served, ship, spoil, stored } from "./bundles.mjs";
import { FORGERIES, GALLERY, source } from "./gallery.mjs";
import { until, useSite } from "./harness.mjs";

const good = (name) => ({ "entry.js": source(name) });

const site = useSite(async (site) => {
  for (const { name, files, parts, style, spoil: bytes } of GALLERY) {
    const all = files ?? { "entry.js": source(name, parts) };
    const styles = style ? ["style.css"] : [];
    if (style) all["style.css"] = style;
    await ship(site, { name, files: all, styles, routes: [{ path: `/${name}`, title: `The ${name} page` }] });
    if (bytes !== undefined) await spoil(site, name, "1.0.0", "entry.js", bytes ?? undefined);
  }
  // One whose first version is good and whose second is not.
  await ship(site, { name: "regressed", files: good("regressed 1.0.0") });
  await ship(site, { name: "regressed", version: "1.1.0", files: { "entry.js": "throw new Error('broken')" } });
  await ship(site, { name: "signed", files: good("signed") });
  await served(site, "signed", "1.0.0");
});

/** The header is there, on top, and leads to another remote, which works. */
const frameWorks = async (page) => {
  const onTop = await page.evaluate(() =>
    [...document.querySelectorAll("nav a, .wordmark")].map((link) => {
      const { x, y, width, height } = link.getBoundingClientRect();
      const hit = document.elementFromPoint(x + width / 2, y + height / 2);
      return width > 0 && (link === hit || link.contains(hit));
    }),
  );
  assert.ok(onTop.length >= 4 && onTop.every(Boolean), `covered or hidden links: ${onTop}`);
  await page.getByRole("navigation").getByRole("link", { name: "Ask" }).first().click();
  await page.getByRole("textbox").waitFor({ timeout: 8_000 });
  await page.getByRole("textbox").fill("it works");
};

const shows = (page, name) => page.getByRole("heading", { level: 1, name: `This is ${name}` });

const alertSays = async (page, name, says, timeout) => {
  const alert = page.getByRole("main").getByRole("alert");
  await alert.getByText(`The ${name} page`).first().waitFor({ timeout });
  // `textContent`: the technical reason is folded away.
  const text = await alert.first().textContent();
  assert.match(text, says);
  assert.match(text, new RegExp(`${name}@1\\.0\\.0`), "the reason names the version");
};

const retry = (page) => page.getByRole("main").getByRole("button", { name: /again|retry/i });

describe("after each of them the page works", { concurrency: 3 }, () => {
  for (const { name, says, release, runs, wait = 15_000 } of GALLERY) {
    test(name, async () => {
      const page = await site.page();
      try {
        await page.goto(`/${name}`);
        if (runs || says === null) await shows(page, name).waitFor({ timeout: wait });
        if (says !== null) await alertSays(page, name, says, wait);
        await frameWorks(page);
        await page.goBack();
        if (says === null) {
          await shows(page, name).waitFor({ timeout: wait });
          return;
        }
        // The fault ends: by itself, or by a release of a good version, which the open page hears of.
        if (release) {
          await ship(site, { name, version: "1.0.1", files: good(name), routes: [{ path: `/${name}`, title: name }] });
          await served(site, name, "1.0.1");
        } else {
          await page.evaluate(() => (globalThis.healed = true));
        }
        await until("the healed remote", async () => {
          // The page may heal by itself between the look and the click.
          if (await retry(page).isVisible()) await retry(page).click({ timeout: 1_000 }).catch(() => {});
          await shows(page, name).waitFor({ timeout: 2_000 });
          return true;
        }, 20_000);
        await frameWorks(page);
      } finally {
        await page.context().close();
      }
    });
  }
});

test("a version that does not load gives way to the one before", async () => {
  const page = await site.page();
  await page.goto("/regressed");
  await shows(page, "regressed 1.0.0").waitFor();
  assert.equal(await page.getByRole("main").getByRole("alert").count(), 0);
  await frameWorks(page);
});

/** Lets a page read a manifest in which the release of `signed` is another. */
const forge = (page, change) =>
  page.route("**/manifest.json", async (route) => {
    const response = await route.fetch();
    const forged = await response.json();
    change(forged.remotes.signed.active, forged.remotes.regressed.previous);
    await route.fulfill({ response, json: forged });
  });

const runsNothing = async (page, says) => {
  await page.goto("/signed");
  const alert = page.getByRole("main").getByRole("alert");
  await alert.first().waitFor({ timeout: 15_000 });
  assert.match(await alert.first().textContent(), says);
  assert.equal(await page.getByRole("heading", { name: /This is/ }).count(), 0, "nothing of it ran");
  await frameWorks(page);
  await page.context().close();
};

for (const { what, change, says } of FORGERIES) {
  test(`a release ${what} is refused by the page`, async () => {
    const page = await site.page();
    await forge(page, change);
    await runsNothing(page, says);
  });
}

test("a remote.json that was changed in the store is refused by the page, and works again as it was signed", async () => {
  const file = join(stored(site, "signed", "1.0.0"), "remote.json");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace('"toolchain":"none"', '"toolchain":"evil"'));
  try {
    await runsNothing(await site.page(), /signature|signed/);
  } finally {
    await writeFile(file, text);
  }
  const page = await site.page();
  await page.goto("/signed");
  await shows(page, "signed").waitFor();
});

/** Publishing must be refused, with these words and nothing stored. */
const refused = async (dir, signed, status, says) => {
  const answer = await put(site, dir, signed);
  assert.equal(answer.status, status);
  assert.match((await answer.json()).detail, says);
  const { name } = JSON.parse(await readFile(join(dir, "remote.json"), "utf8"));
  assert.equal((await fetch(`${site.site.url}/remotes/${name}/1.0.0/remote.json`)).status, 404);
};

test("a remote that needs a later contract is refused at publish, and the refusal says who must move", async () => {
  const dir = await makeBundle(join(site.data, "made/future"), { name: "future", contract: "^2.0", files: good("future") });
  await refused(dir, undefined, 422, /update the host first/);
});

test("an unsigned bundle, and one with the signature of another, are refused at publish", async () => {
  const dir = await makeBundle(join(site.data, "made/stolen"), { name: "stolen", files: good("stolen") });
  await refused(dir, null, 403, /not signed/);
  await refused(dir, await readFile(join(stored(site, "signed", "1.0.0"), "remote.json.sig")), 403, /does not match/);
});
