import assert from "node:assert/strict";
import { test } from "node:test";
import { makeScale, shortened } from "../src/scale.ts";

const TIMES = [0, 5, 6, 300, 305, 900];

test("at true scale a pixel is the same time everywhere", () => {
  const scale = makeScale(TIMES, [0, 900], 450, false);
  assert.deepEqual([0, 5, 300, 900].map(scale.px), [0, 2.5, 150, 450]);
});

test("there and back again", () => {
  for (const shortWaits of [true, false]) {
    const scale = makeScale(TIMES, [0, 900], 450, shortWaits);
    for (const t of [0, 2.5, 5.7, 120, 299, 899]) assert.ok(Math.abs(scale.time(scale.px(t)) - t) < 1e-9);
  }
});

test("short waits keep the order of lengths, and a doubling adds the same", () => {
  assert.ok(shortened(300) > shortened(160));
  const step = shortened(80) - shortened(40);
  assert.ok(Math.abs(shortened(160) - shortened(80) - step) < 1e-9);
  assert.equal(shortened(3), 3);
});

test("short waits give short runs more room than true scale", () => {
  const [short, plain] = [true, false].map((waits) => makeScale(TIMES, [0, 900], 450, waits));
  assert.ok(short!.px(5) > 5 * plain!.px(5));
  assert.ok(short!.bands.some(([from, to]) => from === 6 && to === 300));
});

test("what lies outside of the view is cut to its edge", () => {
  const scale = makeScale(TIMES, [100, 200], 450, false);
  assert.deepEqual([scale.px(0), scale.px(500), scale.shows(150), scale.shows(99)], [0, 450, true, false]);
});
