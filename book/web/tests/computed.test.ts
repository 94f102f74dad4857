/** What is computed twice, never, and ahead of a reader. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Computed, likely, variants } from "../src/computed.ts";
import type { Control, Result, Values } from "../src/data.ts";

const settled = () => new Promise((resolve) => setImmediate(resolve));

function setUp() {
  const asked: [unknown, boolean][] = [];
  const gates: (() => void)[] = [];
  const reader = { waits: false };
  const compute = (values: Values, draft: boolean) => {
    const { n } = values;
    asked.push([n, draft]);
    const result = { parameters: values } as unknown as Result;
    return new Promise<Result>((resolve, reject) =>
      gates.push(() => (n === "bad" ? reject(new Error("no")) : resolve(result))),
    );
  };
  const computed = new Computed(compute, () => reader.waits);
  const answer = async () => {
    gates.shift()!();
    await settled();
  };
  return { computed, reader, asked, answer };
}

test("a run is computed once, and a whole one serves as a draft", async () => {
  const { computed, asked, answer } = setUp();
  const first = computed.of({ n: 1 }, true);
  await answer();
  assert.equal(await computed.of({ n: 1 }, true), await first);
  const whole = computed.of({ n: 1 }, false);
  await answer();
  assert.equal(await computed.of({ n: 1 }, true), await whole);
  assert.deepEqual(asked, [
    [1, true],
    [1, false],
  ]);
});

test("a run that failed is asked for again", async () => {
  const { computed, asked, answer } = setUp();
  const refused = assert.rejects(computed.of({ n: "bad" }, true));
  await answer();
  await refused;
  const again = assert.rejects(computed.of({ n: "bad" }, true));
  await answer();
  await again;
  assert.equal(asked.length, 2);
});

test("what is expected is computed while nobody waits", async () => {
  const { computed, reader, asked, answer } = setUp();
  computed.expect([{ n: 2 }, { n: 3 }, { n: 4 }], true);
  void computed.goOn();
  reader.waits = true;
  const own = computed.of({ n: 2 }, true); // on its way already
  await answer();
  assert.deepEqual((await own).parameters, { n: 2 });
  assert.deepEqual(asked, [[2, true]]);
  reader.waits = false;
  void computed.goOn();
  await answer();
  await answer();
  assert.deepEqual(asked.slice(1), [
    [3, true],
    [4, true],
  ]);
});

test("an engine that stopped is not asked ahead", async () => {
  const { computed, asked, answer } = setUp();
  computed.expect([{ n: "bad" }, { n: 3 }], true);
  void computed.goOn();
  await answer();
  assert.deepEqual(asked, [["bad", true]]);
});

test("only so many runs are kept", async () => {
  const { computed, asked, answer } = setUp();
  for (let n = 0; n < 40; n++) {
    void computed.of({ n }, true);
    await answer();
  }
  void computed.of({ n: 39 }, true);
  void computed.of({ n: 0 }, true);
  assert.deepEqual(asked.at(-1), [0, true]);
  assert.equal(asked.length, 41);
});

const number = (min: number, max: number, step = 1) => ({ as: "number", min, max, step }) as unknown as Control;

for (const [title, control, value, before, expected] of [
  ["the whole of a short range, nearest first", number(1, 6), 3, 3, [4, 2, 5, 1, 6]],
  ["as far again as the last move", number(0, 400), 20, 10, [30, 21, 19, 22, 18, 23, 17]],
  ["nothing beyond the ends", number(0, 400), 399, 300, [400, 398, 397, 396]],
  ["steps of a tenth", number(0, 30, 0.1), 0.3, 0.2, [0.4, 0.2, 0.5, 0.1, 0.6, 0]],
  ["the other of two", { as: "bool" } as Control, true, true, [false]],
  [
    "the other choices",
    { as: "choice", choices: [{ value: 0 }, { value: 1 }, { value: 137 }] } as unknown as Control,
    1,
    1,
    [0, 137],
  ],
  ["no text", { as: "text" } as Control, "a", "a", []],
] as const) {
  test(`likely: ${title}`, () => assert.deepEqual(likely(control as Control, value, before), expected));
}

test("what the page has recorded needs no engine", () => {
  const own: Values = { n: 1, other: "x" };
  assert.deepEqual(variants({ n: 2, other: "x" }, "n", [1, 3], own), [{ n: 3, other: "x" }]);
});
