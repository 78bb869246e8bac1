// What axe-core finds wrong with a page.

import assert from "node:assert/strict";
import axe from "axe-core";

/** Asserts that axe finds nothing in the whole document, shadow roots included. */
export const accessible = async (page, what) => {
  await page.evaluate(async () => {
    // What fades in has other contrasts than what is there. What goes while it does is no matter.
    await Promise.allSettled(document.getAnimations().filter((a) => a.effect?.getTiming().iterations === 1).map((a) => a.finished));
  });
  // Not by a script element: the site's policy refuses foreign ones, as it should. The debugger may.
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document));
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n  ")}`);
  assert.deepEqual(found, [], what);
  assert.ok(passes.length > 20, `${what}: axe looked at the page`);
};
