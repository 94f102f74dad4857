/** What Python sends of a prediction: the question, the run, and what is true of it. */

import type { Run, Values } from "../data.ts";
import type { View } from "../scale.ts";

export interface Question {
  readonly id: string;
  readonly misconception: number;
  readonly question: string;
  readonly set: Values;
  /** s: where the curtain begins */
  readonly from: number;
  readonly view: View;
  readonly lanes: readonly string[] | null;
  /** Lane ids or groups behind the curtain; null: all but the world. */
  readonly hide: readonly string[] | null;
  readonly choices: readonly Option[] | null;
  readonly marker: { readonly label: string; readonly tolerance: number } | null;
}

export interface Option {
  readonly id: string;
  readonly text: string;
}

/** The id of the true choice, or the seconds at which the marker is right; where the playhead stands afterwards. */
export interface Answer {
  readonly choice: string | null;
  readonly t: number | null;
  readonly at: number;
  readonly because: string;
  readonly source: string;
}

export interface Played {
  readonly prediction: Question;
  readonly explorer: string;
  readonly result: Run;
  readonly answer: Answer;
}

/** What the reader says: a choice's id, or seconds. */
export type Given = string | number;
