// The composed site: a person finds, reads, browses and asks; the page behaves as one program.

import assert from "node:assert/strict";
import { test } from "node:test";
import { useSite } from "./harness.mjs";

const site = useSite();

const active = (page) => page.locator("nav a[aria-current=page]");

test("a person finds a story, reads it, browses an industry and asks", async () => {
  const page = await site.page();
  await page.goto("/");
  await page.getByRole("combobox", { name: "Search the stories" }).first().fill("mainframe exit");
  const first = page.getByRole("link", { name: "Exiting the Mainframe in Nineteen Months" }).first();
  await first.click();
  await page.getByRole("heading", { level: 1, name: /Exiting the Mainframe/ }).waitFor();
  assert.match(page.url(), /\/story\/exit-the-mainframe-northbank$/);
  await page.getByText("The last job ran on 14 October 2018").first().waitFor();

  await page.getByRole("navigation").getByRole("link", { name: "Industries" }).first().click();
  await page.getByRole("link", { name: /Financial Services/ }).first().click();
  await page.getByRole("heading", { level: 1, name: "Financial Services" }).waitFor();

  await page.getByRole("navigation").getByRole("link", { name: "Ask" }).first().click();
  await page.getByRole("textbox").fill("How long did the mainframe exit at Northbank take?");
  await page.keyboard.press("Enter");
  await page.getByText(/19 months|nineteen months/i).first().waitFor();
  await page.getByRole("group", { name: "Sources" }).getByRole("button", { name: /Exiting the Mainframe/ }).waitFor();
  assert.deepEqual(page.problems, []);
});

test("every route is a deep link", async () => {
  for (const [path, heading] of [
    ["/", /./],
    ["/?q=kafka", /./],
    ["/ask", /./],
    ["/industries", /./],
    ["/industries/retail", /Retail/],
    ["/story/exit-the-mainframe-northbank", /Exiting the Mainframe/],
  ]) {
    const page = await site.page();
    await page.goto(path);
    await page.getByRole("heading", { level: 1, name: heading }).first().waitFor();
    assert.deepEqual(page.problems, [], path);
    await page.context().close();
  }
});

test("back and forward walk through remotes, with title, navigation and focus", async () => {
  const page = await site.page();
  await page.goto("/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await active(page).first().innerText(), "Work");
  await page.getByRole("navigation").getByRole("link", { name: "Ask" }).first().click();
  await page.getByRole("textbox").waitFor();
  assert.equal(await active(page).first().innerText(), "Ask");
  await page.waitForFunction(() => document.title.startsWith("Ask"));
  // Focus and the live region tell users of a screen reader where they are.
  await page.waitForFunction(() => document.activeElement?.id === "main");
  await page.waitForFunction(() =>
    [...document.querySelectorAll("[aria-live]")].some((region) => region.textContent.includes("Ask")),
  );
  await page.goBack();
  await page.getByRole("combobox", { name: "Search the stories" }).first().waitFor();
  assert.equal(new URL(page.url()).pathname, "/");
  await page.goForward();
  await page.getByRole("textbox").waitFor();
  assert.equal(new URL(page.url()).pathname, "/ask");
  assert.deepEqual(page.problems, []);
});

test("the host owns history: a remote's own steps are steps of the page", async () => {
  const page = await site.page();
  await page.goto("/industries");
  await page.getByRole("link", { name: /Retail/ }).first().click();
  await page.getByRole("heading", { level: 1, name: "Retail" }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: /Retail/ }).first().waitFor();
  assert.equal(new URL(page.url()).pathname, "/industries");
  // A step inside one remote must not mount it anew.
  const marked = await page.evaluate(() => {
    const host = document.querySelector(".slot__host");
    host.dataset.kept = "yes";
    return Boolean(host.shadowRoot);
  });
  assert.ok(marked, "the remote stands in an open shadow root");
  await page.getByRole("link", { name: /Healthcare/ }).first().click();
  await page.getByRole("heading", { level: 1, name: "Healthcare" }).waitFor();
  assert.equal(await page.locator(".slot__host[data-kept=yes]").count(), 1);
});

test("no script is allowed but the site's own, and no page scrolls sideways", async () => {
  for (const width of [360, 390, 820, 1440, 1600]) {
    const page = await site.page({ viewport: { width, height: 900 } });
    for (const path of ["/", "/ask", "/industries", "/industries/retail", "/story/exit-the-mainframe-northbank"]) {
      const response = await page.goto(path);
      const policy = response.headers()["content-security-policy"];
      const scripts = policy.match(/script-src ([^;]*)/)[1];
      assert.doesNotMatch(scripts, /'unsafe-eval'|'unsafe-inline'/);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.ok(overflow <= 0, `${path} at ${width} px is ${overflow} px too wide`);
    }
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
});

test("the theme is chosen, kept, and reaches into the remote", async () => {
  const page = await site.page({ colorScheme: "light" });
  await page.goto("/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  const ink = () => page.getByRole("heading", { level: 1 }).evaluate((h) => getComputedStyle(h).color);
  const light = await ink();
  const toggle = page.getByRole("banner").getByRole("button", { name: /theme|dark|light/i });
  for (let i = 0; i < 3 && (await page.locator("html").getAttribute("data-theme")) !== "dark"; i++) {
    await toggle.click();
  }
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  assert.notEqual(await ink(), light);
  await page.reload();
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
});

test("an unknown story and an unknown path are helpful pages", async () => {
  const page = await site.page();
  await page.goto("/story/nobody-wrote-this");
  await page.getByRole("link", { name: /work|stories/i }).first().waitFor();
  const answer = await page.request.get("/api/stories/nobody-wrote-this");
  assert.equal(answer.status(), 404);
  assert.match(answer.headers()["content-type"], /application\/problem\+json/);
  await page.goto("/no/such/page");
  await page.getByRole("main").getByRole("link").first().waitFor();
});

test("strings become no script, and no markup that acts (Trusted Types)", async () => {
  const page = await site.page();
  await page.goto("/industries");
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  const refused = await page.evaluate(() => {
    const tries = {
      text: () => (document.createElement("script").text = "window.acted = 1"),
      content: () => (document.createElement("script").textContent = "window.acted = 1"),
      data: () => (document.createElement("script").src = "data:text/javascript,window.acted = 1"),
      handler: () => (document.createElement("div").innerHTML = "<img src=x onerror='window.acted = 1'>"),
      script: () => document.createRange().createContextualFragment("<script>window.acted = 1</script>"),
      template: () => (document.createElement("div").innerHTML = "<template><iframe></iframe></template>"),
      link: () => (document.createElement("div").innerHTML = "<a href='\tjavascript:window.acted = 1'>x</a>"),
      split: () => (document.createElement("div").innerHTML = "<a href='java&#10;script:window.acted = 1'>x</a>"),
      animated: () =>
        (document.createElement("div").innerHTML = "<svg><set attributeName=href values='#;javascript:1'/></svg>"),
      unscripted: () =>
        (document.createElement("div").innerHTML =
          "<noscript><p title='</noscript><img src=x onerror=window.acted=1>'></noscript>"),
      drawn: () =>
        (document.createElementNS("http://www.w3.org/2000/svg", "svg").innerHTML =
          "<style><img src=x onerror=window.acted=1></style>"),
      redefined: () => trustedTypes.createPolicy("default", {}),
      json: () => (document.createElement("script").textContent = '{"imports":{}}'),
      markup: () => (document.createElement("div").innerHTML = "<p class='a'>x <svg><path d='M0 0'/></svg></p>"),
      own: () => (document.createElement("script").src = "/shell/x.js"),
    };
    const throws = ([, attempt]) => {
      try {
        attempt();
        return false;
      } catch {
        return true;
      }
    };
    return Object.entries(tries).filter(throws).map(([name]) => name);
  });
  const acting = ["text", "content", "data", "handler", "script", "template", "link"];
  acting.push("split", "animated", "unscripted", "drawn", "redefined");
  assert.deepEqual(refused, acting);
  assert.equal(await page.evaluate(() => window.acted), undefined);
});
