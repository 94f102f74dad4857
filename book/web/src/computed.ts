/** Runs by the values they are of: kept once computed, and computed ahead while the engine has nothing else to do. */

import { boundsOf, type Control, type Result, type Value, type Values } from "./data.ts";
import { equal } from "./values.ts";

const KEPT = 24; // runs; the oldest go first
const FEW = 12; // steps of a number that are all likely; of more only the nearest
const NEAR = 3; // steps to either side

export class Computed {
  readonly #kept = new Map<string, Promise<Result>>();
  #likely: readonly Values[] = [];
  #draft = true; // of what is likely
  #isAhead = false;

  constructor(
    private readonly compute: (values: Values, draft: boolean) => Promise<Result>,
    private readonly isAwaited: () => boolean, // whether somebody waits for an answer
  ) {}

  /** The run of these values; a whole one serves as a draft too. */
  of(values: Values, draft: boolean): Promise<Result> {
    return this.#found(values, draft) ?? this.#ask(values, draft);
  }

  /** What may be asked for next, the likeliest first. */
  expect(likely: readonly Values[], draft: boolean): void {
    this.#likely = likely;
    this.#draft = draft;
  }

  /** Computes what is expected, one after the other, until somebody waits. */
  async goOn(): Promise<void> {
    if (this.#isAhead) return;
    this.#isAhead = true;
    while (this.#likely.length && !this.isAwaited()) {
      const [next, ...rest] = this.#likely;
      this.#likely = rest;
      if (!this.#found(next!, this.#draft)) await this.#ask(next!, this.#draft).catch(() => this.expect([], true));
    }
    this.#isAhead = false;
  }

  #found(values: Values, draft: boolean): Promise<Result> | undefined {
    return this.#kept.get(keyOf(values, false)) ?? (draft ? this.#kept.get(keyOf(values, true)) : undefined);
  }

  #ask(values: Values, draft: boolean): Promise<Result> {
    const key = keyOf(values, draft);
    const answer = this.compute(values, draft);
    this.#kept.set(key, answer);
    answer.catch(() => this.#kept.delete(key));
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    return answer;
  }
}

const keyOf = (values: Values, draft: boolean) => JSON.stringify([values, draft]);

/** The values of a control that may be chosen next: as far again as from `before`, then the nearest. */
export function likely(control: Control, value: Value, before: Value): Value[] {
  if (control.as === "bool") return [!value];
  if (control.as === "choice") return (control.choices ?? []).map((choice) => choice.value).filter((v) => v !== value);
  if (control.as !== "number" || typeof value !== "number") return [];
  const { min, max, step } = boundsOf(control);
  const reach = (max - min) / step < FEW ? FEW : NEAR;
  const near = Array.from({ length: reach }, (_, n) => [value + (n + 1) * step, value - (n + 1) * step]).flat();
  const all = typeof before === "number" && before !== value ? [2 * value - before, ...near] : near;
  const exact = all.map((v) => Number(v.toFixed(6)));
  return [...new Set(exact)].filter((v) => v >= min && v <= max);
}

/** `values` with each of the values of one control, without those that need no engine. */
export const variants = (values: Values, id: string, of: readonly Value[], own: Values): Values[] =>
  of.map((value) => ({ ...values, [id]: value })).filter((one) => !equal(one, own));
