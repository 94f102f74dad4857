/** What a real pod's status says: per pod the likeliest causes with their evidence, what to type next, and every line explained. */

import { html, nothing, type TemplateResult } from "lit";
import type { Diagnosis, Hypothesis, PodDiagnosis } from "../data.ts";
import type { Say } from "../messages.ts";

export interface Reading {
  readonly go: (line: number) => void;
  readonly light: (lines: readonly number[]) => void;
  readonly open: (incident: string) => void;
  readonly sample: () => void;
}

export function diagnosis(found: Diagnosis | null, waiting: boolean, say: Say, reading: Reading): TemplateResult {
  if (!found) return welcome(waiting, say, reading);
  if (!found.pods.length) return html`<div class="diagnosis"><p>${say("explain.none")}</p></div>`;
  return html`<div class="diagnosis" aria-live="polite">${found.pods.map((pod) => one(pod, say, reading))}</div>`;
}

function welcome(waiting: boolean, say: Say, { sample }: Reading): TemplateResult {
  if (waiting) return html`<div class="diagnosis"><p role="status">${say("explain.waiting")}</p></div>`;
  return html`<div class="diagnosis welcome">
    <div class="big">${say("explain.title")}</div>
    <ol>
      <li>${say("explain.first")} <code>kubectl get pod NAME -o yaml</code></li>
      <li>${say("explain.second")}</li>
      <li>${say("explain.third")}</li>
    </ol>
    <button class="btn" type="button" @click=${sample}>${say("explain.sample")}</button>
  </div>`;
}

function one(
  { kind, name, namespace, ready, status, restarts, lines, hypotheses }: PodDiagnosis,
  say: Say,
  reading: Reading,
): TemplateResult {
  const said = ({ line, path, says }: PodDiagnosis["lines"][number]) => html`<li
    @pointerenter=${() => reading.light([line])} @pointerleave=${() => reading.light([])}
  >
    <button class="link" type="button" @click=${() => reading.go(line)}>${line}</button>
    <div><code>${path}</code><p>${says}</p></div>
  </li>`;
  return html`<article aria-label=${name}>
    <div class="pod"><b>${kind} ${namespace}/${name}</b>
      ${status ? html`<span>READY <b>${ready}</b></span> <span>STATUS <b>${status}</b></span> <span>RESTARTS <b>${restarts}</b></span>` : nothing}</div>
    <div class="sub">${say("explain.causes")}</div>
    ${hypotheses.length ? html`<ol class="causes">${hypotheses.map((cause) => hypothesis(cause, say, reading))}</ol>` : html`<p>${say("explain.healthy")}</p>`}
    <div class="sub">${say("explain.lines", { count: lines.length })}</div>
    <ol class="says">${lines.map(said)}</ol>
  </article>`;
}

function hypothesis(
  { title, because, sure, container, evidence, next, incident }: Hypothesis,
  say: Say,
  reading: Reading,
): TemplateResult {
  const lines = evidence.map(({ line }) => line);
  return html`<li class=${sure} @pointerenter=${() => reading.light(lines)} @pointerleave=${() => reading.light([])}>
    <div class="cause"><b>${title}</b> <span class="pill">${say(`sure.${sure}`)}</span>${container ? html` <span class="pill">${container}</span>` : nothing}</div>
    <p>${because}</p>
    <ul class="evidence">${evidence.map(
      ({ line, text }) =>
        html`<li><button class="link" type="button" @click=${() => reading.go(line)}>${say("problem.line", { line })}</button> <code>${text}</code></li>`,
    )}</ul>
    ${
      next.length
        ? html`<div class="sub">${say("explain.next")}</div><ul class="next">${next.map(({ command, look }) => html`<li><code>${command}</code><p>${look}</p></li>`)}</ul>`
        : nothing
    }
    ${incident ? html`<button class="btn main" type="button" @click=${() => reading.open(incident)}>${say("explain.open")}</button>` : nothing}
  </li>`;
}
