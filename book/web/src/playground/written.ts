/** What the reader writes: the manifest and its world in an editor each, the world also as a form. */

import { html, type LitElement, nothing, type TemplateResult } from "lit";
import { createRef, ref } from "lit/directives/ref.js";
import { stepAt } from "../moments.ts";
import type { Place, Play } from "./data.ts";
import { Editor, type EditorOptions } from "./editor.ts";
import { laneAt, linesOf } from "./lanes.ts";
import { type Context, panel } from "./parts/panel.ts";
import { problems } from "./parts/problems.ts";

type Tab = "manifest" | "world";
type World = "form" | "yaml";

const SOURCES = ["manifest", "scenario"] as const;
type Source = (typeof SOURCES)[number];

export class Written {
  readonly #boxes = { manifest: createRef<HTMLDivElement>(), scenario: createRef<HTMLDivElement>() };
  readonly #editors: Partial<Record<Source, Editor>> = {};
  #tab: Tab = "manifest";
  #world: World = "form";
  #told: Play | null = null; // the answer that the editors show the problems of

  /** `onLane` hears whose lines the cursor is in. */
  constructor(
    private readonly host: Pick<LitElement, "requestUpdate" | "updateComplete" | "querySelector">,
    private readonly context: Context,
    private readonly onLane: (lane: string | null) => void,
  ) {}

  render(): TemplateResult {
    const { say, uid } = this.context;
    const world = (name: World) => html`<label>
      <input type="radio" name="${uid}-world" .checked=${this.#world === name} @change=${() => this.#chooseWorld(name)} /><span>${say(`world.${name}`)}</span>
    </label>`;
    return html`<div class="tablist" role="tablist" aria-label=${say("tabs")}>${this.#button("manifest", "manifest")}${this.#button("world", "scenario")}</div>
      <div class="pane" role="tabpanel" id="${uid}-manifest" aria-labelledby="${uid}-tab-manifest" ?hidden=${this.#tab !== "manifest"}>
        <div class="editor" data-editor="manifest" ${ref(this.#boxes.manifest)}></div>
        ${this.#problems("manifest")}
        <p class="keys">${say("editor.keys")}</p>
      </div>
      <div class="pane world" role="tabpanel" id="${uid}-world" aria-labelledby="${uid}-tab-world" ?hidden=${this.#tab !== "world"}>
        <div class="about"><span>${say("world.about")}</span><div class="seg" role="radiogroup" aria-label=${say("world.as")}>${world("form")}${world("yaml")}</div></div>
        ${this.#problems("scenario")}
        <div class="forms" ?hidden=${this.#world !== "form"}>${panel(this.context)}</div>
        <div class="editor" data-editor="scenario" ?hidden=${this.#world !== "yaml"} ${ref(this.#boxes.scenario)}></div>
      </div>`;
  }

  /** After the page has what was rendered. */
  updated(): void {
    const { play } = this.context.playground;
    this.#makeEditors();
    if (this.#told !== play) {
      this.#told = play;
      for (const source of SOURCES) this.#editors[source]?.show(this.#wrong(source));
    }
    this.light();
  }

  /** Puts in texts that the reader has not typed here. */
  fill(): void {
    const { session, scenarioText } = this.context.playground;
    this.#editors.manifest?.set(session.manifest);
    this.#editors.scenario?.set(scenarioText);
    this.host.requestUpdate();
  }

  /** Bands the lines of the manifest that the last transition, or the lane pointed at, is about. */
  light(pointed: string | null = null): void {
    const { session, run, t, lane: followed } = this.context.playground;
    const step = stepAt(run.timeline.steps, t, followed);
    const lane = pointed ?? step?.why.findLast((clause) => clause.lane !== null)?.lane ?? step?.lane;
    const said = pointed ? "" : (step?.why.map(({ text }) => text).join(" ") ?? "");
    const lines = lane ? linesOf(session.manifest, lane, said) : [];
    this.#editors.manifest?.light(lines);
  }

  choose(tab: Tab): void {
    this.#tab = tab;
    this.host.requestUpdate();
  }

  #chooseWorld(world: World): void {
    this.#world = world;
    this.choose("world");
  }

  #button(name: Tab, source: Source): TemplateResult {
    const { say, uid } = this.context;
    const chosen = this.#tab === name;
    const bad = this.#wrong(source).some(({ severity }) => severity === "error");
    return html`<button
      type="button" role="tab" id="${uid}-tab-${name}" aria-controls="${uid}-${name}" aria-selected=${chosen} tabindex=${chosen ? 0 : -1}
      @click=${() => this.choose(name)} @keydown=${(event: KeyboardEvent) => this.#key(event)}
    >${say(`tab.${name}`)}${bad ? html` <b class="bad" aria-label=${say("problems")}>✕</b>` : nothing}</button>`;
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    this.choose(this.#tab === "manifest" ? "world" : "manifest");
    const id = `#${this.context.uid}-tab-${this.#tab}`;
    void this.host.updateComplete.then(() => this.host.querySelector<HTMLElement>(id)?.focus());
  }

  #problems(source: Source) {
    const { playground, say } = this.context;
    const go = (place: Place) => {
      if (source === "scenario") this.#chooseWorld("yaml");
      void this.host.updateComplete.then(() => this.#editors[source]?.go(place));
    };
    return problems(this.#wrong(source), say, { go, fix: playground.fix.bind(playground) });
  }

  #wrong(source: Source) {
    return this.context.playground.problems.filter((problem) => problem.source === source);
  }

  /** Editors are made when they are seen first, since hidden ones have no size. */
  #makeEditors(): void {
    const { playground, say } = this.context;
    const make = (source: Source, options: Partial<EditorOptions> & Pick<EditorOptions, "text">) => {
      const box = this.#boxes[source].value;
      if (this.#editors[source] || !box?.checkVisibility()) return;
      this.#editors[source] = new Editor(box, {
        label: say(`editor.${source}`),
        onChange: (text) => playground.write(source, text),
        undo: () => playground.undo(),
        redo: () => playground.redo(),
        fix: playground.fix.bind(playground),
        ...options,
      });
      this.#told = null;
    };
    make("manifest", {
      text: playground.session.manifest,
      onLine: (line) => this.onLane(laneAt(playground.session.manifest, line, playground.lanes)),
      suggest: (manifest, { line, column }) => playground.ask("suggest", { manifest, line, column }),
    });
    make("scenario", { text: playground.scenarioText });
  }
}
