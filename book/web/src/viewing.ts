/** How a reader looks at a run: playhead, zoom, axis and speed, without any DOM. */

import type { Run } from "./data.ts";
import type { Zoom } from "./link.ts";
import type { View } from "./scale.ts";
import { WAITS } from "./style.ts";

/** What the readouts need of a run. */
export type Told = Pick<Run, "timeline" | "kubectl">;

const NEAR = 15; // s before and after the playhead
const START = 20; // s of a short run's start
const FIRST_MINUTE = 60; // s of a long run's start

export abstract class Viewing {
  t = 0;
  zoom: Zoom = "all";
  /** The stretch shown; null is the whole run. */
  view: View | null = null;
  shortWaits = false;
  playing = false;
  speed = 5;
  /** Called after every change of state; `figure` says that the figure changes too. */
  onChange: (figure: boolean) => void = () => {};

  abstract run: Told;

  get end(): number {
    return this.run.timeline.horizon;
  }

  get startsLong(): boolean {
    return this.run.timeline.horizon > WAITS.shortFrom;
  }

  moveTo(t: number): void {
    this.t = Math.min(Math.max(t, 0), this.end);
    const outside = this.view !== null && (this.t < this.view[0] || this.t > this.view[1]);
    if (outside) this.setZoom("all");
    else this.onChange(false);
  }

  setZoom(zoom: Zoom): void {
    this.zoom = zoom;
    this.view = viewOf(zoom, this.t, this.end);
    this.onChange(true);
  }

  setShortWaits(shortWaits: boolean): void {
    this.shortWaits = shortWaits;
    this.onChange(true);
  }
}

export function viewOf(zoom: Zoom, t: number, end: number): View | null {
  if (zoom === "all") return null;
  if (zoom === "start") return [0, Math.min(end > WAITS.shortFrom ? FIRST_MINUTE : START, end)];
  return [Math.max(t - NEAR, 0), Math.min(Math.max(t, NEAR) + NEAR, end)];
}
