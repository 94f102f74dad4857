/** The messages between a page and what computes its runs. */

export interface Request {
  readonly request: number;
  readonly call: string;
  readonly arguments: unknown;
}

/** `result` is JSON text. */
export type Answer =
  | { readonly type?: undefined; readonly request: number; readonly result: string }
  | { readonly type?: undefined; readonly request: number; readonly failure: string };

/** What a worker says. */
export type Reply =
  | Answer
  | { readonly type: "progress"; readonly received: number; readonly total: number }
  | { readonly type: "ready" }
  | { readonly type: "crashed"; readonly message: string };
