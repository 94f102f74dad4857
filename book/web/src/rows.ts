/** Where every lane stands: rows from top to bottom in the fixed order of the groups. */

import type { Lane, Segment, Timeline } from "./data.ts";
import { GEOMETRY, GROUPS, type Group, HEADED } from "./style.ts";

/** One run in the figure; a comparison has two, each with a title. */
export interface Part {
  readonly timeline: Timeline;
  readonly title?: string;
}

export interface Row {
  readonly id: string;
  readonly part: number;
  readonly group: Group;
  readonly label: string;
  /** What stands small behind the label: init, sidecar, a probe's container. */
  readonly note: string;
  readonly y: number;
  readonly height: number;
  readonly middle: number;
  readonly segs: readonly Segment[];
}

/** A line of text that heads a group of lanes, or a part. */
export interface Heading {
  readonly text: string;
  readonly part: number;
  readonly y: number;
  readonly height: number;
  readonly strong: boolean;
}

export interface Layout {
  readonly rows: readonly Row[];
  readonly headings: readonly Heading[];
  readonly height: number;
  readonly narrow: boolean;
  readonly zoom: number;
}

const PART_TITLE = 22; // px

interface Choice {
  readonly narrow: boolean;
  readonly only: readonly string[] | null;
  readonly zoom: number;
}

/**
 * `only` keeps those groups or lane ids; `zoom` enlarges rows for a projector. In a figure that would be higher than the
 * style's `limit` the init containers that have finished share a row.
 */
export function layOut(
  parts: readonly Part[],
  laneName: (group: string) => string,
  { narrow = false, only = null, zoom = 1 }: Partial<Choice> = {},
): Layout {
  const choice = { narrow, only, zoom };
  const whole = place(parts, laneName, choice);
  const names = narrow ? GEOMETRY.narrowLabel * whole.rows.length : 0;
  const tooHigh = whole.height > GEOMETRY.limit * zoom * parts.length + names;
  return tooHigh && parts.some(({ timeline }) => timeline.folded) ? place(parts.map(folded), laneName, choice) : whole;
}

/** With the folded lane in the place of the first of those it stands for. */
function folded(part: Part): Part {
  const { folded: fold, lanes } = part.timeline;
  if (!fold) return part;
  const [first, ...rest] = fold.of;
  const kept = lanes.filter(({ id }) => !rest.includes(id)).map((lane) => (lane.id === first ? fold.lane : lane));
  return { ...part, timeline: { ...part.timeline, lanes: kept } };
}

function place(parts: readonly Part[], laneName: (group: string) => string, { narrow, only, zoom }: Choice): Layout {
  const rows: Row[] = [];
  const headings: Heading[] = [];
  let y = GEOMETRY.ruler + (narrow ? GEOMETRY.narrowTop : 0);
  const head = (text: string, part: number, height: number, strong: boolean) => {
    headings.push({ text, part, y, height, strong });
    y += height;
  };
  for (const [part, { timeline, title }] of parts.entries()) {
    if (title) head(title, part, PART_TITLE * zoom, true);
    const lanes = allLanes(timeline, laneName).filter(
      (lane) => !only || only.includes(lane.group) || only.includes(lane.id),
    );
    for (const group of GROUPS) {
      const mine = lanes.filter((lane) => lane.group === group.id);
      if (!mine.length) continue;
      if (mine.length > 1 && HEADED.has(group.id) && !narrow) {
        head(laneName(group.id), part, GEOMETRY.heading * zoom, false);
      }
      for (const { id, label, kind, segs } of mine) {
        if (narrow) y += GEOMETRY.narrowLabel;
        const height = group.height * zoom;
        rows.push({ id, part, group, label, note: kind, segs, y, height, middle: y + height / 2 });
        y += height + group.gap;
      }
      y += narrow ? GEOMETRY.narrowGap : GEOMETRY.groupGap;
    }
  }
  const last = rows.at(-1);
  return { rows, headings, height: Math.round((last ? last.y + last.height : y) + 2), narrow, zoom };
}

/** The lanes with bars, and those whose content stands elsewhere in the timeline. */
function allLanes(timeline: Timeline, laneName: (group: string) => string): Lane[] {
  const marks = (id: string, group: string, label: string, kind = ""): Lane => ({ id, group, label, kind, segs: [] });
  return [
    ...timeline.lanes,
    ...(timeline.world.length ? [marks("world", "world", laneName("world"))] : []),
    ...(timeline.events.length ? [marks("events", "events", laneName("events"))] : []),
    ...Object.entries(timeline.ticks).map(([id, ticks]) => marks(id, "probes", ticks.label, ticks.container)),
  ];
}
