/** `<pod-explorer>`: reads its data from the page, keeps the static picture until the live figure is drawn. */

import { html, LitElement, nothing } from "lit";
import { createRef, ref } from "lit/directives/ref.js";
import { comparedNames, lanesToCompare } from "./compare.ts";
import type { Control, Declaration, Run } from "./data.ts";
import { reading } from "./duration.ts";
import type { Engine } from "./engine.ts";
import { Explorer } from "./explorer.ts";
import type { Shared } from "./link.ts";
import { messagesIn, type Say } from "./messages.ts";
import type { Handle } from "./overlays.ts";
import { CLOSED, copied, dataIn, languageOf, pictureIn, stepOf } from "./page.ts";
import { comparison } from "./parts/comparison.ts";
import { type Context, controls } from "./parts/controls.ts";
import { details, type Opened } from "./parts/details.ts";
import { head } from "./parts/head.ts";
import { keyboardMap } from "./parts/keys.ts";
import { panel } from "./parts/panel.ts";
import { problem } from "./parts/problem.ts";
import { focusWhy, readout, scrollBoxes } from "./parts/readout.ts";
import { transport } from "./parts/transport.ts";
import { Player } from "./player.ts";
import type { Plotly } from "./plotly.ts";
import { changed } from "./runs.ts";
import type { View } from "./scale.ts";
import { type Scene, Stage } from "./stage.ts";
import { onPrint, onThemeChange, reachOnly } from "./surroundings.ts";

/** What an explorer needs from outside. */
export interface Environment {
  readonly engine: Engine;
  readonly plotly: Promise<Plotly>;
}

const PRESENT_ZOOM = 1.08;
const TOAST = 2500; // ms

let count = 0;

export class PodExplorer extends LitElement {
  /** For elements that a page holds; a notebook gives each its own. */
  static environment: Environment | null = null;

  environment: Environment | null = PodExplorer.environment;
  declaration: Declaration | null = null;
  result: Run | null = null;
  readonly #uid = `pod-explorer-${++count}`;
  readonly #stageElement = createRef<HTMLDivElement>();
  #explorer: Explorer | null = null;
  #stage: Stage | null = null;
  #player: Player | null = null;
  #say: Say = messagesIn("en");
  #opened: Opened = { manifest: false, table: false };
  #toast = "";
  #picture: Element | null = null;
  #figureFailed = false;
  #releasePage: (() => void) | null = null; // while the explorer fills the window
  #left: AbortController | null = null; // ends what lasts while the element is in the page
  #scrolledFor: unknown[] = [];

  /** Without a shadow: the page's styles apply, and the page's own content stays. */
  protected override createRenderRoot(): HTMLElement {
    this.renderOptions.renderBefore = this.firstChild;
    return this;
  }

  override connectedCallback(): void {
    this.#explorer ??= this.#hydrate();
    super.connectedCallback();
    this.#left = new AbortController();
    const { signal } = this.#left;
    onThemeChange(() => this.#stage?.repaint(), signal);
    onPrint((printing) => this.#print(printing), signal);
    window.addEventListener("hashchange", () => this.#followLink(), { signal });
    this.addEventListener("keydown", (event) => this.#key(event), { signal });
    if (this.environment && this.#explorer) {
      const detach = this.#explorer.attach(this.environment.engine);
      signal.addEventListener("abort", detach);
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#player?.stop();
    this.#left?.abort();
    this.#holdPage(false);
  }

  /** The state as a fragment of an address; empty while there is none. */
  get link(): string {
    return this.#explorer?.link ?? "";
  }

  #hydrate(): Explorer | null {
    const declaration = this.declaration ?? dataIn<Declaration>(this, "declaration");
    const result = this.result ?? dataIn<Run>(this, "result");
    if (!declaration || !result) return null;
    const language = languageOf(this);
    this.#say = messagesIn(language);
    this.#picture = pictureIn(this);
    const explorer = new Explorer(declaration, result, language.split("-")[0]!);
    explorer.onChange = (figure) => {
      if (figure) this.#show();
      this.dataset.state = explorer.state;
      this.#holdPage(explorer.presenting);
      if (explorer.state === "live") performance.mark("podsim:live");
      this.requestUpdate();
    };
    return explorer;
  }

  protected override firstUpdated(): void {
    const explorer = this.#explorer;
    const element = this.#stageElement.value;
    if (!explorer || !element) return;
    const stage = new Stage(element, this.#say);
    this.#stage = stage;
    this.#player = new Player(explorer, stage);
    stage.onMove = (t, lane) => explorer.moveTo(t, lane);
    stage.onPlay = () => this.#player?.toggle();
    stage.onDrawn = () => this.#drawn();
    if (this.#picture) element.prepend(this.#picture);
    for (const still of this.querySelectorAll('[data-part="picture"], [data-part="table"]')) still.remove();
    this.dataset.hydrated = "";
    this.dataset.state = explorer.state;
    this.#show();
    this.#followLink();
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

  /** Shows what somebody chose: a step of a walkthrough. */
  go(shared: Shared, lane: string | null): void {
    this.#explorer?.go(shared, lane);
    this.#show();
  }

  /** Fills the window, or stops; `CLOSED` tells when a reader stops it. */
  present(presenting: boolean): void {
    this.#explorer?.setPresenting(presenting);
  }

  /** Bands a stretch of seconds, or none. */
  band(stretch: View | null): void {
    this.#stage?.band(stretch);
  }

  /** Hands the present run to the stage. */
  #show(): void {
    const explorer = this.#explorer;
    if (!this.#stage || !explorer) return;
    this.#stage.t = explorer.t;
    this.#stage.lane = explorer.lane;
    this.#stage.show({
      ...this.#scene(explorer),
      view: explorer.view,
      shortWaits: explorer.shortWaits,
      zoom: explorer.presenting ? PRESENT_ZOOM : 1,
      handles: this.#handles(explorer),
    });
  }

  /** The run, or two of them, A above B with the lanes that tell them apart. */
  #scene({ run, kept, declaration }: Explorer): Pick<Scene, "parts" | "lanes"> {
    if (!kept) return { parts: [{ timeline: run.timeline }], lanes: declaration.lanes };
    const names = comparedNames(declaration.controls, kept, run, this.#say);
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
    const explorer = this.#explorer;
    if (!explorer) return nothing;
    const say = this.#say;
    const context: Context = { explorer, say, uid: this.#uid };
    const { declaration, run } = explorer;
    const { timeline } = run;
    const notModelled = run.notModelled;
    return html`<section
      class="explorer ${explorer.presenting ? "present" : ""} ${declaration.controls.length ? "" : "bare"}" aria-labelledby="${this.#uid}-title"
    >
      ${head(context, { share: () => void this.#share(), keys: () => this.#showKeys(), figureFailed: this.#figureFailed })} ${problem(context)}
      ${run.stopped ? html`<p class="notice" role="status">${run.stopped.why}</p>` : nothing}
      <div class="body">
        ${controls(context)}
        <div class="figure" aria-busy=${explorer.isBusy}>
          ${run.panel ? panel(run.panel) : nothing}
          <div class="stage" role="group" aria-label=${say("figure", { pod: timeline.pod, horizon: reading(timeline.horizon) })} ${ref(this.#stageElement)}></div>
          ${transport(
            context,
            () => this.#stage!,
            () => this.#player!,
          )}
        </div>
      </div>
      ${readout(
        context,
        {
          light: (lane) => this.#stage?.light(lane),
          follow: (clause) => this.#trace(() => explorer.followBack(clause)),
          back: () => this.#trace(() => explorer.returnFromCause()),
        },
        comparison(context),
      )}
      ${details(
        context,
        this.#opened,
        (name, open) => this.#open(name, open),
        (t) => this.#stage?.move(t),
      )}
      ${notModelled.length ? html`<div class="foot"><b>${say("notModelled")}</b> <span>${notModelled.join(", ")}.</span></div>` : nothing}
      ${keyboardMap(context)}
      <div class="toast" role="status" ?hidden=${!this.#toast}>${this.#toast}</div>
    </section>`;
  }

  protected override updated(): void {
    const { run, t, presenting } = this.#explorer ?? {};
    const key = [run, run?.timeline.steps.findLast((step) => step.t <= t!), presenting];
    if (key.every((part, n) => part === this.#scrolledFor[n])) return;
    this.#scrolledFor = key;
    scrollBoxes(this);
  }

  /** Moves the playhead along a chain of causes; the keyboard stays in the why. */
  #trace(go: () => void): void {
    const explorer = this.#explorer!;
    go();
    this.#stage!.follow(explorer);
    this.performUpdate();
    focusWhy(this, explorer);
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

  #open(name: keyof Opened, open: boolean): void {
    if (this.#opened[name] === open) return;
    this.#opened = { ...this.#opened, [name]: open };
    this.requestUpdate();
  }

  async #share(): Promise<void> {
    history.replaceState(null, "", `#${this.#explorer!.link}`);
    this.#toast = this.#say((await copied(location.href)) ? "share.copied" : "share.address");
    this.requestUpdate();
    setTimeout(() => {
      this.#toast = "";
      this.requestUpdate();
    }, TOAST);
  }

  /** Takes a link's values, and brings the explorer it is about into view. */
  #followLink(): void {
    if (this.#explorer?.follow(location.hash)) {
      this.#show();
      this.scrollIntoView({ block: "start" });
    }
  }

  #key(event: KeyboardEvent): void {
    const explorer = this.#explorer!;
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

  /** Paper is light, and has everything opened. */
  #print(printing: boolean): void {
    this.toggleAttribute("data-print", printing);
    this.#open("table", printing);
    this.performUpdate();
    this.#stage?.repaint();
    this.#stage?.draw();
  }
}
