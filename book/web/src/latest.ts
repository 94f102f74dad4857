/** At most one request running and one waiting; a newer one replaces the one that waits. */
export class Latest<Input, Output> {
  #running = false;
  #waiting: { input: Input } | null = null;

  constructor(
    private readonly run: (input: Input) => Promise<Output>,
    private readonly deliver: (output: Output, input: Input) => void,
    private readonly fail: (error: Error, input: Input) => void,
  ) {}

  submit(input: Input): void {
    this.#waiting = { input };
    if (!this.#running) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#running = true;
    while (this.#waiting) {
      const { input } = this.#waiting;
      this.#waiting = null;
      try {
        this.deliver(await this.run(input), input);
      } catch (error) {
        this.fail(error instanceof Error ? error : new Error(String(error)), input);
      }
    }
    this.#running = false;
  }
}
