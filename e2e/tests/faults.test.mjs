// Bad input is a clear 4xx; a service that dies costs its own page only and comes back; a supervisor
// that is killed leaves nothing behind.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

test("a killed service is started again, at the same port, and loses nothing", async () => {
  const before = (await site.site.state()).processes.find(({ name }) => name.includes("stories"));
  process.kill(before.pid, "SIGKILL");
  await until("stories to answer again", async () => {
    const answer = await fetch(`${site.site.url}/api/stories`);
    return answer.ok && (await answer.json()).total === 120;
  });
  const after = (await site.site.state()).processes.find(({ name }) => name === before.name);
  assert.notEqual(after.pid, before.pid);
  assert.equal(after.port, before.port);
});

test("while a service is down its page says so, the others go on, and it recovers by itself", async () => {
  const page = await site.page();
  const { processes } = await site.site.state();
  const industries = processes.find(({ name }) => name.includes("industries"));
  // Stopped, so that the supervisor does not bring it back; the gateway gives up on it.
  process.kill(industries.pid, "SIGSTOP");
  try {
    await page.goto("/industries");
    await page.getByRole("alert").first().waitFor({ timeout: 40_000 });
    await page.getByRole("navigation").getByRole("link", { name: "Work" }).first().click();
    await page.getByRole("combobox", { name: "Search the stories" }).first().waitFor();
    await page.getByRole("link", { name: "Storm Desk" }).first().click();
    await page.getByRole("heading", { level: 1, name: "Storm Desk" }).waitFor();
    await page.getByRole("navigation").getByRole("link", { name: "Ask" }).first().click();
    await page.getByRole("textbox").waitFor();
    await page.getByRole("navigation").getByRole("link", { name: "Industries" }).first().click();
    await page.getByRole("alert").first().waitFor({ timeout: 40_000 });
  } finally {
    process.kill(industries.pid, "SIGCONT");
  }
  await page.getByRole("link", { name: /Retail/ }).first().waitFor({ timeout: 40_000 });
  assert.equal(await page.getByRole("alert").count(), 0);
});

test("up killed with SIGKILL leaves no orphan, and the next up loses nothing", async () => {
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
  const other = join(site.data, "other");
  const { code, stdout, stderr } = await asterism(["up", "--no-build", "--port", port, "--data", other]);
  assert.equal(code, 1);
  assert.match(stdout + stderr, new RegExp(`${port}.*(taken|in use)|(taken|in use).*${port}`, "s"));
});
