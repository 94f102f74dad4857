/** The state of the playground and what a reader can do with it, without any DOM. */

import type { Run, WorldMark } from "../data.ts";
import type { Engine, EngineStatus } from "../engine.ts";
import type { State } from "../explorer.ts";
import { Latest } from "../latest.ts";
import { yamlAt } from "../moments.ts";
import { WAITS } from "../style.ts";
import { Viewing } from "../viewing.ts";
import type { Adjustment, Calls, Command, Fix, Json, Path, Play, Problem, Session, Watched } from "./data.ts";
import { applied } from "./edits.ts";
import { Past } from "./past.ts";
import type { Kept } from "./stored.ts";

/** One answer to wait for: a session, and changes of its scenario that Python is to write. */
interface Asked {
  readonly session: Session;
  readonly adjust: readonly Adjustment[];
  /** Counts the scenarios that the reader, not Python, has put in. */
  readonly edition: number;
}

/** A pod's run as the explorer's parts show it. */
export type Shown = Pick<Run, "timeline" | "kubectl" | "manifest"> & { readonly pod: string };

const TYPING = 150; // ms without a key until a text is run
const LONGEST = 200_000; // letters that are run as they are typed
const ROOM = 30; // s that are left after a command, at least
const MORE = 60; // s that a run is lengthened by

/** Commands that change nothing. */
const LOOKING =
  /^\s*(kubectl\s+)?(get|describe|logs|events|explain|wait|rollout (status|history)|top|version|api-resources|help)\b/;

const textOf = (scenario: Session["scenario"]) => (typeof scenario === "string" ? scenario : JSON.stringify(scenario));
const weight = ({ manifest, scenario }: Session) => manifest.length + textOf(scenario).length;
const samePath = (a: Path, b: Path) => a.join("\0") === b.join("\0");

export class Playground extends Viewing {
  readonly past: Past<Session>;
  /** What Python said last. */
  play: Play;
  /** The last answer that had a run, or nothing wrong: what figure, prompt and pods are shown from. */
  told: Play;
  run: Shown;
  /** What Python said when it could not run the session. */
  failure: string | null = null;
  status: EngineStatus | null = null;
  /** No line of the manifest is bound to a control. */
  readonly edited = null;
  /** Every time other texts than the editors' own are put in. */
  onReplace: () => void = () => {};
  #engine: Engine | null = null;
  #adjusting: readonly Adjustment[] = [];
  #answered: Session;
  #edition = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;
  readonly #latest: Latest<Asked, Play>;

  /** `own` is the session that the page brings along, `play` its answer, which has a run. */
  constructor(
    readonly own: Kept,
    play: Play,
    readonly language: string,
  ) {
    super();
    this.past = new Past(own.session, weight);
    this.#answered = own.session;
    this.play = play;
    this.told = play;
    this.run = shown(play.run!, play);
    this.t = Math.min(own.t, this.end);
    this.shortWaits = this.end > WAITS.shortFrom;
    this.#latest = new Latest(
      ({ session, adjust }) => this.ask("play", { session, language, adjust }),
      (answer, asked) => this.#accept(answer, asked),
      (error) => this.#fail(error),
    );
  }

  get session(): Session {
    return this.past.value;
  }

  get stored(): Kept {
    return { session: this.session, t: this.t };
  }

  get problems(): readonly Problem[] {
    return this.play.problems;
  }

  get state(): State {
    if (this.status?.state !== "live") return this.status?.state ?? "static";
    return this.failure !== null || this.problems.some(({ severity }) => severity === "error") ? "error" : "live";
  }

  get isWaiting(): boolean {
    return this.session !== this.#answered || this.#adjusting.length > 0;
  }

  /** Nothing is written, so that there is nothing to run. */
  get isEmpty(): boolean {
    return !/\S/.test(this.session.manifest);
  }

  /** The figure shows an earlier run: what is written now has none. */
  get isStale(): boolean {
    return this.play.run === null;
  }

  get isTooLong(): boolean {
    return this.session.manifest.length > LONGEST;
  }

  /** The scenario as text; Python writes it where a session holds an object. */
  get scenarioText(): string {
    const { scenario } = this.session;
    return typeof scenario === "string" ? scenario : (this.play.scenario?.text ?? "");
  }

  get lanes(): readonly string[] {
    return [...this.run.timeline.lanes.map(({ id }) => id), ...Object.keys(this.run.timeline.ticks)];
  }

  /** The pod at the playhead, as `kubectl get -o yaml` prints it. */
  get yaml(): string {
    const { lines } = this.run.kubectl.yaml;
    return yamlAt(this.run.kubectl.yaml, this.t)
      .map((n) => `${lines[n]}\n`)
      .join("");
  }

  attach(engine: Engine): () => void {
    this.#engine = engine;
    const follow = (status: EngineStatus) => {
      const back = this.status?.state === "offline" && status.state !== "offline";
      this.status = status;
      if (back) this.#submit();
      this.onChange(false);
    };
    follow(engine.status);
    if (this.isWaiting) this.#submit();
    return engine.subscribe(follow);
  }

  restart(): void {
    this.#engine?.restart();
  }

  /** Any other question; rejects while there is no Python. */
  ask<Name extends keyof Calls>(name: Name, values: Calls[Name]["arguments"]): Promise<Calls[Name]["answer"]> {
    if (!this.#engine) return Promise.reject(new Error("no Python"));
    return this.#engine.call(name, values);
  }

  write(part: "manifest" | "scenario", text: string): void {
    if (part === "scenario") this.#edition++;
    this.#change({ [part]: text }, part);
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#submit(), TYPING);
    this.onChange(false);
  }

  /** Writes a value of the world; Python puts it into the scenario's text. */
  adjust(path: Path, value: Json): void {
    this.past.change(this.session, `adjust ${path.join("\0")}`);
    this.#adjusting = [...this.#adjusting.filter((other) => !samePath(other.path, path)), { path, value }];
    this.#submit();
  }

  /** What is on its way into the scenario at `path`; undefined: nothing. */
  adjusting(path: Path): Json | undefined {
    return this.#adjusting.find((other) => samePath(other.path, path))?.value;
  }

  fix({ source }: Pick<Problem, "source">, { edits }: Fix): void {
    const before = source === "manifest" ? this.session.manifest : this.scenarioText;
    this.#replace({ [source]: applied(before, edits) });
  }

  /** Runs a line of kubectl at the playhead. */
  command(line: string): void {
    const at = Math.round(this.t * 1000) / 1000;
    const { commands, until } = this.session;
    const later = commands.findIndex((other) => other.at > at);
    const place = later < 0 ? commands.length : later;
    this.#change({
      commands: [...commands.slice(0, place), { at, line }, ...commands.slice(place)],
      until: Math.max(until, at + ROOM > until ? at + MORE : until),
    });
    this.#submit();
  }

  forget(command: Command): void {
    this.#change({ commands: this.session.commands.filter((other) => other !== command) });
    this.#submit();
  }

  watch(pod: string): void {
    this.past.amend({ ...this.session, pod });
    this.#submit();
  }

  lengthen(until: number): void {
    this.#change({ until }, "until");
    this.#submit();
  }

  load({ session, t }: Kept): void {
    this.zoom = "all";
    this.view = null;
    this.t = t;
    this.#replace(session);
  }

  undo(): void {
    this.past.undo();
    this.#replaced();
  }

  redo(): void {
    this.past.redo();
    this.#replaced();
  }

  #change(change: Partial<Session>, gesture: string | null = null): void {
    this.past.change({ ...this.session, ...change }, gesture);
  }

  #replace(change: Partial<Session>): void {
    this.#change(change);
    this.#replaced();
  }

  #replaced(): void {
    this.#adjusting = [];
    this.#edition++;
    this.onReplace();
    this.#submit();
  }

  #submit(): void {
    clearTimeout(this.#typing);
    const can = this.#engine !== null && this.status?.state !== "offline" && !this.isTooLong;
    if (can) this.#latest.submit({ session: this.session, adjust: this.#adjusting, edition: this.#edition });
    this.onChange(false);
  }

  #accept(play: Play, { session, adjust, edition }: Asked): void {
    this.failure = null;
    this.play = play;
    this.#adjusting = this.#adjusting.filter((adjustment) => !adjust.includes(adjustment));
    if (session === this.session) this.#answered = session;
    const written = adjust.length > 0 || typeof session.scenario !== "string";
    if (written && edition === this.#edition) this.#adopt(play);
    if (play.run || !play.problems.length) this.told = play;
    if (play.run) {
      const lengthened = this.end <= WAITS.shortFrom && play.run.timeline.horizon > WAITS.shortFrom;
      this.run = shown(play.run, play);
      if (lengthened) this.shortWaits = true;
      this.t = Math.min(this.t, this.end);
      if (this.zoom === "all") this.view = null;
    }
    this.onChange(true);
  }

  /** Takes the text that Python wrote for the scenario. */
  #adopt({ scenario }: Play): void {
    if (!scenario) return;
    const answered = this.session === this.#answered;
    this.past.amend({ ...this.session, scenario: scenario.text });
    if (answered) this.#answered = this.session;
    this.onReplace();
  }

  #fail(error: Error): void {
    if (this.status?.state !== "offline") this.failure = error.message;
    this.onChange(false);
  }
}

/** With the reader's own commands among what happens to the world, where it was stopped, and the origins of stored lines in the explorer's form. */
function shown({ pod, timeline, kubectl, manifest }: Watched, { transcript, stopped }: Play): Shown {
  const acts = transcript.filter(({ line }) => !LOOKING.test(line));
  const commands = acts.map(
    ({ index, at, line }): WorldMark => [at, `command-${index}`, line.replace(/^kubectl /, ""), null],
  );
  const end: WorldMark[] = stopped ? [[stopped.at, "stopped", "■", null]] : [];
  const world = [...timeline.world, ...commands, ...end].sort((a, b) => a[0] - b[0]);
  const { written, stored } = manifest;
  const added = manifest.origins.map((origin) => (origin && origin.by !== "manifest" ? origin : null));
  const known = new Map(added.flatMap((origin) => (origin ? [[`${origin.by}: ${origin.why}`, origin]] : [])));
  const places = new Map([...known.keys()].map((key, n) => [key, n]));
  const origins = [...known.values()].map(({ by, why }) => [letterOf(by), by, why] as const);
  const by = added.map((origin) => (origin ? places.get(`${origin.by}: ${origin.why}`)! : null));
  return {
    pod,
    timeline: { ...timeline, world },
    kubectl,
    manifest: { written, stored, origins, by, kept: {}, bound: {} },
  };
}

/** The letter that stands for who wrote a line. */
function letterOf(by: string): string {
  const letters = { "default of the API": "S", scheduler: "N", kubelet: "K", "API server": "R" };
  return by.startsWith("admission") ? "A" : (letters[by as keyof typeof letters] ?? "C");
}
