/** The values of an explorer's controls, with one undo step per gesture. */

import type { Values } from "./data.ts";

export class Edits {
  #values: Values;
  #past: Values[] = [];
  #before: Values | null = null; // the values when the running gesture began

  constructor(readonly initial: Values) {
    this.#values = initial;
  }

  get values(): Values {
    return this.#values;
  }

  get canUndo(): boolean {
    return this.#past.length > 0 || (this.#before !== null && !equal(this.#before, this.#values));
  }

  /** A change inside a gesture, such as one pixel of a slider's way. */
  draw(change: Values): void {
    this.#before ??= this.#values;
    this.#values = { ...this.#values, ...change };
  }

  /** The end of a gesture. */
  commit(): void {
    if (this.#before !== null && !equal(this.#before, this.#values)) this.#past.push(this.#before);
    this.#before = null;
  }

  /** A change that is a gesture of its own. */
  set(change: Values): void {
    this.commit();
    this.draw(change);
    this.commit();
  }

  undo(): void {
    this.commit();
    this.#values = this.#past.pop() ?? this.#values;
  }

  differs(id: string): boolean {
    return this.#values[id] !== this.initial[id];
  }
}

export function equal(a: Values, b: Values): boolean {
  return Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => a[key] === b[key]);
}
