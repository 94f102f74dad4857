/** What a run says about one instant: pure functions of its timeline. */

import type { Event, Step, Timeline, Yaml } from "./data.ts";

const SAME = 1e-6; // s: closer than this is the same instant

/** The last entry that starts at or before `t`. */
export function lastAt<T extends readonly [number, ...unknown[]]>(entries: readonly T[], t: number): T | undefined {
  return entries.findLast((entry) => entry[0] <= t + SAME);
}

/** The transition at or before `t`; of several at one instant that of `lane`, else the one with the longest why. */
export function stepAt(steps: readonly Step[], t: number, lane: string | null = null): Step | null {
  const last = steps.findLast((step) => step.t <= t + SAME);
  if (!last) return null;
  const now = steps.filter((step) => step.t === last.t);
  return now.find((step) => step.lane === lane) ?? now.reduce((a, b) => (b.why.length >= a.why.length ? b : a));
}

/** The lanes that change together with `step`. */
export function lanesOf(steps: readonly Step[], step: Step | null): ReadonlySet<string> {
  return new Set(step ? steps.filter((other) => other.t === step.t).map((other) => other.lane) : []);
}

/** The instant of the next (1) or previous (-1) transition, else the end or the start. */
export function neighbour(timeline: Timeline, t: number, direction: 1 | -1): number {
  const { steps, horizon } = timeline;
  if (direction > 0) return steps.find((step) => step.t > t + SAME)?.t ?? horizon;
  return steps.findLast((step) => step.t < t - SAME)?.t ?? 0;
}

export interface Reported {
  readonly type: Event[1];
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly last: number;
}

/** The events up to `t`, equal ones counted together, the newest last: as `kubectl describe` lists them. */
export function eventsUpTo(events: readonly Event[], t: number): Reported[] {
  const folded = new Map<string, Reported>();
  for (const [at, type, reason, source, message] of events) {
    if (at > t + SAME) continue;
    const key = JSON.stringify([type, reason, source, message]);
    const count = (folded.get(key)?.count ?? 0) + 1;
    folded.delete(key);
    folded.set(key, { type, reason, message, count, last: at });
  }
  return [...folded.values()];
}

/** The pod's YAML at `t` as indexes into its lines; empty before it is created. */
export function yamlAt(yaml: Yaml, t: number): readonly number[] {
  return lastAt(yaml.revisions, t)?.[1] ?? [];
}

/** Positions in `after` whose lines are not in `before` (longest common subsequence). */
export function changedLines(before: readonly number[], after: readonly number[]): ReadonlySet<number> {
  const changed = new Set<number>();
  if (before === after) return changed;
  const [m, n] = [before.length, after.length];
  const common = Array.from({ length: m + 1 }, () => new Uint16Array(n + 1));
  for (let i = m - 1; i >= 0; i--) {
    for (let j = n - 1; j >= 0; j--) {
      common[i]![j] =
        before[i] === after[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  let [i, j] = [0, 0];
  while (j < n) {
    if (i < m && before[i] === after[j]) [i, j] = [i + 1, j + 1];
    else if (i < m && common[i + 1]![j]! >= common[i]![j + 1]!) i++;
    else changed.add(j++);
  }
  return changed;
}

export interface TableRow {
  readonly t: number;
  readonly changes: readonly Step[];
  readonly because: string;
}

/** The steps as a table: changes of one instant that share their cause share a row. */
export function tableRows(steps: readonly Step[]): TableRow[] {
  const shared = new Map<string, Step[]>();
  for (const step of steps) {
    const key = `${step.t} ${step.why[0]?.text}`;
    shared.set(key, [...(shared.get(key) ?? []), step]);
  }
  return [...shared.values()].map((changes) => ({ t: changes[0]!.t, changes, because: because(changes) }));
}

/** The facts of a why: all before the first change of one of the pod's lanes at the same instant. Of several steps the longest. */
function because(changes: readonly Step[]): string {
  const facts = ({ t, why }: Step) => {
    const end = why.findIndex((clause) => clause.t >= t && clause.lane !== null && clause.lane !== "world");
    return (end < 0 ? why : why.slice(0, end)).map((clause) => clause.text).join("; ");
  };
  return changes.map(facts).reduce((a, b) => (b.length > a.length ? b : a));
}
