/** `kubectl get pod NAME` at an instant, as kubectl prints it. */

import { age } from "./duration.ts";
import { lastAt } from "./moments.ts";
import type { Told } from "./viewing.ts";

const HEADS = ["NAME", "READY", "STATUS", "RESTARTS", "AGE"] as const;
const GAP = 3; // blanks between two columns, as printers.GetNewTabWriter sets them

/** Header and row, each cell padded to its column; or the server's error once the pod is gone. */
export type Output =
  | { readonly head: readonly string[]; readonly row: readonly string[] }
  | { readonly notFound: string };

export function getPod({ timeline, kubectl }: Told, t: number): Output {
  const seen = lastAt(kubectl.get, t);
  if (!seen || (timeline.gone !== null && t >= timeline.gone)) {
    return { notFound: `Error from server (NotFound): pods "${kubectl.name}" not found` };
  }
  const [, ready, status, count, lastRestart] = seen;
  const ago = (since: number) => age(Math.max(t, since), since);
  const restarts = lastRestart === null ? count : `${count} (${ago(lastRestart)} ago)`;
  const row = [kubectl.name, ready, status, restarts, ago(kubectl.created)];
  const widths = HEADS.map((head, column) => Math.max(head.length, row[column]!.length) + GAP);
  const padded = (cells: readonly string[]) =>
    cells.map((cell, column) => (column < HEADS.length - 1 ? cell.padEnd(widths[column]!) : cell));
  return { head: padded(HEADS), row: padded(row) };
}
