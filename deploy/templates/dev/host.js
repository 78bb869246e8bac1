// The mock host: `props.host` as contract::lifecycle has it. A real one differs in retries, deadlines and
// session; what a remote may rely on is the same.

const locationOf = () => location.pathname + location.search;

/** A set of listeners; `add` returns what removes it again. */
const listeners = () => {
  const all = new Set();
  return {
    add: (callback) => {
      all.add(callback);
      return () => all.delete(callback);
    },
    call: (value) => [...all].forEach((callback) => callback(value)),
  };
};

const hex = (bytes) =>
  [...crypto.getRandomValues(new Uint8Array(bytes))].map((b) => b.toString(16).padStart(2, "0")).join("");

/** Tells whether a route pattern answers a path. */
export const matches = (pattern, path) => {
  const parts = (text) => text.split("/").filter(Boolean);
  const [wanted, given] = [parts(pattern), parts(path)];
  for (const [at, segment] of wanted.entries()) {
    if (segment === "*") return true;
    if (given[at] === undefined || (!segment.startsWith(":") && segment !== given[at])) return false;
  }
  return wanted.length === given.length;
};

/**
 * `page` hears: `log(kind, text)`, `title(text)`, `announce(text)`, `madeUp(file)`, `moved(path)` and
 * answers `preferences()`.
 */
export const makeHost = (facts, descriptor, page) => {
  const [moves, preferences] = [listeners(), listeners()];
  const topics = new Map();
  const latched = new Map();
  const who = `${descriptor.name}@${descriptor.version}`;

  const moved = () => {
    page.moved(location.pathname);
    if (descriptor.routes.some((route) => matches(route.path, location.pathname))) {
      moves.call(locationOf());
    }
  };
  addEventListener("popstate", moved);

  const topic = (name) => {
    if (!topics.has(name)) topics.set(name, listeners());
    return topics.get(name);
  };

  const check = (url) => {
    if (url.origin !== location.origin) throw new TypeError(`${who} may only call this site`);
    const [first, domain = ""] = url.pathname.split("/").filter(Boolean);
    if (first === "api" && !descriptor.apis.includes(domain)) {
      throw new TypeError(`${who} may not call /api/${domain}: its descriptor does not list it`);
    }
  };

  const host = {
    contract: facts.contract,
    basePath: "",
    get theme() {
      return page.preferences().theme;
    },
    get locale() {
      return page.preferences().locale;
    },
    location: locationOf,
    navigate: (path, { replace = false } = {}) => {
      const url = new URL(path, location.origin);
      if (url.origin !== location.origin) throw new TypeError(`${who} may only navigate on this site`);
      history[replace ? "replaceState" : "pushState"](null, "", url.pathname + url.search + url.hash);
      page.log("navigate", `${replace ? "replace " : ""}${path}`);
      moved();
    },
    onLocation: (callback) => moves.add(callback),
    publish: (name, value) => {
      page.log("publish", `${name} ${JSON.stringify(value)}`);
      if (name === facts.announce) page.announce(value?.message ?? "");
      else latched.set(name, value);
      if (name === facts.title) page.title(value?.title ?? "");
      topic(name).call(value);
    },
    subscribe: (name, callback) => {
      const unsubscribe = topic(name).add(callback);
      if (latched.has(name)) queueMicrotask(() => callback(latched.get(name)));
      return unsubscribe;
    },
    fetch: async (input, init) => {
      const request = new Request(input instanceof Request ? input : new URL(input, location.origin), init);
      const url = new URL(request.url);
      check(url);
      request.headers.set("x-asterism-remote", who);
      request.headers.set("traceparent", `00-${hex(16)}-${hex(8)}-01`);
      const response = await fetch(request);
      const file = response.headers.get("x-asterism-fixture");
      page.log("fetch", `${request.method} ${url.pathname}${url.search} → ${response.status}${file ? `, fixture ${file}` : ""}`);
      if (file) page.madeUp(file);
      return response;
    },
    report: (kind, detail) => page.log(`report ${kind}`, JSON.stringify(detail ?? {})),
    onPreference: (callback) => preferences.add(callback),
  };
  return { host, prefer: () => preferences.call(page.preferences()) };
};
