/**
 * What the playground asks of Python and what it gets. Every call is `{call, arguments}`, answered by
 * podsim.explorers.calls; the names of calls and arguments are those of `Calls` below.
 *
 * Times are seconds since t = 0. Lines and columns count from 1, columns in Unicode code points.
 */

import type { Kubectl, Timeline } from "../data.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What a reader has made; everything else follows from it. A share link holds one. */
export interface Session {
  readonly manifest: string;
  /** YAML text, or the same as an object; "" and {} are the healthy world. */
  readonly scenario: string | Readonly<Record<string, Json>>;
  /** In any order; they run in the order of `at`, equal ones in the order of the list. */
  readonly commands: readonly Command[];
  readonly until: number;
  /** The pod to watch, `name` or `namespace/name`; absent or gone from the manifest: the first one. */
  readonly pod?: string | null;
}

/**
 * One line typed at the prompt with the playhead at `at`. A new one is put into the list, and the session is played
 * again: up to `at` the history is the same, later commands are played again on what the new one has made of the
 * world. There is one terminal: a command that still waits (delete, get -w) at the instant of a later one is
 * interrupted, one of the same instant runs when it is done. The words kubectl and k may stand before or be left out.
 * Commands later than `until` stay in the session and are not run.
 */
export interface Command {
  readonly at: number;
  readonly line: string;
}

export type Path = readonly (string | number)[];

/** Writes `value` at `path` of the scenario; null takes it away, and what it leaves empty. One past the end appends. */
export interface Adjustment {
  readonly path: Path;
  readonly value: Json;
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Replaces `from` up to `to` (exclusive) by `text`. The edits of a fix do not overlap and are in order. */
export interface Edit {
  readonly from: Place;
  readonly to: Place;
  readonly text: string;
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** One thing that is wrong. `message` is kubectl's, `hints` are podsim's sentences about it. */
export interface Problem {
  readonly source: "manifest" | "scenario";
  readonly severity: "error" | "warning";
  readonly from: Place;
  readonly to: Place;
  readonly message: string;
  readonly hints: readonly string[];
  readonly fixes: readonly Fix[];
}

export interface PodEntry {
  /** `name` where that is unique, else `namespace/name`; goes into `session.pod`. */
  readonly pod: string;
  readonly created: number;
  readonly gone: number | null;
  /** `Deployment/web`: the topmost object that it belongs to. */
  readonly owner: string | null;
}

/** Every object that was made after the cluster's own, no events. */
export interface ObjectEntry {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly created: number;
  readonly gone: number | null;
  /** Line of the manifest it was written on; null: something made it. */
  readonly line: number | null;
}

export interface Watched {
  readonly pod: string;
  readonly timeline: Timeline;
  readonly kubectl: Kubectl;
  readonly manifest: {
    readonly written: string;
    readonly stored: string;
    /** One for each line of `stored`: who wrote it and why; null: a line that only holds others. `line`: of the manifest. */
    readonly origins: readonly (Origin | null)[];
  };
}

export interface Origin {
  readonly by: string;
  readonly why: string;
  readonly line: number | null;
}

/** What one command did. `at` is when it ran, `waited` how long it took. */
export interface TranscriptEntry {
  /** Position in `session.commands`. */
  readonly index: number;
  readonly at: number;
  readonly line: string;
  readonly stdout: string;
  readonly stderr: string;
  /** null: it still waits where the run ends. */
  readonly returncode: number | null;
  readonly waited: number;
  /** The next command came before this one was done. */
  readonly interrupted: boolean;
  /** About manifests the command read; `fixes` are edits of the session's manifest. */
  readonly hints: readonly { readonly message: string; readonly line: number | null; readonly fixes: readonly Fix[] }[];
}

/** The world that this manifest makes adjustable. Title and labels are in the language asked for. */
export interface Group {
  readonly kind: "image" | "container" | "node" | "world";
  /** `nginx:1.27`, `app`, `node1`. */
  readonly name: string;
  readonly title: string;
  /** `init`, `sidecar`, or "". */
  readonly note: string;
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly path: Path;
  readonly label: string;
  /** map: texts by name; list: `items`, each with entries of its own. */
  readonly as: "number" | "bool" | "choice" | "text" | "map" | "list";
  /** As it is now, the default where the scenario says nothing. */
  readonly value: Json;
  readonly default: Json;
  /** The scenario says it. */
  readonly set: boolean;
  /** False: has no effect as things are (the pull time of an image that is there). */
  readonly active: boolean;
  readonly min: number | null;
  readonly max: number | null;
  readonly step: number | null;
  readonly unit: string | null;
  readonly choices: readonly { readonly value: Json; readonly label: string }[] | null;
  /** Texts to offer for a free text; "" means none. */
  readonly suggestions: readonly string[];
  readonly items: readonly (readonly Entry[])[];
  /** What may be appended to a list, by title. */
  readonly templates: readonly { readonly title: string; readonly item: Json }[];
}

export interface Play {
  readonly problems: readonly Problem[];
  readonly pods: readonly PodEntry[];
  readonly objects: readonly ObjectEntry[];
  /** The pod watched; null: there is no pod (nothing was accepted, or what makes it did not). */
  readonly run: Watched | null;
  readonly transcript: readonly TranscriptEntry[];
  readonly panel: readonly Group[];
  /** The scenario after `adjust`, as an object and as YAML; null while it cannot be read (see `problems`). */
  readonly scenario: { readonly data: Readonly<Record<string, Json>>; readonly text: string } | null;
  /** How far the clock went: `until`, or where the run was stopped. */
  readonly end: number;
  readonly stopped: { readonly at: number; readonly why: string } | null;
  readonly notModelled: readonly string[];
}

export interface Completion {
  /** What the options replace: offsets in the line, in code points from 0. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly {
    readonly text: string;
    readonly kind: "command" | "resource" | "name" | "container" | "flag" | "value" | "file";
    readonly detail: string;
  }[];
}

export interface Suggestions {
  readonly from: Place;
  readonly to: Place;
  /** Where the cursor is: `["spec", "containers", 0]`. */
  readonly path: Path;
  readonly options: readonly {
    readonly label: string;
    readonly kind: "field" | "value";
    /** As kubectl explain writes it: `[]Container`, `integer`. */
    readonly type: string;
    readonly required: boolean;
    readonly doc: string;
    /** What to write, with the indentation of its further lines; the cursor goes to its end. */
    readonly insert: string;
  }[];
}

export interface Diagnosis {
  readonly problems: readonly Problem[];
  readonly pods: readonly PodDiagnosis[];
}

/** Of a pod, or of what makes pods (`ready`, `status` are "" then). */
export interface PodDiagnosis {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** As kubectl get would print it. */
  readonly ready: string;
  readonly status: string;
  readonly restarts: number;
  /** What the lines of the status say, in the order of the lines. `line`: of the text pasted. */
  readonly lines: readonly { readonly line: number; readonly path: string; readonly says: string }[];
  /** The likeliest first. */
  readonly hypotheses: readonly Hypothesis[];
}

export interface Hypothesis {
  readonly id: string;
  readonly title: string;
  readonly because: string;
  readonly sure: "certain" | "likely" | "possible";
  readonly container: string | null;
  readonly evidence: readonly { readonly line: number; readonly text: string }[];
  /** Commands, and what to look for in what they print. */
  readonly next: readonly { readonly command: string; readonly look: string }[];
  /** The example that resembles it. */
  readonly incident: string | null;
}

export interface Incident {
  readonly id: string;
  /** For headings of the menu: `restarts`, `start`, `images`, `probes`, `scheduling`, `ending`, `workloads`, `node`. */
  readonly group: string;
  readonly groupTitle: string;
  readonly title: string;
  readonly symptom: string;
  /** What kubectl get shows of the watched pod at `at`; "" if there is no pod. */
  readonly status: string;
  readonly look: string;
  /** Where the playhead begins. */
  readonly at: number;
  readonly session: Session;
}

export interface File {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** Call name -> its arguments by name, and its answer. */
export interface Calls {
  play: {
    arguments: { session: Session; language?: string; adjust?: readonly Adjustment[] };
    answer: Play;
  };
  complete: { arguments: { session: Session; at: number; line: string; cursor: number }; answer: Completion };
  suggest: { arguments: { manifest: string; line: number; column: number }; answer: Suggestions };
  diagnose: { arguments: { text: string; language?: string }; answer: Diagnosis };
  incidents: { arguments: { language?: string }; answer: readonly Incident[] };
  export_scenario: { arguments: { session: Session }; answer: File };
  export_notebook: { arguments: { session: Session; language?: string }; answer: File };
}
