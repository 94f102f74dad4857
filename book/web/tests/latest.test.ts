import assert from "node:assert/strict";
import { test } from "node:test";
import { Latest } from "../src/latest.ts";

test("of many requests the first and the last are answered", async () => {
  const asked: number[] = [];
  const answered: number[] = [];
  const gates: (() => void)[] = [];
  const queue = new Latest<number, number>(
    (input) =>
      new Promise((done) => {
        asked.push(input);
        gates.push(() => done(input));
      }),
    (output) => answered.push(output),
    assert.fail,
  );
  for (const n of [1, 2, 3, 4]) queue.submit(n);
  assert.deepEqual(asked, [1]);
  gates[0]!();
  await new Promise(setImmediate);
  assert.deepEqual(asked, [1, 4]);
  gates[1]!();
  await new Promise(setImmediate);
  assert.deepEqual(answered, [1, 4]);
});

test("a failure does not stop the queue", async () => {
  const failed: string[] = [];
  const answered: number[] = [];
  const queue = new Latest<number, number>(
    async (input) => {
      if (input === 1) throw new Error("no");
      return input;
    },
    (output) => answered.push(output),
    (error) => failed.push(error.message),
  );
  queue.submit(1);
  queue.submit(2);
  await new Promise(setImmediate);
  assert.deepEqual([failed, answered], [["no"], [2]]);
});
