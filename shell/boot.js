// The shell's boot: checks and starts its WebAssembly.
//
// trunk's own start fetches the WASM without integrity, so packaging replaces it with this one.

const factory = __ASTERISM_GLUE__;
const { wasm, modules } = __ASTERISM_BUNDLE__;

try {
  const glue = factory();
  const url = new URL(wasm.path, import.meta.url);
  const response = fetch(url, { integrity: wasm.integrity, credentials: "same-origin" });
  await glue.init({ module_or_path: await WebAssembly.compileStreaming(response) });
  if (document.documentElement.dataset.boot !== "failed") {
    const { path, integrity } = modules.devtools;
    glue.start({
      importModule: (entry) => import(entry),
      devtools: { url: new URL(path, import.meta.url).pathname, integrity },
    });
  }
} catch (error) {
  console.error(error);
  window.dispatchEvent(new CustomEvent("asterism:boot-failed"));
}
