// A conversation that its owner shares in their organisation: two accounts of one, one of another.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { accessible } from "./axe.mjs";
import { useSite } from "./harness.mjs";

const BIN = process.env.ASTERISM_BIN ?? "asterism";
const PASSWORD = "long enough for anybody";
const QUESTION = "How was the mainframe left?";
const ACCOUNTS = [["anna", "Studio"], ["ben", "Studio"], ["cara", "Nord"], ["dora", ""]];

/** Adds the accounts; a password goes in by standard input. */
const site = useSite(async ({ data }) => {
  for (const [name, organisation] of ACCOUNTS) {
    const args = ["account", "add", name, "--data", data, "--organisation", organisation];
    const running = promisify(execFile)(BIN, args);
    running.child.stdin.end(`${PASSWORD}\n`);
    await running;
  }
});

/** A browser in which somebody signed in and is at `path`. */
const signedIn = async (name, path = "/ask", options = {}) => {
  const page = await site.page(options);
  await page.goto(`/sign-in?next=${encodeURIComponent(path)}`);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname === path);
  return page;
};

const list = (page) => page.getByRole("navigation", { name: "Conversations" });
const more = (page) => list(page).getByRole("button", { name: `More for ${QUESTION}` });
const done = (page) => page.locator("article[aria-busy=false]");
const wrong = (page) => page.problems.filter((problem) => !problem.includes("inline style"));

/** Asks the question in a new conversation, and returns its path. */
const asks = async (page) => {
  await page.getByRole("textbox", { name: "Your question" }).fill(QUESTION);
  await page.keyboard.press("Enter");
  await done(page).waitFor();
  await page.waitForURL(/\/ask\/[^/?]+$/);
  return new URL(page.url()).pathname;
};

test("what its owner shares is read in the organisation, and not elsewhere, until it is taken back", async () => {
  const anna = await signedIn("anna");
  const path = await asks(anna);
  await more(anna).click();
  await list(anna).getByRole("button", { name: "Share with Studio" }).click();
  await list(anna).getByText("Shared with Studio").waitFor();
  await accessible(anna, "one's own that is shared");
  // The keyboard stays where it was.
  assert.equal(await anna.evaluate(() => {
    let active = document.activeElement;
    while (active.shadowRoot) active = active.shadowRoot.activeElement;
    return active.getAttribute("aria-label");
  }), `More for ${QUESTION}`);

  const ben = await signedIn("ben");
  await list(ben).getByRole("heading", { name: "Shared in Studio" }).waitFor();
  await list(ben).getByRole("link", { name: QUESTION }).click();
  await done(ben).waitFor();
  assert.equal(new URL(ben.url()).pathname, path);
  await ben.getByText("Somebody in your organisation shares this conversation").waitFor();
  // To read, and nothing else.
  assert.equal(await ben.getByRole("textbox").count(), 0);
  for (const name of ["Helpful", "Not helpful", "Ask again", /^More for/]) {
    assert.equal(await ben.getByRole("button", { name }).count(), 0, String(name));
  }
  assert.equal(await ben.getByRole("button", { name: "Copy" }).count(), 1);
  await ben.getByRole("button", { name: /^Source 1/ }).first().click();
  await ben.getByRole("group", { name: "Quotation" }).waitFor();
  await accessible(ben, "somebody else's");
  await ben.reload();
  await done(ben).waitFor();
  // One's own begins as always.
  await ben.getByRole("link", { name: "Ask your own question" }).click();
  const own = await asks(ben);
  assert.notEqual(own, path);
  assert.equal(await list(ben).getByRole("link", { name: QUESTION }).count(), 2);

  for (const who of ["cara", "dora"]) {
    const page = await signedIn(who, path);
    await page.getByRole("heading", { name: "This conversation is not here" }).waitFor();
    assert.equal(await list(page).getByRole("heading").count(), 0, who);
    await page.context().close();
  }

  await more(anna).click();
  await list(anna).getByRole("button", { name: "Stop sharing" }).click();
  await list(anna).getByText("Shared with Studio").waitFor({ state: "detached" });
  await ben.goto(path);
  await ben.getByRole("heading", { name: "This conversation is not here" }).waitFor();
  assert.equal(await list(ben).getByRole("heading").count(), 0);
  assert.deepEqual(wrong(anna), []);
});

test("who belongs to no organisation is offered none", async () => {
  const dora = await signedIn("dora");
  await asks(dora);
  await more(dora).click();
  await list(dora).getByRole("button", { name: "Rename" }).waitFor();
  assert.equal(await list(dora).getByRole("button", { name: /Share/ }).count(), 0);
  assert.deepEqual(wrong(dora), []);
});
