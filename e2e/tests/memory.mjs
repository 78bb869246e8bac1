// What a page holds after garbage collection, as Chromium's own tools count it.

/** Answers a function that collects garbage and answers `{heap, nodes, listeners}`, the heap in bytes. */
export const memoryOf = async (page) => {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("HeapProfiler.enable");
  await devtools.send("Performance.enable");
  return async () => {
    for (let i = 0; i < 3; i++) await devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devtools.send("Performance.getMetrics");
    const of = (wanted) => metrics.find((metric) => metric.name === wanted).value;
    return { heap: of("JSHeapUsedSize"), nodes: of("Nodes"), listeners: of("JSEventListeners") };
  };
};
