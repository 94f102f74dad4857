/** A run as a plotly figure whose axes count CSS pixels: the time scale is ours. */

import { type Beside, barTraces } from "./bars.ts";
import { reading } from "./duration.ts";
import type { Measure } from "./labels.ts";
import { markTraces } from "./marks.ts";
import type { Palette } from "./palette.ts";
import type { Figure, Trace } from "./plotly.ts";
import type { Layout, Part } from "./rows.ts";
import type { Scale } from "./scale.ts";
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
const CONFIG = { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: false };

export function figure(drawing: Drawing): Figure {
  const { layout, scale, palette } = drawing;
  const { traces, beside } = barTraces(drawing);
  return {
    data: [...traces, ...markTraces(drawing), besideTrace(drawing, beside)],
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
      annotations: rulerTexts(drawing),
    },
    config: CONFIG,
  };
}

function besideTrace({ palette, layout }: Drawing, beside: readonly Beside[]): Trace {
  return {
    type: "scatter",
    name: "beside",
    mode: "text",
    x: beside.map((text) => text.x),
    y: beside.map((text) => text.y),
    text: beside.map((text) => text.text),
    textposition: beside.map((text) => text.position),
    textfont: { size: TEXT.small * layout.zoom, family: palette.family, color: palette.text },
    cliponaxis: false,
    hoverinfo: "skip",
  };
}

function shapes({ parts, layout, scale, palette }: Drawing): unknown[] {
  const { height } = layout;
  const line = (x0: number, y0: number, x1: number, y1: number, color: string) => {
    return { type: "line", layer: "below", x0, y0, x1, y1, line: { color, width: 1 } };
  };
  const band = ([a, b]: readonly [number, number]) => {
    const [x0, x1] = [scale.px(a), scale.px(b)];
    return {
      type: "rect",
      layer: "below",
      x0,
      x1,
      y0: RULER - RULER_MARK,
      y1: height,
      fillcolor: palette.band,
      line: { width: 0 },
    };
  };
  const cut = ([a, b]: readonly [number, number]) => {
    const middle = (scale.px(a) + scale.px(b)) / 2;
    return [middle - 3, middle + 3].map((x) => line(x - 2.5, RULER + 1, x + 2.5, RULER - 7, palette.muted));
  };
  const steps = new Set(parts.flatMap(({ timeline }) => timeline.steps.map((step) => step.t)).filter(scale.shows));
  return [
    ...scale.bands.map(band),
    ...scale.bands.flatMap(cut),
    ...[...steps].map(scale.px).map((x) => line(x, RULER - RULER_MARK, x, RULER, palette.muted)),
    ...scale.ticks.map(scale.px).map((x) => line(x, RULER - RULER_MARK, x, height, palette.grid)),
    ...layout.rows
      .filter(({ group }) => group.id === "probes")
      .map(({ middle }) => line(0, middle, scale.width, middle, palette.grid)),
    ...layout.headings
      .filter(({ strong, part }) => strong && part > 0)
      .map(({ y }) => line(0, y, scale.width, y, palette.muted)),
  ];
}

function rulerTexts({ scale, palette, layout }: Drawing): unknown[] {
  return scale.ticks.map((t) => {
    const x = scale.px(t);
    const atStart = x < PAD;
    return {
      x,
      y: 14,
      text: reading(scale.shortWaits ? Math.round(t) : t),
      showarrow: false,
      font: { size: TEXT.ruler * layout.zoom, color: palette.muted },
      xanchor: atStart ? "left" : x > scale.width - PAD ? "right" : "center",
      xshift: atStart ? -4 : 0,
      yanchor: "middle",
    };
  });
}
