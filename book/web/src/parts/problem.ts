/** Why the present values have no run: the API server's own words, their reason, and a way out. */

import { html, nothing, type TemplateResult } from "lit";
import type { Refusal } from "../data.ts";
import type { Explorer } from "../explorer.ts";
import type { Say } from "../messages.ts";
import type { Context } from "./controls.ts";

export function problem({ explorer, say }: Context): TemplateResult | typeof nothing {
  if (!explorer.problem) return nothing;
  const undo = html`<button class="btn" type="button" @click=${() => explorer.undo()}>${say("error.undo")}</button>`;
  const body =
    explorer.problem.kind === "refused"
      ? refused(explorer, explorer.problem.refusal, say)
      : html`<div class="title">✕ ${say("error.failed")}</div><p><code>${explorer.problem.message}</code></p>`;
  return html`<div class="err" role="alert">${body} ${undo}</div>`;
}

function refused(explorer: Explorer, { line, field, message, reason, fix }: Refusal, say: Say): TemplateResult {
  const name = field.split(".").at(-1)!;
  const repair = () => {
    explorer.edited = Object.keys(fix!.set)[0] ?? null;
    explorer.set(fix!.set);
  };
  return html`<div class="title">✕ ${line === null ? field : say("error.line", { line, field: name })}</div>
    <p><code>${message}</code></p>
    <p>${reason} ${say("error.kept")}</p>
    ${fix ? html`<button class="btn main" type="button" @click=${repair}>${fix.label}</button> ` : nothing}`;
}
