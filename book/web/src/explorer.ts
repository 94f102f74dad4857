/** The state of one explorer and what a reader can do with it, without any DOM. */

import { Computed, likely, variants } from "./computed.ts";
import {
  type Control,
  type Declaration,
  initialValues,
  type Preset,
  type Refusal,
  type Result,
  type Run,
  type Value,
  type Values,
} from "./data.ts";
import { Edits } from "./edits.ts";
import type { Engine, EngineStatus } from "./engine.ts";
import { Latest } from "./latest.ts";
import { type BadLink, decode, encode, type Shared } from "./link.ts";
import { WAITS } from "./style.ts";
import { equal } from "./values.ts";
import { Viewing, viewOf } from "./viewing.ts";

const SLOW = 300; // ms after which a reader wonders whether anything happens

export type State = "static" | "loading" | "live" | "error" | "offline";

/** Why the figure does not show the present values. */
export type Problem =
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | { readonly kind: "failed"; readonly message: string };

export class Explorer extends Viewing {
  readonly edits: Edits;
  run: Run;
  /** A run kept for comparison: A, beside which the present one is B. */
  override kept: Run | null = null;
  /** What was wrong with the link that led here. */
  badLink: BadLink | null = null;
  problem: Problem | null = null;
  status: EngineStatus | null = null;
  presenting = false;
  /** Whether an answer of a live engine takes long. */
  isBusy = false;
  /** The control that was changed last: its lines are banded. */
  edited: string | null = null;
  /** Whether what the API server stored is on the screen, so that it has to follow a gesture. */
  showsStored = false;
  readonly #computed: Computed;
  readonly #latest: Latest<{ readonly values: Values; readonly draft: boolean }, Result>;
  #isDraft = false; // of what was asked for last
  #engine: Engine | null = null;
  #against: Values | null = null; // the values of a run to keep, once it can be computed

  constructor(
    readonly declaration: Declaration,
    readonly own: Run,
    readonly language: string,
  ) {
    super();
    this.edits = new Edits(initialValues(declaration));
    this.run = own;
    this.t = Math.min(declaration.start, own.timeline.horizon);
    this.shortWaits = own.timeline.horizon > WAITS.shortFrom;
    this.#computed = new Computed(
      (values, draft) => this.#engine!.evaluate(declaration.id, values, language, draft),
      () => this.#latest.isAwaited,
    );
    this.#latest = new Latest(
      ({ values, draft }) => this.#timed(this.#computed.of(values, draft)),
      (result) => this.#accept(result),
      (error) => this.#fail(error),
      () => this.#computed.goOn(),
    );
  }

  get values(): Values {
    return this.edits.values;
  }

  get state(): State {
    return this.problem ? "error" : (this.status?.state ?? "static");
  }

  /** Whether other values than the page's own can be run. */
  get canRun(): boolean {
    return this.status !== null && this.status.state !== "offline";
  }

  /** Whether the figure shows other values than the reader wants. */
  get isWaiting(): boolean {
    return !equal(this.values, this.run.parameters);
  }

  attach(engine: Engine): () => void {
    this.#engine = engine;
    const follow = (status: EngineStatus) => {
      const back = this.status?.state === "offline" && status.state !== "offline";
      this.status = status;
      if (back && this.isWaiting) this.#evaluate();
      this.onChange(false);
    };
    follow(engine.status);
    if (this.isWaiting) this.#evaluate();
    if (this.#against) this.#keep(this.#against);
    return engine.subscribe(follow);
  }

  restart(): void {
    this.#engine?.restart();
  }

  /** A change inside a gesture: what is closed can wait for its end. */
  draw(control: Control, value: Value): void {
    const before = this.values[control.id]!;
    this.edited = control.id;
    this.edits.draw({ [control.id]: value });
    this.#evaluate(this.#draws);
    this.#expect(control, before);
  }

  /** A reader is about to use a control: what it may show next is computed meanwhile. */
  foresee(control: Control): void {
    if (this.status?.state !== "live") return;
    this.#expect(control, this.values[control.id]!);
    void this.#computed.goOn();
  }

  #expect(control: Control, before: Value): void {
    const next = likely(control, this.values[control.id]!, before);
    this.#computed.expect(variants(this.values, control.id, next, this.own.parameters), this.#draws);
  }

  /** Whether drafts will do while a control moves. */
  get #draws(): boolean {
    return this.print !== "describe" && !this.showsStored;
  }

  commit(): void {
    this.edits.commit();
    if (this.#isDraft) this.#evaluate();
    else this.onChange(false);
  }

  set(change: Values): void {
    this.edits.set(change);
    this.#evaluate();
  }

  undo(): void {
    this.edits.undo();
    this.edited = null;
    this.#evaluate();
  }

  redo(): void {
    this.edits.redo();
    this.edited = null;
    this.#evaluate();
  }

  /** The page's values and playhead. */
  reset(): void {
    this.edited = null;
    this.kept = null;
    this.badLink = null;
    this.zoom = "all";
    this.view = null;
    this.t = this.declaration.start;
    this.set(this.edits.initial);
  }

  choose(preset: Preset): void {
    this.edited = null;
    this.zoom = "all";
    this.view = null;
    if (preset.at !== null) this.t = preset.at;
    this.set({ ...this.edits.initial, ...preset.set });
  }

  /** Whether the present values are the preset's; of several with the same values the one nearest to the playhead. */
  isChosen(preset: Preset): boolean {
    const same = this.declaration.presets.filter(({ set }) => equal(this.values, { ...this.edits.initial, ...set }));
    const distance = ({ at }: Preset) => Math.abs((at ?? this.t) - this.t);
    return same.includes(preset) && same.every((other) => distance(preset) <= distance(other));
  }

  /** Whether the preset shows what the page has recorded, so that it needs no engine. */
  isRecorded(preset: Preset): boolean {
    return equal(this.edits.initial, { ...this.edits.initial, ...preset.set });
  }

  override get end(): number {
    return Math.max(this.run.timeline.horizon, this.kept?.timeline.horizon ?? 0);
  }

  setPresenting(presenting: boolean): void {
    this.presenting = presenting;
    this.onChange(true);
  }

  /** Keeps the present run as A, or ends the comparison. */
  compare(): void {
    this.kept = this.kept ? null : this.run;
    this.#against = null;
    this.onChange(true);
  }

  #keep(values: Values): void {
    this.#against = values;
    const keep = (result: Result) => {
      if (this.#against !== values || result.error) return;
      this.#against = null;
      this.kept = result;
      this.onChange(true);
    };
    if (equal(values, this.own.parameters)) keep(this.own);
    else if (this.#engine) this.#computed.of(values, false).then(keep, (error) => this.#fail(error));
  }

  get link(): string {
    const { values, t, zoom, shortWaits, kept } = this;
    const usual = this.own.timeline.horizon > WAITS.shortFrom;
    const axis = shortWaits === usual ? null : shortWaits;
    return encode(this.declaration, { values, against: kept?.parameters ?? null, t, zoom, shortWaits: axis });
  }

  /** Takes what a link says; false if it is about another explorer. */
  follow(fragment: string): boolean {
    const shared = decode(this.declaration, fragment);
    if (!shared) return false;
    this.badLink = "bad" in shared ? shared : null;
    if ("bad" in shared) {
      this.onChange(false);
      return true;
    }
    this.go(shared);
    return true;
  }

  /** Shows what somebody chose; `lane`: whose change the why tells. */
  go({ values, against, t, zoom, shortWaits }: Shared, lane: string | null = null): void {
    this.t = Math.min(t, this.declaration.until);
    this.lane = lane;
    this.trail = [];
    this.shortWaits = shortWaits ?? this.shortWaits;
    this.zoom = zoom;
    this.view = viewOf(zoom, this.t, this.end);
    this.kept = null;
    this.set(values);
    if (against) this.#keep(against);
  }

  #evaluate(draft = false): void {
    this.#isDraft = draft;
    if (equal(this.values, this.run.parameters)) this.problem = null;
    if (equal(this.values, this.own.parameters)) this.#accept(this.own);
    else if (this.canRun) this.#latest.submit({ values: this.values, draft });
    this.onChange(false);
  }

  async #timed(answer: Promise<Result>): Promise<Result> {
    const timer = setTimeout(() => {
      this.isBusy = this.status?.state === "live";
      this.onChange(false);
    }, SLOW);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      this.isBusy = false;
    }
  }

  #accept(result: Result): void {
    if (!equal(result.parameters, this.values) && equal(this.values, this.own.parameters)) return;
    if (result.error) {
      this.problem = { kind: "refused", refusal: result.error };
      this.onChange(false);
      return;
    }
    this.problem = null;
    this.run = result;
    this.t = Math.min(this.t, this.end);
    if (this.zoom === "all") this.view = null;
    this.onChange(true);
  }

  #fail(error: Error): void {
    if (this.status?.state !== "offline") this.problem = { kind: "failed", message: error.message };
    this.onChange(false);
  }
}
