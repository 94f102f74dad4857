/** A walkthrough while it is presented: which step, since when, and what a key means. Without any DOM. */

import type { Values } from "../data.ts";
import type { Zoom } from "../link.ts";

/** What the page says of one step; times in seconds. */
export interface Step {
  readonly explorer: string;
  readonly title: string;
  readonly values: Values;
  readonly at: number;
  readonly lane: string | null;
  readonly zoom: Zoom;
  readonly say: string;
  readonly ask: string;
}

export interface Walkthrough {
  readonly title: string;
  readonly minutes: number;
  readonly steps: readonly Step[];
}

export type Act = "next" | "previous" | "black" | "end";

/** Who has the keyboard: a text takes letters and arrows, a dial (slider, choice) takes arrows. */
export type Holder = "text" | "dial" | "nothing";

const TURNING: Readonly<Record<string, Act>> = { PageDown: "next", PageUp: "previous" }; // a clicker's keys
const ARROWS: Readonly<Record<string, Act>> = { ArrowRight: "next", ArrowLeft: "previous" };
const LETTERS: Readonly<Record<string, Act>> = { b: "black", B: "black", ".": "black" };

/** What a key asks for; null if it belongs to whoever has the keyboard. */
export function actOf(key: string, holder: Holder): Act | null {
  if (key === "Escape") return "end";
  return (
    TURNING[key] ??
    (holder === "nothing" ? ARROWS[key] : undefined) ??
    (holder === "text" ? undefined : LETTERS[key]) ??
    null
  );
}

export class Talk {
  n = 0;
  black = false;
  onChange: (what: "step" | "black") => void = () => {};
  readonly #began: number; // ms

  constructor(
    readonly walkthrough: Walkthrough,
    first: number,
    private readonly clock: () => number,
  ) {
    this.n = first;
    this.#began = clock();
  }

  get step(): Step {
    return this.walkthrough.steps[this.n]!;
  }

  get following(): Step | null {
    return this.walkthrough.steps[this.n + 1] ?? null;
  }

  /** Whole seconds since the beginning. */
  get elapsed(): number {
    return Math.floor((this.clock() - this.#began) / 1000);
  }

  /** A turn while the screen is black shows it again, at the step where it was left. */
  turn(by: 1 | -1): void {
    if (this.black) {
      this.toggleBlack();
      return;
    }
    const to = Math.min(Math.max(this.n + by, 0), this.walkthrough.steps.length - 1);
    if (to === this.n) return;
    this.n = to;
    this.onChange("step");
  }

  toggleBlack(): void {
    this.black = !this.black;
    this.onChange("black");
  }
}

/** `12:05` of seconds. */
export function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
