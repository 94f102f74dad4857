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
  /** Asks for `name` of podsim/explorers/calls.py; rejects when the engine stops, and when Python raises. */
  call<T>(name: string, values: unknown): Promise<T>;
  /** A draft leaves out what only an opened part shows. */
  evaluate(id: string, parameters: Values, language: string, draft?: boolean): Promise<Result>;
  restart(): void;
}

/** What all engines have: a status that others listen to, and calls with their types. */
export abstract class PythonEngine implements Engine {
  readonly #listeners = new Set<(status: EngineStatus) => void>();

  constructor(public status: EngineStatus) {}

  abstract call<T>(name: string, values: unknown): Promise<T>;
  abstract restart(): void;

  evaluate(id: string, parameters: Values, language: string, draft = false): Promise<Result> {
    return this.call("evaluate", { id, parameters, language, draft });
  }

  subscribe(listener: (status: EngineStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected become(status: EngineStatus): void {
    this.status = status;
    for (const listener of [...this.#listeners]) listener(status);
  }
}
