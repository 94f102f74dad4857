/** The speaker's own window: what to say now, what comes next, and how long it has taken. It needs no script of its own. */

import { html, nothing, render, type TemplateResult } from "lit";
import { rich } from "../predict/text.ts";
import type { Say } from "./messages.ts";
import { minutes, type Step, type Talk } from "./talk.ts";

export interface Turning {
  readonly previous: () => void;
  readonly next: () => void;
  readonly black: () => void;
}

const WINDOW = "popup,width=760,height=680";
const TICK = 1000; // ms

export class Notes {
  #clock = 0;

  private constructor(
    private readonly window: Window,
    private readonly talk: Talk,
    private readonly say: Say,
    private readonly turning: Turning,
  ) {}

  /** Opens the window, with the page's theme; null if the browser blocks it. */
  static open(
    talk: Talk,
    say: Say,
    turning: Turning,
    styles: string,
    onKey: (event: KeyboardEvent) => void,
  ): Notes | null {
    const opened = window.open("", "_blank", WINDOW);
    if (!opened) return null;
    const { document: page } = opened;
    page.title = say("notes.title", { title: talk.walkthrough.title });
    page.documentElement.lang = document.documentElement.lang;
    page.documentElement.dataset.theme = document.documentElement.dataset.theme ?? "light";
    page.body.className = "walkthrough-notes";
    const sheet = page.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = styles;
    page.head.append(sheet);
    opened.onkeydown = onKey;
    const notes = new Notes(opened, talk, say, turning);
    notes.#clock = window.setInterval(() => notes.show(), TICK);
    notes.show();
    opened.focus();
    return notes;
  }

  get isOpen(): boolean {
    return !this.window.closed;
  }

  show(): void {
    if (this.isOpen) render(this.#content(), this.window.document.body);
    else window.clearInterval(this.#clock);
  }

  close(): void {
    window.clearInterval(this.#clock);
    this.window.close();
  }

  #content(): TemplateResult {
    const { say, talk, turning } = this;
    const { walkthrough, n, following, black } = talk;
    const count = walkthrough.steps.length;
    return html`<main>
      <h1>${walkthrough.title}</h1>
      <p class="clock"><b role="status">${say("step", { n: n + 1, count })}</b>
        <span class="elapsed">${say("elapsed", { elapsed: minutes(talk.elapsed), minutes: walkthrough.minutes })}</span></p>
      <p class="buttons">
        <button type="button" @click=${turning.previous}>${say("previous")}</button>
        <button type="button" @click=${turning.next}>${say("next")}</button>
        <button type="button" aria-pressed=${black} @click=${turning.black}>${say("black")}</button>
      </p>
      ${black ? html`<p class="dark" role="alert">${say("dark")}</p>` : nothing}
      <section class="now"><h2>${say("now")}: ${talk.step.title}</h2>${this.#said(talk.step)}</section>
      <section class="then">
        ${following ? html`<h2>${say("then")}: ${following.title}</h2>${this.#said(following)}` : html`<p>${say("last")}</p>`}
      </section>
      ${keys(say)}
    </main>`;
  }

  #said({ say: text, ask }: Step): TemplateResult {
    return html`<p>${rich(text)}</p>${ask ? html`<p class="ask"><b>${this.say("ask")}:</b> ${rich(ask)}</p>` : nothing}`;
  }
}

const KEYS = [
  ["PageUp PageDown", "keys.turn"],
  ["← →", "keys.arrows"],
  ["B .", "keys.black"],
  ["Esc", "keys.end"],
] as const;

export function keys(say: Say): TemplateResult {
  const row = ([names, what]: (typeof KEYS)[number]) =>
    html`<dt>${names.split(" ").map((name) => html`<kbd>${name}</kbd> `)}</dt><dd>${say(what)}</dd>`;
  return html`<section class="keymap"><p><b>${say("keys")}</b></p><dl>${KEYS.map(row)}</dl></section>`;
}
