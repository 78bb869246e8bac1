// Open tabs follow: a withdrawn version leaves at once and hands its state to the one that comes; a plain
// release waits for the next navigation.

import assert from "node:assert/strict";
import { test } from "node:test";
import { copyVersion, release, rollback, served } from "./bundles.mjs";
import { until, useSite } from "./harness.mjs";

const site = useSite(async (site) => {
  for (const name of ["search", "ask"]) {
    await copyVersion(site, name, "0.1.0", "0.1.1");
    await release(site, name, "0.1.1");
    await served(site, name, "0.1.1");
  }
});

/** The version whose files the page has asked for last. */
const follow = (page, name) => {
  const seen = [];
  page.on("request", (request) => {
    const version = request.url().match(new RegExp(`/remotes/${name}/([^/]+)/.*\\.js`))?.[1];
    if (version) seen.push(version);
  });
  return seen;
};

/** Marks the document and the mounted remote, to tell whether either was made anew. */
const mark = (page) =>
  page.evaluate(() => {
    window.kept = true;
    document.querySelector(".slot__host:not(.is-pending)").dataset.kept = "yes";
  });
const documentKept = (page) => page.evaluate(() => window.kept === true);
const remoteKept = async (page) => (await page.locator(".slot__host[data-kept=yes]").count()) === 1;

const again = async (name) => {
  await release(site, name, "0.1.1");
  await served(site, name, "0.1.1");
};

/** Opens a search with a query and a filter, in a page that is marked. */
const searching = async (page) => {
  await page.goto("/?industry=Healthcare");
  const box = page.getByRole("combobox", { name: "Search the stories" }).first();
  await box.fill("platform");
  await page.waitForFunction(() => location.search.includes("platform"));
  await mark(page);
  return box;
};

test("a rollback reaches an open search, which keeps its query and its filter", async () => {
  const page = await site.page();
  const versions = follow(page, "search");
  const box = await searching(page);
  const url = page.url();
  const bystander = await site.page();
  await bystander.goto("/industries");
  await bystander.getByRole("link", { name: /Retail/ }).first().waitFor();
  await mark(bystander);

  await rollback(site, "search");
  const returned = Date.now();
  await until("the other version on the page", async () => !(await remoteKept(page)) && (await box.isVisible()), 10_000);
  console.log(`remounted ${Date.now() - returned} ms after the rollback returned`);
  assert.equal(versions.at(-1), "0.1.0");
  assert.ok(await documentKept(page), "the page was not loaded anew");
  assert.equal(await box.inputValue(), "platform");
  assert.equal(page.url(), url);
  assert.ok(await remoteKept(bystander), "another remote's slot is not touched");
  assert.deepEqual(page.problems, []);
  await again("search");
});

test("a rollback reaches an open question, which keeps its draft", async () => {
  const page = await site.page();
  await page.goto("/ask");
  const box = page.getByRole("textbox");
  await box.fill("What did the mainframe exit");
  await mark(page);
  await rollback(site, "ask");
  await until("the other version on the page", async () => !(await remoteKept(page)) && (await box.isVisible()), 10_000);
  assert.equal(await box.inputValue(), "What did the mainframe exit");
  assert.ok(await documentKept(page));
  await again("ask");
});

test("a release does not disturb an open page until its next navigation", async () => {
  const page = await site.page();
  const versions = follow(page, "search");
  const box = await searching(page);
  await copyVersion(site, "search", "0.1.0", "0.1.2");
  const told = page.waitForResponse((response) => response.url().endsWith("/manifest.json"));
  await release(site, "search", "0.1.2");
  await told;
  assert.ok(await remoteKept(page));
  assert.equal(await box.inputValue(), "platform");
  await page.getByRole("navigation").getByRole("link", { name: "Industries" }).first().click();
  await page.getByRole("link", { name: /Retail/ }).first().waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Work" }).first().click();
  await box.waitFor();
  assert.equal(versions.at(-1), "0.1.2");
  assert.ok(await documentKept(page));
});

test("ten tabs of one browser share one stream, and go on when the tab that has it is closed", async () => {
  await release(site, "search", "0.1.1");
  await served(site, "search", "0.1.1");
  const first = await site.page();
  const tabs = [first];
  for (let i = 1; i < 10; i++) tabs.push(await first.context().newPage());
  const streams = [];
  first.context().on("request", (request) => request.url().endsWith("/manifest/events") && streams.push(request));
  // Six connections to a host are all that a browser opens: with a stream each, the seventh tab would hang.
  for (const tab of tabs) {
    await tab.goto("/?q=platform");
    await tab.getByRole("link", { name: /platform/i }).first().waitFor();
  }
  assert.equal(streams.length, 1, "one stream for all");
  await first.close();
  await until("another tab to take the stream over", async () => streams.length === 2);
  const left = tabs.slice(1);
  for (const tab of left) await mark(tab);
  await rollback(site, "search");
  for (const tab of left) {
    await until("the other version in each tab", async () => !(await remoteKept(tab)) && (await tab.getByRole("combobox", { name: "Search the stories" }).isVisible()));
  }
});

test("where events are blocked, polling follows", async () => {
  const page = await site.page();
  await again("search");
  await page.route("**/manifest/events", (route) => route.abort());
  const box = await searching(page);
  await rollback(site, "search");
  await until("the other version on the page", async () => !(await remoteKept(page)) && (await box.isVisible()), 45_000);
  assert.equal(await box.inputValue(), "platform");
  assert.ok(await documentKept(page));
});
