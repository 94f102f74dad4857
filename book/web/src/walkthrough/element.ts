/** `<pod-walkthrough>`: presents its steps in the explorers that it holds; the bar stands inside the one that fills the window. */

import { html, nothing, render } from "lit";
import type { PodExplorer } from "../element.ts";
import { CLOSED, dataIn, languageOf } from "../page.ts";
import { rich } from "../predict/text.ts";
import { messagesIn, type Say } from "./messages.ts";
import { keys, Notes, type Turning } from "./notes.ts";
import { type Act, actOf, type Holder, Talk, type Walkthrough } from "./talk.ts";

const TEXTS = 'input:is([type="text"], [type="number"]), textarea, select';
const DIALS = 'input, [role="slider"], [contenteditable]';

export class PodWalkthrough extends HTMLElement {
  /** The address of the style sheet. */
  static styles = "";

  readonly #bar = document.createElement("div");
  #walkthrough: Walkthrough | null = null;
  #say: Say = messagesIn("en");
  #talk: Talk | null = null;
  #notes: Notes | null = null;
  #notesBlocked = false;
  #shown: PodExplorer | null = null;
  #left: AbortController | null = null; // ends what lasts while the element is in the page
  #from: HTMLElement | null = null; // who has the keyboard back in the end

  connectedCallback(): void {
    this.#left = new AbortController();
    const { signal } = this.#left;
    window.addEventListener("keydown", (event) => this.#key(event), { signal, capture: true });
    window.addEventListener("pagehide", () => this.#notes?.close(), { signal });
    if (this.#walkthrough) return;
    this.#walkthrough = dataIn<Walkthrough>(this, "walkthrough")!;
    this.#say = messagesIn(languageOf(this));
    this.#bar.className = "walkthrough-bar";
    const count = this.#walkthrough.steps.length;
    const head = document.createElement("div");
    head.className = "walkthrough-start";
    render(
      html`<button type="button" @click=${(event: Event) => this.#begin(0, event)}>${this.#say("start", { count })}</button>${keys(this.#say)}`,
      head,
    );
    this.prepend(head);
    this.querySelectorAll<HTMLElement>("ol.steps > li").forEach((item, n) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = this.#say("from", { n: n + 1 });
      button.addEventListener("click", (event) => this.#begin(n, event));
      item.append(button);
    });
  }

  disconnectedCallback(): void {
    this.#left?.abort();
    this.#end();
  }

  #begin(first: number, event: Event): void {
    this.#from = event.currentTarget as HTMLElement;
    const talk = new Talk(this.#walkthrough!, first, () => performance.now());
    talk.onChange = (what) => {
      if (what === "step") this.#showStep();
      this.#showBar();
    };
    this.#talk = talk;
    this.#showStep();
    this.#showBar();
    this.#bar.querySelector<HTMLElement>(".next")!.focus();
  }

  /** Brings the step's explorer to the step's values; the one before goes back into the page. */
  #showStep(): void {
    const { explorer, values, at, zoom, lane } = this.#talk!.step;
    const wanted = this.querySelector<PodExplorer>(`pod-explorer[explorer="${explorer}"]`)!;
    const focused = this.#bar.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
    const before = this.#shown;
    if (before !== wanted) {
      this.#shown = wanted;
      before?.present(false);
      wanted.append(this.#bar);
      wanted.present(true);
      wanted.addEventListener(CLOSED, () => this.#shown === wanted && this.#end(), { once: true });
      wanted.scrollTop = 0;
      (focused ?? this.#bar.querySelector<HTMLElement>(".next"))?.focus();
    }
    wanted.go({ values, against: null, t: at, zoom, shortWaits: null }, lane);
  }

  readonly #turning: Turning = {
    previous: () => this.#talk?.turn(-1),
    next: () => this.#talk?.turn(1),
    black: () => this.#talk?.toggleBlack(),
  };

  #showBar(): void {
    const talk = this.#talk;
    if (!talk) return;
    const say = this.#say;
    const { n, step, black, walkthrough } = talk;
    const count = walkthrough.steps.length;
    const { previous, next } = this.#turning;
    render(
      html`${step.ask ? html`<p class="ask"><b>${say("ask")}:</b> ${rich(step.ask)}</p>` : nothing}
      ${this.#notesBlocked ? html`<p class="blocked" role="alert">${say("notes.blocked")}</p>` : nothing}
      <div class="buttons">
        <button type="button" class="previous" aria-disabled=${n === 0} @click=${previous}>‹ ${say("previous")}</button>
        <button type="button" class="next" aria-disabled=${n === count - 1} @click=${next}>${say("next")} ›</button>
        <span role="status">${say("step", { n: n + 1, count })}</span>
        <button type="button" class="open-notes" @click=${() => this.#openNotes()}>${say("notes")}</button>
        <button type="button" aria-keyshortcuts="B ." aria-pressed=${black} @click=${() => this.#turning.black()}>${say("black")}</button>
        <button type="button" class="end" aria-keyshortcuts="Escape" @click=${() => this.#end()}>${say("end")}</button>
      </div>
      ${black ? html`<button type="button" class="black" aria-label=${say("visible")} @click=${() => this.#turning.black()}></button>` : nothing}`,
      this.#bar,
    );
    this.#notes?.show();
  }

  #openNotes(): void {
    this.#notes?.close();
    this.#notes = Notes.open(this.#talk!, this.#say, this.#turning, PodWalkthrough.styles, (event) => this.#key(event));
    this.#notesBlocked = this.#notes === null;
    this.#showBar();
  }

  #end(): void {
    if (!this.#talk) return;
    this.#talk = null;
    this.#notes?.close();
    this.#notes = null;
    this.#notesBlocked = false;
    const shown = this.#shown;
    this.#shown = null;
    shown?.present(false);
    this.#bar.remove();
    this.#from?.focus();
  }

  #key(event: KeyboardEvent): void {
    const talk = this.#talk;
    if (!talk || event.ctrlKey || event.metaKey || event.altKey || this.querySelector("dialog[open]")) return;
    const act = actOf(event.key, holderOf(event.target));
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    if (act === "end" && talk.black) talk.toggleBlack();
    else this.#do(act);
  }

  #do(act: Act): void {
    if (act === "end") this.#end();
    else this.#turning[act]();
  }
}

/** The notes' window has elements of its own, which are no instances of this window's classes. */
function holderOf(target: EventTarget | null): Holder {
  const element = target as Element | null;
  if (!element?.matches) return "nothing";
  if (element.matches(TEXTS)) return "text";
  return element.matches(DIALS) ? "dial" : "nothing";
}
