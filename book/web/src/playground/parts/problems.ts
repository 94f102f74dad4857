/** What is wrong with a text: each problem with its line, in the server's words, with podsim's reasons and ways out. */

import { html, nothing, type TemplateResult } from "lit";
import type { Fix, Place, Problem } from "../data.ts";
import type { Say } from "../messages.ts";

export interface Ways {
  readonly go: (place: Place) => void;
  readonly fix: (problem: Problem, fix: Fix) => void;
}

const MOST = 20;

export function problems(all: readonly Problem[], say: Say, { go, fix }: Ways): TemplateResult | typeof nothing {
  if (!all.length) return nothing;
  const one = (problem: Problem) => {
    const { severity, from, message, hints, fixes } = problem;
    return html`<li class=${severity}>
      <button class="link" type="button" @click=${() => go(from)}>${severity === "error" ? "✕" : "▲"} ${say("problem.line", { line: from.line })}</button>
      <code>${message}</code>
      ${hints.map((hint) => html`<p>${hint}</p>`)}
      ${fixes.map((change) => html`<button class="btn main" type="button" @click=${() => fix(problem, change)}>${change.title}</button> `)}
    </li>`;
  };
  return html`<ul class="problems" aria-live="polite" aria-label=${say("problems")}>
    ${all.slice(0, MOST).map(one)}${all.length > MOST ? html`<li>${say("problems.more", { count: all.length - MOST })}</li>` : nothing}
  </ul>`;
}
