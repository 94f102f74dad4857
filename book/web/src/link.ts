/**
 * The state of an explorer as a fragment of the page's address: `#e=crash-loop&v=1&run-length=30&t=181.8`.
 *
 * A comparison has `vs=1`, and under `vs.ID` the values of A that differ from the page's own.
 */

import { type Control, type Declaration, initialValues, type Value, type Values } from "./data.ts";
import { readRuns, runsText } from "./runs.ts";
import { same } from "./values.ts";

export const ZOOMS = ["all", "start", "near"] as const;
export type Zoom = (typeof ZOOMS)[number];

export interface Shared {
  readonly values: Values;
  /** The values of the run to compare with. */
  readonly against: Values | null;
  readonly t: number;
  readonly zoom: Zoom;
  readonly shortWaits: boolean | null;
}

/** Why a link is not followed; `detail` is at most a name that the page itself has. */
export interface BadLink {
  readonly bad: "version" | "length" | "unknown" | "value";
  readonly detail: string;
}

const VERSION = "1";
const LONGEST = 8000; // letters of a link
const LONGEST_TEXT = 2000; // letters a text control takes from a link
const AGAINST = "vs";
const OWN = ["e", "v", "t", "zoom", "waits", AGAINST]; // keys of the link itself
const WAITS = new Map([
  ["short", true],
  ["true", false],
]);

/** A control's key; one that looks like a key of the link gets a mark. */
const keyOf = (id: string) => (OWN.includes(id) || id.startsWith(".") || id.startsWith(`${AGAINST}.`) ? `.${id}` : id);

/** Only values that differ from the page's own are written. */
export function encode(declaration: Declaration, { values, against, t, zoom, shortWaits }: Shared): string {
  const link = new URLSearchParams({ e: declaration.id, v: VERSION });
  const write = (all: Values, prefix: string) => {
    for (const { id, value } of declaration.controls) {
      if (all[id] !== undefined && !same(all[id], value)) link.set(prefix + keyOf(id), valueText(all[id]));
    }
  };
  write(values, "");
  if (against) {
    link.set(AGAINST, "1");
    write(against, `${AGAINST}.`);
  }
  link.set("t", String(Math.round(t * 1000) / 1000));
  if (zoom !== "all") link.set("zoom", zoom);
  if (shortWaits !== null) link.set("waits", shortWaits ? "short" : "true");
  return link.toString();
}

/** What a link says about this explorer; null if it is about another. A link with anything wrong in it says nothing. */
export function decode(declaration: Declaration, fragment: string): Shared | BadLink | null {
  const link = new Map(new URLSearchParams(fragment.replace(/^#/, "")));
  if (link.get("e") !== declaration.id) return null;
  if (fragment.length > LONGEST) return { bad: "length", detail: "" };
  if ((link.get("v") ?? VERSION) !== VERSION) return { bad: "version", detail: "" };
  const keys = declaration.controls.map(({ id }) => keyOf(id));
  const known = new Set([...OWN, ...keys, ...keys.map((key) => `${AGAINST}.${key}`)]);
  if ([...link.keys()].some((key) => !known.has(key))) return { bad: "unknown", detail: "" };
  const given = { values: readAll(declaration, link, ""), against: readAll(declaration, link, `${AGAINST}.`) };
  const state = {
    t: link.has("t") ? seconds(link.get("t")!) : declaration.start,
    zoom: ZOOMS.find((zoom) => zoom === (link.get("zoom") ?? "all")),
    waits: link.has("waits") ? WAITS.get(link.get("waits")!) : null,
    vs: [undefined, "1"].includes(link.get(AGAINST)) || undefined,
  };
  const wrong = [state, given.values, given.against].flatMap(Object.entries).find(([, value]) => value === undefined);
  if (wrong) return { bad: "value", detail: wrong[0] };
  const initial = initialValues(declaration);
  return {
    values: { ...initial, ...(given.values as Values) },
    against: link.has(AGAINST) ? { ...initial, ...(given.against as Values) } : null,
    t: state.t!,
    zoom: state.zoom!,
    shortWaits: state.waits!,
  };
}

/** What the link gives for each control that it names; undefined for a value that the control cannot have. */
function readAll(
  { controls }: Declaration,
  link: ReadonlyMap<string, string>,
  prefix: string,
): Record<string, Value | undefined> {
  const named = controls.filter(({ id }) => link.has(prefix + keyOf(id)));
  return Object.fromEntries(named.map((control) => [control.id, read(control, link.get(prefix + keyOf(control.id))!)]));
}

function valueText(value: Value): string {
  return Array.isArray(value) ? runsText(value) : String(value);
}

function read(control: Control, text: string): Value | undefined {
  switch (control.as) {
    case "number":
      return readNumber(control, text);
    case "choice":
      return control.choices?.find((choice) => String(choice.value) === text)?.value;
    case "bool":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "text":
      return text.length <= LONGEST_TEXT ? text : undefined;
    case "runs":
      return readRuns(text);
  }
}

/** A number that the control can have, else undefined. */
export function readNumber({ min, max }: Pick<Control, "min" | "max">, text: string): number | undefined {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  const allowed = Number.isFinite(number) && number >= (min ?? -Infinity) && number <= (max ?? Infinity);
  return allowed ? number : undefined;
}

const seconds = (text: string) => readNumber({ min: 0, max: null }, text);
