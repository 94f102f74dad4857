/** The runs of a container, one after the other: as text for links, and the changes that a reader makes to the list. */

import type { RunScript } from "./data.ts";

/** Bounds of a list of runs, as Python checks them. */
export const RUNS = { most: 12, longest: 3600, exit: 255 } as const;

const ENDLESS = "-";
const RUN = /^(\d{1,4}(?:\.\d{1,3})?)(?:x(\d{1,3})|(o))$/;

/** `5x1~10x0~20o~-`: seconds and exit code, `o` where memory runs out, `-` for a run that lasts. */
export function runsText(runs: readonly RunScript[]): string {
  const one = ({ for: seconds, exit, oom }: RunScript) =>
    seconds === undefined || seconds === null ? ENDLESS : `${seconds}${oom ? "o" : `x${exit ?? 0}`}`;
  return runs.map(one).join("~");
}

/** Runs from their text; undefined if a container cannot have them. */
export function readRuns(text: string): RunScript[] | undefined {
  const runs = text.split("~").map((part): RunScript | undefined => {
    if (part === ENDLESS) return { for: null };
    const [, seconds, exit, oom] = RUN.exec(part) ?? [];
    if (seconds === undefined || Number(seconds) > RUNS.longest || Number(exit ?? 0) > RUNS.exit) return undefined;
    return oom ? { for: Number(seconds), exit: 137, oom: true } : { for: Number(seconds), exit: Number(exit) };
  });
  return runs.length <= RUNS.most && runs.every((run) => run !== undefined) ? (runs as RunScript[]) : undefined;
}

export function changed(runs: readonly RunScript[], n: number, change: RunScript): RunScript[] {
  return runs.map((run, i) => (i === n ? { ...run, ...change } : run));
}

/** The last run again, which is what the container would do anyhow. */
export function added(runs: readonly RunScript[]): RunScript[] {
  return runs.length < RUNS.most ? [...runs, { ...runs.at(-1) }] : [...runs];
}

export function removed(runs: readonly RunScript[], n: number): RunScript[] {
  return runs.length > 1 ? runs.filter((_, i) => i !== n) : [...runs];
}

/** The run moved by one place, up (-1) or down (1). */
export function moved(runs: readonly RunScript[], n: number, by: -1 | 1): RunScript[] {
  const to = n + by;
  if (to < 0 || to >= runs.length) return [...runs];
  return runs.map((run, i) => (i === n ? runs[to]! : i === to ? runs[n]! : run));
}
