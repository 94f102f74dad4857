/** Where a session outlasts its page: in the page's address, and in this browser. */

import type { Session } from "./data.ts";
import type { Playground } from "./playground.ts";
import { decode, encode, forget, LinkError, save, saved } from "./stored.ts";

const SAVING = 400; // ms without a change until the session is kept

export class Keeping {
  /** What is wrong with the link that led here. */
  badLink: LinkError["kind"] | null = null;
  #linked: Session | null = null; // what the address holds
  #saving: ReturnType<typeof setTimeout> | undefined;

  /** `keeps`: whether address and browser are the playground's to write to. */
  constructor(
    private readonly playground: Playground,
    private readonly keeps: boolean,
    private readonly update: () => void,
  ) {}

  /** Goes on with what this browser has kept. */
  recall(): void {
    const before = this.keeps ? saved() : null;
    if (before) this.playground.load(before);
  }

  /** After every change: keeps the session soon, and leaves a link that it is no longer. */
  changed(): void {
    const { playground } = this;
    if (this.#linked && this.#linked !== playground.session && !playground.isWaiting) this.leave();
    if (!this.keeps) return;
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => save(playground.stored), SAVING);
  }

  /** Takes the session of the address, the reader's own staying one undo away; or answers with the example that is named there. */
  async follow(): Promise<string | null> {
    this.badLink = null;
    const example = new URLSearchParams(location.hash.slice(1)).get("example");
    if (example) return example;
    try {
      const kept = await decode(location.hash);
      if (!kept) return null;
      this.playground.load(kept);
      this.#linked = this.playground.session;
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.badLink = error.kind;
    }
    this.update();
    return null;
  }

  /** Puts the session into the address; raises LinkError. */
  async share(): Promise<void> {
    const kept = this.playground.stored;
    const fragment = await encode(kept);
    this.#linked = kept.session;
    if (this.keeps) history.replaceState(null, "", `#${fragment}`);
  }

  /** The address no longer says what the page shows. */
  leave(): void {
    this.#linked = null;
    this.badLink = null;
    if (this.keeps && location.hash) history.replaceState(null, "", location.pathname + location.search);
    this.update();
  }

  /** Starts over with the page's own session. */
  again(): void {
    forget();
    this.leave();
    this.playground.load(this.playground.own);
  }
}
