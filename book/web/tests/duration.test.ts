import assert from "node:assert/strict";
import { test } from "node:test";
import { humanDuration, reading } from "../src/duration.ts";

const AGES: [number, string][] = [
  [-3, "<invalid>"],
  [-1.5, "0s"],
  [0, "0s"],
  [97, "97s"],
  [119.9, "119s"],
  [120, "2m"],
  [125, "2m5s"],
  [600, "10m"],
  [10_799, "179m"],
  [10_800, "3h"],
  [10_920, "3h2m"],
  [28_800, "8h"],
  [176_400, "2d1h"],
  [43_200_000, "500d"],
  [64_000_000, "2y10d"],
];

for (const [seconds, text] of AGES) {
  test(`kubectl prints ${text} for ${seconds} s`, () => assert.equal(humanDuration(seconds), text));
}

test("readings have tenths below two minutes and whole seconds above", () => {
  assert.deepEqual([40.34, 0, 119.94, 352.4, 10_800].map(reading), ["40.3s", "0s", "119.9s", "5m52s", "3h"]);
});
