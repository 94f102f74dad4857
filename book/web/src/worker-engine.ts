/** Python in a module worker, shared by all explorers of a page. */

import type { Result, Values } from "./data.ts";
import { type Engine, type EngineStatus, StatusBoard } from "./engine.ts";
import type { Reply, Request } from "./protocol.ts";

export interface WorkerLike {
  onmessage: ((event: MessageEvent<Reply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: Request): void;
  terminate(): void;
}

interface Pending {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

const LONGEST_RUN = 30_000; // ms until a run counts as hung

export class WorkerEngine implements Engine {
  readonly #board = new StatusBoard({ state: "loading", received: 0, total: 0 });
  readonly #pending = new Map<number, Pending>();
  readonly #queued: { send: () => void; reject: (error: Error) => void }[] = []; // until Python is ready
  #worker: WorkerLike | null = null;
  #requests = 0;

  /** `spawn` throws where a page may not have workers. */
  constructor(private readonly spawn: () => WorkerLike) {
    this.#start();
  }

  get status(): EngineStatus {
    return this.#board.status;
  }

  subscribe(listener: (status: EngineStatus) => void): () => void {
    return this.#board.subscribe(listener);
  }

  evaluate(id: string, parameters: Values, language: string): Promise<Result> {
    return new Promise((resolve, reject) => {
      const send = () => this.#send({ id, parameters, language }, resolve, reject);
      if (this.status.state === "live") send();
      else if (this.status.state === "loading") this.#queued.push({ send, reject });
      else reject(new Error(this.status.detail));
    });
  }

  restart(): void {
    this.#worker?.terminate();
    this.#board.set({ state: "loading", received: 0, total: 0 });
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
      this.#board.set({ state: "offline", reason, detail: String(error), restartable: false });
    }
  }

  #send(body: Omit<Request, "request">, resolve: Pending["resolve"], reject: Pending["reject"]): void {
    const request = ++this.#requests;
    const timer = setTimeout(() => this.#stop("crashed", `no answer in ${LONGEST_RUN / 1000} s`), LONGEST_RUN);
    this.#pending.set(request, { resolve, reject, timer });
    this.#worker!.postMessage({ request, ...body });
  }

  #receive(reply: Reply): void {
    switch (reply.type) {
      case "progress":
        if (this.status.state === "loading") {
          this.#board.set({ state: "loading", received: reply.received, total: reply.total });
        }
        return;
      case "ready":
        this.#board.set({ state: "live" });
        for (const { send } of this.#queued.splice(0)) send();
        return;
      case "crashed":
        this.#stop(this.status.state === "loading" ? "blocked" : "crashed", reply.message);
        return;
      default: {
        const pending = this.#pending.get(reply.request);
        this.#pending.delete(reply.request);
        clearTimeout(pending?.timer);
        if ("failure" in reply) pending?.reject(new Error(reply.failure));
        else pending?.resolve(JSON.parse(reply.result) as Result);
      }
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
    this.#board.set({ state: "offline", reason, detail, restartable: true });
    const waiting = [...this.#pending.values(), ...this.#queued.splice(0)];
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
    for (const { reject } of waiting) reject(new Error(detail));
  }
}
