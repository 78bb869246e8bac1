// A story, read in the composed site: everybody can, on a screen, by ear, with a keyboard and on paper; one
// walks along the list that one came from; links outlive a changed title; stories leave and come back whole.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { accessible } from "./axe.mjs";
import { ship } from "./bundles.mjs";
import { asterism, useSite } from "./harness.mjs";

const KEY = "the editors' key";
// `up` hands its environment on to the services.
process.env.ASTERISM_EDITOR_KEY = KEY;

const MAINFRAME = "exit-the-mainframe-northbank";
const TITLE = "Exiting the Mainframe in Nineteen Months";
const COBOL = "cobol-veterans-kotlin-pairs-northbank";

// Somebody else's list, as the contract has it: it publishes what it shows.
const LIST = `
  const item = (id, title) => ({ path: "/story/" + id, title });
  const trail = {
    path: "/walker?n=1", label: "A list of three",
    items: [item("${COBOL}", "COBOL Veterans"), item("${MAINFRAME}", "Exiting"), item("no-such-story", "Gone")],
    before: 4, total: 12,
  };
  let made;
  export const bootstrap = async () => {};
  export const mount = async ({ domElement, host }) => {
    host.publish("page.trail", trail);
    made = document.createElement("div");
    made.innerHTML = "<h1>A list</h1>" + trail.items.map((i) => '<a href="' + i.path + '">' + i.title + "</a> ").join("");
    domElement.append(made);
  };
  export const unmount = async () => made.remove();
`;

const site = useSite((context) => ship(context, { name: "walker", files: { "entry.js": LIST } }));

const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();

const open = async (options, path = `/story/${MAINFRAME}`, name = TITLE) => {
  const page = await site.page(options);
  await page.goto(path);
  await heading(page, name);
  return page;
};

const failing = (page) =>
  page.route("**/api/stories/**", (route) =>
    route.fulfill({
      status: 500,
      contentType: "application/problem+json",
      body: JSON.stringify({ type: "/problems/internal", title: "Internal Server Error", status: 500, detail: "Something failed on our side.", request_id: "r-1" }),
    }),
  );

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing wrong with a story, a missing one and a failure, ${colorScheme}`, async () => {
    const page = await open({ colorScheme });
    await page.getByRole("heading", { name: "Related stories" }).waitFor();
    await page.locator(".stories-related__entry").first().waitFor();
    await accessible(page, "a story");
    await page.goto("/story/nobody-wrote-this");
    await heading(page, "There is no such story");
    await accessible(page, "a missing story");
    await failing(page);
    await page.goto(`/story/${MAINFRAME}`);
    await page.getByRole("alert").waitFor();
    await accessible(page, "a failure");
    await page.context().close();
  });
}

test("a failure says why, and trying again brings the story", async () => {
  const page = await site.page();
  await failing(page);
  await page.goto(`/story/${MAINFRAME}`);
  await page.getByRole("alert").getByText("Something failed on our side.").waitFor();
  await page.unroute("**/api/stories/**");
  await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await heading(page, TITLE);
});

test("headings follow each other, and figures are drawn", async () => {
  const page = await open();
  await page.locator(".stories-related__entry").first().waitFor();
  const levels = await page
    .locator(".stories-page")
    .evaluate((root) => [...root.querySelectorAll("h1, h2, h3, h4")].map((h) => Number(h.localName[1])));
  assert.equal(levels[0], 1);
  assert.ok(levels.length > 8, String(levels));
  for (const [at, level] of levels.entries()) assert.ok(at === 0 || (level > 1 && level <= levels[at - 1] + 1), String(levels));
  // $3.6M from $9.8M.
  const widths = await page.locator(".stories-bar.is-two rect").evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));
  assert.equal(widths.length, 2);
  assert.ok(Math.abs(widths[1] / widths[0] - 0.37) < 0.01, String(widths));
});

test("sharing copies the link and says so, also aloud", async () => {
  const page = await open({ permissions: ["clipboard-read", "clipboard-write"] }, `/story/${MAINFRAME}?from=mail#x`);
  // By keyboard, as any button.
  await page.getByRole("button", { name: "Share" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".stories-header__shared", { hasText: "Link copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${site.site.url}/story/${MAINFRAME}`);
  await page.waitForFunction(() =>
    [...document.querySelectorAll("[aria-live]")].some((region) => region.textContent.includes("Link copied")),
  );
  assert.deepEqual(page.problems, []);
});

test("one walks along the list that one came from, also after a reload, and finds back", async () => {
  const page = await site.page();
  await page.goto("/walker?n=1");
  await page.getByRole("link", { name: "Exiting" }).click();
  await heading(page, TITLE);
  const bar = page.getByRole("navigation", { name: "Where you came from" });
  await bar.getByText("6 of 12").waitFor();
  await page.reload();
  await heading(page, TITLE);
  await bar.getByText("6 of 12").waitFor();
  await bar.getByRole("link", { name: "Previous: COBOL Veterans" }).focus();
  await page.keyboard.press("Enter");
  await heading(page, "COBOL Veterans, Kotlin Pairs");
  await bar.getByText("5 of 12").waitFor();
  assert.equal(await bar.getByRole("link", { name: /^Previous/ }).count(), 0);
  const below = page.getByRole("navigation", { name: "More of A list of three" });
  await below.getByRole("link", { name: /Next\s+Exiting/ }).click();
  await heading(page, TITLE);
  // The next of the list is gone; one can still go back.
  await bar.getByRole("link", { name: "Next: Gone" }).click();
  await heading(page, "There is no such story");
  await page.goBack();
  await heading(page, TITLE);
  await bar.getByRole("link", { name: "A list of three" }).click();
  await page.waitForURL("**/walker?n=1");
  // A story outside of the list leads to all work.
  await page.goto("/story/exit-the-mainframe-northbank-2");
  await page.getByRole("link", { name: "Browse all work" }).waitFor();
  assert.deepEqual(page.problems.filter((problem) => !problem.includes("404")), []);
});

test("on paper there is the story and nothing to click", async () => {
  const page = await open({ colorScheme: "dark" });
  await page.locator(".stories-related__entry").first().waitFor();
  await page.emulateMedia({ media: "print" });
  // Paper is white, whatever the theme.
  const ink = await page.locator(".stories-header__about").evaluate((about) => getComputedStyle(about).color);
  assert.ok(ink.match(/\d+/g).slice(0, 3).every((part) => Number(part) < 128), ink);
  for (const gone of [page.getByRole("navigation"), page.getByRole("banner").locator("a, button"), page.getByRole("button"), page.locator(".stories-related")]) {
    for (const one of await gone.all()) assert.equal(await one.isVisible(), false, await one.evaluate((e) => e.outerHTML.slice(0, 200)));
  }
  for (const text of [TITLE, "Held the Thursday demo in operations", "The five Ps", "Describe a date you chose to miss."]) {
    assert.ok(await page.getByText(text).first().isVisible(), text);
  }
  const pdf = await page.pdf({ tagged: true, outline: true });
  assert.match(pdf.toString("latin1"), /Title \(Exiting the Mainframe in Nineteen Months/);
});

const put = async (story, headers = {}) =>
  fetch(`${site.site.url}/api/stories/${story.id}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json", ...headers },
    body: JSON.stringify(story),
  });

test("a changed title keeps old links working, and a stale change is refused", async () => {
  const url = `${site.site.url}/api/stories/${COBOL}`;
  const before = await fetch(url);
  const [etag, story] = [before.headers.get("etag"), await before.json()];
  const changed = await put({ ...story, title: "What the Veterans Knew" }, { "if-match": etag });
  assert.equal(changed.status, 200);
  const stale = await put({ ...story, title: "Overwritten" }, { "if-match": etag });
  assert.equal(stale.status, 412);
  const page = await open({}, `/story/${COBOL}/`, "What the Veterans Knew");
  await page.waitForFunction(() => document.title.startsWith("What the Veterans Knew"));
  assert.deepEqual(page.problems, []);
  assert.equal((await put(story, { "if-match": changed.headers.get("etag") })).status, 200);
});

test("stories are exported, changed in a file and imported again, and wrong lines are named", async () => {
  const file = join(site.data, "stories.jsonl");
  const tool = (...args) => asterism(["stories", ...args, "--data", site.data]);
  const exported = await tool("export", file);
  assert.equal(exported.code, 0, exported.stderr);
  const text = await readFile(file, "utf8");
  assert.equal((await tool("validate", file)).code, 0);
  const again = await tool("import", file, "--atomic", "--json");
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual(JSON.parse(again.stdout), { lines: 120, added: 0, replaced: 0, unchanged: 120, refused: 0, errors: [] });

  // A step with a list of its own, and two lines that cannot be.
  const lines = text.trimEnd().split("\n");
  const at = lines.findIndex((line) => JSON.parse(line).id === MAINFRAME);
  const story = JSON.parse(lines[at]);
  const nested = { ...story, action: ["In this order:\n- first the ledger\n  - savings\n- then the rest"] };
  await writeFile(file, [JSON.stringify(nested), "{", JSON.stringify({ ...nested, start: "2017" })].join("\n"));
  const checked = await tool("validate", file);
  assert.equal(checked.code, 1);
  assert.match(checked.stdout, /stories\.jsonl:2: not valid JSON/);
  assert.match(checked.stdout, /stories\.jsonl:3: start: must be a month/);
  const none = await tool("import", file, "--atomic");
  assert.equal(none.code, 1);
  assert.match(none.stderr, /stories\.jsonl:3: start: must be a month/);
  const some = await tool("import", file);
  assert.equal(some.code, 1);
  assert.match(some.stdout, /1 replaced/);
  const page = await open();
  await page.locator(".stories-steps .stories-nested .stories-nested", { hasText: "savings" }).waitFor();

  await writeFile(file, text);
  assert.equal((await tool("import", file)).code, 0);
  const whole = join(site.data, "again.jsonl");
  await tool("export", whole);
  assert.equal(await readFile(whole, "utf8"), text);
  assert.equal((await asterism(["stories", "import", "--data", site.data])).code, 2);
});
