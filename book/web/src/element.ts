/** `<pod-explorer>`: reads its data from the page, keeps the static picture until the live figure is drawn. */

import { html, nothing } from "lit";
import { ref } from "lit/directives/ref.js";
import { comparedNames, lanesToCompare } from "./compare.ts";
import type { Control, Declaration, Run } from "./data.ts";
import { reading } from "./duration.ts";
import { Explorer } from "./explorer.ts";
import { type Environment, FigureElement } from "./figure-element.ts";
import type { Shared } from "./link.ts";
import { messagesIn, type Say } from "./messages.ts";
import type { Handle } from "./overlays.ts";
import { CLOSED, copied, dataIn, languageOf, painted, pictureIn, stepOf } from "./page.ts";
import { comparison } from "./parts/comparison.ts";
import { type Context, controls } from "./parts/controls.ts";
import type { Opened } from "./parts/details.ts";
import { head } from "./parts/head.ts";
import { keyboardMap } from "./parts/keys.ts";
import { panel } from "./parts/panel.ts";
import { problem } from "./parts/problem.ts";
import { scrollBoxes } from "./parts/readout.ts";
import { Toast } from "./parts/toast.ts";
import { transport } from "./parts/transport.ts";
import { Player } from "./player.ts";
import { changed } from "./runs.ts";
import type { View } from "./scale.ts";
import type { Scene, Stage } from "./stage.ts";
import { reachOnly } from "./surroundings.ts";

const TOAST = 2500; // ms

export class PodExplorer extends FigureElement<Explorer> {
  /** For elements that a page holds; a notebook gives each its own. */
  static environment: Environment | null = null;

  environment: Environment | null = PodExplorer.environment;
  declaration: Declaration | null = null;
  result: Run | null = null;
  protected say: Say = messagesIn("en");
  #player: Player | null = null;
  readonly #toast = new Toast(this, TOAST);
  #releasePage: (() => void) | null = null; // while the explorer fills the window
  #scrolledFor: unknown[] = [];

  /** The state as a fragment of an address; empty while there is none. */
  get link(): string {
    return this.model?.link ?? "";
  }

  protected hydrate(): Explorer | null {
    const declaration = this.declaration ?? dataIn<Declaration>(this, "declaration");
    const result = this.result ?? dataIn<Run>(this, "result");
    if (!declaration || !result) return null;
    const language = languageOf(this);
    this.say = messagesIn(language);
    const explorer = new Explorer(declaration, result, language.split("-")[0]!);
    explorer.onChange = (figure) => {
      if (figure) this.show();
      this.dataset.state = explorer.state;
      this.#holdPage(explorer.presenting);
      if (explorer.state === "live") performance.mark("podsim:live");
      this.requestUpdate();
    };
    return explorer;
  }

  protected arrive(explorer: Explorer, left: AbortSignal): void {
    window.addEventListener("hashchange", () => this.#followLink(), { signal: left });
    this.addEventListener("keydown", (event) => this.#key(event), { signal: left });
    if (this.environment) left.addEventListener("abort", explorer.attach(this.environment.engine));
    left.addEventListener("abort", () => {
      this.#player?.stop();
      this.#holdPage(false);
    });
  }

  protected begin(explorer: Explorer, stage: Stage): void {
    this.#player = new Player(explorer, stage);
    stage.onMove = (t, lane) => explorer.moveTo(t, lane);
    stage.onPlay = () => this.#player?.toggle();
    stage.onDrawn = painted;
    stage.still = pictureIn(this);
    for (const still of this.querySelectorAll('[data-part="picture"], [data-part="table"]')) still.remove();
    this.dataset.hydrated = "";
    this.dataset.state = explorer.state;
    this.show();
    this.#followLink();
    performance.mark("podsim:static");
  }

  /** Shows what somebody chose: a step of a walkthrough. */
  go(shared: Shared, lane: string | null): void {
    this.model?.go(shared, lane);
    this.show();
  }

  /** Fills the window, or stops; `CLOSED` tells when a reader stops it. */
  present(presenting: boolean): void {
    this.model?.setPresenting(presenting);
  }

  /** Bands a stretch of seconds, or none. */
  band(stretch: View | null): void {
    this.stage?.band(stretch);
  }

  protected override get presents(): boolean {
    return this.model?.presenting ?? false;
  }

  protected override show(): void {
    const explorer = this.model;
    if (!this.stage || !explorer) return;
    this.stage.t = explorer.t;
    this.stage.lane = explorer.lane;
    this.stage.show({
      ...this.#scene(explorer),
      view: explorer.view,
      shortWaits: explorer.shortWaits,
      zoom: this.zoom,
      handles: this.#handles(explorer),
    });
  }

  /** The run, or two of them, A above B with the lanes that tell them apart. */
  #scene({ run, kept, declaration }: Explorer): Pick<Scene, "parts" | "lanes"> {
    if (!kept) return { parts: [{ timeline: run.timeline }], lanes: declaration.lanes };
    const names = comparedNames(declaration.controls, kept, run, this.say);
    const parts = [kept, run].map(({ timeline }, n) => ({ timeline, title: `${"AB"[n]} ${names[n]}` }));
    return { parts, lanes: lanesToCompare(kept.timeline, run.timeline) };
  }

  /** Controls whose seconds a flag of the world may move: numbers, and the first of a list of runs. */
  #handles(explorer: Explorer): ReadonlyMap<string, Handle> {
    if (!explorer.canRun) return new Map();
    const seconds = ({ id }: Control) => {
      const value = explorer.values[id];
      return Array.isArray(value) ? value[0].for : value;
    };
    const set = (control: Control, value: number) => {
      const runs = explorer.values[control.id];
      explorer.draw(control, Array.isArray(runs) ? changed(runs, 0, { for: value }) : value);
    };
    const handle = (control: Control): [string, Handle] => [
      control.id,
      {
        value: Number(seconds(control)),
        min: control.min ?? 0,
        max: control.max ?? explorer.declaration.until,
        step: control.step ?? 1,
        set: (value) => set(control, value),
        commit: () => explorer.commit(),
      },
    ];
    return new Map(explorer.declaration.controls.filter((control) => typeof seconds(control) === "number").map(handle));
  }

  protected override render() {
    const explorer = this.model;
    if (!explorer) return nothing;
    const say = this.say;
    const context: Context = { explorer, say, uid: this.uid };
    const { declaration, run } = explorer;
    const { timeline } = run;
    const notModelled = run.notModelled;
    return html`<section
      class="explorer ${explorer.presenting ? "present" : ""} ${declaration.controls.length ? "" : "bare"}" aria-labelledby="${this.uid}-title"
      style=${this.presents ? `--zoom: ${this.zoom}` : nothing}
    >
      ${head(context, { share: () => void this.#share(), keys: () => this.#showKeys(), figureFailed: this.figureFailed })} ${problem(context)}
      ${run.stopped ? html`<p class="notice" role="status">${run.stopped.why}</p>` : nothing}
      <div class="body">
        ${controls(context)}
        <div class="figure" aria-busy=${explorer.isBusy}>
          ${run.panel ? panel(run.panel) : nothing}
          <div class="stage" role="group" aria-label=${say("figure", { pod: timeline.pod, horizon: reading(timeline.horizon) })} ${ref(this.stageElement)}></div>
          ${transport(
            context,
            () => this.stage!,
            () => this.#player!,
          )}
        </div>
      </div>
      ${this.readouts(explorer, comparison(context))}
      ${notModelled.length ? html`<div class="foot"><b>${say("notModelled")}</b> <span>${notModelled.join("; ")}.</span></div>` : nothing}
      ${keyboardMap(context)}
      ${this.#toast.render()}
    </section>`;
  }

  protected override updated(): void {
    const { run, t, presenting } = this.model ?? {};
    const key = [run, run?.timeline.steps.findLast((step) => step.t <= t!), presenting];
    if (key.every((part, n) => part === this.#scrolledFor[n])) return;
    this.#scrolledFor = key;
    requestAnimationFrame(() => scrollBoxes(this)); // behind the figure's drawing: the page is laid out once
  }

  /** A presented explorer covers the page, so keys must not reach what lies under it. */
  #holdPage(hold: boolean): void {
    if (hold) this.#releasePage ??= reachOnly(this);
    else if (this.#releasePage) {
      this.#releasePage();
      this.#releasePage = null;
      this.dispatchEvent(new Event(CLOSED));
    }
  }

  async #share(): Promise<void> {
    history.replaceState(null, "", `#${this.model!.link}`);
    this.#toast.say(this.say((await copied(location.href)) ? "share.copied" : "share.address"));
  }

  /** Takes a link's values, and brings the explorer it is about into view. */
  #followLink(): void {
    if (this.model?.follow(location.hash)) {
      this.show();
      this.scrollIntoView({ block: "start" });
    }
  }

  #key(event: KeyboardEvent): void {
    const explorer = this.model!;
    if (event.key === "Escape" && explorer.presenting && !this.querySelector("dialog[open]"))
      explorer.setPresenting(false);
    const typing = (event.target as HTMLElement).matches('input[type="text"], input[type="number"]');
    if (event.key === "?" && !typing) this.#showKeys();
    const step = stepOf(event);
    if (step && !typing) {
      event.preventDefault();
      explorer[step]();
    }
  }

  #showKeys(): void {
    const dialog = this.querySelector<HTMLDialogElement>("dialog.keys")!;
    if (!dialog.open) dialog.showModal();
  }

  protected override open(name: keyof Opened, open: boolean): void {
    super.open(name, open);
    if (name === "manifest" && this.model) this.model.showsStored = open;
  }

  /** Paper is light, and has everything opened. */
  protected override print(printing: boolean): void {
    this.open("table", printing);
    super.print(printing);
  }
}
