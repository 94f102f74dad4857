import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Run, Timeline } from "../src/data.ts";
import { Answers } from "../src/predict/answers.ts";
import { covered, curtains } from "../src/predict/cover.ts";
import type { Played, Question } from "../src/predict/data.ts";
import { Prediction } from "../src/predict/prediction.ts";
import { layOut } from "../src/rows.ts";
import { makeScale } from "../src/scale.ts";

/** A probe fails at 20 s and Ready turns False; the pod is deleted at 50 s and gone at 55 s. */
const TIMELINE: Timeline = {
  kubernetes: "v1",
  pod: "web",
  horizon: 60,
  gone: 55,
  lanes: [
    {
      id: "status",
      group: "status",
      label: "STATUS",
      kind: "",
      segs: [
        [0, 50, "up", "Running", "Run"],
        [50, 55, "end", "Terminating", "Term…"],
      ],
    },
    {
      id: "condition/Ready",
      group: "conditions",
      label: "Ready",
      kind: "",
      segs: [
        [1, 20, "yes", "True", "T"],
        [20, 55, "no", "False", "F"],
      ],
    },
    { id: "ending/web", group: "ending", label: "Ending", kind: "", segs: [[50, 55, "end", "preStop", "preStop"]] },
  ],
  folded: null,
  ticks: {
    "probe/web/readiness": {
      label: "readiness",
      container: "web",
      marks: [
        [5, "ok", 0, ""],
        [20, "fail", 1, "503"],
      ],
    },
  },
  events: [
    [0, "Normal", "Scheduled", "", ""],
    [20, "Warning", "Unhealthy", "", ""],
  ],
  marks: [[55, "TERM", "ending/web"]],
  world: [
    [20, "a", "/healthz fails", null],
    [50, "b", "kubectl delete", null],
  ],
  steps: [{ t: 20, lane: "condition/Ready", from: "True", to: "False", why: [] }],
};
const QUESTION: Question = {
  id: "q",
  misconception: 2,
  question: "When does `Ready` turn False?",
  set: {},
  from: 10,
  view: [0, 60],
  lanes: null,
  hide: null,
  choices: null,
  marker: { label: "Ready turns False", tolerance: 1 },
};

const CHOICE: Question = {
  ...QUESTION,
  id: "c",
  marker: null,
  choices: [
    { id: "yes", text: "Yes" },
    { id: "no", text: "No" },
  ],
};

function played(prediction: Question): Played {
  const answer = {
    choice: prediction.choices && "no",
    t: prediction.marker && 20,
    at: 20,
    text: "",
    because: "",
    source: "",
  };
  return { prediction, explorer: "x", result: { timeline: TIMELINE } as Run, answer };
}

function storage(entries: Record<string, string> = {}): Storage {
  const own: Record<string, unknown> = { ...entries };
  const methods = {
    getItem: (key: string) => (own[key] as string) ?? null,
    setItem: (key: string, value: string) => Object.assign(own, { [key]: value }),
    removeItem: (key: string) => delete own[key],
  };
  for (const [name, method] of Object.entries(methods)) Object.defineProperty(own, name, { value: method });
  return own as unknown as Storage;
}

const answers = (kept = storage()) => new Answers(() => kept as Storage & Record<string, unknown>);
const blocked = () =>
  new Answers(() => {
    throw new Error("SecurityError");
  });

describe("the curtain", () => {
  const shown = covered(TIMELINE, QUESTION);

  it("leaves nothing of what follows in the figure's data, but for the world", () => {
    const times = [
      ...shown.lanes.flatMap(({ segs }) => segs.flatMap(([from, to]) => Math.max(from, to))),
      ...Object.values(shown.ticks).flatMap(({ marks }) => marks.map(([t]) => t)),
      ...shown.events.map(([t]) => t),
      ...shown.marks.map(([t]) => t),
    ];
    assert.ok(Math.max(...times) <= 10);
    assert.deepEqual([shown.steps, shown.gone], [[], null]);
    assert.deepEqual(shown.world, TIMELINE.world);
    assert.doesNotMatch(JSON.stringify({ ...shown, world: [] }), /Terminating|False|Unhealthy|503|TERM|preStop/);
  });

  it("leaves out lanes that begin behind it, so that their names tell nothing", () => {
    assert.deepEqual(
      shown.lanes.map(({ id }) => id),
      ["status", "condition/Ready"],
    );
  });

  it("covers what the question names, lanes or groups", () => {
    const some = covered(TIMELINE, { from: 10, hide: ["conditions", "probe/web/readiness"] });
    assert.equal(some.lanes.find(({ id }) => id === "status")!.segs.length, 2);
    assert.equal(some.lanes.find(({ id }) => id === "condition/Ready")!.segs.length, 1);
    assert.deepEqual(some.ticks["probe/web/readiness"]!.marks.length, 1);
    assert.equal(some.events.length, 2);
  });

  it("hangs in one piece over rows that stand together", () => {
    const layout = layOut([{ timeline: shown }], (group) => group);
    const [piece, ...more] = curtains(layout, makeScale([], [0, 60], 600, false), 100, QUESTION);
    const rows = layout.rows.filter(({ group }) => group.id !== "world");
    assert.equal(more.length, 0);
    assert.ok(piece!.top <= rows[0]!.y && piece!.top + piece!.height >= rows.at(-1)!.y + rows.at(-1)!.height);
    assert.equal(piece!.left, 200);
    const around = curtains(layout, makeScale([], [0, 60], 600, false), 100, { from: 10, hide: ["status", "events"] });
    assert.equal(around.length, 2);
  });
});

describe("a marker", () => {
  it("stands in the middle at first, moves behind the curtain only, and is right within its tolerance", () => {
    const prediction = new Prediction(played(QUESTION), answers());
    assert.deepEqual([prediction.given, prediction.range, prediction.locked], [35, [10, 60], false]);
    prediction.moveTo(20.94);
    assert.deepEqual([prediction.given, prediction.verdict], [20.9, null]);
    prediction.lock();
    assert.deepEqual(prediction.verdict, { right: true, off: 0.9 });
    assert.deepEqual([prediction.t, prediction.range, prediction.timeline], [20, [0, 60], TIMELINE]);
    prediction.moveTo(40);
    assert.equal(prediction.given, 20.9);
  });

  it("is too late or too early by seconds", () => {
    const late = new Prediction(played(QUESTION), answers());
    late.moveTo(31.7);
    late.lock();
    assert.deepEqual(late.verdict, { right: false, off: 11.7 });
    const early = new Prediction(played(QUESTION), answers());
    early.moveTo(12);
    early.lock();
    assert.deepEqual(early.verdict, { right: false, off: -8 });
  });
});

describe("a choice", () => {
  it("is wanted before it is locked", () => {
    const prediction = new Prediction(played(CHOICE), answers());
    prediction.lock();
    assert.deepEqual([prediction.locked, prediction.missing], [false, true]);
    prediction.choose("yes");
    prediction.lock();
    assert.deepEqual(
      [prediction.locked, prediction.missing, prediction.verdict],
      [true, false, { right: false, off: 0 }],
    );
    prediction.choose("no");
    assert.equal(prediction.given, "yes");
  });
});

describe("answers", () => {
  it("come back, and are gone after another try", () => {
    const kept = storage();
    const first = new Prediction(played(CHOICE), answers(kept));
    first.choose("no");
    first.lock();
    const again = new Prediction(played(CHOICE), answers(kept));
    assert.deepEqual([again.locked, again.given, again.verdict?.right], [true, "no", true]);
    again.again();
    assert.deepEqual([again.locked, again.given], [false, null]);
    assert.equal(new Prediction(played(CHOICE), answers(kept)).locked, false);
  });

  it("that are none any more are not taken", () => {
    const kept = storage({ "podsim:prediction:c": "maybe", "podsim:prediction:q": "99" });
    assert.equal(answers(kept).of(CHOICE), null);
    assert.equal(answers(kept).of(QUESTION), null);
    assert.equal(answers(storage({ "podsim:prediction:q": "17.5" })).of(QUESTION), 17.5);
  });

  it("last for the visit where the browser keeps nothing", () => {
    const own = blocked();
    own.keep("c", "yes");
    assert.equal(own.of(CHOICE), "yes");
    own.forget("c");
    assert.equal(own.of(CHOICE), null);
  });

  it("are all forgotten at once, and nothing else is", () => {
    const kept = storage({ theme: "dark" });
    const own = answers(kept);
    own.keep("c", "yes");
    own.keep("q", 20);
    own.forgetAll();
    assert.deepEqual([own.of(CHOICE), own.of(QUESTION), Object.keys(kept)], [null, null, ["theme"]]);
  });
});
