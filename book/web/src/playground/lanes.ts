/** Which lines of a manifest a lane of the figure is about. */

import { linePaths } from "./yaml-paths.ts";

const FIELDS: Readonly<Record<string, string>> = {
  startup: "startupProbe",
  readiness: "readinessProbe",
  liveness: "livenessProbe",
};
const LONGEST = 100_000; // letters of a manifest that are still looked through
const LIST = /(?:^|\.)(containers|initContainers|ephemeralContainers)\.(\[\d+\])\.name: /;

/** Lines from 1; `said` is the clause, whose field in brackets is looked for too: `(failureThreshold: 3)`. */
export function linesOf(manifest: string, lane: string, said = ""): number[] {
  if (manifest.length > LONGEST) return [];
  const lines = manifest.split("\n");
  const [kind, name, probe] = lane.split("/");
  const paths = linePaths(lines);
  if (!["container", "probe", "backoff"].includes(kind!))
    return lines.flatMap((text, n) => (field(said, text) ? [n + 1] : []));
  const own = paths.findIndex((path) => LIST.test(path) && /name: "?'?([^"'\s]+)/.exec(path)?.[1] === name);
  if (own < 0) return [];
  const inside = paths[own]!.slice(0, paths[own]!.lastIndexOf(".name: ") + 1) + (probe ? `${FIELDS[probe]}` : "");
  const mine = paths.flatMap((path, n) => (path.startsWith(inside) ? [n] : []));
  const named = mine.filter((n) => field(said, lines[n]!));
  return (named.length ? named : probe ? mine : [own]).map((n) => n + 1);
}

/** Whether a line writes the field that a clause names. */
function field(said: string, line: string): boolean {
  const named = /\((\w+): ([^)]+)\)/.exec(said);
  return named !== null && line.trim().replace(/^- /, "").startsWith(`${named[1]}: ${named[2]}`);
}

/** The lane that the most special lines around line `n` are about. */
export function laneAt(manifest: string, n: number, lanes: readonly string[]): string | null {
  const named = lanes.filter((lane) => lane.startsWith("container/") || lane.startsWith("probe/"));
  const around = named
    .map((lane) => ({ lane, lines: linesOf(manifest, lane) }))
    .filter(({ lines }) => lines.includes(n));
  return around.sort((a, b) => a.lines.length - b.lines.length)[0]?.lane ?? null;
}
