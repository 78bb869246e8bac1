// The page of `asterism dev`: mounts the packaged remote as a shell does, in a shadow root and with the
// integrity of its descriptor, and reloads when there is a new build.

import { makeHost, matches } from "/__asterism/host.js";

const facts = JSON.parse(document.getElementById("dev").textContent);
const at = (id) => document.getElementById(id);
const saved = `asterism-dev:${facts.name}`;

const log = (kind, text) => {
  const line = document.createElement("li");
  line.textContent = `${kind} ${text}`;
  at("log").prepend(line);
  while (at("log").children.length > 100) at("log").lastChild.remove();
};

const trouble = (text) => {
  at("trouble").textContent = text ?? "";
  at("trouble").hidden = !text;
};

const preferences = () => ({
  theme: at("theme").value,
  locale: navigator.language,
  reducedMotion: at("motion").checked,
});

const files = new Set();
const page = {
  log,
  preferences,
  title: (text) => (document.title = `${text} (dev)`),
  announce: (text) => (at("live").textContent = text),
  madeUp: (file) => {
    files.add(file);
    at("fake").textContent = `made-up data: ${[...files].join(", ")}`;
    at("fake").hidden = false;
  },
  moved: () => {},
};

/** The literal beginning of a route: `/industries` of `/industries/*`. */
const start = (pattern) => {
  const parts = pattern.split("/").slice(1);
  const end = parts.findIndex((part) => part === "*" || part.startsWith(":"));
  return `/${(end < 0 ? parts : parts.slice(0, end)).join("/")}`;
};

let mounted;

const mount = async () => {
  const answer = await fetch("/remote.json");
  // The first build is still under way: its event reloads the page.
  if (!answer.ok) return false;
  const descriptor = await answer.json();
  const answers = (path) => descriptor.routes.some((route) => matches(route.path, path));
  const home = descriptor.routes.map((route) => start(route.path)).find(answers);
  if (!answers(location.pathname) && location.pathname === "/" && home) {
    history.replaceState(null, "", home);
  }
  const routes = descriptor.routes.map((route) => route.path).join(" ");
  page.moved = (path) => {
    at("elsewhere").hidden = answers(path);
    at("address").value = location.pathname + location.search;
    at("address").title = `This remote answers ${routes}`;
  };
  page.moved(location.pathname);

  const map = document.createElement("script");
  map.type = "importmap";
  const entry = new URL(descriptor.entry, location.origin).href;
  map.textContent = JSON.stringify({ integrity: { [entry]: descriptor.files[descriptor.entry].integrity } });
  document.head.append(map);

  const slot = document.createElement("div");
  at("slot").replaceChildren(slot);
  const shadow = slot.attachShadow({ mode: "open" });
  await Promise.all(
    descriptor.styles.map(
      (file) =>
        new Promise((resolve, reject) => {
          const link = document.createElement("link");
          link.rel = "stylesheet";
          link.integrity = descriptor.files[file].integrity;
          link.crossOrigin = "anonymous";
          link.onload = resolve;
          link.onerror = () => reject(new Error(`the stylesheet ${file} was refused`));
          link.href = `/${file}`;
          shadow.append(link);
        }),
    ),
  );
  const domElement = document.createElement("div");
  shadow.append(domElement);

  const { host, prefer } = makeHost(facts, descriptor, page);
  at("theme").onchange = at("motion").onchange = () => {
    theme();
    prefer();
  };
  at("go").onsubmit = (event) => {
    event.preventDefault();
    host.navigate(at("address").value);
  };
  follow(host);
  const restored = sessionStorage.getItem(saved);
  sessionStorage.removeItem(saved);
  const props = { name: facts.name, domElement, host };
  if (restored) props.restored = JSON.parse(restored);
  const remote = await import(entry);
  await remote.bootstrap(props);
  const begun = performance.now();
  await remote.mount(props);
  host.report("mounted", { ms: Math.round(performance.now() - begun), version: descriptor.version });
  mounted = { remote, props };
  return true;
};

/** Plain clicks on links of this site are the host's. */
const follow = (host) =>
  document.addEventListener("click", (event) => {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement && node.href);
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !plain || event.defaultPrevented || link.origin !== location.origin) return;
    if (link.target && link.target !== "_self") return;
    event.preventDefault();
    host.navigate(link.pathname + link.search + link.hash);
  });

const theme = () => {
  const { theme } = preferences();
  localStorage.setItem("asterism-dev:theme", theme);
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
};

/** Keeps the remote's own state over a reload, as the shell does over a new version. */
const reload = async () => {
  try {
    const state = await mounted?.remote.save?.(mounted.props);
    if (state !== undefined && state !== null) sessionStorage.setItem(saved, JSON.stringify(state));
  } catch (error) {
    console.warn("save() failed", error);
  }
  location.reload();
};

let shown;
/** Follows the builds once the page knows which one it shows; 0 is none. */
const watch = (first) =>
  (new EventSource("/__asterism/events").onmessage = ({ data }) => {
    const { generation, building, error } = JSON.parse(data);
    at("state").textContent = building ? "building …" : error ? "does not compile" : `build ${generation}`;
    if (error || !first.failed) trouble(error);
    shown ??= first.built ? generation : 0;
    // A restarted server counts anew: any other number is another build.
    if (generation > 0 && generation !== shown) reload();
  });

at("back").onclick = () => history.back();
at("theme").value = localStorage.getItem("asterism-dev:theme") ?? "system";
theme();
if (facts.site) {
  at("site").hidden = false;
  at("site").href = `${facts.site}${location.pathname}?asterism-override=${facts.name}=${facts.origin}/`;
}
mount().then(
  (built) => watch({ built, failed: false }),
  (error) => {
    trouble(`The remote could not be mounted.\n${error.stack ?? error}`);
    watch({ built: true, failed: true });
  },
);
