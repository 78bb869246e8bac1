// A version that fails for everybody is taken back by itself; one visitor, or somebody who forges what
// pages tell, takes nothing back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { makeBundle, manifest, release, served, ship, publish } from "./bundles.mjs";
import { source } from "./gallery.mjs";
import { until, useSite } from "./harness.mjs";
import { join } from "node:path";

const FAILING = "export const mount = async () => { throw new Error('broken for everybody'); }; export const unmount = async () => {};";
const NAMES = ["broken", "targeted"];

const site = useSite(async (site) => {
  for (const name of NAMES) await ship(site, { name, files: { "entry.js": source(name) } });
  const dir = await makeBundle(join(site.data, "made/broken/1.1.0"), {
    name: "broken",
    version: "1.1.0",
    files: { "entry.js": FAILING },
  });
  await publish(site, "broken", dir);
  const good = await makeBundle(join(site.data, "made/targeted/1.1.0"), {
    name: "targeted",
    version: "1.1.0",
    files: { "entry.js": source("targeted 1.1.0") },
  });
  await publish(site, "targeted", good);
});

const history = async () => (await fetch(`${site.site.url}/registry/v1/revisions?limit=5`)).json();

/** Visits the site as a new session and returns its cookies. */
const visit = async () => {
  const response = await fetch(site.site.url);
  return response.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
};

const tell = (cookie, beacons) =>
  fetch(`${site.site.url}/beacons`, {
    method: "POST",
    headers: { ...(cookie ? { cookie } : {}), "content-type": "application/json", origin: site.site.url },
    body: JSON.stringify({ beacons }),
  });

const failed = { remote: "targeted", version: "1.1.0", kind: "failed", phase: "mount", message: "forged" };
const mounted = (remote, version) => ({ remote, version, kind: "mounted" });

/** Tells that `count` sessions had no trouble with a version. */
const healthy = async (remote, version, count) => {
  for (let i = 0; i < count; i++) await tell(await visit(), [mounted(remote, version)]);
};

test("hundreds of forged beacons, with one session or with none, roll nothing back", async () => {
  await healthy("targeted", "1.0.0", 30);
  await release(site, "targeted", "1.1.0");
  await served(site, "targeted", "1.1.0");
  const one = await visit();
  const statuses = new Set();
  for (let round = 0; round < 15; round++) {
    for (const cookie of [one, undefined, "asterism_session=00112233445566778899aabbccddeeff.1.1.00"]) {
      const many = Array.from({ length: 10 }, () => tell(cookie, Array(20).fill(failed)));
      for (const answer of await Promise.all(many)) statuses.add(answer.status);
    }
  }
  assert.ok([...statuses].every((status) => status < 500), [...statuses].join());
  // Sessions that are well show that counting goes on, and that the judge has looked since.
  await healthy("targeted", "1.1.0", 3);
  const outcome = await until("the outcomes of 1.1.0", async () => {
    const outcomes = await (await fetch(`${site.site.url}/registry/v1/outcomes`)).json();
    const found = outcomes.find(({ remote, version }) => remote === "targeted" && version === "1.1.0");
    return found?.mounted >= 3 && found;
  });
  assert.ok(outcome.failed_sessions <= 1, JSON.stringify(outcome));
  assert.equal((await manifest(site)).remotes.targeted.active.version, "1.1.0");
});

test("one visitor who reloads and reloads rolls nothing back", async () => {
  const cookie = await visit();
  for (let i = 0; i < 60; i++) {
    await fetch(`${site.site.url}/targeted`, { headers: { cookie } });
    await tell(cookie, [failed]);
  }
  assert.equal((await manifest(site)).remotes.targeted.active.version, "1.1.0");
  assert.equal((await history())[0].change?.remote ?? "targeted", "targeted");
});

test("a version that fails for every visitor is rolled back, with the numbers in the reason", async () => {
  await healthy("broken", "1.0.0", 30);
  await release(site, "broken", "1.1.0");
  await served(site, "broken", "1.1.0");
  // Real pages in fresh browser contexts, until the site has had enough.
  const visits = async () => {
    const page = await site.page();
    await page.goto("/broken");
    await page.getByRole("heading", { level: 1, name: /This is broken/ }).waitFor();
    await page.evaluate(() => dispatchEvent(new Event("pagehide")));
    await page.context().close();
    return (await manifest(site)).remotes.broken.active.version === "1.0.0";
  };
  let count = 0;
  await until("the rollback", async () => ((count += 1), await visits()), 60_000);
  assert.ok(count <= 100, `${count} visits`);
  const text = JSON.stringify((await history())[0]);
  assert.match(text, /broken/);
  assert.match(text, /\d+ of \d+/, text);
  console.log(`rolled back after ${count} visits`);
});
