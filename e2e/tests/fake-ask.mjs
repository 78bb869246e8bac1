// An ask service that does what a test says: for what the real one cannot be made to do, such as losing the
// line in the middle of a word.

import { createServer } from "node:http";
import { once } from "node:events";

const STORIES = ["ledger", "berths", "keys", "wards", "grids", "ports", "tills"];

export const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

const source = (id, more) => ({
  id,
  title: `The story of ${id}`,
  client: "Northbank",
  role: "Delivery Director",
  summary: `What ${id} were about.`,
  score: 1,
  quotes: [`Word for word, ${id}.`],
  ...more,
});

/** An answer of one sentence for each of `count` sources. */
export const answer = (count = 3, more = {}) => {
  const stories = STORIES.slice(0, count);
  return {
    conversation_id: "c-1",
    message_id: "m-1",
    answer: stories.map((id, at) => `This is what was done about ${id}. [${at + 1}]`).join("\n\n"),
    sentences: stories.map((id, at) => ({ text: `About ${id}.`, source: at + 1, story: id, quote: `Word for word, ${id}.` })),
    sources: stories.map((id) => source(id)),
    mode: "extractive",
    confidence: "high",
    ...more,
  };
};

const problem = (status, code, detail) => ({ type: `/problems/${code}`, title: code, status, detail, request_id: "r-1" });

export const conversation = (id, more = {}) => ({
  id,
  title: `Talk ${id}`,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
  messages: 1,
  ...more,
});

export const message = (number, more = {}) => ({
  message_id: `old-${number}`,
  question: { question: `Question number ${number}?`, filters: { industry: [], capability: [], client: [], era: [] } },
  asked_at: "2026-01-01T00:00:00Z",
  status: "done",
  answer: answer(2, { message_id: `old-${number}` }),
  ...more,
});

/** The events of a whole answer, `[name, data]`. */
export const events = (whole) => [
  ["meta", { conversation_id: whole.conversation_id, message_id: whole.message_id }],
  ...(whole.answer.match(/\S+\s*/g) ?? []).map((text) => ["token", { text }]),
  ["sources", { sources: whole.sources, sentences: whole.sentences }],
  ["done", whole],
];

/** Sends events from number `from` on; ids as the service makes them. */
export const stream = async (response, whole, { from = 0, until = Infinity, between = 5 } = {}) => {
  if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" });
  for (const [at, [name, data]] of events(whole).entries()) {
    if (at < from || at >= until || response.destroyed) continue;
    response.write(`event: ${name}\nid: ${whole.message_id}:${at}\ndata: ${JSON.stringify(data)}\n\n`);
    await pause(between);
  }
};

/** Starts it. `fake.generate(question, response, last)` answers questions; `fake.calls` are all requests. */
export const startFake = async () => {
  const fake = { calls: [], conversations: [], history: {}, starters: ["Why Kafka?", "What about berths?"] };
  fake.generate = async (_, response) => {
    await stream(response, answer());
    response.end();
  };
  const json = (response, status, body) => {
    const type = body?.type ? "application/problem+json" : "application/json";
    response.writeHead(status, { "content-type": type }).end(body && JSON.stringify(body));
  };
  const missing = problem(404, "unknown-conversation", "There is no such conversation.");
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const { pathname, searchParams } = new URL(request.url, "http://fake");
    const call = { method: request.method, path: pathname.replace("/api/ask", ""), body: text ? JSON.parse(text) : undefined };
    fake.calls.push({ ...call, query: Object.fromEntries(searchParams) });
    const id = call.path.match(/^\/conversations\/([^/]+)$/)?.[1];
    if (call.path === "/generate") {
      await fake.generate(call.body, response, request.headers["last-event-id"]);
    } else if (call.path === "/starters") {
      json(response, 200, { questions: fake.starters });
    } else if (call.path === "/conversations") {
      json(response, 200, { conversations: fake.conversations });
    } else if (call.path === "/history") {
      const all = fake.history[searchParams.get("conversation_id")];
      if (!all) return json(response, 404, missing);
      const before = searchParams.get("before");
      const end = before ? all.findIndex(({ message_id }) => message_id === before) : all.length;
      const start = Math.max(0, end - Number(searchParams.get("limit")));
      const earlier = start > 0 ? all[start].message_id : undefined;
      json(response, 200, { conversation: conversation(searchParams.get("conversation_id")), messages: all.slice(start, end), earlier });
    } else if (id && call.method === "PATCH") {
      const one = fake.conversations.find((one) => one.id === id);
      one.title = call.body.title;
      json(response, 200, one);
    } else if (id && call.method === "DELETE") {
      fake.conversations = fake.conversations.filter((one) => one.id !== id);
      delete fake.history[id];
      response.writeHead(204).end();
    } else {
      response.writeHead(204).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  fake.url = `http://127.0.0.1:${server.address().port}`;
  fake.told = (path) => fake.calls.filter((call) => call.path === path);
  /** Makes a page ask here. */
  fake.answers = (page) =>
    page.route("**/api/ask/**", (route) => {
      const { pathname, search } = new URL(route.request().url());
      return route.continue({ url: fake.url + pathname + search });
    });
  fake.stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return fake;
};
