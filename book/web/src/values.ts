/** Values of controls, compared by what they say. */

import type { RunScript, Value, Values } from "./data.ts";

export function same(a: Value | undefined, b: Value | undefined): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && plain(a) === plain(b));
}

export function equal(a: Values, b: Values): boolean {
  return Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => same(a[key], b[key]));
}

/** A run without what goes without saying. */
const plain = (runs: readonly RunScript[]) =>
  JSON.stringify(runs.map((run) => [run.for ?? null, run.exit ?? 0, run.oom ?? false]));
