/** A run as a plotly figure whose axes count CSS pixels: the time scale is ours. */

import { barTraces, type Label } from "./bars.ts";
import { reading } from "./duration.ts";
import type { Measure } from "./labels.ts";
import { markTraces } from "./marks.ts";
import type { Palette } from "./palette.ts";
import { escaped, type Figure, type Trace } from "./plotly.ts";
import type { Layout, Part } from "./rows.ts";
import type { Scale, View } from "./scale.ts";
import { GEOMETRY, TEXT } from "./style.ts";

/** All that a drawing depends on. */
export interface Drawing {
  readonly parts: readonly Part[];
  readonly layout: Layout;
  readonly scale: Scale;
  readonly palette: Palette;
  readonly measure: Measure;
  readonly words: { readonly result: (result: string) => string };
}

const { ruler: RULER, pad: PAD } = GEOMETRY;
const RULER_MARK = 6; // px that ticks reach up into the ruler
const RULER_MIDDLE = 14; // px
const CONFIG = { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false };

export function figure(drawing: Drawing): Figure {
  const { layout, scale, palette } = drawing;
  const { traces, labels } = barTraces(drawing);
  return {
    data: [...traces, ...markTraces(drawing), labelTrace(drawing, [...labels, ...rulerLabels(drawing)])],
    layout: {
      width: scale.width + 2 * PAD,
      height: layout.height,
      margin: { l: 0, r: 0, t: 0, b: 0 },
      bargap: 0,
      barmode: "overlay",
      showlegend: false,
      dragmode: false,
      hovermode: "closest",
      uirevision: "keep",
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: palette.family, size: TEXT.bar, color: palette.text },
      hoverlabel: { font: { family: palette.family, size: TEXT.bar }, align: "left" },
      xaxis: { range: [-PAD, scale.width + PAD], visible: false, fixedrange: true },
      yaxis: { range: [layout.height, 0], visible: false, fixedrange: true },
      shapes: shapes(drawing),
    },
    config: CONFIG,
  };
}

/** All texts in one trace: a text of its own is the slowest thing that plotly draws. */
function labelTrace({ palette }: Drawing, labels: readonly Label[]): Trace {
  return {
    type: "scatter",
    name: "labels",
    mode: "text",
    x: labels.map((label) => label.x),
    y: labels.map((label) => label.y),
    text: labels.map((label) => escaped(label.text)),
    textposition: labels.map((label) => label.position),
    textfont: {
      size: labels.map((label) => label.size),
      color: labels.map((label) => label.color),
      family: palette.family,
    },
    cliponaxis: false,
    hoverinfo: "skip",
  };
}

function rulerLabels({ scale, palette, layout }: Drawing): Label[] {
  const look = { y: RULER_MIDDLE, size: TEXT.ruler * layout.zoom, color: palette.muted };
  return scale.ticks.map((t) => {
    const x = scale.px(t);
    const text = reading(scale.shortWaits ? Math.round(t) : t);
    if (x < PAD) return { x: x - 4, text, position: "middle right", ...look };
    return { x, text, position: x > scale.width - PAD ? "middle left" : "middle center", ...look };
  });
}

/** Lines and bands, one shape per colour. */
function shapes({ parts, layout, scale, palette }: Drawing): unknown[] {
  const { height } = layout;
  const line = (x0: number, y0: number, x1: number, y1: number) => `M${x0},${y0}L${x1},${y1}`;
  const upright = (x: number, end: number) => line(x, RULER - RULER_MARK, x, end);
  const band = ([a, b]: View) => `M${scale.px(a)},${RULER - RULER_MARK}H${scale.px(b)}V${height}H${scale.px(a)}Z`;
  const cut = ([a, b]: View) => {
    const middle = (scale.px(a) + scale.px(b)) / 2;
    return [middle - 3, middle + 3].map((x) => line(x - 2.5, RULER + 1, x + 2.5, RULER - 7)).join("");
  };
  const steps = new Set(parts.flatMap(({ timeline }) => timeline.steps.map((step) => step.t)).filter(scale.shows));
  const grid = [
    ...scale.ticks.map((t) => upright(scale.px(t), height)),
    ...layout.rows
      .filter(({ group }) => group.id === "probes")
      .map(({ middle }) => line(0, middle, scale.width, middle)),
  ];
  const strong = [
    ...scale.bands.map(cut),
    ...[...steps].map((t) => upright(scale.px(t), RULER)),
    ...layout.headings.filter(({ strong, part }) => strong && part > 0).map(({ y }) => line(0, y, scale.width, y)),
  ];
  const path = (parts: readonly string[], look: object) =>
    parts.length ? [{ type: "path", layer: "below", path: parts.join(""), ...look }] : [];
  return [
    ...path(scale.bands.map(band), { fillcolor: palette.band, line: { width: 0 } }),
    ...path(grid, { line: { color: palette.grid, width: 1 } }),
    ...path(strong, { line: { color: palette.muted, width: 1 } }),
  ];
}
