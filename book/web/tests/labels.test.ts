import assert from "node:assert/strict";
import { test } from "node:test";
import { fit } from "../src/labels.ts";

const perLetter = (text: string) => 7 * text.length;
const CASES: [string, string, number, string][] = [
  ["CrashLoopBackOff", "CrashLoop…", 200, "CrashLoopBackOff"],
  ["CrashLoopBackOff", "CrashLoop…", 75, "CrashLoop…"],
  ["✕ Error", "✕ Err", 10, "✕"],
  ["Running", "Run", 3, ""],
  ["waiting (ContainerCreating)", "waiting (ContainerCreating)", 70, "waiting (…"],
];

for (const [label, short, room, expected] of CASES) {
  test(`${label} in ${room} px becomes "${expected}"`, () =>
    assert.equal(fit(perLetter, label, short, room, 12), expected));
}
