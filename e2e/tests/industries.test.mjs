// The pages of industries: they keep their promises (a number leads to a search with as many stories), follow
// what changes, tell what is wrong, and can be used by everyone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible } from "./axe.mjs";
import { until, useSite } from "./harness.mjs";

const site = useSite();

const INDUSTRY = "/industries/transportation-and-logistics";
const h1 = (page, name) => page.getByRole("heading", { level: 1, name }).first().waitFor();

const failing = (status) => ({
  status,
  contentType: "application/problem+json",
  body: JSON.stringify({ type: "/problems/internal", title: "Broken", status, detail: "It is broken.", request_id: "r-1" }),
});

for (const colorScheme of ["light", "dark"]) {
  test(`every page and state is accessible in the ${colorScheme} theme`, async () => {
    for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
      // Axe measures with inline styles, which the page's policy forbids.
      const page = await site.page({ colorScheme, viewport, bypassCSP: true });
      const at = `${colorScheme}, ${viewport.width} px`;
      await page.goto("/industries");
      await page.getByRole("link", { name: /Retail/ }).first().waitFor();
      await accessible(page, `index, ${at}`);

      await page.goto(INDUSTRY);
      await h1(page, "Transportation & Logistics");
      await page.getByRole("heading", { name: "Timeline" }).waitFor();
      await accessible(page, `industry, ${at}`);
      await page.getByText("Show as a table").click();
      await page.getByRole("table").waitFor();
      await accessible(page, `table, ${at}`);

      await page.getByRole("link", { name: "Cloud Platform", exact: true }).click();
      await h1(page, "Cloud Platform");
      await accessible(page, `capability, ${at}`);
      assert.deepEqual(page.problems, [], at);

      await page.goto("/industries/nothing");
      await h1(page, "There is no such page");
      await page.getByRole("link", { name: /Retail/ }).first().waitFor();
      await accessible(page, `not found, ${at}`);

      await page.route("**/api/industries/technology/categories", () => {});
      await page.goto("/industries/technology");
      await page.locator("[aria-busy=true] .skeleton").first().waitFor();
      await accessible(page, `loading, ${at}`);

      await page.route("**/api/industries/retail/categories", (route) => route.fulfill(failing(500)));
      await page.goto("/industries/retail");
      await page.getByRole("alert").waitFor();
      await accessible(page, `error, ${at}`);
      await page.context().close();
    }
  });
}

test("a failure says what, why and which request, and can be tried again", async () => {
  const page = await site.page();
  let broken = true;
  await page.route("**/api/industries/retail/categories", (route) => (broken ? route.fulfill(failing(500)) : route.continue()));
  await page.goto("/industries/retail");
  const alert = page.getByRole("alert");
  await alert.getByText("This industry could not be loaded").waitFor();
  await alert.getByText("It is broken.").waitFor();
  await alert.getByText("r-1").waitFor();
  broken = false;
  await alert.getByRole("button", { name: "Try again" }).click();
  await h1(page, "Retail");
  assert.equal(await alert.count(), 0);
});

test("a page is busy while it loads, and then has its title", async () => {
  const page = await site.page();
  let go;
  const held = new Promise((resolve) => (go = resolve));
  await page.route("**/api/industries/retail/categories", async (route) => (await held, route.continue()));
  await page.goto("/industries/retail");
  await page.locator("[aria-busy=true] .skeleton").first().waitFor();
  go();
  await h1(page, "Retail");
  await page.locator("[aria-busy=false]").first().waitFor();
  await page.waitForFunction(() => document.title.startsWith("Retail"));
  await page.getByRole("link", { name: "Product Management", exact: true }).click();
  await page.waitForFunction(() => document.title.startsWith("Product Management in Retail"));
});

/** Every link into search with the number that it promises. */
const promises = (page) =>
  page.locator("main a[href^='/?']").evaluateAll((links) =>
    links.map((link) => {
      const number = link.querySelector(".industries-number")?.firstChild.textContent ?? link.innerText.match(/\d+/)?.[0] ?? "1";
      return [link.getAttribute("href"), Number(number)];
    }),
  );

test("a number leads to a search that shows as many", async () => {
  const page = await site.page();
  const promised = new Map();
  for (const path of [INDUSTRY, `${INDUSTRY}/cloud-platform`, "/industries/cross-industry"]) {
    await page.goto(path);
    await page.getByRole("heading", { name: "Timeline" }).waitFor();
    for (const [href, number] of await promises(page)) {
      assert.equal(promised.get(href) ?? number, number, `${href} promises one number wherever it stands`);
      promised.set(href, number);
    }
  }
  assert.ok(promised.size > 20, `${promised.size} links`);
  for (const [href, number] of promised) {
    await page.goto(href);
    const shown = page.locator("main").getByText(new RegExp(`\\b${number} (story|stories|results?|match(es)?)\\b`)).locator("visible=true").first();
    await shown.waitFor().catch((error) => {
      throw new Error(`${href} does not show ${number}: ${error.message}`);
    });
  }
  assert.deepEqual(page.problems, []);
});

test("each bar opens its story, each lane and its table tell the same", async () => {
  const page = await site.page();
  await page.goto(INDUSTRY);
  await page.getByRole("heading", { name: "Timeline" }).waitFor();
  const figure = page.getByRole("figure", { name: "Timeline" });
  const bars = await figure.getByRole("link").evaluateAll((links) =>
    links.filter((link) => link.pathname.startsWith("/story/")).map((link) => [link.pathname, link.ariaLabel]),
  );
  const { industry, timeline } = await (await page.request.get("/api/industries/transportation-and-logistics/categories")).json();
  assert.equal(bars.length, industry.count);
  const expected = timeline.engagements.flatMap(({ bars }) => bars.map(({ id }) => `/story/${id}`));
  assert.deepEqual(bars.map(([path]) => path).sort(), expected.sort());
  await page.getByText("Show as a table").click();
  const rows = page.getByRole("table").locator("tbody tr");
  assert.equal(await rows.count(), industry.count);
  for (const [path, name] of bars) {
    const row = rows.filter({ has: page.locator(`a[href='${path}']`) });
    const [title, when] = await row.locator("td").allInnerTexts();
    assert.equal(`${title}, ${when}`, name);
  }
  // A bar stands where its link is, wide enough for a finger on a phone.
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [path] of bars) {
    const box = await figure.locator(`a[href='${path}']`).boundingBox();
    assert.ok(box.width >= 24 && box.height >= 24, `${path}: ${box.width} × ${box.height}`);
    assert.ok(box.x >= 0 && box.x + box.width <= 391, `${path} stands at ${box.x}`);
  }
  await page.evaluate(() => (window.kept = true));
  await figure.locator(`a[href='${bars[0][0]}']`).click();
  await page.waitForURL(`**${bars[0][0]}`);
  await until("the story", async () => (await page.title()).includes(bars[0][1].split(",")[0]));
  assert.ok(await page.evaluate(() => window.kept), "the page was not loaded anew");
  assert.deepEqual(page.problems, []);
});

test("bars never lie on each other, and no page scrolls sideways, at any width", async () => {
  for (const width of [360, 390, 820, 1440]) {
    const page = await site.page({ viewport: { width, height: 900 } });
    for (const path of ["/industries/financial-services", "/industries/cross-industry", INDUSTRY]) {
      await page.goto(path);
      await page.getByRole("heading", { name: "Timeline" }).waitFor();
      await page.getByText("Show as a table").click();
      const boxes = await page.locator(".industries-bar").evaluateAll((links) => links.map((link) => link.getBoundingClientRect().toJSON()));
      const overlap = boxes.flatMap((a, i) =>
        boxes.slice(i + 1).filter((b) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5),
      );
      assert.deepEqual(overlap, [], `${path} at ${width} px`);
      // The name beside a bar that has the focus must fit as well.
      for (const index of [0, boxes.length - 1]) {
        await page.locator(".industries-bar").nth(index).focus();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(wide <= 0, `${path} at ${width} px is ${wide} px too wide`);
      }
    }
    await page.context().close();
  }
});

test("links of the version before still lead to their industry", async () => {
  const page = await site.page();
  await page.goto("/industries/transportation-logistics");
  await h1(page, "Transportation & Logistics");
  assert.deepEqual(page.problems, []);
});
