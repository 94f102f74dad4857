/** The reader's answers, kept in this browser; where it keeps nothing, for as long as the page is open. */

import type { Given, Question } from "./data.ts";

const PREFIX = "podsim:prediction:";

type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export class Answers {
  /** Answers of this visit, for browsers that keep none; null: forgotten. */
  readonly #here = new Map<string, string | null>();

  /** `storage` may throw at any time. */
  constructor(private readonly storage: () => Kept & Record<string, unknown>) {}

  /** What was answered, if it still is an answer to the question. */
  of({ id, choices, view: [from, to] }: Pick<Question, "id" | "choices" | "view">): Given | null {
    const here = this.#here.get(id);
    const text = here === undefined ? this.#try((kept) => kept.getItem(PREFIX + id)) : here;
    if (!text) return null;
    if (choices) return choices.some((choice) => choice.id === text) ? text : null;
    const t = Number(text);
    return t >= from && t <= to ? t : null;
  }

  keep(id: string, given: Given): void {
    this.#here.set(id, String(given));
    this.#try((kept) => kept.setItem(PREFIX + id, String(given)));
  }

  forget(id: string): void {
    this.#here.set(id, null);
    this.#try((kept) => kept.removeItem(PREFIX + id));
  }

  forgetAll(): void {
    for (const id of this.#here.keys()) this.#here.set(id, null);
    this.#try((kept) => {
      for (const key of Object.keys(kept).filter((name) => name.startsWith(PREFIX))) kept.removeItem(key);
    });
  }

  #try<T>(act: (kept: Kept & Record<string, unknown>) => T): T | undefined {
    try {
      return act(this.storage());
    } catch {
      return undefined; // a browser may refuse storage; the answers of this visit are in `#here`
    }
  }
}
