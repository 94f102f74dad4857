/** What the reader has to know of the whole session: a bad link, what failed, what was not run. */

import { html, nothing, type TemplateResult } from "lit";
import { reading } from "../../duration.ts";
import type { Keeping } from "../keeping.ts";
import type { Context } from "./panel.ts";

export function notices({ playground, say }: Context, keeping: Keeping): TemplateResult {
  const { failure, isTooLong, status, play } = playground;
  const { badLink } = keeping;
  const note = (text: string, extra: unknown = nothing) => html`<p class="notice" role="status">${text} ${extra}</p>`;
  const close = html`<button class="btn" type="button" @click=${() => keeping.leave()}>${say("close")}</button>`;
  return html`${badLink ? note(say(`link.${badLink}`), close) : nothing}
    ${failure !== null ? html`<div class="err" role="alert"><div class="title">✕ ${say("error.failed")}</div><p><code>${failure}</code></p></div>` : nothing}
    ${isTooLong ? note(say("tooLong")) : nothing}
    ${play.stopped && status?.state === "live" ? note(say("stopped", { time: reading(play.stopped.at), why: play.stopped.why })) : nothing}`;
}
