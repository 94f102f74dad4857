/** Moves the playhead on its own: evenly, or with reduced motion from transition to transition. */

import type { Stage } from "./stage.ts";
import type { Viewing } from "./viewing.ts";

const JUMP = 1000; // ms between two transitions with reduced motion
const LONGEST_FRAME = 100; // ms of a frame that count, however long the page was hidden

export class Player {
  #frame = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly explorer: Viewing,
    private readonly stage: Stage,
  ) {}

  toggle(): void {
    if (this.explorer.playing) this.stop();
    else this.#start();
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    clearInterval(this.#timer);
    this.explorer.playing = false;
    this.explorer.onChange(false);
  }

  #start(): void {
    const { explorer, stage } = this;
    explorer.playing = true;
    if (stage.t >= stage.end) stage.move(0);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.#timer = setInterval(() => this.#go(stage.neighbour(1)), JUMP);
    } else {
      let before = performance.now();
      const tick = (now: number) => {
        this.#frame = requestAnimationFrame(tick);
        const passed = Math.min(now - before, LONGEST_FRAME) / 1000;
        before = now;
        this.#go(stage.t + Math.max(passed, 0) * explorer.speed);
      };
      this.#frame = requestAnimationFrame(tick);
    }
    explorer.onChange(false);
  }

  #go(t: number): void {
    this.stage.move(t);
    if (t >= this.stage.end) this.stop();
  }
}
