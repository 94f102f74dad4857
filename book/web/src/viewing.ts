/** How a reader looks at a run: playhead, zoom, axis and speed, without any DOM. */

import type { Run } from "./data.ts";
import type { Zoom } from "./link.ts";
import type { View } from "./scale.ts";
import { WAITS } from "./style.ts";

/** What the readouts need of a run. */
export type Told = Pick<Run, "timeline" | "kubectl">;

export const PRINTS = ["yaml", "describe"] as const;
export type Print = (typeof PRINTS)[number];

/** A place of the playhead; `lane`: whose change the why tells, where several change at once. */
export interface Instant {
  readonly t: number;
  readonly lane: string | null;
}

const NEAR = 15; // s before and after the playhead
const START = 20; // s of a short run's start
const FIRST_MINUTE = 60; // s of a long run's start

export abstract class Viewing {
  t = 0;
  lane: string | null = null;
  /** Where the reader came from, following causes back. */
  trail: readonly Instant[] = [];
  zoom: Zoom = "all";
  /** The stretch shown; null is the whole run. */
  view: View | null = null;
  shortWaits = false;
  playing = false;
  speed = 5;
  /** How the pod is printed at the playhead. */
  print: Print = "yaml";
  /** Called after every change of state; `figure` says that the figure changes too. */
  onChange: (figure: boolean) => void = () => {};

  abstract run: Told;
  /** Another run to compare with. */
  kept: Told | null = null;

  get end(): number {
    return this.run.timeline.horizon;
  }

  get startsLong(): boolean {
    return this.run.timeline.horizon > WAITS.shortFrom;
  }

  /** Moves the playhead; what was followed back to is forgotten, unless there is a `trail` to go on with. */
  moveTo(t: number, lane: string | null = null, trail: readonly Instant[] = []): void {
    this.t = Math.min(Math.max(t, 0), this.end);
    this.lane = lane;
    this.trail = trail;
    const outside = this.view !== null && (this.t < this.view[0] || this.t > this.view[1]);
    if (outside) this.setZoom("all");
    else this.onChange(false);
  }

  /** Goes to a cause. */
  followBack({ t, lane }: Instant): void {
    this.moveTo(t, lane, [...this.trail, { t: this.t, lane: this.lane }]);
  }

  /** Returns to the effect that the last cause was followed from. */
  returnFromCause(): void {
    const from = this.trail.at(-1);
    if (from) this.moveTo(from.t, from.lane, this.trail.slice(0, -1));
  }

  setZoom(zoom: Zoom): void {
    this.zoom = zoom;
    this.view = viewOf(zoom, this.t, this.end);
    this.onChange(true);
  }

  setPrint(print: Print): void {
    this.print = print;
    this.onChange(false);
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
