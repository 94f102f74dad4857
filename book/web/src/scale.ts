/** Seconds to pixels and back, piecewise linear: at true scale, or with long waits drawn short. */

import { GEOMETRY, ROUND_STEPS, WAITS } from "./style.ts";

export type View = readonly [number, number];

export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly shortWaits: boolean;
  /** Seconds with a label on the ruler: round ones, or with short waits those of real transitions. */
  readonly ticks: readonly number[];
  /** Stretches drawn so much shorter than they are that the figure says so. */
  readonly bands: readonly View[];
  /** Where second `t` lies; outside of the view it is cut to its edge. */
  px(t: number): number;
  /** Which second lies at `x` px. */
  time(x: number): number;
  /** Whether second `t` is in the view. */
  shows(t: number): boolean;
}

/** A scale of `view` over `width` px; `times` are the transitions that part one wait from the next, `zoom` enlarges the labels. */
export function makeScale(
  times: Iterable<number>,
  [from, to]: View,
  width: number,
  shortWaits: boolean,
  zoom = 1,
): Scale {
  const inner = shortWaits ? [...new Set(times)].filter((t) => from < t && t < to).sort((a, b) => a - b) : [];
  const knots = [from, ...inner, to];
  const sizes = [0];
  for (let i = 1; i < knots.length; i++) {
    const length = knots[i]! - knots[i - 1]!;
    sizes.push(sizes[i - 1]! + (shortWaits ? shortened(length) : length));
  }
  const factor = width / (sizes.at(-1) || 1);
  const pixels = sizes.map((size) => size * factor);
  const px = (t: number) => between(knots, pixels, Math.min(Math.max(t, from), to));
  return {
    from,
    to,
    width,
    shortWaits,
    px,
    time: (x) => between(pixels, knots, Math.min(Math.max(x, 0), width)),
    shows: (t) => from <= t && t <= to,
    ticks: shortWaits ? knotTicks(knots, px, width, zoom) : roundTicks(from, to, width / zoom),
    bands: shortWaits
      ? knots.slice(1).flatMap((b, i): View[] => (b - knots[i]! > WAITS.bandFrom ? [[knots[i]!, b]] : []))
      : [],
  };
}

/** How many seconds' width a stretch of `length` seconds gets: order is kept, a doubling adds a constant. */
export function shortened(length: number): number {
  return length <= WAITS.knee ? length : WAITS.knee * (1 + Math.log(length / WAITS.knee));
}

function roundTicks(from: number, to: number, width: number): number[] {
  const fits = (step: number) => (step / (to - from)) * width >= GEOMETRY.tickRoom;
  const step = ROUND_STEPS.find(fits) ?? ROUND_STEPS.at(-1)!;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(Math.floor(to / step) - first + 1, 0) }, (_, n) => (first + n) * step);
}

function knotTicks(knots: readonly number[], px: (t: number) => number, width: number, zoom: number): number[] {
  const shown: number[] = [];
  for (const t of knots) {
    const apart = !shown.length || px(t) - px(shown.at(-1)!) >= GEOMETRY.tickRoom * zoom;
    if (apart && width - px(t) > GEOMETRY.tickEnd * zoom) shown.push(t);
  }
  return shown;
}

/** Linear between the points of two rising lists of equal length. */
function between(xs: readonly number[], ys: readonly number[], x: number): number {
  let [low, high] = [1, xs.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle]! >= x) high = middle;
    else low = middle + 1;
  }
  const [x0, y0] = [xs[low - 1]!, ys[low - 1]!];
  const span = xs[low]! - x0;
  return y0 + (span ? ((ys[low]! - y0) * (x - x0)) / span : 0);
}
