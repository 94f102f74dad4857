import assert from "node:assert/strict";
import { test } from "node:test";
import type { Engine, EngineStatus } from "../src/engine.ts";
import { amount, slid, UNTIL, unslid } from "../src/playground/amount.ts";
import type { Adjustment, Play, Session } from "../src/playground/data.ts";
import { applied, difference, pointsOf, unitsOf } from "../src/playground/edits.ts";
import { handles } from "../src/playground/handles.ts";
import { laneAt, linesOf } from "../src/playground/lanes.ts";
import { Past } from "../src/playground/past.ts";
import { Playground } from "../src/playground/playground.ts";
import { commonStart, Recall } from "../src/playground/recall.ts";
import { decode, encode, LinkError, read } from "../src/playground/stored.ts";

const SESSION: Session = {
  manifest: "kind: Pod\n",
  scenario: "",
  commands: [{ at: 12.5, line: "delete pod web" }],
  until: 90,
  pod: null,
};

/* Links */

test("a link gives back the session and the playhead", async () => {
  const link = await encode({ session: SESSION, t: 40.3 });
  assert.match(link, /^p=1\.[\w-]+$/);
  assert.deepEqual(await decode(`#${link}`), { session: SESSION, t: 40.3 });
});

test("an address without a session is no link", async () => {
  assert.equal(await decode("#e=crash-loop&t=3"), null);
});

const isLinkError = (kind: LinkError["kind"]) => (error: unknown) => error instanceof LinkError && error.kind === kind;

test("hostile and broken links raise, and say of what kind they are", async () => {
  const packed = async (value: unknown) => (await encode(value as never)).slice(2);
  await assert.rejects(decode("#p=2.abc"), isLinkError("version"));
  await assert.rejects(decode("#p=1.%3Cscript%3E"), isLinkError("damaged"));
  await assert.rejects(decode("#p=1.AAAA"), isLinkError("damaged"));
  await assert.rejects(decode(`#p=1.${"A".repeat(9_000)}`), isLinkError("long"));
  for (const wrong of [
    null,
    { session: null },
    { session: { ...SESSION, until: 1e12 } },
    { session: { ...SESSION, manifest: 3 } },
    { session: { ...SESSION, commands: [{ at: 1, line: "a\nb" }] } },
    { session: { ...SESSION, commands: "rm" } },
  ]) {
    await assert.rejects(decode(`#p=${await packed(wrong)}`), isLinkError("damaged"), JSON.stringify(wrong));
  }
});

test("a link that would unfold to a flood is refused", async () => {
  const flood = { session: { ...SESSION, manifest: "a".repeat(3_000_000) }, t: 0 };
  const link = await encode(flood);
  assert.ok(link.length < 8_000);
  await assert.rejects(decode(`#${link}`), isLinkError("damaged"));
});

test("a session too long to share says so", async () => {
  const noise = Array.from({ length: 20_000 }, (_, n) => ((n * 7919) % 9973).toString(36)).join("");
  await assert.rejects(encode({ session: { ...SESSION, manifest: noise }, t: 0 }), isLinkError("long"));
});

test("what this browser kept is checked as a link is", () => {
  assert.equal(read("nonsense"), null);
  assert.deepEqual(read(JSON.stringify({ session: SESSION, t: -3 })), { session: SESSION, t: 0 });
});

/* History */

test("keys typed without a pause are one step, and redo brings them back", () => {
  let now = 0;
  const past = new Past("a", undefined, () => now);
  for (const text of ["ab", "abc"]) past.change(text, "typing");
  now = 1000;
  past.change("abcd", "typing");
  past.undo();
  assert.equal(past.value, "abc");
  past.undo();
  assert.equal(past.value, "a");
  past.redo();
  assert.equal(past.value, "abc");
  past.change("new");
  assert.equal(past.canRedo, false);
});

test("large values are forgotten before they fill the memory", () => {
  const past = new Past("", (text) => text.length);
  for (let n = 0; n < 10; n++) past.change(String(n).repeat(1_000_000));
  let steps = 0;
  for (; past.canUndo; steps++) past.undo();
  assert.equal(steps, 4);
});

test("the prompt's lines come back with the arrow keys, the one being typed last", () => {
  const recall = new Recall();
  for (const line of ["get pods", "get pods", "delete pod web"]) recall.add(line);
  assert.equal(recall.go(-1, "des"), "delete pod web");
  assert.equal(recall.go(-1, ""), "get pods");
  assert.equal(recall.go(-1, ""), "get pods");
  assert.equal(recall.go(1, ""), "delete pod web");
  assert.equal(recall.go(1, ""), "des");
});

test("completion goes as far as all agree", () => {
  assert.equal(commonStart(["pods", "podtemplates"]), "pod");
  assert.equal(commonStart(["get", "delete"]), "");
});

/* Texts */

test("edits count lines and code points", () => {
  const edits = [
    { from: { line: 1, column: 3 }, to: { line: 1, column: 4 }, text: "X" },
    { from: { line: 2, column: 1 }, to: { line: 3, column: 1 }, text: "" },
  ];
  assert.equal(applied("😀aXb\nout\nlast", edits), "😀aXb\nlast");
  assert.equal(applied("😀ab\nout\nlast", edits), "😀aX\nlast");
  assert.equal(applied("a", [{ from: { line: 9, column: 1 }, to: { line: 9, column: 1 }, text: "!" }]), "a!");
  assert.equal(unitsOf("😀a", 1), 2);
  assert.equal(pointsOf("😀a", 2), 1);
});

test("a text is changed where it differs and nowhere else", () => {
  assert.deepEqual(difference("image: nginx", "image: nginx:1.27"), { from: 12, to: 12, insert: ":1.27" });
  assert.deepEqual(difference("aaa", "aa"), { from: 2, to: 3, insert: "" });
});

const MANIFEST = `spec:
  containers:
  - name: web
    image: web
    readinessProbe:
      failureThreshold: 3
      periodSeconds: 5
  - name: side
    image: side
`;

test("a lane lights the lines it is about, and a line its lane", () => {
  assert.deepEqual(linesOf(MANIFEST, "container/side"), [8]);
  assert.deepEqual(linesOf(MANIFEST, "probe/web/readiness"), [5, 6, 7]);
  assert.deepEqual(linesOf(MANIFEST, "condition/Ready", "3 in a row (failureThreshold: 3)"), [6]);
  assert.deepEqual(linesOf(MANIFEST, "container/gone"), []);
  const lanes = ["phase", "container/web", "container/side", "probe/web/readiness"];
  assert.equal(laneAt(MANIFEST, 7, lanes), "probe/web/readiness");
  assert.equal(laneAt(MANIFEST, 8, lanes), "container/side");
  assert.equal(laneAt(MANIFEST, 1, lanes), null);
});

/* The panel's numbers */

test("a slider of a long range leaves room to small values, and every move moves", () => {
  assert.equal(unslid(0, 90, UNTIL), 10);
  assert.equal(unslid(1, 90, UNTIL), 86_400);
  assert.ok(slid(90, UNTIL) > 0.1);
  const range = { min: 0, max: 600, step: 1 };
  assert.equal(unslid(0.001, 0, range), 1);
  assert.equal(unslid(slid(6, range) + 0.001, 6, range), 7);
  assert.equal(unslid(slid(6, range) - 0.001, 6, range), 5);
  assert.equal(unslid(0.5, 0, { min: 0, max: 60, step: 1 }), 30);
  assert.equal(amount({ min: 0, max: 10 }, "12"), 10);
  assert.equal(amount({ min: 0, max: 10 }, "two"), null);
});

/* The session */

const play = (change: Partial<Play> = {}): Play => ({
  problems: [],
  pods: [],
  objects: [],
  transcript: [],
  panel: [],
  scenario: null,
  end: 90,
  stopped: null,
  notModelled: [],
  run: {
    pod: "web",
    timeline: { horizon: 90, world: [], steps: [], lanes: [], ticks: {} },
    kubectl: {},
    manifest: { written: "", stored: "", origins: [] },
  } as never,
  ...change,
});

class FakeEngine implements Engine {
  status: EngineStatus = { state: "live" };
  readonly asked: { session: Session; adjust: readonly Adjustment[] }[] = [];
  answer: (asked: { session: Session; adjust: readonly Adjustment[] }) => Play = () => play();
  call<T>(_name: string, values: unknown): Promise<T> {
    this.asked.push(values as never);
    return Promise.resolve(this.answer(values as never) as T);
  }
  subscribe = () => () => {};
  evaluate = () => Promise.reject(new Error("not asked for"));
  restart(): void {}
}

function begun(first = play()) {
  const engine = new FakeEngine();
  const playground = new Playground({ session: { ...SESSION, commands: [] }, t: 40 }, first, "en");
  playground.attach(engine);
  return { engine, playground };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("a command runs at the playhead, in order of time, and lengthens a run that would end too soon", async () => {
  const { engine, playground } = begun();
  playground.command("get pods");
  playground.moveTo(20);
  playground.command("delete pod web");
  playground.moveTo(80);
  playground.command("get pods -w");
  await settled();
  assert.deepEqual(
    playground.session.commands.map(({ at }) => at),
    [20, 40, 80],
  );
  assert.equal(playground.session.until, 140);
  assert.deepEqual(engine.asked.at(-1)!.session, playground.session);
  playground.forget(playground.session.commands[0]!);
  assert.equal(playground.session.commands.length, 2);
  playground.undo();
  assert.equal(playground.session.commands.length, 3);
});

test("the world's inputs write the scenario through Python, as one step", async () => {
  const { engine, playground } = begun();
  engine.answer = ({ adjust }) => play({ scenario: { data: {}, text: `pull: ${adjust.at(-1)?.value}\n` } });
  for (const value of [5, 6, 7]) playground.adjust(["images", "web", "pull"], value);
  assert.equal(playground.adjusting(["images", "web", "pull"]), 7);
  await settled();
  assert.equal(playground.session.scenario, "pull: 7\n");
  assert.equal(playground.isWaiting, false);
  playground.undo();
  assert.equal(playground.session.scenario, "");
});

test("a reader's own scenario is not overwritten by an older answer", async () => {
  const { engine, playground } = begun();
  engine.answer = ({ adjust }) => play({ scenario: adjust.length ? { data: {}, text: "from Python" } : null });
  playground.adjust(["seed"], 3);
  playground.write("scenario", "mine");
  await settled();
  assert.equal(playground.session.scenario, "mine");
});

test("a manifest without a run keeps the last figure and is an error", async () => {
  const { engine, playground } = begun();
  const problem = {
    source: "manifest",
    severity: "error",
    from: { line: 1, column: 1 },
    to: { line: 1, column: 1 },
    message: "",
    hints: [],
    fixes: [],
  } as const;
  engine.answer = () => play({ run: null, problems: [problem] });
  playground.load({ session: { ...SESSION, manifest: "kind: Nope" }, t: 0 });
  await settled();
  assert.equal(playground.state, "error");
  assert.equal(playground.isStale, true);
  assert.equal(playground.run.pod, "web");
});

test("a manifest of a megabyte is edited but not run", () => {
  const { engine, playground } = begun();
  playground.load({ session: { ...SESSION, manifest: "a: b\n".repeat(210_000) }, t: 0 });
  assert.equal(playground.isTooLong, true);
  assert.equal(engine.asked.length, 0);
});

/* Flags of the world */

test("a flag moves the seconds that its path in the scenario says", async () => {
  const entry = {
    path: ["seed"],
    label: "",
    as: "number",
    value: 3,
    default: null,
    set: true,
    active: true,
    min: 0,
    max: 60,
  } as const;
  const more = { step: 0.1, unit: null, choices: null, suggestions: [], items: [], templates: [] };
  const length = { ...entry, ...more, path: ["containers", "web", "runs", 0, "for"], value: 5, unit: "s" };
  const open = { ...length, path: ["containers", "web", "runs", 1, "for"], value: null };
  const runs = {
    ...entry,
    ...more,
    path: ["containers", "web", "runs"],
    as: "list",
    items: [[length], [open]],
  } as const;
  const group = {
    kind: "container" as const,
    name: "web",
    title: "",
    note: "",
    entries: [{ ...entry, ...more }, runs],
  };
  const { playground } = begun(play({ panel: [group] }));
  const found = handles(playground);
  assert.deepEqual([...found.keys()], ["containers.web.runs[0].for"]);
  found.get("containers.web.runs[0].for")!.set(7);
  assert.equal(playground.adjusting(["containers", "web", "runs", 0, "for"]), 7);
});
