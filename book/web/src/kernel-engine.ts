/** A notebook's kernel, asked by the custom messages of an anywidget model. */

import type { Result, Values } from "./data.ts";
import { type Engine, type EngineStatus, StatusBoard } from "./engine.ts";

export interface KernelModel {
  get(trait: string): unknown;
  on(event: "msg:custom", listener: (message: KernelReply) => void): void;
  off(event: "msg:custom", listener: (message: KernelReply) => void): void;
  send(message: unknown): void;
}

export type KernelReply =
  | { readonly kind: "result"; readonly request: number; readonly result: Result }
  | { readonly kind: "failure"; readonly request: number; readonly failure: string };

interface Pending {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

const LONGEST_WAIT = 30_000; // ms without an answer until the kernel counts as gone

export class KernelEngine implements Engine {
  readonly #board = new StatusBoard({ state: "live" });
  readonly #pending = new Map<number, Pending & { readonly timer: ReturnType<typeof setTimeout> }>();
  #requests = 0;

  constructor(private readonly model: KernelModel) {
    model.on("msg:custom", this.#receive);
  }

  get status(): EngineStatus {
    return this.#board.status;
  }

  subscribe(listener: (status: EngineStatus) => void): () => void {
    return this.#board.subscribe(listener);
  }

  evaluate(id: string, parameters: Values): Promise<Result> {
    return new Promise((resolve, reject) => {
      const request = ++this.#requests;
      const timer = setTimeout(() => this.#giveUp(), LONGEST_WAIT);
      this.#pending.set(request, { resolve, reject, timer });
      this.model.send({ kind: "evaluate", request, id, parameters });
    });
  }

  restart(): void {
    this.#board.set({ state: "live" });
  }

  dispose(): void {
    this.model.off("msg:custom", this.#receive);
  }

  readonly #receive = (reply: KernelReply): void => {
    const pending = this.#pending.get(reply.request);
    if (!pending) return;
    this.#pending.delete(reply.request);
    clearTimeout(pending.timer);
    if (reply.kind === "failure") pending.reject(new Error(reply.failure));
    else pending.resolve(reply.result);
  };

  #giveUp(): void {
    const detail = `no answer in ${LONGEST_WAIT / 1000} s`;
    this.#board.set({ state: "offline", reason: "crashed", detail, restartable: true });
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject, timer } of waiting) {
      clearTimeout(timer);
      reject(new Error(detail));
    }
  }
}
