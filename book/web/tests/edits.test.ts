import assert from "node:assert/strict";
import { test } from "node:test";
import { Edits } from "../src/edits.ts";

test("one undo step per gesture, not per pixel", () => {
  const edits = new Edits({ a: 1 });
  for (const a of [2, 3, 4]) edits.draw({ a });
  edits.commit();
  edits.set({ a: 9 });
  edits.undo();
  assert.deepEqual(edits.values, { a: 4 });
  edits.undo();
  assert.deepEqual([edits.values, edits.canUndo], [{ a: 1 }, false]);
});

test("what is undone can be done again, until something else is done", () => {
  const edits = new Edits({ a: 1 });
  for (const a of [2, 3]) edits.set({ a });
  edits.undo();
  edits.undo();
  edits.redo();
  assert.deepEqual([edits.values, edits.canRedo], [{ a: 2 }, true]);
  edits.redo();
  assert.deepEqual([edits.values, edits.canRedo], [{ a: 3 }, false]);
  edits.redo();
  assert.deepEqual(edits.values, { a: 3 });
  edits.undo();
  edits.set({ a: 9 });
  assert.equal(edits.canRedo, false);
});

test("a gesture that ends where it began is no step", () => {
  const edits = new Edits({ a: 1 });
  edits.draw({ a: 2 });
  edits.draw({ a: 1 });
  edits.commit();
  assert.equal(edits.canUndo, false);
});
