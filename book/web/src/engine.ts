/** What computes runs: a Python in a worker of this page, or a notebook's kernel. */

import type { Result, Values } from "./data.ts";

export type EngineStatus =
  | { readonly state: "loading"; readonly received: number; readonly total: number }
  | { readonly state: "live" }
  | {
      readonly state: "offline";
      readonly reason: "file" | "blocked" | "crashed";
      readonly detail: string;
      readonly restartable: boolean;
    };

export interface Engine {
  readonly status: EngineStatus;
  /** Calls `listener` at every change of the status; the answer ends that. */
  subscribe(listener: (status: EngineStatus) => void): () => void;
  /** Rejects when the engine stops, and when Python raises. */
  evaluate(id: string, parameters: Values, language: string): Promise<Result>;
  restart(): void;
}

/** A status that others listen to. */
export class StatusBoard {
  #listeners = new Set<(status: EngineStatus) => void>();

  constructor(public status: EngineStatus) {}

  set(status: EngineStatus): void {
    this.status = status;
    for (const listener of [...this.#listeners]) listener(status);
  }

  subscribe(listener: (status: EngineStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
