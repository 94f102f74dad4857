/** The messages between page and worker. */

import type { Values } from "./data.ts";

export interface Request {
  readonly request: number;
  readonly id: string;
  readonly parameters: Values;
  readonly language: string;
}

export type Reply =
  | { readonly type: "progress"; readonly received: number; readonly total: number }
  | { readonly type: "ready" }
  | { readonly type: "crashed"; readonly message: string }
  /** `result` is JSON text. */
  | { readonly type?: undefined; readonly request: number; readonly result: string }
  | { readonly type?: undefined; readonly request: number; readonly failure: string };
