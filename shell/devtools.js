// The devtools panel: what every slot holds, and what may be done to it in this tab.
//
// Loaded when it is first opened (Ctrl+Shift+.), so that it costs a visitor nothing. It knows the shell only
// by the object that `open` gets: `inspect()` tells, `act(what, remote, value)` does. Not here: any remote.

const STYLE = `
:host { all: initial; position: fixed; inset: auto 0 0; z-index: 30; font: 0.8125rem/1.45 var(--font-sans); color: var(--color-ink); }
* { box-sizing: border-box; }
section { display: flex; flex-direction: column; max-height: 45vh; background: var(--color-surface); border-top: 1px solid var(--color-line-strong); box-shadow: var(--shadow-2); }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1rem; padding: 0.5rem var(--gutter); border-bottom: 1px solid var(--color-line); }
h2 { margin: 0; font-size: 0.875rem; font-weight: 650; }
h2:focus { outline: none; }
header p { margin: 0; color: var(--color-ink-soft); font-variant-numeric: tabular-nums; }
header button { margin-left: auto; }
ul { margin: 0; padding: 0; list-style: none; overflow: auto; }
li { padding: 0.625rem var(--gutter); border-bottom: 1px solid var(--color-line); }
li:last-child { border-bottom: 0; }
h3 { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.5rem; margin: 0 0 0.375rem; font-size: 0.875rem; font-weight: 650; }
.tag { padding: 0 0.4375rem; border-radius: 1rem; background: var(--color-sunken); color: var(--color-ink-soft); font-size: 0.75rem; font-weight: 500; }
.tag.is-loud { background: var(--color-accent-soft); color: var(--color-accent-ink); }
.tag.is-bad { background: var(--color-danger-soft); color: var(--color-danger); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(12.5rem, 1fr)); gap: 0.125rem 1.25rem; margin: 0 0 0.5rem; }
dl div { display: flex; gap: 0.375rem; min-width: 0; }
dt { color: var(--color-ink-soft); flex: none; }
dl div:last-child { grid-column: 1 / -1; }
dl div:last-child dd { white-space: normal; }
dd { margin: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-variant-numeric: tabular-nums; }
form { display: flex; flex-wrap: wrap; gap: 0.375rem; align-items: center; }
input { flex: 1 1 14rem; min-width: 0; }
input, button { font: inherit; color: inherit; padding: 0.25rem 0.625rem; border: 1px solid var(--color-line-strong); border-radius: var(--radius-s); background: var(--color-bg); }
button { cursor: pointer; font-weight: 500; }
button:hover:not(:disabled) { border-color: var(--color-accent); }
button:disabled { opacity: 0.45; cursor: default; }
:is(input, button):focus-visible { outline: 2px solid var(--color-accent); outline-offset: 1px; }
@media (max-width: 30rem) { section { max-height: 70vh; } dl { grid-template-columns: 1fr; } }
`;

const make = (tag, props = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), props);
  element.append(...children);
  return element;
};

const ms = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
const timings = (phases) => phases.map(([name, time]) => `${name} ${ms(time)}`).join(", ");

/** What is told of a remote, in the order of the panel. */
const facts = (remote, site) => [
  ["source", remote.base],
  ["contract", `${remote.contract} (host ${site.contract})`],
  ["kind", remote.kind],
  ["bytes", `${(remote.bytes / 1000).toFixed(1)} KB in ${remote.files} files`],
  ["signed by", remote.key ?? "nobody"],
  ["revision", String(site.revision)],
  ["cohort", `${remote.cohort} of 10000${remote.trial ? `, trial below ${remote.trial * 100}` : ""}`],
  ["failures", String(remote.failures)],
  ["last mount", remote.phases.length ? timings(remote.phases) : "not in this tab"],
];

const tag = (text, kind = "") => make("span", { className: `tag ${kind}`, textContent: text });

/** One remote: the parts that change are filled in by `update`, so that a field keeps what is typed. */
const row = (shell, name) => {
  const title = make("h3");
  const list = make("dl");
  const url = make("input", {
    type: "url",
    placeholder: "http://localhost:9001/",
    ariaLabel: `Override ${name} in this tab from`,
  });
  const button = (label, what) => {
    const element = make("button", { type: "button", textContent: label, ariaLabel: `${label}: ${name}` });
    element.addEventListener("click", () => shell.act(what, name, ""));
    return element;
  };
  const apply = make("button", { type: "submit", textContent: "Override", ariaLabel: `Override: ${name}` });
  const [clear, reload, previous] = [
    button("Clear", "clear"),
    button("Reload", "reload"),
    button("Force previous", "previous"),
  ];
  const form = make("form", {}, url, apply, clear, reload, previous);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (url.value) shell.act("override", name, url.value);
  });
  const element = make("li", {}, title, list, form);
  const update = (remote, site) => {
    const tags = [tag(remote.role, remote.role === "active" ? "" : "is-loud")];
    if (remote.status) tags.push(tag(remote.status, remote.status === "failed" ? "is-bad" : "is-loud"));
    title.replaceChildren(`${name} ${remote.version}`, ...tags);
    list.replaceChildren(
      ...facts(remote, site).map(([term, value]) =>
        make("div", {}, make("dt", { textContent: term }), make("dd", { textContent: value, title: value })),
      ),
    );
    clear.disabled = !remote.override;
    reload.disabled = !remote.status;
    previous.disabled = !remote.previous;
  };
  return { element, update };
};

/** Opens the panel and answers the function that closes it. */
export const open = (shell, onClose) => {
  const before = document.activeElement;
  const host = make("div", { id: "asterism-devtools" });
  const root = host.attachShadow({ mode: "open" });
  const heading = make("h2", { id: "title", tabIndex: -1, textContent: "Asterism devtools" });
  const summary = make("p");
  const close = make("button", { type: "button", textContent: "Close", ariaLabel: "Close devtools" });
  const list = make("ul");
  const section = make("section", { role: "complementary" }, make("header", {}, heading, summary, close), list);
  section.setAttribute("aria-labelledby", "title");
  // A constructed sheet: the page's policy allows no inline styles.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  root.append(section);

  const rows = new Map();
  const refresh = () => {
    const site = shell.inspect();
    summary.textContent = `revision ${site.revision}, host contract ${site.contract}, bucket ${site.bucket}`;
    for (const remote of site.remotes) {
      if (!rows.has(remote.name)) {
        rows.set(remote.name, row(shell, remote.name));
        list.append(rows.get(remote.name).element);
      }
      rows.get(remote.name).update(remote, site);
    }
    for (const [name, { element }] of rows) {
      if (site.remotes.some((remote) => remote.name === name)) continue;
      element.remove();
      rows.delete(name);
    }
  };
  const timer = setInterval(refresh, 500);
  const end = () => {
    clearInterval(timer);
    host.remove();
    before?.focus?.({ preventScroll: true });
    onClose();
  };
  close.addEventListener("click", end);
  host.addEventListener("keydown", (event) => event.key === "Escape" && end());
  document.body.append(host);
  refresh();
  heading.focus({ preventScroll: true });
  return end;
};
