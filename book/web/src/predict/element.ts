/** `<pod-prediction>`: a question about a run, whose answer lies behind a curtain until the reader's own is locked in. */

import { html, nothing, type TemplateResult } from "lit";
import { createRef, ref } from "lit/directives/ref.js";
import { styleMap } from "lit/directives/style-map.js";
import { reading } from "../duration.ts";
import { type Environment, FigureElement } from "../figure-element.ts";
import { messagesIn, type Say } from "../messages.ts";
import { dataIn, languageOf } from "../page.ts";
import type { Layout } from "../rows.ts";
import type { Scale } from "../scale.ts";
import type { Stage } from "../stage.ts";
import { Answers } from "./answers.ts";
import { curtains } from "./cover.ts";
import type { Option, Played } from "./data.ts";
import { Prediction } from "./prediction.ts";
import { plain, rich } from "./text.ts";

const GUESS_ROOM = 100; // px that the words at the reader's marker need
const FORGOTTEN = "podsim:forgotten"; // event: the reader forgets all answers
const ANSWERS = new Answers(() => localStorage as Storage & Record<string, unknown>);

export class PodPrediction extends FigureElement<Prediction> {
  /** For elements that a page holds; a notebook gives each its own. */
  static environment: Pick<Environment, "plotly"> | null = null;

  environment = PodPrediction.environment;
  played: Played | null = null;
  protected say: Say = messagesIn("en");
  readonly #verdictElement = createRef<HTMLDivElement>();
  #picture: Element | null = null;

  protected hydrate(): Prediction | null {
    const played = this.played ?? dataIn<Played>(this, "prediction");
    if (!played) return null;
    this.say = messagesIn(languageOf(this));
    const prediction = new Prediction(played, ANSWERS);
    prediction.onChange = (figure) => {
      if (figure) this.show();
      this.requestUpdate();
    };
    return prediction;
  }

  protected arrive(_: Prediction, left: AbortSignal): void {
    document.addEventListener(FORGOTTEN, () => this.#restart(), { signal: left });
  }

  protected begin(prediction: Prediction, stage: Stage): void {
    stage.onMove = (t, lane) => prediction.moveTo(t, lane);
    const pictures = [...this.querySelectorAll('[data-part="picture"] svg')];
    this.#picture = pictures.find((picture) => picture.classList.contains("wide")) ?? pictures[0] ?? null;
    for (const still of this.querySelectorAll('[data-part="question"]')) still.remove();
    this.show();
  }

  protected override show(): void {
    const prediction = this.model;
    if (!this.stage || !prediction) return;
    const { question, locked, timeline, shortWaits, view, range, t, lane } = prediction;
    this.dataset.state = locked ? "locked" : "asked";
    this.stage.t = t;
    this.stage.lane = lane;
    this.stage.show({
      parts: [{ timeline }],
      lanes: question.lanes,
      view,
      shortWaits,
      zoom: 1,
      handles: new Map(),
      range,
      label: locked ? null : this.say("predict.marker", { label: plain(question.marker?.label ?? "") }),
      over: (layout, scale, left) => this.#over(layout, scale, left),
    });
  }

  /** The curtain, and the reader's own marker once it is open. */
  #over(layout: Layout, scale: Scale, left: number): TemplateResult {
    const { question, locked, given } = this.model!;
    const px = (rect: object) => Object.fromEntries(Object.entries(rect).map(([name, n]) => [name, `${n}px`]));
    const hung = curtains(layout, scale, left, question).map(
      (rect) => html`<div class="curtain ${locked ? "open" : ""}" style=${styleMap(px(rect))}>
        <span>${this.say("predict.hidden")}</span>
      </div>`,
    );
    const guess = (t: number) => {
      const place = px({ left: left + scale.px(t), height: layout.height });
      const late = scale.px(t) > scale.width - GUESS_ROOM;
      return html`<div class="guess ${late ? "late" : ""}" style=${styleMap(place)}>
        <span>${this.say("predict.you", { t: reading(t) })}</span>
      </div>`;
    };
    return html`<div aria-hidden="true">${hung}${locked && typeof given === "number" ? guess(given) : nothing}</div>`;
  }

  protected override render() {
    const prediction = this.model;
    if (!prediction) return nothing;
    const { question, locked, run } = prediction;
    const say = this.say;
    const figure = {
      pod: run.timeline.pod,
      from: reading(locked ? question.view[0] : question.from),
      to: reading(question.view[1]),
    };
    return html`<section class="explorer bare" aria-labelledby="${this.uid}-title">
      <div class="head">
        <div class="title" id="${this.uid}-title">
          <small>${say("predict")} ${locked ? html`<span class="answered">${say("predict.answered")}</span>` : nothing}</small>
          ${rich(question.question)}
        </div>
      </div>
      ${this.figureFailed ? html`<p class="notice">${say("predict.nofigure")}</p>` : nothing}
      <div class="body"><div class="figure">
        <div
          class="stage ${locked || question.marker ? "" : "quiet"}" role="group" ${ref(this.stageElement)}
          aria-label=${say(locked ? "predict.figure" : "predict.covered", figure)}
        ></div>
        ${locked && this.figureFailed ? this.#picture : nothing}
      </div></div>
      ${this.#ask(prediction)} ${locked ? this.#answer(prediction) : nothing}
    </section>`;
  }

  #ask(prediction: Prediction): TemplateResult {
    const { question, locked, missing, given, run } = prediction;
    const say = this.say;
    const submit = (event: Event) => {
      event.preventDefault();
      void this.#lock();
    };
    return html`<form class="ask" ?hidden=${locked && !question.choices} @submit=${submit}>
      ${question.choices ? this.#choices(question.choices, prediction) : nothing}
      ${
        question.marker && !locked
          ? html`<p class="place"><span>${rich(question.marker.label)}: <b>${reading(Number(given))}</b></span> <small>${say("predict.drag")}</small></p>`
          : nothing
      }
      ${
        locked
          ? nothing
          : html`<p><button class="btn main lock" type="submit">${say("predict.lock")}</button>
            <span class="missing" role="alert">${missing ? say("predict.missing") : nothing}</span></p>
            <details class="written"><summary>${say("predict.manifest")}</summary><pre tabindex="0">${run.manifest.written}</pre></details>`
      }
    </form>`;
  }

  #choices(choices: readonly Option[], prediction: Prediction): TemplateResult {
    const { locked, given, played } = prediction;
    const mark = ({ id }: Option) => {
      if (!locked) return "";
      return id === played.answer.choice ? "right" : id === given ? "wrong" : "";
    };
    const word = { right: "predict.true", wrong: "predict.false", "": null } as const;
    const option = (choice: Option) => {
      const key = word[mark(choice)];
      return html`<label class=${mark(choice)}>
        <input
          type="radio" name="${this.uid}-choice" value=${choice.id} .checked=${given === choice.id}
          ?disabled=${locked} @change=${() => prediction.choose(choice.id)}
        />
        <span>${rich(choice.text)}${key ? html` <small>${this.say(key)}</small>` : nothing}</span>
      </label>`;
    };
    return html`<fieldset><legend class="vh">${this.say("predict.choices")}</legend>${choices.map(option)}</fieldset>`;
  }

  #answer(prediction: Prediction): TemplateResult {
    const say = this.say;
    const { because, source } = prediction.played.answer;
    const link = source.startsWith("https://");
    return html`<div class="verdict" tabindex="-1" role="group" aria-label=${say("predict.verdict")} ${ref(this.#verdictElement)}>
        <p class="said">${rich(this.#sentence(prediction))}</p>
        <p>${rich(because)}</p>
        <p class="source">${say("predict.source")} ${link ? html`<a href=${source}>${source.replace("https://", "")}</a>` : html`<code>${source}</code>`}</p>
        <p>
          <button class="btn retry" type="button" @click=${() => void this.#again()}>${say("predict.again")}</button>
          <small>${say("predict.kept")}</small>
          <button class="btn forget" type="button" @click=${() => this.#forgetAll()}>${say("predict.forget")}</button>
        </p>
      </div>
      ${this.readouts(prediction)}`;
  }

  #sentence({ question, given, verdict, played: { answer } }: Prediction): string {
    const say = this.say;
    const { right, off } = verdict!;
    if (question.marker) {
      const key = right ? "predict.near" : off > 0 ? "predict.late" : "predict.early";
      return say(key, {
        label: question.marker.label,
        t: reading(answer.t!),
        given: reading(Number(given)),
        off: reading(Math.abs(off)),
      });
    }
    const text = (id: string | number | null) => question.choices!.find((choice) => choice.id === id)!.text;
    return say(right ? "predict.right" : "predict.wrong", { truth: text(answer.choice), given: text(given) });
  }

  async #lock(): Promise<void> {
    this.model!.lock();
    await this.updateComplete;
    this.#verdictElement.value?.focus();
  }

  async #again(): Promise<void> {
    this.model!.again();
    await this.updateComplete;
    this.querySelector<HTMLElement>(this.model!.question.marker ? ".knob" : '.ask [type="radio"]')?.focus();
  }

  #forgetAll(): void {
    ANSWERS.forgetAll();
    document.dispatchEvent(new Event(FORGOTTEN));
  }

  #restart(): void {
    this.model?.recall();
    this.show();
    this.requestUpdate();
  }
}
