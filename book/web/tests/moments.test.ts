import assert from "node:assert/strict";
import { test } from "node:test";
import type { Step } from "../src/data.ts";
import { stepAt } from "../src/moments.ts";
import { changeAt } from "../src/pick.ts";

const step = (t: number, lane: string, clauses: number) =>
  ({ t, lane, why: Array.from({ length: clauses }, () => ({ text: "x", lane, t })) }) as unknown as Step;
const STEPS = [step(1, "phase", 3), step(5, "status", 4), step(5, "condition/Ready", 6), step(5, "phase", 5)];

test("of several changes at one instant the one with the longest why is told, or that of the lane asked for", () => {
  assert.equal(stepAt(STEPS, 0.5), null);
  assert.equal(stepAt(STEPS, 6)?.lane, "condition/Ready");
  assert.equal(stepAt(STEPS, 5, "status")?.lane, "status");
  assert.equal(stepAt(STEPS, 6, "backoff/app")?.lane, "condition/Ready");
  assert.equal(stepAt(STEPS, 2, "status")?.lane, "phase");
});

const LAYOUT = {
  rows: [
    {
      id: "phase",
      y: 30,
      height: 20,
      segs: [
        [0, 10],
        [10, 12],
        [12, 40],
      ],
    },
    {
      id: "status",
      y: 60,
      height: 20,
      segs: [
        [0, 30],
        [30, 40],
      ],
    },
  ],
} as unknown as Parameters<typeof changeAt>[0];
const SCALE = { px: (t: number) => 10 * t, shows: (t: number) => t <= 35 };

for (const [x, y, expected] of [
  [96, 40, { t: 10, lane: "phase" }],
  [112, 35, { t: 12, lane: "phase" }],
  [309, 40, null],
  [294, 79, { t: 30, lane: "status" }],
  [300, 55, null], // between two lanes
  [300, 10, null], // on the ruler
] as const) {
  test(`a press at ${x}, ${y} means ${expected ? `${expected.lane} at ${expected.t} s` : "an instant"}`, () => {
    assert.deepEqual(changeAt(LAYOUT, SCALE, x, y), expected);
  });
}
