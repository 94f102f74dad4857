/** Two runs beside each other: how they are called, which lanes tell them apart, and the difference as one sentence. */

import type { Control, Lane, Segment, Timeline, Value, Values } from "./data.ts";
import { reading } from "./duration.ts";
import type { Say } from "./messages.ts";
import { lastAt } from "./moments.ts";
import { runsText } from "./runs.ts";
import { same } from "./values.ts";

const OUTCOMES = ["service", "condition/Ready", "status", "phase"]; // what a user notices, first of all
const USUAL = ["world", "status", "containers", "service"]; // lanes of runs that do not differ
const SAME = 0.0005; // s
const MOST = 3; // stretches that a sentence names

/** The controls that differ, as `failureThreshold 1`; null where none does. */
export function nameOf(controls: readonly Control[], mine: Values, others: Values, say: Say): string | null {
  const different = controls.filter(({ id }) => !same(mine[id], others[id]));
  return (
    different.map((control) => `${control.label} ${valueText(control, mine[control.id]!, say)}`).join(", ") || null
  );
}

/** How A and B are called; runs of equal values are both what they are on this page. */
export function comparedNames(
  controls: readonly Control[],
  a: { readonly parameters: Values },
  b: { readonly parameters: Values },
  say: Say,
): [string, string] {
  const name = (mine: Values, others: Values) => nameOf(controls, mine, others, say) ?? say("compare.alike");
  return [name(a.parameters, b.parameters), name(b.parameters, a.parameters)];
}

function valueText({ choices, unit }: Control, value: Value, say: Say): string {
  if (Array.isArray(value)) return runsText(value);
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  const label = choices?.find((choice) => choice.value === value)?.label ?? String(value);
  return unit ? `${label} ${unit}` : label;
}

/** The lanes that differ, after the world and the probes that led to it; of conditions that say the same only the last. */
export function lanesToCompare(a: Timeline, b: Timeline): readonly string[] {
  const ids = [...new Set([...a.lanes, ...b.lanes].map(({ id }) => id))];
  const text = (timeline: Timeline, id: string) => JSON.stringify(laneOf(timeline, id)?.segs ?? []);
  const both = (id: string) => text(a, id) + text(b, id);
  const differing = ids.filter((id) => text(a, id) !== text(b, id));
  if (!differing.length) return USUAL;
  const plain = differing.filter((id) => id !== "condition/ContainersReady" || both(id) !== both("condition/Ready"));
  return ["world", ...plain, ...Object.keys({ ...a.ticks, ...b.ticks })];
}

/** What differs, as two half sentences; null if no lane does. */
export function difference(a: Timeline, b: Timeline, names: readonly [string, string], say: Say): string | null {
  const lanes = [...OUTCOMES, ...a.lanes.map(({ id }) => id)];
  const halves = (tell: (timeline: Timeline, what: string) => string) => {
    const [first, second] = [tell(a, names[0]), tell(b, names[1])];
    return `${first}; ${second}`;
  };
  for (const id of lanes) {
    const [mine, other] = [laneOf(a, id), laneOf(b, id)];
    const t = firstDifference(mine, other);
    if (t === null) continue;
    if (id !== "service" && id !== "condition/Ready") {
      return say("difference.at", { time: reading(t), what: halves((run, what) => stateText(run, id, t, what, say)) });
    }
    return halves((run, what) => readyText(laneOf(run, id)?.segs ?? [], id, what, say));
  }
  return null;
}

const laneOf = ({ lanes }: Timeline, id: string): Lane | undefined => lanes.find((lane) => lane.id === id);

/** The first instant from which two lanes show different things. */
function firstDifference(a: Lane | undefined, b: Lane | undefined): number | null {
  const [mine, others] = [a?.segs ?? [], b?.segs ?? []];
  const times = [...new Set([...mine, ...others].flatMap(([from, to]) => [from, to]))].sort((x, y) => x - y);
  const shown = (segs: readonly Segment[], t: number) => {
    const segment = lastAt(segs, t);
    return segment && t < segment[1] - SAME ? segment[3] : "";
  };
  return times.find((t) => shown(mine, t) !== shown(others, t)) ?? null;
}

function stateText(timeline: Timeline, id: string, t: number, what: string, say: Say): string {
  const lane = laneOf(timeline, id);
  const segment = lastAt(lane?.segs ?? [], t);
  const value = segment && t < segment[1] - SAME ? segment[3] : say("difference.gone");
  return say("difference.state", { what, lane: lane?.label ?? id, value });
}

/** When a lane of yes and no says no after its first yes. */
function readyText(segs: readonly Segment[], id: string, what: string, say: Say): string {
  const key = id === "service" ? "service" : "ready";
  const first = segs.findIndex(([, , tone]) => tone === "yes");
  if (first < 0) return say(`difference.${key}.never`, { what });
  const lost = segs.slice(first).filter(([, , tone]) => tone !== "yes");
  const since = reading(segs[first]![0]);
  if (!lost.length) return say(`difference.${key}.kept`, { what, since });
  const end = segs.at(-1)![1];
  const spans = lost
    .slice(0, MOST)
    .map(([from, to]) =>
      to < end
        ? say("difference.span", { from: reading(from), to: reading(to) })
        : say("difference.on", { from: reading(from) }),
    );
  const rest = lost.length > MOST ? " …" : "";
  return say(`difference.${key}.lost`, { what, since, spans: spans.join(", ") + rest });
}
