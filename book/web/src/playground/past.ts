/** A value with undo and redo by gesture. */

const PAUSE = 600; // ms without a change that end a gesture
const MOST_STEPS = 200;
const MOST_WEIGHT = 4_000_000; // letters that all kept values may have

export class Past<T> {
  #past: T[] = [];
  #future: T[] = [];
  #gesture: string | null = null;
  #changed = 0;

  /** `weigh` says how large a value is; `now` is a clock in ms. */
  constructor(
    public value: T,
    private readonly weigh: (value: T) => number = () => 1,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Changes of one `gesture` that follow each other without a pause are one step; without a name each is its own. */
  change(value: T, gesture: string | null = null): void {
    const goesOn = gesture !== null && gesture === this.#gesture && this.now() - this.#changed < PAUSE;
    if (!goesOn) this.#keep();
    this.value = value;
    this.#future = [];
    this.#gesture = gesture;
    this.#changed = this.now();
  }

  /** The same value in other words, which is nothing to undo. */
  amend(value: T): void {
    this.value = value;
  }

  undo(): void {
    this.#step(this.#past, this.#future);
  }

  redo(): void {
    this.#step(this.#future, this.#past);
  }

  #step(from: T[], to: T[]): void {
    this.#gesture = null;
    if (!from.length) return;
    to.push(this.value);
    this.value = from.pop()!;
  }

  #keep(): void {
    this.#past.push(this.value);
    let weight = this.#past.reduce((sum, value) => sum + this.weigh(value), 0);
    while (this.#past.length > MOST_STEPS || (this.#past.length > 1 && weight > MOST_WEIGHT)) {
      weight -= this.weigh(this.#past.shift()!);
    }
  }
}
