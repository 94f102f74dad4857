/** The upper part: title, state of the engine, version, buttons; notices; presets. */

import { html, nothing, type TemplateResult } from "lit";
import type { EngineStatus } from "../engine.ts";
import type { Explorer } from "../explorer.ts";
import type { Say } from "../messages.ts";
import type { Context } from "./controls.ts";
import { icon } from "./icon.ts";

export interface Actions {
  readonly share: () => void;
  readonly keys: () => void;
  readonly figureFailed: boolean;
}

const UNDO = "M6 1L1 5.5 6 10V7h3.5a2.5 2.5 0 0 1 0 5H4v2h5.5a4.5 4.5 0 0 0 0-9H6z";
const REDO = "M10 1l5 4.5-5 4.5V7H6.5a2.5 2.5 0 0 0 0 5H12v2H6.5a4.5 4.5 0 0 1 0-9H10z";
const MEGABYTE = 1_000_000;

export function head({ explorer, say, uid }: Context, { share, keys, figureFailed }: Actions): TemplateResult {
  const { declaration, presenting, run, badLink } = explorer;
  const back = (what: "undo" | "redo", path: string, can: boolean) => html`<button
    class="btn" type="button" title=${say(what)} aria-label=${say(what)} ?disabled=${!can} @click=${() => explorer[what]()}
  >${icon(path)}</button>`;
  return html`<div class="head running">
      <div class="title" id="${uid}-title">${declaration.title}</div>
      <span class="pill engine" role="status">${engineText(explorer, say)}</span>
      <span class="pill plain" title=${say("version.title")}>${say("version", { version: run.timeline.kubernetes })}</span>
      ${
        declaration.controls.length
          ? html`${back("undo", UNDO, explorer.edits.canUndo)} ${back("redo", REDO, explorer.edits.canRedo)}
            <button class="btn" type="button" @click=${() => explorer.reset()}>${say("reset")}</button>
            <button class="btn" type="button" aria-pressed=${explorer.kept !== null} title=${say("compare.title")} @click=${() => explorer.compare()}>
              ${say("compare")}
            </button>`
          : nothing
      }
      <button class="btn" type="button" @click=${share}>${say("share")}</button>
      <button class="btn presenter" type="button" aria-pressed=${presenting} @click=${() => explorer.setPresenting(!presenting)}>
        ${say(presenting ? "present.close" : "present")}
      </button>
      <button class="btn" type="button" title=${say("keys")} aria-label=${say("keys")} aria-keyshortcuts="?" @click=${keys}>?</button>
    </div>
    ${badLink ? html`<p class="notice" role="alert">${say(`link.${badLink.bad}`, { detail: badLink.detail })}</p>` : nothing}
    ${notices(explorer, say, figureFailed)} ${presets(explorer, say)}`;
}

/** What the state of an engine is told from. */
export type Running = Pick<Explorer, "state" | "status" | "isWaiting" | "restart">;

export function engineText({ state, status }: Running, say: Say): string {
  if (state === "loading" && status?.state === "loading" && status.total) {
    const megabytes = (bytes: number) => (bytes / MEGABYTE).toFixed(1);
    return say("engine.loadingBytes", { received: megabytes(status.received), total: megabytes(status.total) });
  }
  return say(`engine.${state}`);
}

export function notices(explorer: Running, say: Say, figureFailed: boolean): TemplateResult {
  const { status } = explorer;
  const restart = html`<button class="btn" type="button" @click=${() => explorer.restart()}>${say("notice.restart")}</button>`;
  return html`${status?.state === "loading" ? progress(status) : nothing}
    ${status?.state === "loading" && explorer.isWaiting ? html`<p class="notice">${say("notice.loading")}</p>` : nothing}
    ${
      status?.state === "offline"
        ? html`<p class="notice">${say(`notice.${status.reason}`, { detail: status.detail })} ${status.restartable ? restart : nothing}</p>`
        : nothing
    }
    ${figureFailed ? html`<p class="notice">${say("notice.figure")}</p>` : nothing}`;
}

function progress({ received, total }: Extract<EngineStatus, { state: "loading" }>): TemplateResult {
  const part = total ? (100 * received) / total : 0;
  return html`<div class="progress" aria-hidden="true"><i style="width:${part.toFixed(0)}%"></i></div>`;
}

function presets(explorer: Explorer, say: Say): TemplateResult | typeof nothing {
  const { presets: all, title } = explorer.declaration;
  if (!all.length) return nothing;
  return html`<div class="presets" role="group" aria-label=${say("presets", { title })}>
    <span>${say("presets.try")}</span>
    ${all.map(
      (preset) => html`<button
        class="btn" type="button" data-preset=${preset.id} aria-pressed=${explorer.isChosen(preset)}
        ?disabled=${!explorer.canRun && !explorer.isRecorded(preset)} @click=${() => explorer.choose(preset)}
      >${preset.title}</button>`,
    )}
  </div>`;
}
