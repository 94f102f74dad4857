/** What opens on demand: the manifest as written and as stored, and the figure as a table. */

import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import type { Manifest, Run } from "../data.ts";
import { reading } from "../duration.ts";
import type { Say } from "../messages.ts";
import { stepAt, type TableRow, tableRows } from "../moments.ts";
import type { Looking } from "./readout.ts";

/** Which of the two are open: closed ones are not drawn. */
export interface Opened {
  readonly manifest: boolean;
  readonly table: boolean;
}

/** What they need of an explorer. */
export interface Detailed {
  readonly run: Pick<Run, "timeline" | "manifest">;
  readonly t: number;
  /** The control that was changed last. */
  readonly edited: string | null;
}

export function details(
  { explorer, say }: Pick<Looking, "say"> & { readonly explorer: Detailed },
  opened: Opened,
  toggle: (name: keyof Opened, open: boolean) => void,
  go: (t: number) => void,
): TemplateResult {
  const { run, edited } = explorer;
  const step = stepAt(run.timeline.steps, explorer.t);
  const tab = (name: keyof Opened, content: () => unknown) => html`<details
    class="tab" data-tab=${name} ?open=${opened[name]} @toggle=${(event: Event) => toggle(name, (event.target as HTMLDetailsElement).open)}
  >
    <summary>${say(name)} <small>${say(`${name}.note`)}</small></summary>
    ${opened[name] ? content() : nothing}
  </details>`;
  return html`<div class="tabs">
    ${tab("manifest", () => guard([run, edited, say], () => manifest(run.manifest, edited, say)))}
    ${tab("table", () => guard([run, step?.t, say], () => table(run, step?.t ?? null, say, go)))}
  </div>`;
}

function manifest(given: Manifest, edited: string | null, say: Say): TemplateResult {
  const [wrote, kept] = [given.written, given.stored ?? ""].map((text) => text.replace(/\n$/, "").split("\n")) as [
    string[],
    string[],
  ];
  const column = (title: string, content: readonly TemplateResult[]) => html`<div>
    <p class="sub">${title}</p>
    <div class="lines" tabindex="0" role="region" aria-label=${title}>${content}</div>
  </div>`;
  const band = (bound: Manifest["bound"]) => {
    const [all, now] = [new Set(Object.values(bound).flat()), new Set(edited === null ? [] : bound[edited])];
    return (line: number) => (now.has(line) ? "changed" : all.has(line) ? "bound" : "");
  };
  const [inWritten, inStored] = [band(given.bound), band(given.kept)];
  const stored = (text: string, n: number) => {
    const [letter, who, why] = given.origins[given.by[n] ?? -1] ?? ["", "", ""];
    const reason = letter ? html`<span>${who}: ${why}</span>` : nothing;
    const look = `${letter ? "added" : ""} ${inStored(n + 1)}`;
    return html`<div class=${look} data-origin=${letter || nothing}><i>${letter}</i>${text}${reason}</div>`;
  };
  return html`<div>${originsLegend(given, say)}<div class="manifest">
    ${column(
      say("manifest.wrote", { count: wrote.length }),
      wrote.map((text, n) => html`<div class=${inWritten(n + 1)}><i>${n + 1}</i>${text}</div>`),
    )}
    ${column(say("manifest.stored", { count: kept.length }), kept.map(stored))}
  </div></div>`;
}

const LETTERS = ["S", "A", "N", "K", "R", "C"] as const;

/** Who added lines, with a letter and how many they are. */
function originsLegend({ origins, by }: Manifest, say: Say): TemplateResult {
  const letters = by.flatMap((n) => (n === null ? [] : [origins[n]![0]]));
  const entry = (letter: (typeof LETTERS)[number]) => {
    const count = letters.filter((one) => one === letter).length;
    return count
      ? html`<span data-origin=${letter}><b>${letter}</b> ${say(`origin.${letter}`)} (${count})</span> `
      : nothing;
  };
  return html`<p class="origins">${say("manifest.added")} ${LETTERS.map(entry)}</p>`;
}

function table(
  { timeline: { pod, steps, lanes } }: Pick<Run, "timeline">,
  now: number | null,
  say: Say,
  go: (t: number) => void,
): TemplateResult {
  const names = new Map(lanes.map(({ id, label }) => [id, label]));
  const change = ({ lane, from, to }: TableRow["changes"][number], n: number) =>
    html`${n ? html`<br />` : nothing}<b>${names.get(lane) ?? lane}</b> ${from === "-" ? to : `${from} → ${to}`}`;
  const row = ({ t, changes, because }: TableRow) => html`<tr class=${t === now ? "at" : ""} data-t=${t}>
    <td><button type="button" @click=${() => go(t)}>${reading(t)}</button></td>
    <td>${changes.map(change)}</td>
    <td>${because}</td>
  </tr>`;
  const heads = (["table.time", "table.change", "table.because"] as const).map(
    (key) => html`<th scope="col">${say(key)}</th>`,
  );
  const caption = say("table.caption", { pod });
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${caption}>
    <table class="steps">
      <caption class="vh">${caption}</caption>
      <thead><tr>${heads}</tr></thead>
      <tbody>${tableRows(steps).map(row)}</tbody>
    </table>
  </div>`;
}
