// The bad remotes of `gallery.test.mjs`: what each does wrong, what the page must say of it, and how it heals.
//
// `window.healed` is set by the test when the fault is over; `null` as `says` means that the remote lives on.

/** A remote that shows its name, with one of its functions replaced. */
export const source = (name, { head = "", bootstrap = "", mount = "", late = "", unmount = "", update = "", millis } = {}) => `
${head}
const bad = () => !globalThis.healed;
${millis ? `export const timeouts = Object.fromEntries(["bootstrap", "mount", "unmount"].map((phase) => [phase, { millis: ${millis} }]));` : ""}
export const bootstrap = async () => { ${bootstrap} };
export const mount = async ({ domElement }) => {
  ${mount}
  domElement.innerHTML = "<h1>This is ${name}</h1>";
  ${late}
};
export const unmount = async ({ domElement }) => { ${unmount}; domElement.replaceChildren(); };
export const update = async () => { ${update} };
`;

const never = "if (bad()) await new Promise(() => {});";
const fails = (what) => `if (bad()) throw new Error("broken in ${what}");`;

/** (module (func (export "trap") unreachable)) */
export const TRAP = Buffer.from(
  "0061736d010000000104016000000302010007080104747261700000" + "0a05010300000b",
  "hex",
);
const instance = `
const trap = async () => {
  const url = new URL("trap.wasm", import.meta.url);
  const { instance } = await WebAssembly.instantiateStreaming(fetch(url));
  return instance.exports.trap;
};`;
const trapping = (name, parts) => ({
  files: { "entry.js": source(name, { head: instance, ...parts }), "trap.wasm": TRAP },
});

/**
 * One row per misbehaviour. `spoil` replaces the entry after the release (`null`: removes it), `release` says
 * that only a new version heals it, `runs` that it works at first.
 */
export const GALLERY = [
  { name: "bad-404", spoil: null, says: /could not be loaded/, release: true },
  { name: "bad-hash", spoil: "export const mount = 1;", says: /could not be loaded/, release: true },
  { name: "bad-syntax", files: { "entry.js": "export const mount = (" }, says: /could not be loaded/, release: true },
  { name: "bad-commonjs", files: { "entry.js": "module.exports = { mount() {} };" }, says: /could not be loaded/, release: true },
  { name: "bad-mountless", files: { "entry.js": "export const unmount = async () => {};" }, says: /no mount/, release: true },
  { name: "bad-load", parts: { head: 'if (!globalThis.healed) throw new Error("broken in load");' }, says: /broken in load/ },
  { name: "bad-bootstrap", parts: { bootstrap: fails("bootstrap") }, says: /broken in bootstrap/ },
  { name: "bad-mount", parts: { mount: fails("mount") }, says: /broken in mount/ },
  { name: "bad-unmount", parts: { unmount: fails("unmount") }, says: null },
  { name: "bad-update", parts: { update: fails("update") }, says: null },
  { name: "slow-load", parts: { head: "if (!globalThis.healed) await new Promise(() => {});" }, says: /too long/, wait: 40_000 },
  { name: "slow-bootstrap", parts: { bootstrap: never, millis: 600 }, says: /too long/ },
  { name: "slow-mount", parts: { mount: never, millis: 600 }, says: /too long/ },
  { name: "slow-unmount", parts: { unmount: never, millis: 600 }, says: null },
  { name: "panic-mount", ...trapping("panic-mount", { mount: "if (bad()) (await trap())();" }), says: /unreachable/ },
  {
    name: "panic-soon",
    ...trapping("panic-soon", { late: "if (bad()) { const die = await trap(); setTimeout(() => die(), 300); }" }),
    says: /has stopped working.*unreachable/s,
  },
  {
    name: "panic-later",
    ...trapping("panic-later", { late: "if (bad()) { const die = await trap(); setTimeout(() => die(), 10_000); }" }),
    says: /has stopped working.*unreachable/s,
    runs: true,
  },
  {
    name: "rejects",
    parts: { late: 'const again = () => { if (bad()) { Promise.reject(new Error("again")); setTimeout(again, 0); } }; again();' },
    says: null,
  },
  { name: "huge", parts: { head: `/*${"thirty megabytes".repeat((30 << 20) / 16)}*/` }, says: null, wait: 30_000 },
  {
    name: "escapes-host",
    parts: {},
    style: ":host{position:fixed!important;inset:0!important;z-index:2147483647!important;background:red}",
    says: null,
  },
  { name: "escapes-body", parts: {}, style: "body,html,header,.header{display:none!important}*{visibility:visible}", says: null },
  {
    name: "escapes-overlay",
    parts: {},
    style: ".slot__root{position:fixed!important;inset:0!important;z-index:2147483647!important;background:red}",
    says: null,
  },
  {
    name: "escapes-upwards",
    parts: {},
    style: ".slot__root{position:absolute!important;top:-100vh!important;height:300vh;width:100vw;z-index:2147483647!important}",
    says: null,
  },
];

/** What a manifest may not get away with: each change of a release is refused before its bytes run. */
export const FORGERIES = [
  { what: "unsigned", change: (release) => delete release.signed, says: /not signed/ },
  { what: "signed by a key that nobody trusts", change: (release) => (release.signed.key = "0123456789abcdef"), says: /not trusted/ },
  {
    what: "with another signature",
    change: (release) => {
      const bytes = Buffer.from(release.signed.signature, "base64");
      bytes[10] ^= 1;
      release.signed.signature = bytes.toString("base64");
    },
    says: /signature/,
  },
  { what: "replayed under another name", change: (release, { routes, ...other }) => Object.assign(release, other), says: /does not match|signed|says/ },
  { what: "asking for a lower contract than was signed", change: (release) => (release.contract = ">=0.1"), says: /./ },
  { what: "asking for a contract that this host does not have", change: (release) => (release.contract = "^2.0"), says: /./ },
];
