import assert from "node:assert/strict";
import { test } from "node:test";
import { difference, lanesToCompare, nameOf } from "../src/compare.ts";
import type { Control, Segment, Timeline } from "../src/data.ts";
import { messagesIn } from "../src/messages.ts";

const say = messagesIn("en");
const yesNo = (...turns: number[]): Segment[] =>
  turns.slice(1).map((to, n) => {
    const yes = n % 2 === 1;
    return [turns[n]!, to, yes ? "yes" : "no", yes ? "True" : "False", yes ? "True" : "False"];
  });
const run = (lanes: Record<string, Segment[]>): Timeline =>
  ({
    lanes: Object.entries(lanes).map(([id, segs]) => ({ id, label: id.replace("status", "STATUS"), segs })),
    ticks: { "probe/web/readiness": {} },
  }) as unknown as Timeline;
const status = (...parts: [number, number, string][]): Segment[] => parts.map(([a, b, s]) => [a, b, "up", s, s]);
const UP = status([0, 90, "Running"]);

const CASES: [string, Timeline, Timeline, string | null][] = [
  [
    "Ready is lost in one of them",
    run({ "condition/Ready": yesNo(0, 9, 31, 47, 90), status: UP }),
    run({ "condition/Ready": yesNo(0, 9, 90), status: UP }),
    "with n 1 the pod is not Ready from 31s to 47s; with n 3 it stays Ready from 9s on",
  ],
  [
    "Ready never comes in one of them",
    run({ "condition/Ready": yesNo(0, 90) }),
    run({ "condition/Ready": yesNo(0, 9, 40, 90) }),
    "with n 1 the pod is never Ready; with n 3 the pod is not Ready from 40s on",
  ],
  [
    "only STATUS differs",
    run({ status: status([0, 5, "Running"], [5, 90, "Error"]) }),
    run({ status: status([0, 5, "Running"], [5, 90, "Completed"]) }),
    "at 5s: with n 1 STATUS shows Error; with n 3 STATUS shows Completed",
  ],
  [
    "one is gone",
    run({ status: status([0, 82, "Terminating"]) }),
    run({ status: status([0, 90, "Terminating"]) }),
    "at 82s: with n 1 STATUS shows nothing, the pod is gone; with n 3 STATUS shows Terminating",
  ],
  ["nothing differs", run({ status: UP }), run({ status: UP }), null],
];

for (const [name, a, b, expected] of CASES) {
  test(`the difference in a sentence: ${name}`, () => {
    assert.equal(difference(a, b, ["n 1", "n 3"], say), expected);
  });
}

test("only lanes that differ are compared, with the world and the probes", () => {
  const ready = { "condition/ContainersReady": yesNo(0, 9, 90), "condition/Ready": yesNo(0, 9, 90), phase: UP };
  const lost = yesNo(0, 9, 31, 47, 90);
  const unready = { "condition/ContainersReady": lost, "condition/Ready": lost, phase: UP };
  assert.deepEqual(lanesToCompare(run(ready), run(unready)), ["world", "condition/Ready", "probe/web/readiness"]);
  assert.ok(lanesToCompare(run(ready), run(ready)).includes("status"));
});

test("runs are called by the controls that differ", () => {
  const controls = [
    { id: "n", label: "failureThreshold", unit: null, choices: null },
    { id: "s", label: "each run lasts", unit: "s", choices: null },
    { id: "o", label: "memory runs out", unit: null, choices: null },
    { id: "c", label: "it exits with", unit: null, choices: [{ value: 0, label: "code 0" }] },
  ] as unknown as Control[];
  const mine = { n: 1, s: 5, o: true, c: 0 };
  assert.equal(nameOf(controls, mine, { n: 3, s: 5, o: true, c: 0 }, say), "failureThreshold 1");
  assert.equal(
    nameOf(controls, mine, { n: 1, s: 6, o: false, c: 1 }, say),
    "each run lasts 5 s, memory runs out yes, it exits with code 0",
  );
  assert.equal(nameOf(controls, mine, mine, say), null);
});
