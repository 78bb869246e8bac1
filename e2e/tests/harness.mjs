// What every browser test needs: a site of its own on free ports, and a page in a real Chromium.
//
// Each test file starts its own `asterism up --no-build`, so files share nothing and may stop services.
// Not here: building. `cargo asterism test` has built everything before it runs these.

import { spawn, execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const run = promisify(execFile);
const BIN = process.env.ASTERISM_BIN ?? "asterism";
const ROOT = process.env.ASTERISM_ROOT ?? join(import.meta.dirname, "../..");
const CHROMIUM = process.env.ASTERISM_CHROMIUM ?? "/usr/bin/chromium";
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Waits until `check` answers something true; fails with `what` after `millis`. */
export const until = async (what, check, millis = 15_000) => {
  const end = Date.now() + millis;
  for (;;) {
    const value = await check().catch(() => false);
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${millis} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** Runs the tool; answers `{code, stdout, stderr}` and never throws for its exit code. */
export const asterism = async (args, options = {}) => {
  try {
    const { stdout, stderr } = await run(BIN, args, { cwd: ROOT, maxBuffer: 1 << 26, ...options });
    return { code: 0, stdout, stderr };
  } catch (error) {
    if (typeof error.code !== "number") throw error;
    return { code: error.code, stdout: error.stdout, stderr: error.stderr };
  }
};

/** Starts a site in `data` and waits until it says that it is ready; `port` 0 is a free one. */
export const startSite = async (data, args = [], { port = 0, env = {} } = {}) => {
  const child = spawn(BIN, ["up", "--no-build", "--port", String(port), "--data", data, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const state = () => readFile(join(data, "up.json"), "utf8").then(JSON.parse);
  const url = await until(
    `the site to start:\n${output}`,
    async () => {
      if (child.exitCode !== null) throw new Error(`up ended:\n${output}`);
      return output.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
    },
    // The first site on a machine makes the stories' vectors.
    180_000,
  ).catch((error) => {
    child.kill("SIGTERM");
    throw new Error(`${error.message}\n${output}`);
  });
  return {
    url,
    data,
    child,
    state,
    output: () => output,
    ended,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await ended;
    },
  };
};

/**
 * Registers a site and a browser for the test file; answers an object that is filled before its tests.
 * `prepare(site)` runs once they are there, and `settings()` before, for what the site is started with.
 */
export const useSite = (prepare = async () => {}, settings = async () => ({})) => {
  const context = {};
  before(async () => {
    context.data = await mkdtemp(join(tmpdir(), "asterism-e2e-"));
    context.site = await startSite(context.data, [], await settings());
    context.browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
    await prepare(context);
  });
  after(async () => {
    await context.browser?.close();
    await context.site?.stop();
    if (context.data) await rm(context.data, { recursive: true, force: true });
  });
  /** A page in a fresh browser context; `page.problems` collects errors of page and console. */
  context.page = async (options = {}) => {
    const browserContext = await context.browser.newContext({ baseURL: context.site.url, ...options });
    const page = await browserContext.newPage();
    page.problems = [];
    page.on("pageerror", (error) => page.problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") page.problems.push(message.text());
    });
    return page;
  };
  return context;
};
