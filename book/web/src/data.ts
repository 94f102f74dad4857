/** What Python sends: one answer holds everything the playhead shows. All times are seconds since t = 0. */

import type { Tone } from "./style.ts";

/** One run of a container: how many seconds it lasts (null: until it is stopped), and how it ends. */
export interface RunScript {
  readonly for?: number | null;
  readonly exit?: number;
  readonly oom?: boolean;
}

export type Value = number | string | boolean | null | readonly RunScript[];
export type Values = Readonly<Record<string, Value>>;

/** from, to, tone, label, short label */
export type Segment = readonly [number, number, Tone, string, string];
/** t, result, failures in a row, message */
export type ProbeMark = readonly [number, "ok" | "fail" | "timeout" | "refused", number, string];
/** t, type, reason, source, message */
export type Event = readonly [number, "Normal" | "Warning", string, string, string];
/** t, text, lane */
export type Mark = readonly [number, string, string];
/** t, id, text, the control that moves it */
export type WorldMark = readonly [number, string, string, string | null];

export interface Lane {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  readonly kind: string;
  readonly segs: readonly Segment[];
}

export interface Ticks {
  readonly label: string;
  readonly container: string;
  readonly marks: readonly ProbeMark[];
}

export interface Clause {
  readonly text: string;
  readonly lane: string | null;
  readonly t: number;
}

export interface Step {
  readonly t: number;
  readonly lane: string;
  readonly from: string;
  readonly to: string;
  readonly why: readonly Clause[];
}

export interface Timeline {
  readonly kubernetes: string;
  readonly pod: string;
  readonly horizon: number;
  readonly gone: number | null;
  readonly lanes: readonly Lane[];
  /** A lane that stands for those in `of` where the figure would be too high. */
  readonly folded: { readonly lane: Lane; readonly of: readonly string[] } | null;
  readonly ticks: Readonly<Record<string, Ticks>>;
  readonly events: readonly Event[];
  readonly marks: readonly Mark[];
  readonly world: readonly WorldMark[];
  readonly steps: readonly Step[];
}

/** t, READY, STATUS, restarts, when the last restart was */
export type GetRow = readonly [number, string, string, string, number | null];

export interface Yaml {
  readonly lines: readonly string[];
  /** t, indexes into `lines` */
  readonly revisions: readonly (readonly [number, readonly number[]])[];
}

/** place of the event's name, lastTimestamp, since, times (0: not repeated), last seen, field it is about */
export type EventAges = readonly [number, number | null, number | null, number, number | null, string];

export interface Described {
  readonly lines: readonly string[];
  /** t, deletionTimestamp, indexes into `lines` */
  readonly revisions: readonly (readonly [number, number | null, readonly number[]])[];
  /** one for each of the timeline's events */
  readonly events: readonly EventAges[];
}

export interface Kubectl {
  readonly get: readonly GetRow[];
  readonly name: string;
  readonly created: number;
  readonly yaml: Yaml;
  /** null in a draft */
  readonly describe: Described | null;
}

export interface Manifest {
  readonly written: string;
  /** null in a draft, which has no origins either */
  readonly stored: string | null;
  /** letter, who, why */
  readonly origins: readonly (readonly [string, string, string])[];
  /** per line of `stored` an index into `origins`, null for one that was written */
  readonly by: readonly (number | null)[];
  /** control id -> the lines of `stored` that hold its value, counted from 1 */
  readonly kept: Readonly<Record<string, readonly number[]>>;
  /** control id -> the lines of `written` it writes, counted from 1 */
  readonly bound: Readonly<Record<string, readonly number[]>>;
}

export interface Refusal {
  readonly line: number | null;
  readonly field: string;
  readonly message: string;
  readonly reason: string;
  readonly fix: { readonly label: string; readonly set: Values } | null;
}

/** A diagram: its drawing at two widths, and (name, what is there) of each of its rows. */
export interface Panel {
  readonly title: string;
  readonly svg: { readonly wide: string; readonly narrow: string };
  readonly table: readonly (readonly [string, string])[];
}

/** A run that took place. */
export interface Run {
  readonly id: string;
  readonly parameters: Values;
  readonly timeline: Timeline;
  readonly panel: Panel | null;
  readonly kubectl: Kubectl;
  readonly manifest: Manifest;
  readonly notModelled: readonly string[];
  /** Where the run was stopped because it took too long, and why. */
  readonly stopped: { readonly at: number; readonly why: string } | null;
  readonly error: null;
}

/** A manifest that the API server refused. */
export interface Refused {
  readonly id: string;
  readonly parameters: Values;
  readonly error: Refusal;
}

export type Result = Run | Refused;

export interface Control {
  readonly id: string;
  readonly bind: "manifest" | "scenario";
  readonly path: string;
  readonly as: "number" | "choice" | "text" | "bool" | "runs";
  readonly label: string;
  readonly min: number | null;
  readonly max: number | null;
  readonly step: number | null;
  readonly unit: string | null;
  readonly choices: readonly { readonly value: Value; readonly label: string }[] | null;
  readonly value: Value;
}

export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly set: Values;
  readonly at: number | null;
}

export interface Declaration {
  readonly id: string;
  readonly title: string;
  readonly manifest: string;
  readonly until: number;
  readonly controls: readonly Control[];
  readonly presets: readonly Preset[];
  readonly lanes: readonly string[] | null;
  readonly start: number;
  readonly notModelled: readonly string[];
}

/** The values an explorer starts with. */
/** The bounds and the step of a slider, also where none are declared. */
export function boundsOf({ min, max, step }: Pick<Control, "min" | "max" | "step">) {
  return { min: min ?? 0, max: max ?? 100, step: step ?? 1 };
}

export function initialValues(declaration: Declaration): Values {
  return Object.fromEntries(declaration.controls.map((control) => [control.id, control.value]));
}
