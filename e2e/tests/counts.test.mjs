// A number that the site shows is the same wherever it stands: search's totals and its facets, the lists of
// stories and their facets, and industries, for every pair of values of any two facets.
//
// What a list leaves out is one rule: stories about the person count only where their theme is asked for.
// Search and industries keep it by themselves; stories list everything, so they are asked for the other
// categories. Plain HTTP, through the gateway.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startSite, until } from "./harness.mjs";

const FACETS = ["industry", "capability", "client", "role", "sub_category", "era", "theme"];
const NARRATIVE = "Narrative";
const KEY = "counts-editor";
/** Requests at a time. */
const WIDTH = 24;

let site;
let data;
let all;
before(async () => {
  process.env.ASTERISM_EDITOR_KEY = KEY;
  data = await mkdtemp(join(tmpdir(), "asterism-e2e-"));
  site = await startSite(data);
  // Services follow each other's feeds; wait until all have read to the end.
  all = await until("the stories", async () => {
    const facets = await get("/api/stories/facets");
    const found = await search({ theme: facets.theme.map(({ value }) => value) });
    await get("/api/industries");
    return found.total === facets.total && facets;
  });
});
after(async () => {
  await site?.stop();
  if (data) await rm(data, { recursive: true, force: true });
});

const get = async (path) => {
  const response = await fetch(site.url + path);
  assert.equal(response.status, 200, `${path}: ${response.status}`);
  return response.json();
};

const search = async (filters, more = {}) => {
  const body = JSON.stringify({ query: "", top_k: 1, filters, ...more });
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${site.url}/api/search/keyword`, { method: "POST", headers, body });
  assert.equal(response.status, 200, `${body}: ${response.status}`);
  return response.json();
};

const query = (filters) =>
  new URLSearchParams(Object.entries(filters).map(([facet, values]) => [facet, values.join("|")]));

const stories = async (filters) => (await get(`/api/stories?${query(filters)}&per_page=1`)).total;

/** As a list counts: without stories about the person, unless their theme is asked for. */
const listed = (filters) => {
  if (filters.theme) return stories(filters);
  const category = all.category.map(({ value }) => value).filter((value) => value !== NARRATIVE);
  return stories({ ...filters, category });
};

/** Runs `check` on each item, some at a time. */
const each = async (items, check) => {
  const queue = items[Symbol.iterator]();
  const worker = async () => {
    for (const item of queue) await check(item);
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
};

const values = (facet) => all[facet].map(({ value }) => value);
const count = (counts, value, key = "value") => counts.find((one) => one[key] === value)?.count ?? 0;

test("the demo stories have names that a careless address would break", () => {
  const names = FACETS.flatMap(values);
  for (const sign of ["&", "/", " "]) assert.ok(names.some((name) => name.includes(sign)), sign);
});

test("each single value has one count", async () => {
  const facets = (await search({})).facets;
  const singles = FACETS.flatMap((facet) => values(facet).map((value) => [facet, value]));
  await each(singles, async ([facet, value]) => {
    const filters = { [facet]: [value] };
    const found = await search(filters);
    const name = `${facet}=${value}`;
    assert.equal(found.total, await listed(filters), name);
    // A facet's own filter does not narrow it.
    assert.equal(count(found.facets[facet], value), count(facets[facet], value), name);
    const narrative = facet === "theme" ? 0 : await stories({ ...filters, category: [NARRATIVE] });
    assert.equal(count(all[facet], value), found.total + narrative, `facets of stories: ${name}`);
    assert.equal(count(all[facet], value), await stories(filters), `list of stories: ${name}`);
  });
});

test("each pair of values of two facets has one count in search and in stories", async () => {
  const start = Date.now();
  // What facets promise beside a value, from one request a value.
  const beside = new Map();
  const singles = FACETS.flatMap((facet) => values(facet).map((value) => [facet, value]));
  await each(singles, async ([facet, value]) => {
    beside.set(facet + value, (await search({ [facet]: [value] })).facets);
  });
  const [some, none] = [[], []];
  let pairs = 0;
  FACETS.forEach((a, i) => {
    for (const b of FACETS.slice(i + 1)) {
      for (const x of values(a)) {
        const promised = (y) => count(beside.get(a + x)[b], y);
        for (const y of values(b)) assert.equal(promised(y), count(beside.get(b + y)[a], x), `${a} ${x}, ${b} ${y}`);
        pairs += values(b).length;
        for (const y of values(b).filter(promised)) some.push([{ [a]: [x], [b]: [y] }, promised(y)]);
        // Nothing in any of them is nothing in each: one request tells it of them all.
        const empty = values(b).filter((y) => !promised(y));
        if (empty.length) none.push([{ [a]: [x], [b]: empty }, 0]);
      }
    }
  });
  await each([...some, ...none], async ([filters, promised]) => {
    const [found, list] = await Promise.all([search(filters), listed(filters)]);
    assert.deepEqual([found.total, list], [promised, promised], JSON.stringify(filters));
  });
  assert.ok(some.length > 500, `${some.length} pairs have stories`);
  console.log(`${pairs} pairs, ${some.length} of them with stories, in ${Date.now() - start} ms`);
});

test("industries count as search does: alone, with each capability, with each client", async () => {
  const { industries, total } = await get("/api/industries");
  assert.equal(total, (await search({})).total);
  const promised = (await search({})).facets.industry;
  assert.deepEqual(
    industries.map(({ name, count }) => ({ value: name, count })).sort(byValue),
    [...promised].sort(byValue),
  );
  assert.equal(new Set(industries.map(({ slug }) => slug)).size, industries.length);
  let numbers = 0;
  const agree = async (shown, filters) => {
    numbers++;
    assert.equal(shown, (await search(filters)).total, JSON.stringify(filters));
  };
  await each(industries, async ({ slug, name, count: size, clients, capability_count }) => {
    const whole = await get(`/api/industries/${slug}/categories`);
    const groups = [...whole.core, ...whole.specialised];
    assert.deepEqual(whole.industry, await get(`/api/industries/${slug}`));
    assert.equal(groups.length, capability_count);
    assert.ok(whole.core.every((group) => group.count >= 3) && whole.specialised.every((group) => group.count < 3));
    await agree(size, { industry: [name] });
    const { facets } = await search({ industry: [name] });
    assert.deepEqual(groups.map((group) => ({ value: group.name, count: group.count })).sort(byValue), [...facets.capability].sort(byValue));
    const lanes = whole.timeline.engagements.map(({ client, count }) => ({ value: client, count }));
    assert.deepEqual(lanes.sort(byValue), [...facets.client].sort(byValue));
    // Every client of the site, also those that this industry does not have.
    for (const client of values("client")) {
      await agree(count(lanes, client), { industry: [name], client: [client] });
    }
    for (const client of clients) assert.equal(client.count, count(lanes, client.name));
    for (const capability of values("capability")) {
      await agree(count(groups, capability, "name"), { industry: [name], capability: [capability] });
    }
    for (const group of groups) {
      const narrowed = await get(`/api/industries/${slug}/categories/${group.slug}`);
      const filters = { industry: [name], capability: [group.name] };
      assert.deepEqual([...narrowed.core, ...narrowed.specialised], [group]);
      assert.equal(narrowed.industry.count, group.count);
      assert.equal(group.stories.length, group.count);
      for (const { client, count } of narrowed.timeline.engagements) await agree(count, { ...filters, client: [client] });
    }
  });
  console.log(`${numbers} numbers of industries are what search finds`);
});

const byValue = (a, b) => (a.value < b.value ? -1 : 1);

test("a story that is added, changed and deleted is counted so everywhere within two seconds", async () => {
  const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
  const [{ id }] = (await get("/api/stories?industry=Retail&per_page=1")).results;
  const model = await get(`/api/stories/${id}`);
  const put = async (story) => {
    const response = await fetch(`${site.url}/api/stories/${story.id}`, { method: "PUT", headers, body: JSON.stringify(story) });
    assert.ok(response.ok, await response.text());
  };
  const followed = async (what, expected) => {
    const start = Date.now();
    await until(
      what,
      async () => {
        const { industries } = await get("/api/industries");
        const shown = [count(industries, "Retail", "name"), count(industries, "R & D / Labs", "name")];
        const found = await Promise.all(["Retail", "R & D / Labs"].map(async (name) => (await search({ industry: [name] })).total));
        return [shown, found].every((counts) => String(counts) === String(expected));
      },
      2_000,
    );
    console.log(`${what}: ${Date.now() - start} ms`);
  };
  const retail = await stories({ industry: ["Retail"] });
  const added = { ...model, id: "counted-everywhere", title: "Counted everywhere" };
  await put(added);
  await followed("added", [retail + 1, 0]);
  await put({ ...added, industry: "R & D / Labs", capability: "I/O" });
  await followed("moved to an industry of its own", [retail, 1]);
  // A separator at both sides of a word: still one path segment, and found.
  const { industries } = await get("/api/industries");
  const { slug } = industries.find(({ name }) => name === "R & D / Labs");
  const { specialised } = await get(`/api/industries/${slug}/categories`);
  assert.deepEqual(specialised.map(({ name, count }) => [name, count]), [["I/O", 1]]);
  assert.equal((await get(`/api/industries/${slug}/categories/${specialised[0].slug}`)).industry.count, 1);
  assert.equal((await search({ industry: ["R & D / Labs"], capability: ["I/O"] })).total, 1);
  const gone = await fetch(`${site.url}/api/stories/${added.id}`, { method: "DELETE", headers });
  assert.equal(gone.status, 204);
  await followed("deleted", [retail, 0]);
  assert.equal((await fetch(`${site.url}/api/industries/${slug}`)).status, 404);
});

test("addresses that name nothing are told so, and never break the service", async () => {
  for (const path of ["nothing", "%00", "retail%00", "..%2Fstories", "%F0%9F%A6%80", "retail/categories/%00", "x".repeat(2000)]) {
    const response = await fetch(`${site.url}/api/industries/${path}`);
    assert.ok(response.status >= 400 && response.status < 500, `${path}: ${response.status}`);
    assert.equal(response.headers.get("content-type"), "application/problem+json", path);
  }
});
