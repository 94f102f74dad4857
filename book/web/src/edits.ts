/** The values of an explorer's controls, with one undo step per gesture. */

import type { Values } from "./data.ts";
import { equal, same } from "./values.ts";

export class Edits {
  #values: Values;
  #past: Values[] = [];
  #future: Values[] = []; // what undo took back, the newest last
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
    if (this.#before !== null && !equal(this.#before, this.#values)) {
      this.#past.push(this.#before);
      this.#future = [];
    }
    this.#before = null;
  }

  /** A change that is a gesture of its own. */
  set(change: Values): void {
    this.commit();
    this.draw(change);
    this.commit();
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  undo(): void {
    this.commit();
    this.#step(this.#past, this.#future);
  }

  redo(): void {
    this.commit();
    this.#step(this.#future, this.#past);
  }

  #step(from: Values[], to: Values[]): void {
    const values = from.pop();
    if (!values) return;
    to.push(this.#values);
    this.#values = values;
  }

  differs(id: string): boolean {
    return !same(this.#values[id], this.initial[id]);
  }
}
