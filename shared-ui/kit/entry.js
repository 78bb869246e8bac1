// The entry of a Yew remote: single-spa's lifecycle over a wasm-bindgen bundle.
//
// Packaging (deploy/src/package) puts the bundle's glue, wrapped as a factory, and its files in place of
// the two marks below. Each mount gets a fresh WebAssembly instance, because an ES module is never
// collected and a Yew application leaks its root listeners: an instance that is dropped whole does not
// (docs/building-remotes.md). Nothing mounts by itself.
//
// Not here: history, fetch, telemetry. Those are the host's, in `props.host`.

const factory = __ASTERISM_GLUE__;
const { name, wasm, styles } = __ASTERISM_BUNDLE__;

const url = (file) => new URL(file.path, import.meta.url).href;

let compiling;
/** Compiles the module once. Streaming, so that errors name the file's URL. */
const compile = () => {
  compiling ??= WebAssembly.compileStreaming(
    fetch(url(wasm), { integrity: wasm.integrity, credentials: "same-origin" }),
  ).catch((error) => {
    // The next try must fetch again.
    compiling = undefined;
    throw error;
  });
  return compiling;
};

const loadStyle = (root, file) =>
  new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.integrity = file.integrity;
    link.crossOrigin = "anonymous";
    link.onload = resolve;
    link.onerror = () => reject(new Error(`${name}: the stylesheet ${file.path} was refused`));
    link.href = url(file);
    root.append(link);
  });

/** Single-spa's convention for an application without `domElement`. */
const conventional = (id) => {
  let element = document.getElementById(id);
  if (!element) {
    element = document.createElement("div");
    element.id = id;
    document.body.append(element);
  }
  return element;
};

/** Finds or makes the element to render into. Under a foreign host it stands in a shadow root of ours. */
const place = async (props) => {
  const given = props.domElement ?? conventional(`single-spa-application:${props.name ?? name}`);
  if (given.getRootNode() instanceof ShadowRoot) {
    return { root: given, remove: () => given.replaceChildren() };
  }
  const outer = document.createElement("div");
  outer.className = "standalone";
  given.append(outer);
  try {
    const shadow = outer.attachShadow({ mode: "open" });
    await Promise.all(styles.map((file) => loadStyle(shadow, file)));
    const root = document.createElement("div");
    shadow.append(root);
    return { root, remove: () => outer.remove() };
  } catch (error) {
    outer.remove();
    throw error;
  }
};

const instances = new Map();
const key = (props) => props.domElement ?? props.name ?? name;

export const bootstrap = async () => {
  await compile();
};

export const mount = async (props) => {
  const module = await compile();
  const { root, remove } = await place(props);
  const instance = { dead: false, remove };
  instances.set(key(props), instance);
  const glue = factory();
  await glue.init({ module_or_path: module });
  await new Promise((resolve, reject) => {
    const onPanic = (message) => {
      instance.dead = true;
      props.host?.report("panicked", { message });
      reject(new Error(message));
    };
    instance.handle = glue.mount(root, { ...props, onMounted: resolve, onPanic });
  });
};

export const unmount = async (props) => {
  const instance = instances.get(key(props));
  if (!instance) return;
  instances.delete(key(props));
  try {
    // A panicked instance must never be called again.
    if (!instance.dead) instance.handle?.unmount();
  } finally {
    instance.remove();
  }
};
