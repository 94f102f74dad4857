/** Python in a module worker, shared by all explorers of a page. */

import { PythonEngine } from "./engine.ts";
import type { Reply, Request } from "./protocol.ts";
import { Requests } from "./requests.ts";

export interface WorkerLike {
  onmessage: ((event: MessageEvent<Reply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: Request): void;
  terminate(): void;
}

interface Queued {
  readonly send: () => void;
  readonly reject: (error: Error) => void;
}

const LOADING = { state: "loading", received: 0, total: 0 } as const;

export class WorkerEngine extends PythonEngine {
  readonly #requests = new Requests(
    (request) => this.#worker!.postMessage(request),
    (reason) => this.#stop("crashed", reason),
  );
  readonly #queued: Queued[] = []; // until Python is ready
  #worker: WorkerLike | null = null;

  /** `spawn` throws where a page may not have workers. */
  constructor(private readonly spawn: () => WorkerLike) {
    super(LOADING);
    this.#start();
  }

  async call<T>(name: string, values: unknown): Promise<T> {
    if (this.status.state === "offline") throw new Error(this.status.detail);
    if (this.status.state === "loading") {
      await new Promise<void>((send, reject) => this.#queued.push({ send, reject }));
    }
    return this.#requests.ask(name, values);
  }

  restart(): void {
    this.#worker?.terminate();
    this.become(LOADING);
    this.#start();
  }

  #start(): void {
    try {
      const worker = this.spawn();
      worker.onmessage = ({ data }) => this.#receive(data);
      worker.onerror = (event) => this.#onError(event);
      this.#worker = worker;
    } catch (error) {
      const reason = globalThis.location?.protocol === "file:" ? "file" : "blocked";
      this.become({ state: "offline", reason, detail: String(error), restartable: false });
    }
  }

  #receive(reply: Reply): void {
    switch (reply.type) {
      case "progress":
        if (this.status.state === "loading") {
          this.become({ state: "loading", received: reply.received, total: reply.total });
        }
        return;
      case "ready":
        this.become({ state: "live" });
        for (const { send } of this.#queued.splice(0)) send();
        return;
      case "crashed":
        this.#stop(this.status.state === "loading" ? "blocked" : "crashed", reply.message);
        return;
      default:
        this.#requests.receive(reply);
    }
  }

  /** A worker whose script could not be loaded says nothing but "error". */
  #onError(event: ErrorEvent): void {
    event.preventDefault?.();
    const message = event.message || "the worker's script could not be loaded";
    this.#stop(this.status.state === "loading" ? "blocked" : "crashed", message);
  }

  #stop(reason: "blocked" | "crashed", detail: string): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.become({ state: "offline", reason, detail, restartable: true });
    this.#requests.rejectAll(detail);
    for (const { reject } of this.#queued.splice(0)) reject(new Error(detail));
  }
}
