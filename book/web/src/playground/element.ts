/** `<pod-playground>`: a manifest, its world and a kubectl prompt around the explorer's figure. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { createRef, type Ref, ref } from "lit/directives/ref.js";
import type { Clause } from "../data.ts";
import { reading } from "../duration.ts";
import type { Environment } from "../figure-element.ts";
import { stepAt } from "../moments.ts";
import { copied, dataIn, languageOf, pictureIn, stepOf } from "../page.ts";
import { details, type Opened } from "../parts/details.ts";
import { focusWhy, readout, scrollBoxes } from "../parts/readout.ts";
import { transport } from "../parts/transport.ts";
import { Player } from "../player.ts";
import { Stage } from "../stage.ts";
import { onPrint, onThemeChange, reachOnly } from "../surroundings.ts";
import type { Incident, Place, Play } from "./data.ts";
import { Editor } from "./editor.ts";
import { Explaining } from "./explaining.ts";
import { laneAt, linesOf } from "./lanes.ts";
import { messagesIn, type Say } from "./messages.ts";
import { diagnosis } from "./parts/diagnosis.ts";
import { incidents } from "./parts/incidents.ts";
import { type Context, panel } from "./parts/panel.ts";
import { problems } from "./parts/problems.ts";
import { type Mode, pods, toolbar } from "./parts/toolbar.ts";
import { Playground } from "./playground.ts";
import { decode, encode, forget, type Kept, LinkError, save, saved } from "./stored.ts";
import { Terminal } from "./terminal.ts";

type Tab = "manifest" | "world";
type World = "form" | "yaml";
type Text = "manifest" | "scenario" | "pasted";

const PRESENT_ZOOM = 1.08;
const TOAST = 3500; // ms
const SAVING = 400; // ms without a change until the session is kept

let count = 0;

export class PodPlayground extends LitElement {
  /** For the element that a page holds; a notebook gives each its own. */
  static environment: Environment | null = null;

  environment: Environment | null = PodPlayground.environment;
  own: Kept | null = null;
  play: Play | null = null;
  /** Whether this browser keeps the session, and the address may hold one. */
  keeps = true;
  readonly #uid = `pod-playground-${++count}`;
  readonly #stageElement = createRef<HTMLDivElement>();
  readonly #boxes: Record<Text, Ref<HTMLDivElement>> = {
    manifest: createRef(),
    scenario: createRef(),
    pasted: createRef(),
  };
  readonly #dialog = createRef<HTMLDialogElement>();
  readonly #log = createRef<HTMLDivElement>();
  readonly #editors: Partial<Record<Text, Editor>> = {};
  #playground: Playground | null = null;
  #explaining: Explaining | null = null;
  #terminal: Terminal | null = null;
  #stage: Stage | null = null;
  #player: Player | null = null;
  #say: Say = messagesIn("en");
  #mode: Mode = "play";
  #tab: Tab = "manifest";
  #world: World = "form";
  #opened: Opened = { manifest: false, table: false };
  #incidents: Promise<readonly Incident[]> | null = null;
  #examples: readonly Incident[] | null = null;
  #presenting = false;
  #releasePage: (() => void) | null = null;
  #toast = "";
  #badLink = "";
  #linked: Kept["session"] | null = null; // what the page's address holds
  #picture: Element | null = null;
  #figureFailed = false;
  #left: AbortController | null = null; // ends what lasts while the element is in the page
  #saving: ReturnType<typeof setTimeout> | undefined;
  #scrolledFor: readonly unknown[] = [];
  #told: Play | null = null; // the answer that the editors show the problems of

  /** Without a shadow: the page's styles apply, and the page's own content stays. */
  protected override createRenderRoot(): HTMLElement {
    this.renderOptions.renderBefore = this.firstChild;
    return this;
  }

  override connectedCallback(): void {
    this.#playground ??= this.#hydrate();
    super.connectedCallback();
    this.#left = new AbortController();
    const { signal } = this.#left;
    onThemeChange(() => this.#stage?.repaint(), signal);
    onPrint((printing) => this.#print(printing), signal);
    this.addEventListener("keydown", (event) => this.#key(event), { signal });
    if (this.keeps) window.addEventListener("hashchange", () => void this.#followLink(), { signal });
    if (this.environment && this.#playground) {
      const detach = this.#playground.attach(this.environment.engine);
      signal.addEventListener("abort", detach);
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#player?.stop();
    this.#left?.abort();
    this.#present(false);
  }

  #hydrate(): Playground | null {
    const own = this.own ?? dataIn<Kept>(this, "session");
    const play = this.play ?? dataIn<Play>(this, "play");
    if (!own || !play?.run) return null;
    const language = languageOf(this);
    this.#say = messagesIn(language);
    this.#picture = pictureIn(this);
    const playground = new Playground(own, play, language.split("-")[0]!);
    const before = this.keeps ? saved() : null;
    if (before) playground.load(before);
    playground.onChange = (figure) => this.#changed(figure);
    playground.onReplace = () => this.#fillEditors();
    this.#explaining = new Explaining(playground, () => this.requestUpdate());
    this.#terminal = new Terminal(
      playground,
      this.#say,
      this.#uid,
      () => this.requestUpdate(),
      (t) => this.#stage?.move(t),
    );
    return playground;
  }

  protected override firstUpdated(): void {
    const element = this.#stageElement.value;
    const playground = this.#playground;
    if (!playground || !element) return;
    const stage = new Stage(element, this.#say);
    this.#stage = stage;
    this.#player = new Player(playground, stage);
    stage.onMove = (t) => playground.moveTo(t);
    stage.onPlay = () => this.#player?.toggle();
    stage.onDrawn = () => this.#drawn();
    if (this.#picture) element.prepend(this.#picture);
    for (const still of this.querySelectorAll('[data-part="picture"], [data-part="table"]')) still.remove();
    this.dataset.hydrated = "";
    this.dataset.state = playground.state;
    this.#show();
    if (this.keeps) void this.#followLink();
    this.environment?.plotly.then(
      (plotly) => {
        stage.plotly = plotly;
      },
      () => {
        this.#figureFailed = true;
        this.requestUpdate();
      },
    );
    performance.mark("podsim:static");
  }

  #drawn(): void {
    this.#picture?.remove();
    this.#picture = null;
    setTimeout(() => performance.mark("podsim:painted")); // after this frame is on the screen
  }

  #changed(figure: boolean): void {
    const playground = this.#playground!;
    if (figure) this.#show();
    this.dataset.state = playground.state;
    if (playground.state === "live") performance.mark("podsim:live");
    if (this.#linked && this.#linked !== playground.session && !playground.isWaiting) this.#leaveLink();
    if (this.keeps) {
      clearTimeout(this.#saving);
      this.#saving = setTimeout(() => save(playground.stored), SAVING);
    }
    this.requestUpdate();
  }

  /** Hands the present run to the stage. */
  #show(): void {
    const playground = this.#playground;
    if (!this.#stage || !playground) return;
    this.#stage.t = playground.t;
    this.#stage.lane = playground.lane;
    this.#stage.show({
      parts: [{ timeline: playground.run.timeline }],
      lanes: null,
      view: playground.view,
      shortWaits: playground.shortWaits,
      zoom: this.#presenting ? PRESENT_ZOOM : 1,
      handles: new Map(),
    });
  }

  protected override render() {
    const playground = this.#playground;
    if (!playground) return nothing;
    const context: Context = { playground, say: this.#say, uid: this.#uid };
    const shown = { mode: this.#mode, presenting: this.#presenting, figureFailed: this.#figureFailed };
    return html`<section class="explorer playground ${this.#presenting ? "present" : ""} ${this.#mode}" aria-labelledby="${this.#uid}-title">
      ${toolbar(context, shown, this.#actions)} ${this.#notices(context)}
      <div class="body">
        <div class="left">${this.#written(context)} ${this.#paste(context)}</div>
        <div class="right">${this.#figure(context)} ${this.#explanation()}</div>
      </div>
      ${this.#mode === "play" && !playground.isEmpty ? this.#readouts(context) : nothing}
      <dialog class="examples" aria-labelledby="${this.#uid}-examples" ${ref(this.#dialog)} @click=${closeOutside}>
        ${incidents(this.#examples, this.#say, this.#uid, (incident) => this.#take(incident))}
      </dialog>
      <div class="toast" role="status" ?hidden=${!this.#toast}>${this.#toast}</div>
    </section>`;
  }

  readonly #actions = {
    examples: () => void this.#showExamples(),
    share: () => void this.#share(),
    download: (what: "manifest" | "scenario" | "notebook") => void this.#download(what),
    copy: () => void this.#copy(this.#playground!.session.manifest, "copied"),
    again: () => this.#again(),
    present: () => this.#present(!this.#presenting),
    choose: (mode: Mode) => {
      this.#mode = mode;
      this.requestUpdate();
    },
  };

  #notices({ playground, say }: Context): TemplateResult {
    const { failure, isTooLong, status, play } = playground;
    const note = (text: string, extra: unknown = nothing) => html`<p class="notice" role="status">${text} ${extra}</p>`;
    const close = html`<button class="btn" type="button" @click=${() => this.#leaveLink()}>${say("close")}</button>`;
    return html`${this.#badLink ? note(this.#badLink, close) : nothing}
      ${failure !== null ? html`<div class="err" role="alert"><div class="title">✕ ${say("error.failed")}</div><p><code>${failure}</code></p></div>` : nothing}
      ${isTooLong ? note(say("tooLong")) : nothing}
      ${play.stopped && status?.state === "live" ? note(say("stopped", { time: reading(play.stopped.at), why: play.stopped.why })) : nothing}`;
  }

  /** Left: what the reader writes. */
  #written(context: Context): TemplateResult {
    const { playground, say, uid } = context;
    const wrong = (source: Text) => playground.problems.filter((problem) => problem.source === source);
    const mark = (source: Text) =>
      wrong(source).some(({ severity }) => severity === "error")
        ? html` <b class="bad" aria-label=${say("problems")}>✕</b>`
        : nothing;
    const tab = (name: Tab, source: Text) => html`<button
      type="button" role="tab" id="${uid}-tab-${name}" aria-controls="${uid}-${name}" aria-selected=${this.#tab === name} tabindex=${this.#tab === name ? 0 : -1}
      @click=${() => this.#choose(name)} @keydown=${(event: KeyboardEvent) => this.#tabKey(event)}
    >${say(`tab.${name}`)}${mark(source)}</button>`;
    const world = (name: World) => html`<label>
      <input type="radio" name="${uid}-world" .checked=${this.#world === name} @change=${() => this.#chooseWorld(name)} /><span>${say(`world.${name}`)}</span>
    </label>`;
    return html`<div class="written" ?hidden=${this.#mode !== "play"}>
      <div class="tablist" role="tablist" aria-label=${say("tabs")}>${tab("manifest", "manifest")}${tab("world", "scenario")}</div>
      <div class="pane" role="tabpanel" id="${uid}-manifest" aria-labelledby="${uid}-tab-manifest" ?hidden=${this.#tab !== "manifest"}>
        <div class="editor" data-editor="manifest" ${ref(this.#boxes.manifest)}></div>
        ${problems(wrong("manifest"), say, this.#ways("manifest"))}
        <p class="keys">${say("editor.keys")}</p>
      </div>
      <div class="pane world" role="tabpanel" id="${uid}-world" aria-labelledby="${uid}-tab-world" ?hidden=${this.#tab !== "world"}>
        <div class="about"><span>${say("world.about")}</span><div class="seg" role="radiogroup" aria-label=${say("world.as")}>${world("form")}${world("yaml")}</div></div>
        ${problems(wrong("scenario"), say, this.#ways("scenario"))}
        <div class="forms" ?hidden=${this.#world !== "form"}>${panel(context)}</div>
        <div class="editor" data-editor="scenario" ?hidden=${this.#world !== "yaml"} ${ref(this.#boxes.scenario)}></div>
      </div>
    </div>`;
  }

  #ways(source: "manifest" | "scenario") {
    return {
      go: (place: Place) => {
        if (source === "scenario") this.#chooseWorld("yaml");
        void this.updateComplete.then(() => this.#editors[source]?.go(place));
      },
      fix: this.#playground!.fix.bind(this.#playground),
    };
  }

  #paste({ say }: Context): TemplateResult {
    return html`<div class="paste" ?hidden=${this.#mode !== "explain"}>
      <p class="private">${say("explain.private")}</p>
      <div class="editor" data-editor="pasted" ${ref(this.#boxes.pasted)}></div>
      ${problems(this.#explaining!.found?.problems ?? [], say, { go: (place) => this.#editors.pasted?.go(place), fix: () => {} })}
      <p class="keys">${say("editor.keys")}</p>
    </div>`;
  }

  /** Right: the figure with its prompt. */
  #figure(context: Context): TemplateResult {
    const { playground, say } = context;
    const { pod, horizon } = playground.run.timeline;
    const { isEmpty, isStale } = playground;
    return html`<div class="played" ?hidden=${this.#mode !== "play"}>
      <div class="empty" ?hidden=${!isEmpty}>
        <div class="big">${say("empty.title")}</div>
        <p>${say("empty.text")}</p>
        <button class="btn main" type="button" @click=${this.#actions.examples}>${say("examples")}</button>
        <button class="btn" type="button" @click=${this.#actions.again}>${say("empty.start")}</button>
      </div>
      <div class="figure" ?hidden=${isEmpty}>
        ${pods(context)}
        <p class="stale" role="status" ?hidden=${!isStale}>${isStale ? say(playground.state === "error" ? "error.kept" : "noPod") : nothing}</p>
        <div class="stage" role="group" aria-label=${say("figure", { pod, horizon: reading(horizon) })} ${ref(this.#stageElement)}></div>
        ${transport(
          { explorer: playground, say, uid: this.#uid },
          () => this.#stage!,
          () => this.#player!,
        )}
      </div>
      <div ${ref(this.#log)}>${this.#terminal!.render()}</div>
    </div>`;
  }

  #explanation(): TemplateResult {
    const { found, waiting } = this.#explaining!;
    return html`<div class="explained" ?hidden=${this.#mode !== "explain"}>
      ${diagnosis(found, waiting, this.#say, {
        go: (line) => this.#editors.pasted?.go({ line, column: 1 }),
        light: (lines) => this.#editors.pasted?.light(lines),
        open: (incident) => void this.#openIncident(incident),
        sample: () => this.#sample(),
      })}
    </div>`;
  }

  #readouts({ playground, say }: Context): TemplateResult {
    const { notModelled } = playground.told;
    const { run, t } = playground;
    const looking = { say, uid: this.#uid };
    const tracing = {
      light: (lane: string | null) => this.#light(lane),
      follow: (clause: Clause) => this.#trace(() => playground.followBack(clause)),
      back: () => this.#trace(() => playground.returnFromCause()),
    };
    return html`${readout({ ...looking, explorer: playground }, tracing)}
      ${details(
        { ...looking, explorer: { run, t, edited: null } },
        this.#opened,
        (name, open) => this.#open(name, open),
        (t) => this.#stage?.move(t),
      )}
      ${notModelled.length ? html`<div class="foot"><b>${say("notModelled")}</b> <span>${notModelled.join(", ")}.</span></div>` : nothing}`;
  }

  protected override updated(): void {
    const playground = this.#playground;
    if (!playground) return;
    this.#makeEditors(playground);
    if (this.#told !== playground.play) {
      this.#told = playground.play;
      for (const source of ["manifest", "scenario"] as const) {
        this.#editors[source]?.show(playground.problems.filter((problem) => problem.source === source));
      }
    }
    this.#lightWritten();
    const { told, run, t } = playground;
    const step = run.timeline.steps.findLast((other) => other.t <= t);
    const key = [run, step, told.transcript.length];
    if (key.every((part, n) => part === this.#scrolledFor[n])) return;
    const printed = told.transcript.length > Number(this.#scrolledFor[2] ?? 0);
    this.#scrolledFor = key;
    scrollBoxes(this);
    const log = this.#log.value?.querySelector(".log");
    if (log && printed) log.scrollTop = log.scrollHeight;
  }

  /** Editors are made when they are seen first, since hidden ones have no size. */
  #makeEditors(playground: Playground): void {
    const say = this.#say;
    const shared = {
      undo: () => playground.undo(),
      redo: () => playground.redo(),
      fix: playground.fix.bind(playground),
    };
    const make = (name: Text, options: Omit<ConstructorParameters<typeof Editor>[1], "label">) => {
      const box = this.#boxes[name].value;
      if (this.#editors[name] || !box?.checkVisibility()) return;
      this.#editors[name] = new Editor(box, { label: say(`editor.${name}`), ...options });
      this.#told = null;
    };
    make("manifest", {
      ...shared,
      text: playground.session.manifest,
      onChange: (text) => playground.write("manifest", text),
      onLine: (line) => this.#stage?.light(laneAt(playground.session.manifest, line, playground.lanes)),
      suggest: (manifest, { line, column }) => playground.ask("suggest", { manifest, line, column }),
    });
    make("scenario", {
      ...shared,
      text: playground.scenarioText,
      onChange: (text) => playground.write("scenario", text),
    });
    make("pasted", { text: this.#explaining!.text, onChange: (text) => this.#explaining!.write(text) });
    this.#editors.pasted?.show(this.#explaining!.found?.problems ?? []);
  }

  #fillEditors(): void {
    this.#editors.manifest?.set(this.#playground!.session.manifest);
    this.#editors.scenario?.set(this.#playground!.scenarioText);
    this.requestUpdate();
  }

  /** Moves the playhead along a chain of causes; the keyboard stays in the why. */
  #trace(go: () => void): void {
    const playground = this.#playground!;
    go();
    this.#stage!.follow(playground);
    this.performUpdate();
    focusWhy(this, playground);
  }

  #light(lane: string | null): void {
    this.#stage?.light(lane);
    this.#lightWritten(lane);
  }

  /** Bands the lines of the manifest that the last transition, or the lane pointed at, is about. */
  #lightWritten(pointed: string | null = null): void {
    const { session, run, t, lane: followed } = this.#playground!;
    const step = stepAt(run.timeline.steps, t, followed);
    const lane = pointed ?? step?.why.findLast((clause) => clause.lane !== null)?.lane ?? step?.lane;
    const said = pointed ? "" : (step?.why.map(({ text }) => text).join(" ") ?? "");
    const lines = lane ? linesOf(session.manifest, lane, said) : [];
    this.#editors.manifest?.light(lines);
  }

  #choose(tab: Tab): void {
    this.#tab = tab;
    this.requestUpdate();
  }

  #chooseWorld(world: World): void {
    this.#tab = "world";
    this.#world = world;
    this.requestUpdate();
  }

  #tabKey(event: KeyboardEvent): void {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    this.#choose(this.#tab === "manifest" ? "world" : "manifest");
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`#${this.#uid}-tab-${this.#tab}`)?.focus());
  }

  #open(name: keyof Opened, open: boolean): void {
    if (this.#opened[name] === open) return;
    this.#opened = { ...this.#opened, [name]: open };
    this.requestUpdate();
  }

  async #showExamples(): Promise<void> {
    this.#dialog.value?.showModal();
    await this.#load();
  }

  #load(): Promise<readonly Incident[]> {
    const playground = this.#playground!;
    this.#incidents ??= playground.ask("incidents", { language: playground.language });
    this.#incidents.then(
      (all) => {
        this.#examples = all;
        this.requestUpdate();
      },
      () => {
        this.#incidents = null; // asked again next time
      },
    );
    return this.#incidents;
  }

  #take({ session, at, look }: Incident): void {
    this.#dialog.value?.close();
    this.#mode = "play";
    this.#tab = "manifest";
    this.#playground!.load({ session, t: at });
    this.#notify(look);
    this.querySelector<HTMLElement>(".knob")?.focus({ preventScroll: true });
  }

  async #openIncident(id: string): Promise<void> {
    const found = (await this.#load().catch(() => [])).find((incident) => incident.id === id);
    if (found) this.#take(found);
  }

  /** The pod at the playhead as `kubectl get -o yaml` prints it, to be explained. */
  #sample(): void {
    const text = this.#playground!.yaml;
    this.#editors.pasted?.set(text);
    this.#explaining!.write(text);
  }

  #again(): void {
    forget();
    this.#leaveLink();
    this.#playground!.load(this.#playground!.own);
  }

  async #share(): Promise<void> {
    const kept = this.#playground!.stored;
    try {
      const fragment = await encode(kept);
      this.#linked = kept.session;
      if (this.keeps) history.replaceState(null, "", `#${fragment}`);
      await this.#copy(location.href, "share.copied", "share.address");
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.#notify(this.#say(`link.${error.kind}`));
    }
  }

  async #copy(
    text: string,
    done: "copied" | "share.copied",
    failed: "share.address" | "copy.failed" = "copy.failed",
  ): Promise<void> {
    this.#notify(this.#say((await copied(text)) ? done : failed));
  }

  #notify(text: string): void {
    this.#toast = text;
    this.requestUpdate();
    setTimeout(() => {
      if (this.#toast === text) this.#toast = "";
      this.requestUpdate();
    }, TOAST);
  }

  async #download(what: "manifest" | "scenario" | "notebook"): Promise<void> {
    const { session, language } = this.#playground!;
    const manifest = async () => ({ name: "manifest.yaml", type: "application/yaml", text: session.manifest });
    const files = {
      manifest,
      scenario: () => this.#playground!.ask("export_scenario", { session }),
      notebook: () => this.#playground!.ask("export_notebook", { session, language }),
    };
    try {
      const { name, type, text } = await files[what]();
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    } catch (error) {
      this.#notify(error instanceof Error ? error.message : String(error));
    }
  }

  /** Takes what the page's address holds: a session, or the name of an example. The reader's own stays one undo away. */
  async #followLink(): Promise<void> {
    this.#badLink = "";
    const example = new URLSearchParams(location.hash.slice(1)).get("example");
    if (example) return this.#openIncident(example);
    try {
      const kept = await decode(location.hash);
      if (!kept) return;
      this.#playground!.load(kept);
      this.#linked = this.#playground!.session;
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.#badLink = this.#say(`link.${error.kind}`);
    }
    this.requestUpdate();
  }

  /** The address no longer says what the page shows. */
  #leaveLink(): void {
    this.#linked = null;
    this.#badLink = "";
    if (this.keeps && location.hash) history.replaceState(null, "", location.pathname + location.search);
    this.requestUpdate();
  }

  #present(presenting: boolean): void {
    if (presenting === this.#presenting) return;
    this.#presenting = presenting;
    if (presenting) this.#releasePage = reachOnly(this);
    else this.#releasePage?.();
    this.#show();
    this.requestUpdate();
  }

  #key(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    if (event.key === "Escape" && this.#presenting && !this.#dialog.value?.open) this.#present(false);
    const typing = (event.target as HTMLElement).matches(
      'input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, .cm-content',
    );
    const step = typing ? undefined : stepOf(event);
    if (!step) return;
    event.preventDefault();
    this.#playground![step]();
  }

  /** Paper is light, and has everything opened. */
  #print(printing: boolean): void {
    this.toggleAttribute("data-print", printing);
    this.#open("table", printing);
    this.performUpdate();
    this.#stage?.repaint();
    this.#stage?.draw();
  }
}

function closeOutside(event: MouseEvent): void {
  if (event.target === event.currentTarget) (event.currentTarget as HTMLDialogElement).close();
}
