/** Requests on their way: each waits for its answer, and none for ever. */

import type { Answer, Request } from "./protocol.ts";

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

const LONGEST_WAIT = 30_000; // ms until whoever should answer counts as hung

export class Requests {
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  /** `hung` is called with a reason when an answer takes longer than `longest` ms. */
  constructor(
    private readonly send: (request: Request) => void,
    private readonly hung: (reason: string) => void,
    private readonly longest = LONGEST_WAIT,
  ) {}

  ask<T>(call: string, values: unknown): Promise<T> {
    return new Promise((resolve, reject) => {
      const request = ++this.#count;
      const timer = setTimeout(() => this.hung(`no answer in ${this.longest / 1000} s`), this.longest);
      this.#waiting.set(request, { resolve: resolve as Waiting["resolve"], reject, timer });
      this.send({ request, call, arguments: values });
    });
  }

  receive(answer: Answer): void {
    const waiting = this.#waiting.get(answer.request);
    if (!waiting) return;
    this.#waiting.delete(answer.request);
    clearTimeout(waiting.timer);
    if ("failure" in answer) waiting.reject(new Error(answer.failure));
    else waiting.resolve(JSON.parse(answer.result));
  }

  rejectAll(reason: string): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of all) {
      clearTimeout(timer);
      reject(new Error(reason));
    }
  }
}
