import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lane, Timeline } from "../src/data.ts";
import { layOut } from "../src/rows.ts";
import { GEOMETRY } from "../src/style.ts";

const lane = (id: string, group: string): Lane => ({ id, group, label: id, kind: "", segs: [[0, 9, "done", "✓", ""]] });
const CONDITIONS = ["PodScheduled", "PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready"];

/** A timeline of `inits` finished init containers and `regular` others, each of those with a probe. */
function timeline(inits: number, regular: number): Timeline {
  const names = (count: number, name: string) => Array.from({ length: count }, (_, n) => `container/${name}-${n}`);
  const [first, others] = [names(inits, "init"), names(regular, "app")];
  return {
    lanes: [
      lane("phase", "phase"),
      lane("status", "status"),
      ...CONDITIONS.map((name) => lane(`condition/${name}`, "conditions")),
      ...[...first, ...others].map((id) => lane(id, "containers")),
      lane("service", "service"),
      lane("ending", "ending"),
    ],
    folded: inits > 1 ? { lane: lane("container/*", "containers"), of: first } : null,
    ticks: Object.fromEntries(others.map((id) => [id, { label: "readiness", container: id, marks: [] }])),
    events: [[0, "Normal", "Scheduled", "", ""]],
    world: [[1, "x", "x", null]],
  } as unknown as Timeline;
}

const heightOf = (inits: number, regular: number) => layOut([{ timeline: timeline(inits, regular) }], String).height;

test("heights are those of the design, without the gap after the last lane", () => {
  assert.deepEqual([heightOf(0, 1), heightOf(0, 3), heightOf(0, 6)], [383 - 8, 507 - 8, 642 - 8]);
  assert.equal(heightOf(0, 6), GEOMETRY.limit);
});

for (const [inits, regular, rows] of [
  [0, 8, 8],
  [1, 6, 7],
  [3, 3, 6],
  [3, 6, 7],
  [7, 1, 8],
  [8, 8, 9],
] as const) {
  test(`${inits} init containers and ${regular} others take ${rows} rows`, () => {
    const { rows: all } = layOut([{ timeline: timeline(inits, regular) }], String);
    assert.equal(all.filter(({ group }) => group.id === "containers").length, rows);
  });
}

test("a phone's names above the bars and a second run do not make a figure too high", () => {
  const part = { timeline: timeline(3, 3) };
  const containers = (layout: ReturnType<typeof layOut>) =>
    layout.rows.filter(({ group }) => group.id === "containers");
  assert.equal(containers(layOut([part], String, { narrow: true })).length, 6);
  assert.equal(containers(layOut([part, part], String)).length, 12);
  assert.ok(layOut([part], String).height <= GEOMETRY.limit);
});
