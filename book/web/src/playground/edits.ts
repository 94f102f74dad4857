/** Places and edits in a text, as Python counts them: lines and columns from 1, columns in code points. */

import type { Edit, Place } from "./data.ts";

/** Offset of `place` in UTF-16 units; places beyond a line's or the text's end are its end. */
export function offsetOf(lines: readonly string[], { line, column }: Place): number {
  const n = Math.min(Math.max(line, 1), lines.length);
  const before = lines.slice(0, n - 1).reduce((sum, text) => sum + text.length + 1, 0);
  if (line > lines.length) return before + lines[n - 1]!.length;
  return before + unitsOf(lines[n - 1]!, column - 1);
}

/** How many UTF-16 units the first `points` code points of `text` have. */
export function unitsOf(text: string, points: number): number {
  let units = 0;
  for (let n = 0; n < points && units < text.length; n++) units += text.codePointAt(units)! > 0xffff ? 2 : 1;
  return units;
}

/** How many code points the first `units` UTF-16 units of `text` have. */
export function pointsOf(text: string, units: number): number {
  return [...text.slice(0, units)].length;
}

/** `edits` are in order and do not overlap. */
export function applied(text: string, edits: readonly Edit[]): string {
  const lines = text.split("\n");
  let [done, rest] = ["", 0];
  for (const { from, to, text: written } of edits) {
    done += text.slice(rest, offsetOf(lines, from)) + written;
    rest = offsetOf(lines, to);
  }
  return done + text.slice(rest);
}

/** The smallest one change from `before` to `after`: what lies between their common start and end. */
export function difference(before: string, after: string): { from: number; to: number; insert: string } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
