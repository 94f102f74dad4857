/** `kubectl describe pod NAME` at an instant: Python's lines, with the ages and the table of events as kubectl sets them. */

import type { Described, EventAges, Timeline } from "./data.ts";
import { age } from "./duration.ts";
import { lastAt } from "./moments.ts";
import type { Told } from "./viewing.ts";

const HEADS = ["  Type", "Reason", "Age", "From", "Message"];
const RULES = ["  ----", "------", "----", "----", "-------"];
const GAP = 2; // blanks between two columns, as describe's tabwriter sets them
const STILL = "(lasts 0s)";

/** A printed line; what has the same `id` is the same but for its ages. */
export interface Line {
  readonly id: number;
  readonly text: string;
}

/** Empty before the pod is made and once it is gone, and in a draft. */
export function describeAt({ timeline, kubectl: { describe } }: Told, t: number): readonly Line[] {
  if (!describe) return [];
  const { lines, revisions } = describe;
  const revision = lastAt(revisions, t);
  if (!revision || (timeline.gone !== null && t >= timeline.gone)) return [];
  const [, deletion, ids] = revision;
  const told = ids.map((id) => {
    const text = lines[id]!;
    return { id, text: deletion === null ? text : text.replace(STILL, `(lasts ${age(t, deletion)})`) };
  });
  const events = eventsAt(timeline, describe, t);
  if (!events.length) return told;
  const rows = events.map((n) => eventRow(timeline, describe, n, t));
  const [heads, rules, ...table] = aligned([HEADS, RULES, ...rows]);
  return [
    ...told.slice(0, -1),
    ...["Events:", heads!, rules!].map((text, n) => ({ id: -1 - n, text })),
    ...table.map((text, n) => ({ id: -4 - events[n]!, text })),
  ];
}

/** The newest revision of every event, by the time it was last seen and by name. */
function eventsAt(timeline: Timeline, describe: Described, t: number): number[] {
  const newest = new Map<number, number>();
  for (const [n, [at]] of timeline.events.entries()) if (at <= t) newest.set(describe.events[n]![0], n);
  const byName = [...newest].sort(([a], [b]) => a - b).map(([, n]) => n);
  const last = (n: number) => describe.events[n]![1] ?? Number.MIN_SAFE_INTEGER;
  return byName.sort((a, b) => last(a) - last(b));
}

function eventRow(timeline: Timeline, describe: Described, n: number, t: number): string[] {
  const [, type, reason, source, message] = timeline.events[n]!;
  const ages = describe.events[n]!;
  const field = ages[5] && `${ages[5]}: `;
  return [`  ${type}`, reason, interval(ages, t), source, field + message.trim()];
}

/** `10s`, or `10s (x3 over 2m)` for a repeated event.   kubectl getInterval */
function interval([, , since, times, seen]: EventAges, t: number): string {
  const first = since === null ? "<unknown>" : age(t, since);
  return times ? `${seen === null ? "<unknown>" : age(t, seen)} (x${times} over ${first})` : first;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)) + GAP);
  return rows.map((row) => row.map((cell, n) => (n < row.length - 1 ? cell.padEnd(widths[n]!) : cell)).join(""));
}
