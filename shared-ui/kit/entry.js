// The entry of a Yew remote: single-spa's lifecycle over a wasm-bindgen bundle, which is a Module
// Federation container too.
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

/** Finds or makes the element to render into. Without one around it, it stands in a shadow root of ours. */
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

/** Makes a plain click on a link within the page's origin a step of the history: our own host does so for
 * all its remotes, under a foreign one the page would be loaded anew. */
const follow = (event) => {
  const link = event.composedPath().find((node) => node.localName === "a" && node.href);
  if (!link || event.defaultPrevented || event.button) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  // A fragment is for the browser to find.
  if (link.target || link.hash || link.origin !== origin || link.hasAttribute("download")) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  dispatchEvent(new PopStateEvent("popstate"));
};

/** What any page has besides its state: focus and open disclosures, of elements with an id. */
const posture = (root) => ({
  focus: root.getRootNode().activeElement?.id,
  open: Array.from(root.querySelectorAll("details[open][id]"), (details) => details.id),
});

const resume = (root, { focus, open }) => {
  const find = (id) => root.querySelector(`[id="${CSS.escape(id)}"]`);
  for (const id of open ?? []) find(id)?.setAttribute("open", "");
  // By the next frame the host has shown what it has mounted; what is hidden takes no focus.
  requestAnimationFrame(() => {
    // Somebody who is elsewhere by now stays there.
    if (focus && document.activeElement === document.body) find(focus)?.focus({ preventScroll: true });
  });
};

const instances = new Map();
const key = (props) => props.domElement ?? props.name ?? name;

export const bootstrap = async () => {
  await compile();
};

export const mount = async (props) => {
  const module = await compile();
  const { root, remove } = await place(props);
  const leaving = new AbortController();
  const instance = { dead: false, remove, root, leaving };
  instances.set(key(props), instance);
  if (!props.host) root.getRootNode().addEventListener("click", follow, leaving);
  const glue = factory();
  await glue.init({ module_or_path: module });
  await new Promise((resolve, reject) => {
    const onPanic = (message) => {
      instance.dead = true;
      props.host?.report("panicked", { message });
      reject(new Error(message));
    };
    const restored = props.restored?.state;
    instance.handle = glue.mount(root, { ...props, restored, onMounted: resolve, onPanic });
  });
  if (props.restored) resume(root, props.restored);
};

/** The state that the next mount, of whatever version, is to get as `props.restored`. */
export const save = async (props) => {
  const instance = instances.get(key(props));
  if (!instance?.handle || instance.dead) return undefined;
  return { state: instance.handle.save(), ...posture(instance.root) };
};

export const unmount = async (props) => {
  const instance = instances.get(key(props));
  if (!instance) return;
  instances.delete(key(props));
  instance.leaving.abort();
  try {
    // A panicked instance must never be called again.
    if (!instance.dead) instance.handle?.unmount();
  } finally {
    instance.remove();
  }
};

// Module Federation's container: `loadRemote("<name>")` and `loadRemote("<name>/lifecycle")` get what
// single-spa imports. Nothing is shared, so there is nothing to set up.
const lifecycle = { bootstrap, mount, save, unmount };

export const init = () => {};

export const get = async (id) => {
  if (id !== "." && id !== "./lifecycle") {
    throw new Error(`${name}: there is "." and "./lifecycle", but no "${id}"`);
  }
  return () => ({ ...lifecycle, default: lifecycle });
};
