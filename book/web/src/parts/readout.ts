/** What is true at the playhead: kubectl's row, the why, the YAML and the events so far. */

import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { live } from "lit/directives/live.js";
import type { Clause, Step } from "../data.ts";
import { describeAt, type Line } from "../describe.ts";
import { humanDuration, reading } from "../duration.ts";
import { getPod } from "../kubectl.ts";
import type { Say } from "../messages.ts";
import { changedLines, eventsUpTo, lastAt, stepAt, yamlAt } from "../moments.ts";
import { type Instant, PRINTS, type Print, type Told, type Viewing } from "../viewing.ts";

const JUST_BEFORE = 0.0005; // s: times are whole milliseconds
const SAME_MOMENT = 0.3; // s between an event and the step it goes with
const STATUS_COLUMN = 2;

/** What shows a run at its playhead. */
export interface Looking {
  readonly explorer: Viewing;
  readonly say: Say;
  /** A prefix that makes ids unique on the page. */
  readonly uid: string;
}

/** What a reader can do with a why. */
export interface Tracing {
  readonly light: (lane: string | null) => void;
  readonly follow: (clause: Clause) => void;
  readonly back: () => void;
}

/** `difference` stands between kubectl's rows and the rest. */
export function readout(looking: Looking, tracing: Tracing, difference: unknown = nothing): TemplateResult {
  const { explorer, say } = looking;
  const { run, kept, t, lane, trail, print } = explorer;
  const { pod, steps, gone } = run.timeline;
  const step = stepAt(steps, t, lane);
  const revision = gone !== null && t >= gone ? null : lastAt(run.kubectl.yaml.revisions, t);
  return html`<div class="now">
    <pre class="term" tabindex="0" role="group" aria-label=${say("kubectl", { pod })}>${kubectl(explorer, say)}</pre>
    ${difference}
    <div class="cols">
      <div class="because">
        <div class="sub">${say("why")}${kept ? " · B" : nothing} ${back(trail.at(-1), say, tracing)}</div>
        <ol class="why" aria-live="polite">${guard([run, step, say], () => why(step, say, tracing))}</ol>
      </div>
      <div>${guard([run, step, revision, say, print, print === "yaml" || Math.floor(t * 10)], () => printed(looking, step, revision !== null))}</div>
      <div>
        <div class="sub">${say("events")}</div>
        <div class="box" tabindex="0" role="region" data-scroll="end" aria-label=${say("events.region", { pod })}>
          ${guard([run, step, Math.floor(t), say], () => events(run, step, t, say))}
        </div>
      </div>
    </div>
  </div>`;
}

/** The keyboard stays in the why: on the way back from a cause, or on the first clause. */
export function focusWhy(element: Element, { trail }: Viewing): void {
  element.querySelector<HTMLElement>(trail.length ? ".because .back" : ".because .clause")?.focus();
}

/** Brings what is new into view, inside the boxes that scroll; the page stays. */
export function scrollBoxes(root: HTMLElement): void {
  for (const box of root.querySelectorAll<HTMLElement>("[data-scroll]")) {
    const target = box.querySelector<HTMLElement>(".scroll-here");
    const above = target ? target.getBoundingClientRect().top - box.getBoundingClientRect().top - 60 : 0;
    box.scrollTop = box.dataset.scroll === "end" ? box.scrollHeight : box.scrollTop + above;
  }
}

function kubectl({ run, kept, t }: Viewing, say: Say): TemplateResult {
  const prompt = html`<span class="dim">$ kubectl get pod ${run.kubectl.name}   # ${say("kubectl.at", { time: reading(t) })}</span>\n`;
  const outputs = (kept ? [kept, run] : [run]).map((one) => getPod(one, t));
  const row = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === STATUS_COLUMN ? html`<b>${cell}</b>` : cell));
  const printed = outputs.map((output, n) => {
    const name = kept ? html`<b>${"AB"[n]}</b>  ` : nothing;
    const before = kept ? "   " : "";
    if ("notFound" in output) return html`${name}${output.notFound}\n`;
    return html`<span class=${n ? "dim" : ""}>${before}${output.head.join("")}</span>\n${name}${row(output.row)}${kept ? "\n" : nothing}`;
  });
  return html`${prompt}${printed}`;
}

function back(from: Instant | undefined, say: Say, tracing: Tracing): TemplateResult | typeof nothing {
  if (!from) return nothing;
  return html`<button class="btn back" type="button" @click=${tracing.back}>${say("why.back", { time: reading(from.t) })}</button>`;
}

/** Every clause leads to its instant; its time is written where it is another than that of the clause before. */
function why(step: Step | null, say: Say, { light, follow }: Tracing): TemplateResult {
  if (!step) return html`<li>${say("why.nothing")}</li>`;
  const clause = (one: Clause, n: number) => {
    const time = one.t === step.why[n - 1]?.t ? nothing : html`<time>${reading(one.t)}</time> `;
    return html`<li><button
      class="clause" type="button" title=${say("why.follow", { time: reading(one.t) })} @click=${() => follow(one)}
      @pointerenter=${() => light(one.lane)} @pointerleave=${() => light(null)} @focus=${() => light(one.lane)} @blur=${() => light(null)}
    >${time}${one.text}</button></li>`;
  };
  return html`${step.why.map(clause)}`;
}

/** YAML or describe: the lines at the playhead, and those that the last transition changed. */
function printed({ explorer, say, uid }: Looking, step: Step | null, exists: boolean): TemplateResult {
  const { run, t, print } = explorer;
  const yaml = (at: number) =>
    yamlAt(run.kubectl.yaml, at).map((id): Line => ({ id, text: run.kubectl.yaml.lines[id]! }));
  const linesAt = { yaml, describe: (at: number) => describeAt(run, at) }[print];
  const shown = exists ? linesAt(t) : [];
  const ids = (lines: readonly Line[]) => lines.map(({ id }) => id);
  const changed = step && exists ? changedLines(ids(linesAt(step.t - JUST_BEFORE)), ids(shown)) : new Set<number>();
  const note = changed.size === 1 ? say("yaml.changed.one") : say("yaml.changed", { count: changed.size });
  const status = shown.findIndex(({ text }) => text === "status:");
  const first = [...changed].find((position) => position > status) ?? [...changed][0] ?? status;
  const line = ({ text }: Line, position: number) => {
    const indent = text.search(/\S|$/) + 2;
    const marked = position === first ? "scroll-here" : "";
    return html`<div class="${changed.has(position) ? "changed" : ""} ${marked}" style="--in:${indent}ch">${text}</div>`;
  };
  const choice = (one: Print) => html`<label>
    <input type="radio" name="${uid}-print" .checked=${live(one === print)} @change=${() => explorer.setPrint(one)} /><span>${say(one)}</span>
  </label>`;
  return html`<div class="sub"><div class="seg" role="radiogroup" aria-label=${say("print")}>${PRINTS.map(choice)}</div> <span>${changed.size ? `· ${note}` : nothing}</span></div>
    <div class="box yaml ${print}" tabindex="0" role="region" data-scroll="change" aria-label=${say(`${print}.region`, { pod: run.timeline.pod })}>
      ${exists ? shown.map(line) : html`<div>${say("yaml.gone")}</div>`}
    </div>`;
}

function events(run: Told, step: Step | null, t: number, say: Say): TemplateResult {
  const reported = eventsUpTo(run.timeline.events, t);
  if (!reported.length) return html`<p>${say("events.none")}</p>`;
  const head = (["events.age", "events.reason", "events.message"] as const).map(
    (key) => html`<th scope="col">${say(key)}</th>`,
  );
  const row = ({ type, reason, message, count, last }: (typeof reported)[number]) => {
    const warning = type === "Warning";
    const fresh = step !== null && Math.abs(last - step.t) < SAME_MOMENT;
    return html`<tr class="${warning ? "warn" : ""} ${fresh ? "new" : ""}">
      <td>${humanDuration(t - last)}${count > 1 ? ` (×${count})` : nothing}</td>
      <td>${warning ? "▲ " : nothing}${reason}</td>
      <td>${message}</td>
    </tr>`;
  };
  return html`<table class="events"><thead><tr>${head}</tr></thead><tbody>${reported.map(row)}</tbody></table>`;
}
