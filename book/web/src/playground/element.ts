/** `<pod-playground>`: a manifest, its world and a kubectl prompt around the explorer's figure. */

import { html, nothing, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { reading } from "../duration.ts";
import { type Environment, FigureElement } from "../figure-element.ts";
import { copied, dataIn, languageOf, painted, pictureIn, stepOf } from "../page.ts";
import { scrollBoxes } from "../parts/readout.ts";
import { Toast } from "../parts/toast.ts";
import { transport } from "../parts/transport.ts";
import { Player } from "../player.ts";
import type { Stage } from "../stage.ts";
import { reachOnly } from "../surroundings.ts";
import type { Incident, Play } from "./data.ts";
import { Examples } from "./examples.ts";
import { type Download, download } from "./files.ts";
import { handles } from "./handles.ts";
import { Keeping } from "./keeping.ts";
import { messagesIn, type Say } from "./messages.ts";
import { notices } from "./parts/notices.ts";
import type { Context } from "./parts/panel.ts";
import { type Mode, pods, toolbar } from "./parts/toolbar.ts";
import { Pasted } from "./pasted.ts";
import { Playground } from "./playground.ts";
import { type Kept, LinkError } from "./stored.ts";
import { Terminal } from "./terminal.ts";
import { Written } from "./written.ts";

const TOAST = 3500; // ms
const TEXTS = 'input:not([type="range"], [type="checkbox"], [type="radio"]), textarea, .cm-content';

/** What stands around the figure, made together with the model. */
interface Around {
  readonly context: Context;
  readonly keeping: Keeping;
  readonly written: Written;
  readonly pasted: Pasted;
  readonly terminal: Terminal;
  readonly examples: Examples;
}

export class PodPlayground extends FigureElement<Playground> {
  /** For the element that a page holds; a notebook gives each its own. */
  static environment: Environment | null = null;

  environment: Environment | null = PodPlayground.environment;
  own: Kept | null = null;
  play: Play | null = null;
  /** Whether this browser keeps the session, and the address may hold one. */
  keeps = true;
  protected say: Say = messagesIn("en");
  readonly #toast = new Toast(this, TOAST);
  #around!: Around;
  #player: Player | null = null;
  #mode: Mode = "play";
  #presenting = false;
  #releasePage: (() => void) | null = null;
  #scrolledFor: readonly unknown[] = [];

  protected hydrate(): Playground | null {
    const own = this.own ?? dataIn<Kept>(this, "session");
    const play = this.play ?? dataIn<Play>(this, "play");
    if (!own || !play?.run) return null;
    const language = languageOf(this);
    this.say = messagesIn(language);
    const playground = new Playground(own, play, language.split("-")[0]!);
    this.#around = this.#surround({ playground, say: this.say, uid: this.uid });
    this.#around.keeping.recall();
    playground.onChange = (figure) => this.#changed(playground, figure);
    playground.onReplace = () => this.#around.written.fill();
    return playground;
  }

  #surround(context: Context): Around {
    const update = () => this.requestUpdate();
    return {
      context,
      keeping: new Keeping(context.playground, this.keeps, update),
      written: new Written(this, context, (lane) => this.stage?.light(lane)),
      pasted: new Pasted(context, (incident) => void this.#around.examples.open(incident), update),
      terminal: new Terminal(context, update, (t) => this.stage?.move(t)),
      examples: new Examples(context, (incident) => this.#take(incident), update),
    };
  }

  protected arrive(playground: Playground, left: AbortSignal): void {
    this.addEventListener("keydown", (event) => this.#key(event), { signal: left });
    if (this.keeps) window.addEventListener("hashchange", () => void this.#followLink(), { signal: left });
    if (this.environment) left.addEventListener("abort", playground.attach(this.environment.engine));
    left.addEventListener("abort", () => {
      this.#player?.stop();
      this.#present(false);
    });
  }

  protected begin(playground: Playground, stage: Stage): void {
    this.#player = new Player(playground, stage);
    stage.onMove = (t) => playground.moveTo(t);
    stage.onPlay = () => this.#player?.toggle();
    stage.onDrawn = painted;
    stage.still = pictureIn(this);
    for (const still of this.querySelectorAll('[data-part="picture"], [data-part="table"]')) still.remove();
    this.dataset.hydrated = "";
    this.dataset.state = playground.state;
    this.show();
    if (this.keeps) void this.#followLink();
    performance.mark("podsim:static");
  }

  #changed(playground: Playground, figure: boolean): void {
    if (figure) this.show();
    this.dataset.state = playground.state;
    if (playground.state === "live") performance.mark("podsim:live");
    this.#around.keeping.changed();
    this.requestUpdate();
  }

  protected override get presents(): boolean {
    return this.#presenting;
  }

  protected override show(): void {
    const playground = this.model;
    if (!this.stage || !playground) return;
    this.stage.t = playground.t;
    this.stage.lane = playground.lane;
    this.stage.show({
      parts: [{ timeline: playground.run.timeline }],
      lanes: null,
      view: playground.view,
      shortWaits: playground.shortWaits,
      zoom: this.zoom,
      handles: handles(playground),
    });
  }

  protected override render() {
    const playground = this.model;
    if (!playground) return nothing;
    const { context, keeping, written, pasted, examples } = this.#around;
    const shown = {
      mode: this.#mode,
      presenting: this.#presenting,
      figureFailed: this.figureFailed,
      shares: this.keeps,
    };
    const [plays, explains] = [this.#mode === "play", this.#mode === "explain"];
    return html`<section class="explorer playground ${this.#presenting ? "present" : ""} ${this.#mode}" aria-labelledby="${this.uid}-title" style=${this.presents ? `--zoom: ${this.zoom}` : nothing}>
      ${toolbar(context, shown, this.#actions)} ${notices(context, keeping)}
      <div class="body">
        <div class="left">
          <div class="written" ?hidden=${!plays}>${written.render()}</div>
          <div class="paste" ?hidden=${!explains}>${pasted.render()}</div>
        </div>
        <div class="right">
          <div class="played" ?hidden=${!plays}>${this.#played(playground)}</div>
          <div class="explained" ?hidden=${!explains}>${pasted.explanation()}</div>
        </div>
      </div>
      ${plays && !playground.isEmpty ? this.#told(playground) : nothing}
      ${examples.render()} ${this.#toast.render()}
    </section>`;
  }

  readonly #actions = {
    examples: () => this.#around.examples.show(),
    share: () => void this.#share(),
    download: (what: Download) => void this.#download(what),
    copy: () => void this.#copy(this.model!.session.manifest, "copied", "copy.failed"),
    again: () => this.#around.keeping.again(),
    present: () => this.#present(!this.#presenting),
    choose: (mode: Mode) => {
      this.#mode = mode;
      this.requestUpdate();
    },
  };

  /** The figure with its prompt. */
  #played(playground: Playground): TemplateResult {
    const { context, terminal } = this.#around;
    const { say, uid } = context;
    const { pod, horizon } = playground.run.timeline;
    const { isEmpty, isStale } = playground;
    return html`<div class="empty" ?hidden=${!isEmpty}>
        <div class="big">${say("empty.title")}</div>
        <p>${say("empty.text")}</p>
        <button class="btn main" type="button" @click=${this.#actions.examples}>${say("examples")}</button>
        <button class="btn" type="button" @click=${this.#actions.again}>${say("empty.start")}</button>
      </div>
      <div class="figure" ?hidden=${isEmpty}>
        ${pods(context)}
        <p class="stale" role="status" ?hidden=${!isStale}>${isStale ? say(playground.state === "error" ? "error.kept" : "noPod") : nothing}</p>
        <div class="stage" role="group" aria-label=${say("figure", { pod, horizon: reading(horizon) })} ${ref(this.stageElement)}></div>
        ${transport(
          { explorer: playground, say, uid },
          () => this.stage!,
          () => this.#player!,
        )}
      </div>
      <div>${terminal.render()}</div>`;
  }

  #told(playground: Playground): TemplateResult {
    const { notModelled } = playground.told;
    return html`${this.readouts(playground)}
      ${notModelled.length ? html`<div class="foot"><b>${this.say("notModelled")}</b> <span>${notModelled.join("; ")}.</span></div>` : nothing}`;
  }

  protected override updated(): void {
    const playground = this.model;
    if (!playground) return;
    const { written, pasted, terminal } = this.#around;
    written.updated();
    pasted.updated();
    terminal.updated();
    const { told, run, t } = playground;
    const step = run.timeline.steps.findLast((other) => other.t <= t);
    const key = [run, step, told.transcript.length];
    if (key.every((part, n) => part === this.#scrolledFor[n])) return;
    this.#scrolledFor = key;
    requestAnimationFrame(() => scrollBoxes(this)); // behind the figure's drawing: the page is laid out once
  }

  protected override light(lane: string | null): void {
    super.light(lane);
    this.#around.written.light(lane);
  }

  #take({ session, at, look }: Incident): void {
    this.#mode = "play";
    this.#around.written.choose("manifest");
    this.model!.load({ session, t: at });
    this.#toast.say(look);
    this.querySelector<HTMLElement>(".knob")?.focus({ preventScroll: true });
  }

  async #followLink(): Promise<void> {
    const example = await this.#around.keeping.follow();
    if (example) await this.#around.examples.open(example);
  }

  async #share(): Promise<void> {
    try {
      await this.#around.keeping.share();
      await this.#copy(location.href, "share.copied", "share.address");
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.#toast.say(this.say(`link.${error.kind}`));
    }
  }

  async #copy(text: string, done: "copied" | "share.copied", failed: "copy.failed" | "share.address"): Promise<void> {
    this.#toast.say(this.say((await copied(text)) ? done : failed));
  }

  async #download(what: Download): Promise<void> {
    try {
      await download(what, this.model!);
    } catch (error) {
      this.#toast.say(error instanceof Error ? error.message : String(error));
    }
  }

  #present(presenting: boolean): void {
    if (presenting === this.#presenting) return;
    this.#presenting = presenting;
    if (presenting) this.#releasePage = reachOnly(this);
    else this.#releasePage?.();
    this.show();
    this.requestUpdate();
  }

  #key(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    if (event.key === "Escape" && this.#presenting && !this.querySelector("dialog[open]")) this.#present(false);
    const step = (event.target as HTMLElement).matches(TEXTS) ? undefined : stepOf(event);
    if (!step) return;
    event.preventDefault();
    this.model![step]();
  }

  /** Paper is light, and has everything opened. */
  protected override print(printing: boolean): void {
    this.open("table", printing);
    super.print(printing);
  }
}
