// The search page: every state is a link, nothing found is told from nothing there, and 10,000 rows stay smooth.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible } from "./axe.mjs";
import { served, ship } from "./bundles.mjs";
import { useSite } from "./harness.mjs";

/** A remote that shows the list that it is told of. */
const WALKER = `
export const bootstrap = async () => {};
export const mount = async ({ domElement, host }) => {
  host.subscribe("page.trail", (trail) => {
    domElement.innerHTML = "<h1>Walker</h1><pre id=trail></pre>";
    domElement.lastElementChild.textContent = JSON.stringify(trail);
  });
};
export const unmount = async ({ domElement }) => domElement.replaceChildren();
`;
const site = useSite(async (site) => {
  const routes = [{ path: "/walker", title: "Walker" }];
  await ship(site, { name: "walker", files: { "entry.js": WALKER }, routes });
  await served(site, "walker", "1.0.0");
});

const box = (page) => page.getByRole("combobox", { name: "Search the stories" });
const results = (page) => page.locator("[data-result]");
const count = (page) => page.locator("#search-count");
const settled = (page) =>
  page.locator(".search-results[aria-busy=false], .search-landing[aria-busy=false]").waitFor();
const open = async (path, options) => {
  const page = await site.page(options);
  await page.goto(path);
  await settled(page);
  return page;
};
/** Waits for the heading: the live region says the same. */
const counted = (page, text) => count(page).filter({ hasText: text }).waitFor();
const total = async (page) => Number((await count(page).innerText()).match(/(\d+) (story|stories)$/)[1]);
const query = (page) => new URL(page.url()).searchParams;

const hit = (index) => ({
  id: `story-${index}`,
  title: `Story number ${index}`,
  client: `Client ${index % 7}`,
  role: "Director",
  industry: "Retail",
  capability: "AI & Data",
  sub_category: "A/B",
  era: `Era ${index % 3}`,
  theme: "Delivery",
  start: "2020-01",
  end: "2021-02",
  summary: "What was done.",
  score: 1,
  highlights: [],
});
const FACETS = ["industry", "capability", "client", "role", "sub_category", "era", "theme"];
const each = (value) => Object.fromEntries(FACETS.map((name) => [name, value]));
const answer = (rows, request, more = {}) => {
  const first = (request.page - 1) * request.top_k;
  const shown = Math.max(0, Math.min(request.top_k, rows - first));
  return {
    results: Array.from({ length: shown }, (_, index) => hit(first + index + 1)),
    count: shown,
    total: rows,
    outside: rows,
    query: request.query,
    understood: each([]),
    confidence: rows > 0 ? "high" : "none",
    facets: each([{ value: "R&D / AI", count: rows }]),
    cached: false,
    took_ms: 1,
    ...more,
  };
};
/** Answers each search as `respond(request)` says: `{status, json}` or an answer; keeps the requests. */
const stub = async (page, respond) => {
  const asked = [];
  await page.route("**/api/search/{keyword,hybrid}", async (route) => {
    const request = route.request().postDataJSON();
    const path = new URL(route.request().url()).pathname;
    asked.push({ path, ...request });
    const { status = 200, json } = { json: await respond(request, path) };
    const problem = json.status ? json : undefined;
    const contentType = problem ? "application/problem+json" : "application/json";
    await route.fulfill({ status: problem?.status ?? status, contentType, body: JSON.stringify(json) });
  });
  return asked;
};
const problem = (status, code, detail) => ({
  type: `https://asterism.example/problems/${code}`,
  title: code,
  status,
  detail,
  request_id: "r-1",
});

test("a card on the landing page leads to exactly the slice that it promises", async () => {
  const page = await open("/");
  await page.getByText(/\d+ years/).waitFor();
  const slice = await site.page();
  for (const facet of ["capability", "industry"]) {
    const cards = page.locator(`section[aria-labelledby=${facet}] a`);
    const promises = await cards.evaluateAll((links) =>
      links.map((link) => [link.getAttribute("href"), Number(link.lastElementChild.textContent)]),
    );
    assert.ok(promises.length >= 5, facet);
    for (const [href, promised] of promises) {
      await slice.goto(href);
      await settled(slice);
      assert.equal(await total(slice), promised, href);
    }
  }
  const question = page.getByRole("region", { name: "Or ask" }).getByRole("link").first();
  assert.match(await question.getAttribute("href"), /^\/ask\?q=./);
});

test("views, pages, sizes, order and filters are links that back and forward walk through", async () => {
  const page = await open("/?industry=Financial+Services");
  const all = await total(page);
  await page.getByRole("link", { name: "Table", exact: true }).click();
  await page.getByRole("table").waitFor();
  assert.equal(query(page).get("view"), "table");
  assert.equal(query(page).get("industry"), "Financial Services");
  assert.equal(await total(page), all);
  const order = () => page.locator("tbody th").allInnerTexts();
  await page.getByRole("button", { name: "Story" }).click();
  await page.getByRole("columnheader", { name: "Story" }).and(page.locator("[aria-sort=ascending]")).waitFor();
  await page.waitForFunction(() => location.search.includes("sort=title"));
  await settled(page);
  const titles = await order();
  assert.equal(titles.length, 20);
  await page.getByLabel("Rows").selectOption("10");
  await page.waitForFunction(() => location.search.includes("size=10"));
  await settled(page);
  await page.getByRole("link", { name: "Next" }).click();
  await page.waitForFunction(() => location.search.includes("page=2"));
  await settled(page);
  await counted(page, `11–20 of ${all} stories`);
  const link = page.url();
  assert.deepEqual(await order(), titles.slice(10, 20));
  const other = await open(link);
  assert.deepEqual(await other.locator("tbody th").allInnerTexts(), titles.slice(10, 20), "the link restores it");
  await page.getByRole("link", { name: "Cards", exact: true }).click();
  await page.locator(".search-card").first().waitFor();
  assert.equal(query(page).get("sort"), "title");
  await page.goBack();
  await page.waitForURL(link);
  await page.goBack();
  await page.goForward();
  await page.waitForURL(link);
  await counted(page, `11–20 of ${all} stories`);
  await page.getByRole("button", { name: "Remove the filter Financial Services" }).click();
  await page.waitForFunction(() => !location.search.includes("industry"));
  assert.deepEqual(page.problems, []);
});

test("a detail opens under its row, is a link, and Escape closes it", async () => {
  const page = await open("/?industry=Healthcare");
  const first = page.getByRole("button", { name: /^Details of/ }).first();
  await first.click();
  await page.getByRole("link", { name: "Read the story" }).waitFor();
  assert.equal(query(page).get("open"), await results(page).first().getAttribute("data-story"));
  const tops = await page.evaluate(() => {
    const root = document.querySelector(".slot__host").shadowRoot;
    const top = (element) => element.getBoundingClientRect().top;
    const cards = [...root.querySelectorAll(".search-card")];
    return [cards.slice(0, 4).map(top), top(root.querySelector(".search-detail"))];
  });
  const [[one, two, three, four], detail] = tops;
  assert.ok(one === two && two === three && three < detail && detail < four, JSON.stringify(tops));
  await results(page).nth(1).focus();
  await page.keyboard.press("Escape");
  await page.locator(".search-detail").waitFor({ state: "detached" });
  assert.equal(query(page).get("open"), null);
  await page.goBack();
  await page.getByRole("link", { name: "Read the story" }).click();
  await page.waitForURL("**/story/*");
});

test("a timeline has the newest era first; each collapses and leads to exactly its stories", async () => {
  const page = await open("/?view=timeline");
  const all = await total(page);
  const eras = page.locator(".search-era");
  const starts = await eras.locator(".search-era__story:first-child .search-card__period").allInnerTexts();
  const years = starts.map((text) => Number(text.match(/\d{4}/)[0]));
  assert.deepEqual(years, years.toSorted((a, b) => b - a));
  const links = await page.getByRole("link", { name: /^All \d+ stor/ }).evaluateAll((links) =>
    links.map((link) => [link.getAttribute("href"), Number(link.textContent.match(/\d+/)[0])]),
  );
  assert.equal(links.reduce((sum, [, promised]) => sum + promised, 0), all);
  for (const [href, promised] of links) {
    const slice = await open(href);
    assert.equal(await total(slice), promised, href);
    await slice.context().close();
  }
  await eras.first().getByRole("button").click();
  await eras.first().locator("[aria-expanded=false]").waitFor();
  const folded = await open(page.url());
  assert.equal(await folded.locator(".search-era [aria-expanded=false]").count(), 1);
});

test("keys alone: slash, suggestions, results, a story, and back to where one was", async () => {
  const page = await open("/");
  await page.keyboard.press("/");
  await page.keyboard.type("Northb");
  const list = page.getByRole("listbox", { name: "Suggestions" });
  await list.getByRole("option", { name: /Northbank/ }).first().waitFor();
  await page.keyboard.press("ArrowDown");
  await list.locator("[aria-selected=true]").waitFor();
  const active = await box(page).getAttribute("aria-activedescendant");
  assert.equal(await page.locator(`#${active}`).getAttribute("aria-selected"), "true");
  await page.keyboard.press("Escape");
  await list.waitFor({ state: "detached" });
  assert.equal(await box(page).inputValue(), "Northb");
  await page.keyboard.type("an");
  await list.waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/?q=Northbank");
  await list.waitFor({ state: "detached" });
  await settled(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const third = await results(page).nth(2).getAttribute("data-story");
  assert.equal(await page.locator("[data-result]:focus").getAttribute("data-story"), third);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/story/${third}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.goBack();
  const link = page.locator("[data-result]:focus");
  await link.waitFor();
  assert.equal(await link.getAttribute("data-story"), third);
  assert.ok(await link.evaluate((link) => {
    const { top, bottom } = link.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }), "it is on the screen");
});

test("the list that one walks along is published to the other remotes", async () => {
  const page = await site.page();
  const trail = async () => {
    // A remote of another team hears the last value when it comes.
    await page.evaluate(() => {
      const link = Object.assign(document.createElement("a"), { href: "/walker" });
      document.querySelector("main").before(link);
      link.click();
      link.remove();
    });
    const told = page.locator("#trail");
    await told.waitFor();
    const trail = JSON.parse(await told.innerText());
    await page.goBack();
    await settled(page);
    return trail;
  };
  await stub(page, (request) => answer(40, request));
  await page.goto("/?q=kafka&view=table&size=10&page=2");
  await settled(page);
  const { items, ...list } = await trail();
  assert.deepEqual(list, { path: "/?q=kafka&view=table&size=10&page=2", label: "Results for “kafka”", before: 10, total: 40 });
  assert.equal(items.length, 10);
  assert.deepEqual(items[0], { path: "/story/story-11", title: "Story number 11" });
  await page.getByRole("link", { name: "Next" }).click();
  await page.getByText("Story number 21", { exact: true }).waitFor();
  assert.equal((await trail()).before, 20);
});

test("search by meaning that is off is replaced by words, asked for once, and said quietly", async () => {
  const page = await site.page();
  const asked = await stub(page, (request, path) =>
    path.endsWith("hybrid") ? problem(501, "meaning-search-is-off", "Off.") : answer(3, request),
  );
  await page.goto("/?q=one");
  await page.getByText("Searching by words only: meaning search is off").waitFor();
  await box(page).fill("two");
  await page.waitForURL("**/?q=two");
  await settled(page);
  const searches = () => asked.filter(({ query }) => query).map(({ path, query }) => `${path.split("/").pop()} ${query}`);
  assert.deepEqual(searches(), ["hybrid one", "keyword one", "keyword two"]);
});

test("nothing here, nothing at all, something doubtful and a failure are four things", async () => {
  const page = await site.page();
  let respond = (request) => answer(0, request, { outside: 12 });
  const asked = await stub(page, (request) => respond(request));
  await page.goto("/?q=kafka&industry=R%26D+%2F+AI&era=X");
  await page.getByText("12 stories match, but none in R&D / AI, X:").waitFor();
  assert.deepEqual(asked.at(-1).filters.industry, ["R&D / AI"]);
  respond = (request) => answer(12, request);
  await page.getByRole("button", { name: "show them" }).click();
  await page.waitForURL("**/?q=kafka");
  await counted(page, "12 stories");

  respond = (request) => answer(5, request, { confidence: "low" });
  await box(page).fill("doubt");
  await page.getByText("No strong match: these are the nearest").waitFor();
  assert.ok((await results(page).count()) > 0);

  respond = (request) => answer(0, request);
  await box(page).fill("xyzzy");
  await counted(page, "No story matches this");
  await page.getByText("Check the spelling").waitFor();
  assert.equal(await page.getByRole("link", { name: "Ask it as a question" }).getAttribute("href"), "/ask?q=xyzzy");

  respond = () => problem(500, "internal", "Broken inside.");
  await box(page).fill("fails");
  const alert = page.getByRole("alert").filter({ hasText: "The search did not work" });
  await alert.waitFor();
  assert.equal(await count(page).innerText(), "Stories");
  respond = () => problem(503, "not-ready", "Soon.");
  await alert.getByRole("button", { name: "Try again" }).click();
  await page.getByText("The index is being filled").waitFor();
  respond = (request) => answer(2, request);
  await counted(page, "2 stories");
});

test("what was read out of the words is told, and the words can be searched instead", async () => {
  const page = await site.page();
  const asked = await stub(page, (request) =>
    answer(4, request, request.literal ? {} : { understood: { ...each([]), era: ["Cloud Turn"] } }),
  );
  await page.goto("/?q=telecom+cloud+turn");
  await page.getByText("Read out of your words").waitFor();
  await page.getByText("Cloud Turn").waitFor();
  await page.getByRole("button", { name: "Search the words instead" }).click();
  await page.waitForURL("**/?q=telecom+cloud+turn&literal=1");
  await page.getByText("Read out of your words").waitFor({ state: "detached" });
  assert.equal(asked.at(-1).literal, true);
});

test("typing asks once it rests, and only the last question counts", async () => {
  const page = await site.page();
  const asked = await stub(page, async (request) => {
    if (request.query === "slow") await new Promise((resolve) => setTimeout(resolve, 1_500));
    return answer(request.query.length, request);
  });
  await page.goto("/?q=a");
  await counted(page, /^1 story$/);
  await box(page).fill("slow");
  await page.waitForURL("**/?q=slow");
  assert.equal(await count(page).innerText(), "1 story", "the last result stays");
  await box(page).pressSequentially("er one", { delay: 20 });
  await counted(page, "10 stories");
  await page.waitForTimeout(1_600);
  assert.equal(await count(page).innerText(), "10 stories");
  assert.deepEqual(asked.filter(({ query }) => query).map(({ query }) => query), ["a", "slow", "slower one"]);
});

test("hostile words and values survive the address and are shown as text", async () => {
  for (const words of [
    '"C++ & .NET"',
    "<img src=x onerror=alert(1)>",
    "'; DROP TABLE stories; --",
    "🚀 naïve ½",
    "مرحبا بالعالم",
    "x".repeat(500),
  ]) {
    const page = await site.page();
    const asked = await stub(page, (request) => answer(2, request));
    await page.goto("/");
    await box(page).fill(words);
    await page.keyboard.press("Enter");
    await counted(page, /^2 stories$/);
    assert.equal(query(page).get("q"), words);
    await page.reload();
    await counted(page, /^2 stories$/);
    assert.equal(await box(page).inputValue(), words);
    assert.equal(asked.at(-1).query, words);
    assert.equal(await page.locator("img[src=x]").count(), 0);
    await page.context().close();
  }
  const page = await site.page();
  const asked = await stub(page, (request) => answer(2, request));
  await page.goto("/?q=a");
  await page.locator("#filter-industry summary").click();
  await page.locator("#filter-industry").getByLabel(/R&D \/ AI/).check();
  await page.waitForURL("**/?q=a&industry=R%26D+%2F+AI");
  await page.getByRole("button", { name: "Remove the filter R&D / AI" }).waitFor();
  assert.deepEqual(asked.at(-1).filters.industry, ["R&D / AI"]);
});

test("10,000 rows stay smooth, and only those on the screen are in the page", async () => {
  const page = await site.page({ viewport: { width: 1280, height: 900 } });
  const asked = await stub(page, (request) => answer(10_000, request));
  await page.goto("/?view=table&size=all");
  await page.getByText("Story number 1", { exact: true }).waitFor();
  const table = page.getByRole("table");
  assert.equal(await table.getAttribute("aria-rowcount"), "10001");
  // As by a wheel, and as by the scrollbar's thumb, from one end to the other.
  const { wheel, gap, rows, frames } = await page.evaluate(async () => {
    const root = document.querySelector(".slot__host").shadowRoot;
    const frame = () => new Promise(requestAnimationFrame);
    let [wheel, gap, rows, frames] = [0, 0, 0, 0];
    let last = await frame();
    for (let top = 0; top < 30_000; top += 200) {
      scrollTo(0, top);
      const now = await frame();
      wheel = Math.max(wheel, now - last);
      last = now;
    }
    const end = document.documentElement.scrollHeight;
    for (let top = 0; top < end; top += end / 240) {
      scrollTo(0, top);
      const now = await frame();
      gap = Math.max(gap, now - last);
      last = now;
      frames++;
      rows = Math.max(rows, root.querySelectorAll("tbody tr").length);
    }
    scrollTo(0, end);
    return { wheel, gap, rows, frames };
  });
  console.log(`# 10,000 rows: longest frame gap ${wheel.toFixed(1)} ms by the wheel, ${gap.toFixed(1)} ms by the thumb (${frames} frames), at most ${rows} rows in the page, ${asked.length} requests`);
  assert.ok(rows < 100, `${rows} rows`);
  await page.getByText("Story number 10000", { exact: true }).waitFor();
  const last = page.getByRole("row").filter({ hasText: "Story number 10000" });
  assert.equal(await last.getAttribute("aria-rowindex"), "10001");
  // A slow machine shows more places on the way; all of them would be more than 100 requests.
  assert.ok(asked.length < 90, `what flies by is not asked for: ${asked.length} requests`);
  assert.ok(asked.every(({ top_k }) => top_k <= 100));
  // Every row is where the scrollbar says.
  const { height, sticky } = await page.evaluate(() => {
    const root = document.querySelector(".slot__host").shadowRoot;
    const body = root.querySelector("tbody").getBoundingClientRect();
    return { height: body.height, sticky: root.querySelector("thead th").getBoundingClientRect().top };
  });
  assert.equal(height, 10_000 * 64);
  assert.ok(Math.abs(sticky) < 1, `the header stays on top: ${sticky}`);
  // Keys walk out of what is rendered.
  await last.getByRole("link").focus();
  for (let step = 0; step < 60; step++) await page.keyboard.press("ArrowUp");
  await page.locator("[data-story=story-9940]:focus").waitFor();
  assert.deepEqual(page.problems, []);
  // Whoever opens one and comes back is where they were.
  await page.keyboard.press("Enter");
  await page.waitForURL("**/story/story-9940");
  await page.goBack();
  await page.locator("[data-story=story-9940]:focus").waitFor();
});

test("on a phone the filters are a sheet over the page", async () => {
  const page = await open("/?q=data", { viewport: { width: 390, height: 844 } });
  const top = () => count(page).evaluate((heading) => heading.getBoundingClientRect().top);
  const before = await top();
  await page.getByRole("button", { name: /^Filters/ }).click();
  await page.locator("#filter-industry summary").click();
  assert.equal(await top(), before, "nothing is pushed down");
  await page.getByLabel(/Financial Services/).check();
  await page.waitForURL("**industry=Financial+Services");
  await page.getByRole("button", { name: /^Show \d+ stories/ }).click();
  await page.locator("#filter-industry").waitFor({ state: "hidden" });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0);
});

test("axe finds nothing in any state, in both themes", async () => {
  const states = [
    ["landing", "/"],
    ["cards", "/?q=kafka"],
    ["table", "/?view=table"],
    ["timeline", "/?view=timeline"],
    ["endless table", "/?view=table&size=all", (request) => answer(10_000, request)],
    ["nothing", "/?q=xyzzy&era=X", (request) => answer(0, request, { outside: 3 })],
    ["doubt", "/?q=a", (request) => answer(3, request, { confidence: "low" })],
    ["understood", "/?q=a", (request) => answer(3, request, { understood: { ...each([]), era: ["X"] } })],
    ["failure", "/?q=a", () => problem(500, "internal", "Broken inside.")],
    ["not ready", "/?q=a", () => problem(503, "not-ready", "Soon.")],
  ];
  for (const colorScheme of ["light", "dark"]) {
    for (const [name, path, respond] of states) {
      const page = await site.page({ colorScheme });
      if (respond) await stub(page, respond);
      await page.goto(path);
      await settled(page);
      await accessible(page, `${name}, ${colorScheme}`);
      if (name === "cards") {
        await page.getByRole("button", { name: /^Details of/ }).first().click();
        await page.getByRole("link", { name: "Read the story" }).waitFor();
        await page.locator("#filter-capability summary").click();
        await accessible(page, `an open detail and menu, ${colorScheme}`);
        await box(page).fill("north");
        await page.getByRole("listbox").waitFor();
        await page.keyboard.press("ArrowDown");
        await accessible(page, `suggestions, ${colorScheme}`);
      }
      await page.context().close();
    }
  }
});
