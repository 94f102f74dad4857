/** The flags of the world that a reader may drag: each stands for seconds in the scenario that the panel offers too. */

import type { Handle } from "../overlays.ts";
import type { Entry, Path } from "./data.ts";
import type { Playground } from "./playground.ts";

/** As Python writes the path of a flag: `containers.web.runs[0].for`. */
const written = (path: Path) =>
  path.map((step, n) => (typeof step === "number" ? `[${step}]` : n ? `.${step}` : step)).join("");

const within = (entry: Entry): readonly Entry[] => [entry, ...entry.items.flat().flatMap(within)];

export function handles(playground: Playground): ReadonlyMap<string, Handle> {
  if (playground.isStale || playground.status?.state === "offline") return new Map();
  const handle = ({ path, value, min, max, step }: Entry): [string, Handle] => [
    written(path),
    {
      value: Number(value),
      min: min ?? 0,
      max: Math.min(max ?? playground.end, playground.end),
      step: step ?? 1,
      set: (seconds) => playground.adjust(path, seconds),
      commit: () => {},
    },
  ];
  const entries = playground.play.panel.flatMap((group) => group.entries.flatMap(within));
  return new Map(entries.filter(({ unit, value }) => unit === "s" && typeof value === "number").map(handle));
}
