/** What a press in the figure means. */

import type { Layout } from "./rows.ts";
import type { Scale } from "./scale.ts";

const REACH = 8; // px to the start of a bar

/** The change that a press at (x, y) px means: the nearest start of a bar in the lane pressed. */
export function changeAt(
  { rows }: Pick<Layout, "rows">,
  scale: Pick<Scale, "px" | "shows">,
  x: number,
  y: number,
): { t: number; lane: string } | null {
  const row = rows.find((one) => y >= one.y && y < one.y + one.height);
  const near = (row?.segs ?? [])
    .map(([from]) => ({ t: from, away: Math.abs(scale.px(from) - x) }))
    .filter(({ t, away }) => away <= REACH && scale.shows(t))
    .sort((a, b) => a.away - b.away)[0];
  return row && near ? { t: near.t, lane: row.id } : null;
}
