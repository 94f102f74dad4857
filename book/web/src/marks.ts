/** The marks of the figure: answers of probes, events and signals, each kind one scatter trace. */

import type { Event } from "./data.ts";
import { reading } from "./duration.ts";
import type { Drawing } from "./figure.ts";
import { roleColor } from "./palette.ts";
import { escaped, type Trace } from "./plotly.ts";
import type { Scale } from "./scale.ts";
import { GEOMETRY, MARKS, TEXT } from "./style.ts";

type Kind = keyof typeof MARKS;

interface Point {
  readonly kind: Kind;
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly hover: string;
}

const COUNT_ROOM = 20; // px from one failing mark to the next that its number needs
const COUNT_INSET = 11; // px beside a failure's number, up to the mark of an answer
const LONGEST_MESSAGE = 70; // letters of an event's message in the hover box

/** One trace per kind of mark that occurs, in the order of the style table. */
export function markTraces(drawing: Drawing): Trace[] {
  const points = [...probePoints(drawing), ...eventPoints(drawing), ...signalPoints(drawing)];
  const kinds = Object.keys(MARKS) as Kind[];
  return kinds.flatMap((kind) => {
    const own = points.filter((point) => point.kind === kind);
    return own.length ? [trace(drawing, kind, own)] : [];
  });
}

function* probePoints({ layout, parts, scale, words, measure }: Drawing): Generator<Point> {
  for (const row of layout.rows.filter(({ group }) => group.id === "probes")) {
    const marks = parts[row.part]!.timeline.ticks[row.id]!.marks.filter(([t]) => scale.shows(t));
    for (const [i, [t, result, count, message]] of marks.entries()) {
      const after = marks[i + 1];
      const beside = measure(String(count), TEXT.small * layout.zoom) + COUNT_INSET;
      const room = after?.[2] ? COUNT_ROOM * layout.zoom : beside;
      const numbered = count && (!after || scale.px(after[0]) - scale.px(t) > room);
      const said = `${reading(t)} ${row.label} ${row.note}: ${words.result(result)}`;
      yield {
        kind: result,
        x: scale.px(t),
        y: row.middle,
        text: numbered ? String(count) : "",
        hover: message ? `${said}<br>${escaped(message)}` : said,
      };
    }
  }
}

function* eventPoints({ layout, parts, scale, measure }: Drawing): Generator<Point> {
  const size = TEXT.small * layout.zoom;
  for (const row of layout.rows.filter(({ group }) => group.id === "events")) {
    const groups = clusters(parts[row.part]!.timeline.events, scale);
    for (const [i, group] of groups.entries()) {
      const x = scale.px(group[0]![0]);
      const next = groups[i + 1] ? scale.px(groups[i + 1]![0]![0]) : scale.width;
      yield {
        kind: group.some(([, type]) => type === "Warning") ? "Warning" : "Normal",
        x,
        y: row.middle,
        text: eventLabels(groups, i).find((label) => measure(label, size) < next - x - 14) ?? "",
        hover: group
          .map(([t, type, reason, , message]) =>
            escaped(`${reading(t)} ${type} ${reason}: ${message.slice(0, LONGEST_MESSAGE)}`),
          )
          .join("<br>"),
      };
    }
  }
}

function* signalPoints({ layout, parts, scale }: Drawing): Generator<Point> {
  for (const row of layout.rows.filter(({ group }) => group.id === "ending")) {
    for (const [t, text, lane] of parts[row.part]!.timeline.marks) {
      if (lane === row.id && scale.shows(t)) {
        yield {
          kind: "signal",
          x: scale.px(t),
          y: row.middle,
          text: text === "KILL" ? text : "",
          hover: `${reading(t)} ${text}`,
        };
      }
    }
  }
}

/** Events nearer to each other than the style's `cluster` px share one mark. */
export function clusters(events: readonly Event[], scale: Scale): Event[][] {
  const groups: Event[][] = [];
  for (const event of events) {
    if (!scale.shows(event[0])) continue;
    const last = groups.at(-1);
    if (last && scale.px(event[0]) - scale.px(last.at(-1)![0]) < GEOMETRY.cluster) last.push(event);
    else groups.push([event]);
  }
  return groups;
}

/** What may stand beside mark `i`, longest first: a run of one reason is labelled once, at its end. */
export function eventLabels(groups: readonly (readonly Event[])[], i: number): string[] {
  const reasons = [...new Set(groups[i]!.map((event) => event[2]))];
  if (reasons.length > 1) {
    const more = groups[i]!.length - 1;
    return [`${reasons[0]} +${more}`, `+${more}`];
  }
  const same = (j: number) => groups[j]?.every((event) => event[2] === reasons[0]) ?? false;
  if (same(i + 1)) return [];
  let first = i;
  while (same(first - 1)) first--;
  const count = groups.slice(first, i + 1).reduce((sum, group) => sum + group.length, 0);
  return [count > 1 ? `${reasons[0]} ×${count}` : reasons[0]!];
}

function trace({ palette, layout: { zoom } }: Drawing, kind: Kind, points: readonly Point[]): Trace {
  const { symbol, size, color: role } = MARKS[kind];
  const color = roleColor(palette, role);
  return {
    type: "scatter",
    name: kind,
    mode: "markers+text",
    x: points.map((point) => point.x),
    y: points.map((point) => point.y),
    text: points.map((point) => point.text),
    customdata: points.map((point) => point.hover),
    textposition: "middle right",
    cliponaxis: false,
    marker: { symbol, color, size: size * zoom, line: { width: symbol.endsWith("open") ? 1.5 : 0, color } },
    textfont: {
      size: TEXT.small * zoom,
      family: palette.family,
      color: kind === "Normal" || kind === "signal" ? palette.text : color,
      weight: kind === "signal" ? 700 : 400,
    },
    hovertemplate: "%{customdata}<extra></extra>",
  };
}
