// Without a mouse: find, read, go on to a related story, and come back to where one was.
//
// Not a single call of the mouse, and no `click` either: keys only, as the person presses them. Elements are
// found by role, name and address, never by how a remote is built.

import assert from "node:assert/strict";
import { test } from "node:test";
import { until, useSite } from "./harness.mjs";

const site = useSite();

/** The element that has the focus, through all shadow roots. */
const focused = (page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    // The ring is the element's own, or that of the card which it covers.
    const around = [];
    for (let node = element; node && around.length < 5; node = node.parentElement) around.push(node);
    return {
      id: element?.id,
      tag: element?.localName,
      path: element?.localName === "a" ? new URL(element.href).pathname : "",
      editable: element?.matches("input, textarea, [contenteditable]"),
      value: element?.value,
      query: element?.localName === "a" ? new URL(element.href).search : "",
      ring: around.some((node) => getComputedStyle(node).outlineStyle !== "none"),
      inPage: Boolean(document.querySelector("main")?.contains(document.activeElement)),
    };
  });

/** Presses Tab until `wanted` holds for what has the focus. */
const tabTo = async (page, what, wanted) => {
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press("Tab");
    const now = await focused(page);
    if (wanted(now)) return now;
  }
  throw new Error(`${what} cannot be reached with the tab key`);
};

const isStory = ({ path }) => path.startsWith("/story/");
const at = (page) => new URL(page.url()).pathname;
/** The page's heading, once the document's title has it too: until then the page before may still stand. */
const heading = (page) =>
  until("the heading and the title to agree", async () => {
    const text = await page.getByRole("heading", { level: 1 }).first().innerText({ timeout: 1_000 });
    return text && (await page.title()).includes(text) && text;
  });

/** A story's heading. While it is on its way the page is called as its route is. */
const storyTitle = (page) =>
  until("the story's own heading", async () => {
    const text = await heading(page);
    return text !== "Story" && text;
  });

/** Back as a keyboard does it; where the browser has no window to take the keys, as its menu does. */
const back = async (page, expected) => {
  await page.keyboard.press("Alt+ArrowLeft");
  const moved = until("the keys to go back", async () => at(page) === expected, 1_000);
  await moved.catch(() => page.goBack());
  await until(`to be back at ${expected}`, async () => at(page) === expected);
};

test("find, read, a related story, and back, with keys only", async () => {
  const page = await site.page();
  await page.goto("/");
  const box = page.getByRole("searchbox").or(page.getByRole("combobox", { name: /search/i })).first();
  await box.waitFor();

  // Find.
  await page.keyboard.press("/");
  await until("the search box to have the focus", async () => (await focused(page)).editable);
  await page.keyboard.type("mainframe exit", { delay: 15 });
  assert.equal((await focused(page)).value, "mainframe exit", "the slash is not typed");
  await until("the address to follow", async () => new URL(page.url()).searchParams.get("q") === "mainframe exit");
  await page.getByRole("link", { name: /Exiting the Mainframe/ }).first().waitFor();
  const results = new URL(page.url()).search;
  const result = await tabTo(page, "a result", isStory);
  assert.ok(result.ring, "what has the focus shows it");

  // Read.
  await page.keyboard.press("Enter");
  await until("the story", async () => at(page) === result.path);
  const title = await storyTitle(page);
  await until("the focus to be in the page", async () => (await focused(page)).inPage);

  // On to another.
  const related = await tabTo(page, "a related story", (now) => isStory(now) && now.path !== result.path);
  await page.keyboard.press("Enter");
  await until("the related story", async () => at(page) === related.path && (await storyTitle(page)) !== title);
  await until("the focus to be in the page", async () => (await focused(page)).inPage);

  // And back, twice.
  await back(page, result.path);
  await until("the story again", async () => (await heading(page)) === title);
  await back(page, "/");
  await page.getByRole("link", { name: /Exiting the Mainframe/ }).first().waitFor();
  assert.equal(new URL(page.url()).search, results);
  assert.equal(await box.inputValue(), "mainframe exit");
  const there = () => focused(page).then((now) => now.path === result.path);
  await until("the focus where one left", there);
  assert.deepEqual(page.problems, []);
});

test("an industry, its timeline as bars and as a table, and the search behind a number, with keys only", async () => {
  const page = await site.page();
  await page.goto("/industries");
  await page.getByRole("link", { name: /Retail/ }).first().waitFor();
  await tabTo(page, "an industry", ({ path }) => path === "/industries/retail");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Retail" }).waitFor();
  await until("the focus to be in the page", async () => (await focused(page)).inPage);

  // A client's lane, then its bars.
  const bar = await tabTo(page, "a bar of the timeline", isStory);
  await tabTo(page, "the table's button", ({ tag }) => tag === "summary");
  assert.equal(await page.getByRole("table").count(), 0);
  await page.keyboard.press("Enter");
  await page.getByRole("table").waitFor();
  const row = await tabTo(page, "the story in the table", isStory);
  assert.equal(row.path, bar.path);
  await page.keyboard.press("Enter");
  await until("the story", async () => at(page) === row.path);
  await back(page, "/industries/retail");
  await page.getByRole("heading", { level: 1, name: "Retail" }).waitFor();
  await tabTo(page, "a capability", ({ path }) => path.startsWith("/industries/retail/"));
  await page.keyboard.press("Enter");
  await until("the capability", async () => at(page).startsWith("/industries/retail/"));
  await page.getByText("Whole industry").waitFor();
  await tabTo(page, "the search", ({ path, query }) => path === "/" && query.includes("capability="));
  await page.keyboard.press("Enter");
  await until("the search", async () => new URL(page.url()).searchParams.get("industry") === "Retail");
  assert.deepEqual(page.problems, []);
});
