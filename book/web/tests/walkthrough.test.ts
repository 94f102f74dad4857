import assert from "node:assert/strict";
import { test } from "node:test";
import en from "../src/messages/walkthrough.en.json";
import ko from "../src/messages/walkthrough.ko.json";
import { actOf, minutes, Talk, type Walkthrough } from "../src/walkthrough/talk.ts";

const step = (explorer: string) => ({
  explorer,
  title: explorer,
  values: {},
  at: 0,
  lane: null,
  zoom: "all" as const,
  say: "",
  ask: "",
});
const WALKTHROUGH: Walkthrough = { title: "Short", minutes: 5, steps: ["life", "images", "life"].map(step) };

function talk(first = 0) {
  const clock = { now: 1000 };
  const held = new Talk(WALKTHROUGH, first, () => clock.now);
  const told: string[] = [];
  held.onChange = (what) => told.push(what);
  return { held, told, clock };
}

test("a clicker turns the steps whatever has the keyboard", () => {
  for (const holder of ["text", "dial", "nothing"] as const) {
    assert.equal(actOf("PageDown", holder), "next");
    assert.equal(actOf("PageUp", holder), "previous");
    assert.equal(actOf("Escape", holder), "end");
  }
});

test("arrows belong to a dial or a text that has the keyboard, letters to a text", () => {
  assert.equal(actOf("ArrowRight", "nothing"), "next");
  assert.equal(actOf("ArrowLeft", "nothing"), "previous");
  for (const holder of ["text", "dial"] as const) assert.equal(actOf("ArrowRight", holder), null);
  for (const key of ["b", "B", "."]) {
    assert.equal(actOf(key, "nothing"), "black");
    assert.equal(actOf(key, "dial"), "black");
    assert.equal(actOf(key, "text"), null);
  }
  assert.equal(actOf("x", "nothing"), null);
});

test("a talk begins where it is told to, and stays between its first and its last step", () => {
  const { held, told } = talk(1);
  assert.equal(held.step.explorer, "images");
  held.turn(1);
  assert.equal(held.following, null);
  held.turn(1);
  assert.equal(held.n, 2);
  for (const _ of [1, 2, 3]) held.turn(-1);
  assert.equal(held.n, 0);
  assert.deepEqual(told, ["step", "step", "step"]);
});

test("a turn in the dark shows the same step again", () => {
  const { held, told } = talk();
  held.toggleBlack();
  held.turn(1);
  assert.equal(held.black, false);
  assert.equal(held.n, 0);
  held.turn(1);
  assert.equal(held.n, 1);
  assert.deepEqual(told, ["black", "black", "step"]);
});

test("the time counts from the beginning of the talk", () => {
  const { held, clock } = talk();
  assert.equal(held.elapsed, 0);
  clock.now += 125_900;
  assert.equal(held.elapsed, 125);
  assert.equal(minutes(held.elapsed), "2:05");
  assert.equal(minutes(3605), "60:05");
});

test("both languages say the same things", () => {
  assert.deepEqual(Object.keys(ko).sort(), Object.keys(en).sort());
  const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).sort();
  for (const [key, text] of Object.entries(en)) assert.deepEqual(holes(ko[key as keyof typeof ko]), holes(text), key);
});
