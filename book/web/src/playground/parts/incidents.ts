/** The examples, as a dialog: things that go wrong, grouped, each with what one sees of it. */

import { html, nothing, type TemplateResult } from "lit";
import type { Incident } from "../data.ts";
import type { Say } from "../messages.ts";

export function incidents(
  all: readonly Incident[] | null,
  say: Say,
  uid: string,
  choose: (incident: Incident) => void,
): TemplateResult {
  const groups = new Map<string, Incident[]>();
  for (const incident of all ?? [])
    groups.set(incident.groupTitle, [...(groups.get(incident.groupTitle) ?? []), incident]);
  const card = (incident: Incident) => html`<li>
    <button type="button" data-incident=${incident.id} @click=${() => choose(incident)}><b>${incident.title}</b><span>${incident.symptom}</span>${incident.status ? html`<code>${incident.status}</code>` : nothing}</button>
  </li>`;
  return html`<div class="top">
      <div class="title" id="${uid}-examples">${say("examples.title")}</div>
      <form method="dialog"><button class="btn" aria-label=${say("close")}>✕</button></form>
    </div>
    <p>${say("examples.note")}</p>
    ${all ? nothing : html`<p role="status">${say("examples.waiting")}</p>`}
    ${[...groups].map(([title, members]) => html`<section aria-label=${title}><div class="sub">${title}</div><ul>${members.map(card)}</ul></section>`)}`;
}
