// Real bundles in temporary folders, and the way into a running site's registry: its API, as
// any publisher calls it, and the tool.
//
// Not here: what a bundle does. Each test writes its own sources.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { signature, tar, zstd } from "./archive.mjs";
import { asterism, until } from "./harness.mjs";

/** The registry of a site from `useSite`, as a folder. */
export const registry = (site) => join(site.data, "registry");

/** Where the registry keeps one version's files. */
export const stored = (site, name, version) => join(registry(site), "remotes", name, version);

/** Subresource integrity of some bytes. */
export const integrity = (bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;

/** Runs the tool against the site's registry; fails the test when it fails. */
export const tool = async (site, ...args) => {
  const done = await asterism([...args, "--registry", registry(site)]);
  assert.equal(done.code, 0, `asterism ${args.join(" ")}\n${done.stdout}${done.stderr}`);
  return done;
};

/** What the gateway says is live. */
export const manifest = async (site) => (await fetch(`${site.site.url}/manifest.json`)).json();

/** Waits until the gateway serves `version` of `name`. */
export const served = (site, name, version) =>
  until(`${name} ${version} to be served`, async () => {
    const state = (await manifest(site)).remotes[name];
    return state?.active.version === version && state;
  });

/** Writes a bundle of kind `module`: its files and the `remote.json` that names them. */
export const makeBundle = async (dir, { name, version = "1.0.0", files, entry = "entry.js", ...rest }) => {
  await rm(dir, { recursive: true, force: true });
  const listed = {};
  for (const [path, text] of Object.entries(files)) {
    const bytes = Buffer.from(text);
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), bytes);
    listed[path] = { integrity: integrity(bytes), bytes: bytes.length };
  }
  const descriptor = {
    schema: 1,
    name,
    version,
    contract: "^1.0",
    entry,
    styles: [],
    preload: [],
    files: listed,
    routes: [{ path: `/${name}`, title: name }],
    apis: [],
    kind: "module",
    built: { commit: "", at: "2026-01-01T00:00:00Z", toolchain: "none" },
    ...rest,
  };
  await writeFile(join(dir, "remote.json"), JSON.stringify(descriptor));
  return dir;
};

/** Calls the registry's API with the operator's key. */
export const api = async (site, method, path, body, type = "application/json") => {
  const key = await readFile(join(site.data, "keys/operator"), "utf8");
  return fetch(`${site.site.url}/registry/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key.trim()}`, "content-type": type },
    body,
  });
};

/** Asks the registry's API and fails the test when it refuses. */
const done = async (what, answer) => {
  const response = await answer;
  const text = await response.text();
  assert.ok(response.ok, `${what}: ${response.status} ${text}`);
  return JSON.parse(text);
};

/** Puts a bundle's folder into the registry, signed by the site's key unless it says `signed`; answers the response. */
export const put = async (site, dir, signed) => {
  const descriptor = await readFile(join(dir, "remote.json"));
  const { name, version, files } = JSON.parse(descriptor);
  const key = await readFile(join(site.data, "keys/signing.key"), "utf8");
  const entries = [["remote.json", descriptor]];
  if (signed !== null) entries.push(["remote.json.sig", signed ?? signature(descriptor, key)]);
  for (const file of Object.keys(files)) entries.push([file, await readFile(join(dir, file))]);
  return api(site, "PUT", `/remotes/${name}/versions/${version}`, zstd(tar(entries)), "application/zstd");
};

/** Signs and publishes a bundle's folder. */
export const publish = (site, name, dir) => done(`publishing ${name}`, put(site, dir));

/** Makes a version live, or puts it on trial for `percent`. */
export const release = (site, remote, version, percent) =>
  done(
    `releasing ${remote} ${version}`,
    api(site, "POST", "/releases", JSON.stringify({ remote, version, percent, reason: "e2e" })),
  );

/** Takes the newest release of a remote back. */
export const rollback = (site, remote) =>
  done(`rolling ${remote} back`, api(site, "POST", "/rollbacks", JSON.stringify({ remote, reason: "e2e" })));

/** Publishes a bundle and makes it live. */
export const ship = async (site, bundle) => {
  const { name, version = "1.0.0" } = bundle;
  const dir = await makeBundle(join(site.data, "made", name, version), bundle);
  await publish(site, name, dir);
  await release(site, name, version);
};

/** Publishes what the site has as `from` of a remote once more, as `to`: the same files, another version. */
export const copyVersion = async (site, name, from, to) => {
  const dir = join(site.data, "made", name, to);
  await rm(dir, { recursive: true, force: true });
  const source = stored(site, name, from);
  const descriptor = JSON.parse(await readFile(join(source, "remote.json"), "utf8"));
  for (const file of Object.keys(descriptor.files)) await cp(join(source, file), join(dir, file));
  await writeFile(join(dir, "remote.json"), JSON.stringify({ ...descriptor, version: to }));
  await publish(site, name, dir);
};

/** Removes a published file, or puts other bytes in its place, in all its encodings. */
export const spoil = async (site, name, version, file, bytes) => {
  const dir = stored(site, name, version);
  const hit = (await readdir(dir)).filter((found) => found === file || found.startsWith(`${file}.`));
  assert.ok(hit.length > 0, `${name} ${version} has no ${file}`);
  for (const found of hit) await rm(join(dir, found));
  if (bytes !== undefined) await writeFile(join(dir, file), bytes);
};
