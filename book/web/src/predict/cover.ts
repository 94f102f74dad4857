/** A run as far as a reader may see it before answering: what lies behind the curtain is not in the figure's data at all. */

import type { Segment, Timeline } from "../data.ts";
import type { Layout } from "../rows.ts";
import type { Scale } from "../scale.ts";
import type { Question } from "./data.ts";

type Cover = Pick<Question, "from" | "hide">;

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const TOGETHER = 20; // px from one covered row to the next that one curtain still bridges
const EDGE = 1; // px that it reaches over the rows

const hides = ({ hide }: Cover, id: string, group: string) =>
  hide ? hide.includes(id) || hide.includes(group) : group !== "world";

/** The timeline up to the curtain. A lane with nothing before it is left out, and no step is left to snap, tick or tell. */
export function covered(timeline: Timeline, cover: Cover): Timeline {
  const { from } = cover;
  const before = <T extends readonly [number, ...unknown[]]>(entries: readonly T[], id: string, group = id) =>
    hides(cover, id, group) ? entries.filter(([t]) => t < from) : entries;
  const cut = ([a, b, ...shown]: Segment): Segment => [a, Math.min(b, from), ...shown];
  return {
    ...timeline,
    gone: null,
    lanes: timeline.lanes
      .map((lane) =>
        hides(cover, lane.id, lane.group) ? { ...lane, segs: before(lane.segs, lane.id, lane.group).map(cut) } : lane,
      )
      .filter(({ segs }) => segs.length),
    ticks: Object.fromEntries(
      Object.entries(timeline.ticks).map(([id, ticks]) => [id, { ...ticks, marks: before(ticks.marks, id, "probes") }]),
    ),
    events: before(timeline.events, "events"),
    marks: before(timeline.marks, "ending"),
    world: before(timeline.world, "world"),
    steps: [],
  };
}

/** Where the curtain hangs: one piece for covered rows that stand together; on a phone, where names stand between them, one each. */
export function curtains({ rows, narrow }: Layout, scale: Scale, left: number, cover: Cover): Rect[] {
  const x = left + scale.px(cover.from);
  const pieces: { top: number; bottom: number }[] = [];
  for (const { id, group, y, height } of rows) {
    if (!hides(cover, id, group.id)) continue;
    const last = pieces.at(-1);
    const bottom = y + height;
    const between = rows.some((row) => row.y > (last?.bottom ?? y) - EDGE && row.y < y);
    if (last && !narrow && !between && y - last.bottom < TOGETHER) last.bottom = bottom;
    else pieces.push({ top: y, bottom });
  }
  return pieces.map(({ top, bottom }) => ({
    left: x,
    top: top - EDGE,
    width: left + scale.width + EDGE - x,
    height: bottom - top + 2 * EDGE,
  }));
}
