/** An explorer's answers: those that take long are said to, and no others. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Declaration, Result, Run } from "../src/data.ts";
import type { Engine } from "../src/engine.ts";
import { Explorer } from "../src/explorer.ts";

const run = (parameters: Run["parameters"]) =>
  ({ id: "e", parameters, timeline: { horizon: 60 }, error: null }) as unknown as Run;
const control = { id: "period", bind: "manifest", path: "spec.x", as: "number", value: 1 };
const declaration = { id: "e", controls: [control], presets: [], start: 0, until: 60 } as unknown as Declaration;

function setUp(state: "live" | "loading") {
  const waiting: ((result: Result) => void)[] = [];
  const drafts: boolean[] = [];
  const engine = {
    status: { state },
    subscribe: () => () => {},
    evaluate: (...[, , , draft]: Parameters<Engine["evaluate"]>) => {
      drafts.push(draft ?? false);
      return new Promise<Result>((resolve) => waiting.push(resolve));
    },
  } as unknown as Engine;
  const explorer = new Explorer(declaration, run({ period: 1 }), "en");
  explorer.attach(engine);
  explorer.set({ period: 2 });
  return { explorer, drafts, answer: () => waiting.shift()!(run({ period: 2 })) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("busy from 0.3 s on until the answer comes", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { explorer, answer } = setUp("live");
  context.mock.timers.tick(299);
  assert.equal(explorer.isBusy, false);
  context.mock.timers.tick(1);
  assert.equal(explorer.isBusy, true);
  answer();
  await settled();
  assert.equal(explorer.isBusy, false);
  assert.deepEqual(explorer.run.parameters, { period: 2 });
});

test("an answer in time is never busy", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { explorer, answer } = setUp("live");
  answer();
  await settled();
  context.mock.timers.tick(1000);
  assert.equal(explorer.isBusy, false);
});

test("while Python starts, its progress says enough", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { explorer } = setUp("loading");
  context.mock.timers.tick(1000);
  assert.equal(explorer.isBusy, false);
});

test("a moving slider asks for drafts, and for the whole where it comes to rest", async () => {
  const { explorer, drafts, answer } = setUp("live");
  for (const value of [3, 4]) {
    answer();
    await settled();
    explorer.draw(explorer.declaration.controls[0]!, value);
  }
  explorer.commit();
  answer();
  await settled();
  assert.deepEqual(drafts, [false, true, true, false]);
});

test("what is open follows a moving slider", async () => {
  const { explorer, drafts, answer } = setUp("live");
  explorer.showsStored = true;
  answer();
  await settled();
  explorer.draw(explorer.declaration.controls[0]!, 3);
  assert.deepEqual(drafts, [false, false]);
});

test("what a reader is about to choose is computed before, and shown at once", async () => {
  const { explorer, drafts, answer } = setUp("live");
  answer();
  await settled();
  explorer.foresee(explorer.declaration.controls[0]!);
  answer();
  await settled();
  const asked = drafts.length;
  explorer.draw(explorer.declaration.controls[0]!, 3); // the nearest
  assert.equal(drafts.length, asked);
});
