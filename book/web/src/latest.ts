/** At most one request running and one waiting; a newer one replaces the one that waits. `rest` is called when none waits. */
export class Latest<Input, Output> {
  #running = false;
  #asking = false;
  #waiting: { input: Input } | null = null;

  constructor(
    private readonly run: (input: Input) => Promise<Output>,
    private readonly deliver: (output: Output, input: Input) => void,
    private readonly fail: (error: Error, input: Input) => void,
    private readonly rest: () => void = () => {},
  ) {}

  /** Whether an answer is on its way, or will be asked for. */
  get isAwaited(): boolean {
    return this.#asking || this.#waiting !== null;
  }

  submit(input: Input): void {
    this.#waiting = { input };
    if (!this.#running) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#running = true;
    while (this.#waiting) {
      const { input } = this.#waiting;
      this.#waiting = null;
      this.#asking = true;
      try {
        const output = await this.run(input);
        this.#asking = false;
        if (!this.#waiting) this.rest(); // before what comes of the delivery takes its time
        this.deliver(output, input);
      } catch (error) {
        this.#asking = false;
        this.fail(error instanceof Error ? error : new Error(String(error)), input);
      }
    }
    this.#running = false;
  }
}
