/** A notebook's kernel, asked by the custom messages of an anywidget model. */

import { PythonEngine } from "./engine.ts";
import type { Answer } from "./protocol.ts";
import { Requests } from "./requests.ts";

const LONGEST_CELLS = 600_000; // ms: a kernel first runs the cells that it was asked to run before

export interface KernelModel {
  get(trait: string): unknown;
  on(event: "msg:custom", listener: (message: Answer) => void): void;
  off(event: "msg:custom", listener: (message: Answer) => void): void;
  send(message: unknown): void;
}

export class KernelEngine extends PythonEngine {
  readonly #requests: Requests;

  constructor(private readonly model: KernelModel) {
    super({ state: "live" });
    this.#requests = new Requests(
      (request) => model.send(request),
      (reason) => this.#giveUp(reason),
      LONGEST_CELLS,
    );
    model.on("msg:custom", this.#receive);
  }

  call<T>(name: string, values: unknown): Promise<T> {
    return this.#requests.ask(name, values);
  }

  restart(): void {
    this.become({ state: "live" });
  }

  dispose(): void {
    this.model.off("msg:custom", this.#receive);
  }

  readonly #receive = (answer: Answer): void => this.#requests.receive(answer);

  #giveUp(detail: string): void {
    this.become({ state: "offline", reason: "crashed", detail, restartable: true });
    this.#requests.rejectAll(detail);
  }
}
