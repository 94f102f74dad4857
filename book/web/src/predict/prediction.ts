/** One prediction and what a reader can do with it, without any DOM. */

import type { Run, Timeline } from "../data.ts";
import type { View } from "../scale.ts";
import { WAITS } from "../style.ts";
import { type Instant, Viewing } from "../viewing.ts";
import type { Answers } from "./answers.ts";
import { covered } from "./cover.ts";
import type { Given, Played, Question } from "./data.ts";

/** How far off an answer is: by seconds, too late if above 0, or as a wrong choice. */
export interface Verdict {
  readonly right: boolean;
  readonly off: number;
}

export class Prediction extends Viewing {
  readonly question: Question;
  readonly run: Run;
  /** What the reader has in mind; locked once `locked`. */
  given: Given | null;
  locked: boolean;
  /** Nothing was chosen when it was to be locked. */
  missing = false;
  readonly edited = null;
  readonly #covered: Timeline;

  constructor(
    readonly played: Played,
    private readonly answers: Answers,
  ) {
    super();
    this.question = played.prediction;
    this.run = played.result;
    const { view, marker } = this.question;
    this.shortWaits = !marker && view[1] - view[0] > WAITS.shortFrom;
    this.#covered = covered(this.run.timeline, this.question);
    this.given = this.#start;
    this.locked = false;
    this.recall();
  }

  /** Where a marker stands at first: in the middle, which says nothing. */
  get #start(): Given | null {
    const { from, view, marker } = this.question;
    return marker ? Math.round((from + view[1]) / 2) : null;
  }

  /** What may be seen. */
  get timeline(): Timeline {
    return this.locked ? this.run.timeline : this.#covered;
  }

  /** The seconds that the marker, or then the playhead, may be moved to. */
  get range(): View {
    const { from, view } = this.question;
    return this.locked ? [0, this.end] : [from, view[1]];
  }

  /** Takes the answer that was given at another time. */
  recall(): void {
    const kept = this.answers.of(this.question);
    this.locked = kept !== null;
    this.given = kept ?? this.#start;
    this.#stand();
  }

  choose(given: Given): void {
    if (this.locked) return;
    this.given = given;
    this.missing = false;
    this.onChange(false);
  }

  /** Moves the marker, or the playhead once the curtain is open. */
  override moveTo(t: number, lane: string | null = null, trail: readonly Instant[] = []): void {
    if (this.locked) super.moveTo(t, lane, trail);
    else if (this.question.marker) {
      this.t = t;
      this.choose(Math.round(t * 10) / 10);
    }
  }

  lock(): void {
    this.missing = this.given === null;
    this.locked = this.given !== null;
    if (this.given !== null) this.answers.keep(this.question.id, this.given);
    this.#stand();
    this.onChange(true);
  }

  again(): void {
    this.answers.forget(this.question.id);
    this.recall();
    this.onChange(true);
  }

  get verdict(): Verdict | null {
    if (!this.locked || this.given === null) return null;
    const { choice, t } = this.played.answer;
    if (typeof this.given === "string" || t === null) return { right: this.given === choice, off: 0 };
    const off = Math.round((this.given - t) * 10) / 10;
    return { right: Math.abs(off) <= this.question.marker!.tolerance, off };
  }

  #stand(): void {
    this.view = this.question.view;
    this.lane = null;
    this.trail = [];
    this.t = this.locked ? this.played.answer.at : Number(this.question.marker ? this.given : this.question.from);
  }
}
