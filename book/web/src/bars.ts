/** The bars of the figure: one trace per tone that occurs, and the texts that stand in them or beside them. */

import type { Segment } from "./data.ts";
import { reading } from "./duration.ts";
import type { Drawing } from "./figure.ts";
import { fit } from "./labels.ts";
import { escaped, type Trace } from "./plotly.ts";
import type { Row } from "./rows.ts";
import { GEOMETRY, PATTERN, TEXT, TONE_NAMES, TONES, type Tone } from "./style.ts";

/** A text of the figure; `position` says on which side of its point it stands. */
export interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly position: "middle left" | "middle center" | "middle right";
  readonly size: number;
  readonly color: string;
}

interface Bar {
  readonly from: number;
  readonly length: number;
  readonly row: Row;
  readonly hover: string;
}

const THINNEST = 0.75; // px
const SAME = 1e-6; // s
const SINK = 0.1; // of a text's size, by which plotly sets it above its middle

export function barTraces(drawing: Drawing): { traces: Trace[]; labels: Label[] } {
  const bars = new Map<Tone, Bar[]>(TONE_NAMES.map((tone) => [tone, []]));
  const labels: Label[] = [];
  for (const row of drawing.layout.rows) {
    for (const segment of row.segs) {
      const [from, to, tone] = segment;
      if (to <= drawing.scale.from || from >= drawing.scale.to) continue;
      const { bar, label } = place(drawing, row, segment);
      bars.get(tone)!.push(bar);
      if (label.text) labels.push(label);
    }
  }
  const used = TONE_NAMES.filter((tone) => bars.get(tone)!.length);
  return { traces: used.map((tone) => trace(drawing, tone, bars.get(tone)!)), labels };
}

/** A segment clipped to the view, with the longest form of its label that fits in it or beside it. */
function place(drawing: Drawing, row: Row, [a, b, tone, label, short]: Segment): { bar: Bar; label: Label } {
  const { scale, measure, layout, parts, palette } = drawing;
  const ending = row.group.id === "ending";
  const [x0, x1] = [scale.px(a), scale.px(b)];
  const small = TEXT.small * layout.zoom;
  const size = row.height < TEXT.smallBelow * layout.zoom || ending ? small : TEXT.bar * layout.zoom;
  const room = x1 - x0 - (row.group.id === "backoff" ? 4 : 7) + (ending ? 6 : 0);
  const inside = fit(measure, label, short, room, size, !ending);
  const bar: Bar = {
    from: x0,
    length: Math.max(x1 - x0 - 1, THINNEST),
    row,
    hover: `${[row.label, row.note].join(" ").trim()}: ${escaped(label)}<br>${reading(a)} – ${reading(b)} (${reading(b - a)})`,
  };
  const at = (x: number, text: string, position: Label["position"]) => ({ x, y: row.middle, text, position });
  const within = {
    ...at(x0 + GEOMETRY.inset, inside, "middle right"),
    y: row.middle + size * SINK,
    size,
    color: palette.tones[tone].text,
  };
  const beside = { size: small, color: palette.text };
  if (inside === label) return { bar, label: within };
  const signals = parts[row.part]!.timeline.marks.filter(([, , lane]) => lane === row.id);
  if (ending && a === row.segs[0]![0]) {
    const inset = signals.some(([t]) => Math.abs(t - a) < SAME) ? GEOMETRY.signal : GEOMETRY.inset;
    return { bar, label: { ...at(x0 - inset, label, "middle left"), ...beside } };
  }
  if (b === row.segs.at(-1)![1] && !signals.some(([t]) => t >= b)) {
    const text = fit(measure, label.trim(), short.trim(), scale.width - x1 - 2, small, false);
    if (text.length > inside.length) return { bar, label: { ...at(x1 + 4, text, "middle right"), ...beside } };
  }
  return { bar, label: within };
}

function trace({ palette }: Drawing, tone: Tone, bars: readonly Bar[]): Trace {
  const { fill, line, mesh } = palette.tones[tone];
  const { pattern, outline } = TONES[tone];
  return {
    type: "bar",
    name: tone,
    orientation: "h",
    base: bars.map((bar) => bar.from),
    x: bars.map((bar) => bar.length),
    y: bars.map((bar) => bar.row.middle),
    width: bars.map((bar) => bar.row.height - GEOMETRY.barInset),
    customdata: bars.map((bar) => bar.hover),
    cliponaxis: true,
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
