/** The upper part: what this is, the state of Python, and what can be done with the whole session. */

import { html, nothing, type TemplateResult } from "lit";
import { engineText, notices } from "../../parts/head.ts";
import type { Download } from "../files.ts";
import type { Context } from "./panel.ts";

/** What is being done: a manifest is played, or a real pod's status is read. */
export type Mode = "play" | "explain";

export interface Actions {
  readonly examples: () => void;
  readonly share: () => void;
  readonly download: (what: Download) => void;
  readonly copy: () => void;
  readonly again: () => void;
  readonly present: () => void;
  readonly choose: (mode: Mode) => void;
}

interface Shown {
  readonly mode: Mode;
  readonly presenting: boolean;
  readonly figureFailed: boolean;
  /** Whether an address can hold the session: not that of a notebook. */
  readonly shares: boolean;
}

export function toolbar(
  { playground, say, uid }: Context,
  { mode, presenting, figureFailed, shares }: Shown,
  actions: Actions,
): TemplateResult {
  const { past, status, problems } = playground;
  const wrong = mode === "play" && status?.state === "live" ? problems.length : 0;
  const choice = (name: Mode) => html`<label>
    <input type="radio" name="${uid}-mode" .checked=${mode === name} @change=${() => actions.choose(name)} /><span>${say(`mode.${name}`)}</span>
  </label>`;
  const undone = (what: "undo" | "redo", can: boolean) => html`<button
    class="btn" type="button" ?disabled=${!can} @click=${() => playground[what]()}>${say(what)}</button>`;
  const item = (text: string, act: () => void, live = false) =>
    html`<li><button type="button" ?disabled=${live && status?.state !== "live"} @click=${(event: Event) => {
      (event.target as HTMLElement).closest("details")!.open = false;
      act();
    }}>${text}</button></li>`;
  return html`<div class="head">
      <div class="vh" id="${uid}-title">${say("title")}</div>
      <button class="btn main examples" type="button" ?disabled=${status?.state === "offline"} @click=${actions.examples}>${say("examples")}</button>
      <div class="seg" role="radiogroup" aria-label=${say("mode")}>${choice("play")}${choice("explain")}</div>
      <span class="pill engine" role="status">${wrong ? say(wrong === 1 ? "problems.one" : "problems.count", { count: wrong }) : engineText(playground, say)}</span>
      <span class="pill plain" title=${say("version.title")}>${say("version", { version: playground.run.timeline.kubernetes })}</span>
      ${undone("undo", past.canUndo)} ${undone("redo", past.canRedo)}
      ${shares ? html`<button class="btn" type="button" @click=${actions.share}>${say("share")}</button>` : nothing}
      <details class="menu" @focusout=${closeWhenLeft} @keydown=${closeByEscape}>
        <summary class="btn">${say("more")}</summary>
        <ul>
          ${item(say("copy.manifest"), actions.copy)} ${item(say("download.manifest"), () => actions.download("manifest"))}
          ${item(say("download.scenario"), () => actions.download("scenario"), true)}
          ${item(say("download.notebook"), () => actions.download("notebook"), true)} ${item(say("again"), actions.again)}
        </ul>
      </details>
      <button class="btn presenter" type="button" aria-pressed=${presenting} @click=${actions.present}>${say(presenting ? "present.close" : "present")}</button>
    </div>
    ${notices(playground, say, figureFailed)}`;
}

/** Which pod the figure is about, where there are several. */
export function pods({ playground, say, uid }: Context): TemplateResult | typeof nothing {
  const { pods: all } = playground.told;
  if (all.length < 2) return nothing;
  const choose = (event: Event) => playground.watch(all[(event.target as HTMLSelectElement).selectedIndex]!.pod);
  return html`<div class="pods"><label for="${uid}-pods">${say("pods", { count: all.length })}</label>
    <select class="btn" id="${uid}-pods" @change=${choose}>
      ${all.map(({ pod, owner }) => html`<option ?selected=${pod === playground.run.pod}>${pod}${owner ? ` (${owner})` : nothing}</option>`)}
    </select></div>`;
}

function closeWhenLeft(event: FocusEvent): void {
  const menu = event.currentTarget as HTMLDetailsElement;
  if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) menu.open = false;
}

function closeByEscape(event: KeyboardEvent): void {
  const menu = event.currentTarget as HTMLDetailsElement;
  if (event.key !== "Escape" || !menu.open) return;
  event.stopPropagation();
  menu.open = false;
  menu.querySelector("summary")?.focus();
}
