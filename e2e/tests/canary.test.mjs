// A version on trial: each session keeps its side, on every gateway; the share is what was asked for; two
// remotes' trials are independent; `status` tells how each version does.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { copyVersion, manifest, release, tool } from "./bundles.mjs";
import { until, useSite } from "./harness.mjs";

const site = useSite(async (site) => {
  for (const name of ["search", "industries"]) {
    await copyVersion(site, name, "0.1.0", "0.1.1");
    await release(site, name, "0.1.1", 30);
  }
});

const started = [];
after(async () => {
  for (const child of started) {
    child.kill("SIGTERM");
    await new Promise((resolve) => child.once("exit", resolve));
  }
});

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** A second gateway over the site's registry, with the environment of the first but its address. */
const secondGateway = async () => {
  const { processes } = await site.site.state();
  const { pid } = processes.find(({ name }) => name === "gateway");
  const pairs = (await readFile(`/proc/${pid}/environ`, "utf8")).split("\0").filter(Boolean);
  const env = Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
  const port = await freePort();
  const program = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0")[0];
  // It stops with its parent: the pipe is how it knows (ASTERISM_STOP_WITH_PARENT).
  const child = spawn(program, [], { env: { ...env, ASTERISM_LISTEN: `127.0.0.1:${port}` }, stdio: ["pipe", "ignore", "ignore"] });
  started.push(child);
  const url = `http://127.0.0.1:${port}`;
  await until("the second gateway", async () => (await fetch(`${url}/manifest.json`)).ok);
  return url;
};

/** What a page's own document says of its session. */
const config = (html) => JSON.parse(html.match(/<script[^>]*id="asterism-page"[^>]*>(.*?)<\/script>/s)[1]);

const cookie = (response, name) =>
  response.headers.getSetCookie().map((line) => line.split(";")[0]).find((pair) => pair.startsWith(`${name}=`));

/** The contract's cohort (`contract/src/canary.rs`), once more, so that the two are compared. */
const cohort = (bucket, remote) => {
  let hash = 0x811c9dc5;
  for (const byte of [...Buffer.from(remote), bucket & 255, bucket >> 8]) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % 10_000;
};

test("a session keeps its bucket across visits and across gateways", async () => {
  const second = await secondGateway();
  const first = await fetch(site.site.url);
  const bucket = cookie(first, "asterism_bucket");
  assert.match(bucket, /^asterism_bucket=\d{1,4}$/);
  const number = Number(bucket.split("=")[1]);
  assert.equal(config(await first.text()).bucket, number);
  for (const url of [site.site.url, second, `${second}/industries`, site.site.url]) {
    const again = await fetch(url, { headers: { cookie: bucket } });
    assert.equal(cookie(again, "asterism_bucket"), undefined, "it is not dealt anew");
    assert.equal(config(await again.text()).bucket, number);
  }
  assert.deepEqual(await (await fetch(`${second}/manifest.json`)).json(), await manifest(site));
});

test("the trial reaches its share of fresh sessions, and two trials are independent", async () => {
  const buckets = [];
  for (let i = 0; i < 20; i++) {
    const visits = Array.from({ length: 25 }, async () => config(await (await fetch(site.site.url)).text()).bucket);
    buckets.push(...(await Promise.all(visits)));
  }
  const on = (remote) => (bucket) => cohort(bucket, remote) < 3_000;
  const share = (test) => buckets.filter(test).length / buckets.length;
  // 30 % of 500 has a standard deviation of 2 %, 9 % one of 1.3 %: five of them.
  for (const remote of ["search", "industries"]) assert.ok(Math.abs(share(on(remote)) - 0.3) < 0.1, `${remote}: ${share(on(remote))}`);
  const both = share((bucket) => on("search")(bucket) && on("industries")(bucket));
  assert.ok(Math.abs(both - 0.09) < 0.065, `both: ${both}`);
});

test("the page mounts the version of its session's side, visit after visit", async () => {
  const sides = [true, false].map((on) =>
    Array.from({ length: 10_000 }, (_, bucket) => bucket).find((bucket) => cohort(bucket, "industries") < 3_000 === on),
  );
  for (const [bucket, version] of [
    [sides[0], "0.1.1"],
    [sides[1], "0.1.0"],
  ]) {
    const page = await site.page();
    await page.context().addCookies([{ name: "asterism_bucket", value: String(bucket), url: site.site.url }]);
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    for (let visit = 0; visit < 3; visit++) {
      asked.length = 0;
      await page.goto("/industries");
      await page.getByRole("link", { name: /Retail/ }).first().waitFor();
      const versions = new Set(asked.map((url) => url.match(/\/remotes\/industries\/([^/]+)\//)?.[1]).filter(Boolean));
      assert.deepEqual([...versions], [version], `bucket ${bucket}, visit ${visit}`);
    }
    await page.context().close();
  }
});

test("status tells mounts and failures of each version", async () => {
  const visit = await fetch(site.site.url);
  const cookies = ["asterism_bucket", "asterism_session"].map((name) => cookie(visit, name)).join("; ");
  const beacons = [
    { remote: "search", version: "0.1.1", kind: "mounted" },
    { remote: "search", version: "0.1.0", kind: "failed", phase: "mount", message: "broken" },
  ];
  const told = await fetch(`${site.site.url}/beacons`, {
    method: "POST",
    headers: { cookie: cookies, "content-type": "application/json", "x-requested-with": "e2e" },
    body: JSON.stringify({ beacons }),
  });
  assert.ok(told.ok, `${told.status} ${await told.text()}`);
  await until("the outcomes", async () => {
    const outcomes = await (await fetch(`${site.site.url}/registry/v1/outcomes`)).json();
    const of = (version) => outcomes.find((one) => one.remote === "search" && one.version === version);
    return of("0.1.1")?.mounted >= 1 && of("0.1.0")?.failed_sessions >= 1;
  });
  // By the data's own `up.json` the tool finds the gateway that has counted.
  const { stdout } = await tool(site, "status", "--data", site.data);
  assert.match(stdout, /0\.1\.1 on trial for 30 %/);
  assert.match(stdout, /0\.1\.1: .*\b1 mounts?, 0 failures/);
  assert.match(stdout, /0\.1\.0: .*failed in 1; .*\b1 failures?/);
});
