// One trace leads from what a person does through the gateway and the services, and arrives at a collector.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { until, useSite } from "./harness.mjs";

/** Batches of spans, as OTLP has them: protobuf, in which names and ids stand as they are. */
const arrived = [];

const collector = createServer((request, response) => {
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => {
    arrived.push(Buffer.concat(pieces));
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  });
});
after(() => collector.close());

/** Starts the collector, and returns what the site is started with. */
const settings = async () => {
  await new Promise((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${collector.address().port}`;
  return { env: { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_BSP_SCHEDULE_DELAY: "100" } };
};

const site = useSite(async () => {}, settings);

/** Tells whether a batch arrived in which all of this stands; a process sends its own spans only. */
const has = (...texts) => arrived.some((batch) => texts.every((text) => batch.includes(text)));

test("the requests that follow from one action are one trace, through gateway and service", async () => {
  const page = await site.page();
  const sent = [];
  page.on("request", (request) => {
    const parent = request.headers().traceparent;
    if (parent && new URL(request.url()).pathname.startsWith("/api/")) sent.push(parent);
  });

  await page.goto("/industries");
  await page.getByRole("link", { name: /Retail/ }).first().waitFor();
  const loading = sent.splice(0);
  await page.getByRole("navigation").getByRole("link", { name: "Work" }).first().click();
  await page.locator(".search-landing[aria-busy=false]").waitFor();
  const clicking = sent.splice(0);

  for (const [requests, service] of [
    [loading, "mfe-industries-service"],
    [clicking, "mfe-search-service"],
  ]) {
    assert.equal(new Set(requests).size, 1, `an action is one trace, whatever it fetches: ${requests}`);
    const [version, trace, action, flags] = requests[0].split("-");
    assert.deepEqual([version, trace.length, action.length, flags], ["00", 32, 16, "01"]);
    const [traceId, actionId] = [trace, action].map((id) => Buffer.from(id, "hex"));
    await until(`spans of the gateway, below the action`, async () => has("api-gateway", traceId, actionId));
    await until(`spans of ${service}`, async () => has(service, traceId));
  }
  assert.notEqual(clicking[0], loading[0]);
  assert.deepEqual(page.problems, []);
});
