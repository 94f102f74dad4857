/** What the elements with a figure share: no shadow, a stage that plotly comes to, and what theme, paper and a chain of causes do to it. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { createRef } from "lit/directives/ref.js";
import type { Clause } from "./data.ts";
import type { Engine } from "./engine.ts";
import type { Say } from "./messages.ts";
import { type Detailed, details, type Opened } from "./parts/details.ts";
import { focusWhy, readout } from "./parts/readout.ts";
import type { Plotly } from "./plotly.ts";
import { Stage } from "./stage.ts";
import { onPrint, onThemeChange } from "./surroundings.ts";
import type { Viewing } from "./viewing.ts";

/** What an explorer needs from outside. */
export interface Environment {
  readonly engine: Engine;
  readonly plotly: Promise<Plotly>;
}

let count = 0;

const PROJECTOR = { width: 1185, height: 667, least: 1.08, most: 1.6 }; // px of a window that need no enlargement, and its bounds

/** How much a presented figure is enlarged in this window. */
function presentZoom(): number {
  const { width, height, least, most } = PROJECTOR;
  return Math.min(Math.max(Math.min(innerWidth / width, innerHeight / height), least), most);
}

export abstract class FigureElement<Model extends Viewing & Detailed> extends LitElement {
  abstract environment: Pick<Environment, "plotly"> | null;
  protected abstract say: Say;
  /** A prefix that makes ids unique on the page. */
  protected readonly uid = `${this.localName}-${++count}`;
  protected readonly stageElement = createRef<HTMLDivElement>();
  protected model: Model | null = null;
  protected stage: Stage | null = null;
  protected figureFailed = false;
  #opened: Opened = { manifest: false, table: false };
  #left: AbortController | null = null; // ends what lasts while the element is in the page

  /** What the page or the notebook brings along; null where there is nothing. */
  protected abstract hydrate(): Model | null;

  /** Begins what lasts until `left`. */
  protected abstract arrive(model: Model, left: AbortSignal): void;

  /** Hands the present run to the stage. */
  protected abstract show(): void;

  /** Whether the figure fills the window. */
  protected get presents(): boolean {
    return false;
  }

  protected get zoom(): number {
    return this.presents ? presentZoom() : 1;
  }

  /** Takes over from the still page, once there is a stage. */
  protected abstract begin(model: Model, stage: Stage): void;

  /** Without a shadow: the page's styles apply, and the page's own content stays. */
  protected override createRenderRoot(): HTMLElement {
    this.renderOptions.renderBefore = this.firstChild;
    return this;
  }

  override connectedCallback(): void {
    this.model ??= this.hydrate();
    super.connectedCallback();
    this.#left = new AbortController();
    const { signal } = this.#left;
    onThemeChange(() => this.stage?.repaint(), signal);
    onPrint((printing) => this.print(printing), signal);
    window.addEventListener("resize", () => this.#fit(), { signal });
    if (this.model) this.arrive(this.model, signal);
  }

  /** The stage draws itself anew for another width, but not with another zoom. */
  #fit(): void {
    if (!this.presents) return;
    this.show();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#left?.abort();
  }

  protected override firstUpdated(): void {
    const element = this.stageElement.value;
    if (!this.model || !element) return;
    const stage = new Stage(element, this.say);
    this.stage = stage;
    this.begin(this.model, stage);
    this.environment?.plotly.then(
      (plotly) => {
        stage.plotly = plotly;
      },
      () => {
        this.figureFailed = true;
        this.requestUpdate();
      },
    );
  }

  /** Below the figure: why, what kubectl prints, and what opens on demand; `compared` stands with the why. */
  protected readouts(model: Model, compared: TemplateResult | typeof nothing = nothing): TemplateResult {
    const looking = { explorer: model, say: this.say, uid: this.uid };
    const tracing = {
      light: (lane: string | null) => this.light(lane),
      follow: (clause: Clause) => this.#trace(model, () => model.followBack(clause)),
      back: () => this.#trace(model, () => model.returnFromCause()),
    };
    return html`${readout(looking, tracing, compared)}
      ${details(
        looking,
        this.#opened,
        (name, open) => this.open(name, open),
        (t) => this.stage?.move(t),
      )}`;
  }

  /** Lights the lane that the reader points at. */
  protected light(lane: string | null): void {
    this.stage?.light(lane);
  }

  protected open(name: keyof Opened, open: boolean): void {
    if (this.#opened[name] === open) return;
    this.#opened = { ...this.#opened, [name]: open };
    this.requestUpdate();
  }

  /** Paper is light. */
  protected print(printing: boolean): void {
    this.toggleAttribute("data-print", printing);
    this.performUpdate();
    this.stage?.repaint();
    this.stage?.draw();
  }

  /** Moves the playhead along a chain of causes; the keyboard stays in the why. */
  #trace(model: Model, go: () => void): void {
    go();
    this.stage!.follow(model);
    this.performUpdate();
    focusWhy(this, model);
  }
}
