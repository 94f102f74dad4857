/** The bars of the figure: one trace per tone, and the texts that stand beside bars too short for them. */

import type { Segment } from "./data.ts";
import { reading } from "./duration.ts";
import type { Drawing } from "./figure.ts";
import { fit } from "./labels.ts";
import { escaped, type Trace } from "./plotly.ts";
import type { Row } from "./rows.ts";
import { GEOMETRY, PATTERN, TEXT, TONE_NAMES, TONES, type Tone } from "./style.ts";

/** A text outside of its bar. */
export interface Beside {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly position: "middle left" | "middle right";
}

interface Bar {
  readonly from: number;
  readonly length: number;
  readonly row: Row;
  readonly text: string;
  readonly size: number;
  readonly hover: string;
}

const THINNEST = 0.75; // px
const SAME = 1e-6; // s

export function barTraces(drawing: Drawing): { traces: Trace[]; beside: Beside[] } {
  const bars = new Map<Tone, Bar[]>(TONE_NAMES.map((tone) => [tone, []]));
  const beside: Beside[] = [];
  for (const row of drawing.layout.rows) {
    for (const segment of row.segs) {
      const [from, to, tone] = segment;
      if (to <= drawing.scale.from || from >= drawing.scale.to) continue;
      const { bar, outside } = place(drawing, row, segment);
      bars.get(tone)!.push(bar);
      if (outside) beside.push(outside);
    }
  }
  return { traces: TONE_NAMES.map((tone) => trace(drawing, tone, bars.get(tone)!)), beside };
}

/** A segment clipped to the view, with the longest form of its label that fits in it or beside it. */
function place(drawing: Drawing, row: Row, [a, b, , label, short]: Segment): { bar: Bar; outside: Beside | null } {
  const { scale, measure, layout, parts } = drawing;
  const ending = row.group.id === "ending";
  const [x0, x1] = [scale.px(a), scale.px(b)];
  const small = TEXT.small * layout.zoom;
  const size = row.height < TEXT.smallBelow * layout.zoom || ending ? small : TEXT.bar * layout.zoom;
  const room = x1 - x0 - (row.group.id === "backoff" ? 4 : 7) + (ending ? 6 : 0);
  const inside = fit(measure, label, short, room, size, !ending);
  const bar = (text: string): Bar => ({
    from: x0,
    length: Math.max(x1 - x0 - 1, THINNEST),
    row,
    text,
    size,
    hover: `${[row.label, row.note].join(" ").trim()}: ${escaped(label)}<br>${reading(a)} – ${reading(b)} (${reading(b - a)})`,
  });
  if (inside === label) return { bar: bar(inside), outside: null };
  if (ending && a === row.segs[0]![0]) {
    const { marks } = parts[row.part]!.timeline;
    const inset = marks.some(([t]) => Math.abs(t - a) < SAME) ? GEOMETRY.signal : GEOMETRY.inset;
    return { bar: bar(""), outside: { x: x0 - inset, y: row.middle, text: label, position: "middle left" } };
  }
  const signalFollows = ending && parts[row.part]!.timeline.marks.some(([t]) => t >= b);
  if (b === row.segs.at(-1)![1] && !signalFollows) {
    const text = fit(measure, label.trim(), short.trim(), scale.width - x1 - 2, small, false);
    if (text.length > inside.length) {
      return { bar: bar(""), outside: { x: x1 + 4, y: row.middle, text, position: "middle right" } };
    }
  }
  return { bar: bar(inside), outside: null };
}

function trace({ palette }: Drawing, tone: Tone, bars: readonly Bar[]): Trace {
  const { fill, line, text, mesh } = palette.tones[tone];
  const { pattern, outline } = TONES[tone];
  return {
    type: "bar",
    name: tone,
    orientation: "h",
    base: bars.map((bar) => bar.from),
    x: bars.map((bar) => bar.length),
    y: bars.map((bar) => bar.row.middle),
    width: bars.map((bar) => bar.row.height - GEOMETRY.barInset),
    text: bars.map((bar) => bar.text),
    customdata: bars.map((bar) => bar.hover),
    textposition: "inside",
    insidetextanchor: "start",
    constraintext: "none",
    textangle: 0,
    cliponaxis: true,
    insidetextfont: { size: bars.map((bar) => bar.size), family: palette.family, color: text },
    marker: {
      color: fill,
      line: { width: outline ? 1 : 0, color: line },
      pattern: {
        shape: pattern,
        bgcolor: fill,
        fgcolor: mesh,
        fgopacity: PATTERN.opacity,
        size: pattern === "|" ? PATTERN.barSize : PATTERN.size,
        solidity: PATTERN.solidity,
      },
    },
    hovertemplate: "%{customdata}<extra></extra>",
  };
}
