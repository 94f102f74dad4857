/** The state of an explorer as a fragment of the page's address: `#e=crash-loop&run-length=30&t=181.8`. */

import { type Control, type Declaration, initialValues, type Value, type Values } from "./data.ts";

export const ZOOMS = ["all", "start", "near"] as const;
export type Zoom = (typeof ZOOMS)[number];

export interface Shared {
  readonly values: Values;
  readonly t: number;
  readonly zoom: Zoom;
  readonly shortWaits: boolean | null;
}

const LONGEST_TEXT = 2000; // letters a text control takes from a link
const OWN = ["e", "t", "zoom", "waits"]; // keys of the link itself

/** A control's key; one that is called like a key of the link gets a mark. */
const keyOf = (id: string) => (OWN.includes(id) ? `.${id}` : id);

/** Only values that differ from the page's own are written. */
export function encode(declaration: Declaration, { values, t, zoom, shortWaits }: Shared): string {
  const link = new URLSearchParams({ e: declaration.id });
  for (const { id, value } of declaration.controls) {
    if (values[id] !== value && values[id] !== undefined) link.set(keyOf(id), String(values[id]));
  }
  link.set("t", String(Math.round(t * 1000) / 1000));
  if (zoom !== "all") link.set("zoom", zoom);
  if (shortWaits !== null) link.set("waits", shortWaits ? "short" : "true");
  return link.toString();
}

/** What a link says about this explorer; null if it is about another. A value that no control could have is left out. */
export function decode(declaration: Declaration, fragment: string): Shared | null {
  const link = new URLSearchParams(fragment.replace(/^#/, ""));
  if (link.get("e") !== declaration.id) return null;
  const given = declaration.controls.flatMap((control) => {
    const text = link.get(keyOf(control.id));
    const value = text === null ? undefined : read(control, text);
    return value === undefined ? [] : [[control.id, value] as const];
  });
  const zoom = link.get("zoom") as Zoom;
  const waits = link.get("waits");
  return {
    values: { ...initialValues(declaration), ...Object.fromEntries(given) },
    t: seconds(link.get("t")) ?? declaration.start,
    zoom: ZOOMS.includes(zoom) ? zoom : "all",
    shortWaits: waits === "short" ? true : waits === "true" ? false : null,
  };
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
  }
}

/** A number that the control can have, else undefined. */
export function readNumber({ min, max }: Control, text: string): number | undefined {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  const allowed = Number.isFinite(number) && number >= (min ?? -Infinity) && number <= (max ?? Infinity);
  return allowed ? number : undefined;
}

function seconds(text: string | null): number | undefined {
  const number = text?.trim() ? Number(text) : Number.NaN;
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}
