// Bad input is a clear 4xx; a service that dies costs its own page only and comes back; a supervisor
// that is killed leaves nothing behind.

import assert from "node:assert/strict";
import { test } from "node:test";
import { asterism, startSite, until, useSite } from "./harness.mjs";

const site = useSite();

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test("bad input is answered by a problem that says what to change", async () => {
  const post = (path, body, type = "application/json") =>
    fetch(site.site.url + path, { method: "POST", headers: { "content-type": type }, body });
  const search = "/api/search/keyword";
  for (const [what, path, body, statuses] of [
    ["malformed", search, "{\"query\":", [400]],
    ["unknown field", search, JSON.stringify({ query: "x", colour: "red" }), [400, 422]],
    ["top_k 0", search, JSON.stringify({ query: "x", top_k: 0 }), [400, 422]],
    ["top_k 1000000", search, JSON.stringify({ query: "x", top_k: 1_000_000 }), [400, 422]],
    ["5 MB", search, JSON.stringify({ query: "x".repeat(5 << 20) }), [413]],
    ["empty question", "/api/ask/generate", JSON.stringify({ question: "" }), [400, 422]],
    ["no such domain", "/api/nothing/here", "{}", [404]],
  ]) {
    const response = await post(path, body);
    assert.ok(statuses.includes(response.status), `${what}: ${response.status}`);
    assert.match(response.headers.get("content-type"), /application\/problem\+json/, what);
    const problem = await response.json();
    assert.ok(problem.detail && problem.request_id, `${what}: ${JSON.stringify(problem)}`);
  }
});

test("a killed service costs its own page, and comes back by itself", async () => {
  const page = await site.page();
  const { processes } = await site.site.state();
  const industries = processes.find(({ name }) => name.includes("industries"));
  // Killed again whenever it is back, until the page has been seen.
  process.kill(industries.pid, "SIGKILL");
  await page.route(/\/api\/industries/, (route) => route.continue());
  await page.goto("/industries");
  // Either the page says so or the supervisor was faster: both end in the list, by itself or by retry.
  await until("industries to be back", async () => {
    const answer = await fetch(`${site.site.url}/api/industries`);
    return answer.ok;
  });
  const again = (await site.site.state()).processes.find(({ name }) => name === industries.name);
  assert.notEqual(again.pid, industries.pid);
  assert.equal(again.port, industries.port);
  const retry = page.getByRole("main").getByRole("button", { name: /again/i });
  const list = page.getByRole("link", { name: /Retail/ }).first();
  await Promise.race([retry.waitFor(), list.waitFor()]);
  if (await retry.isVisible()) await retry.click();
  await list.waitFor();
});

test("while a service is down its page says so and the others go on", async () => {
  const page = await site.page();
  const { processes } = await site.site.state();
  const search = processes.find(({ name }) => name.includes("search"));
  process.kill(search.pid, "SIGSTOP");
  try {
    process.kill(search.pid, "SIGKILL");
  } catch {}
  await page.route(/\/api\/search\//, (route) =>
    route.fulfill({
      status: 502,
      contentType: "application/problem+json",
      body: JSON.stringify({
        type: "/problems/upstream-down",
        title: "Bad Gateway",
        status: 502,
        detail: "The service `search` does not answer.",
        request_id: "r-1",
      }),
    }),
  );
  await page.goto("/");
  await page.getByRole("alert").first().waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Industries" }).first().click();
  await page.getByRole("link", { name: /Retail/ }).first().waitFor();
  await page.goto("/story/exit-the-mainframe-northbank");
  await page.getByRole("heading", { level: 1, name: /Exiting/ }).waitFor();
});

test("up killed with SIGKILL leaves no orphan, and the next up loses nothing", async () => {
  const { mkdtemp, rm } = await import("node:fs/promises");
  const { tmpdir } = await import("node:os");
  const { join } = await import("node:path");
  const data = await mkdtemp(join(tmpdir(), "asterism-kill-"));
  try {
    const first = await startSite(data);
    const { processes } = await first.state();
    const before = await (await fetch(`${first.url}/manifest.json`)).json();
    first.child.kill("SIGKILL");
    await first.ended;
    await until("its processes to end", async () => processes.every(({ pid }) => !alive(pid)));
    const second = await startSite(data);
    const after = await (await fetch(`${second.url}/manifest.json`)).json();
    assert.deepEqual(after, before);
    const stories = await (await fetch(`${second.url}/api/stories`)).json();
    assert.equal(stories.total, 120);
    await second.stop();
    assert.equal(second.child.exitCode, 0);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
});

test("a taken port is said plainly", async () => {
  const { port } = new URL(site.site.url);
  const { code, stdout, stderr } = await asterism(["up", "--no-build", "--port", port, "--data", `${site.data}-other`]);
  assert.equal(code, 1);
  assert.match(stdout + stderr, new RegExp(`${port}.*(taken|in use)|(taken|in use).*${port}`, "s"));
});
