/** A pasted status on its way to its explanation. */

import { Latest } from "../latest.ts";
import type { Diagnosis } from "./data.ts";
import type { Playground } from "./playground.ts";

const TYPING = 250; // ms without a key until a text is read

export class Explaining {
  text = "";
  found: Diagnosis | null = null;
  waiting = false;
  #typing: ReturnType<typeof setTimeout> | undefined;
  readonly #latest: Latest<string, Diagnosis>;

  constructor(
    playground: Pick<Playground, "ask" | "language">,
    private readonly onChange: () => void,
  ) {
    this.#latest = new Latest(
      (text) => playground.ask("diagnose", { text, language: playground.language }),
      (found, text) => this.#accept(text === this.text ? found : this.found),
      () => this.#accept(null),
    );
  }

  write(text: string): void {
    this.text = text;
    clearTimeout(this.#typing);
    this.waiting = text.trim() !== "";
    if (this.waiting) this.#typing = setTimeout(() => this.#latest.submit(text), TYPING);
    else this.found = null;
    this.onChange();
  }

  #accept(found: Diagnosis | null): void {
    this.found = this.text.trim() ? found : null;
    this.waiting = false;
    this.onChange();
  }
}
