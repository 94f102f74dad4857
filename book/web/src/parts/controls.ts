/** The inputs: what the reader writes (spec) and what happens to it (world), each field with its own reset. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { boundsOf, type Control, type Value } from "../data.ts";
import type { Explorer } from "../explorer.ts";
import { readNumber } from "../link.ts";
import type { Say } from "../messages.ts";
import { fitted } from "../overlays.ts";
import { runs } from "./runs.ts";

export interface Context {
  readonly explorer: Explorer;
  readonly say: Say;
  /** A prefix that makes ids unique on the page. */
  readonly uid: string;
}

export function controls(context: Context): TemplateResult | typeof nothing {
  const { explorer, say } = context;
  const { controls: all, title } = explorer.declaration;
  if (!all.length) return nothing;
  const spec = all.filter(({ bind }) => bind === "manifest");
  const world = all.filter(({ bind }) => bind === "scenario");
  const set = (name: "spec" | "world", mine: readonly Control[]) =>
    mine.length
      ? html`<fieldset class=${name} ?disabled=${!explorer.canRun}>
          <legend>${say(name)} <small>${say(`${name}.note`)}</small></legend>
          ${mine.map((control) => field(context, control))}
        </fieldset>`
      : nothing;
  return html`<form class="controls" aria-label=${say("inputs", { title })} @submit=${(e: Event) => e.preventDefault()}>
    ${set("spec", spec)}${spec.length ? excerpt(explorer, say) : nothing}${set("world", world)}
  </form>`;
}

function field(context: Context, control: Control): TemplateResult {
  const { explorer, say, uid } = context;
  const { id, label } = control;
  const inputs = { number, choice, text, bool, runs }[control.as];
  const foresee = () => explorer.foresee(control);
  return html`<div class="field ${control.as}" data-control=${id} @pointerenter=${foresee} @focusin=${foresee}>
    ${control.as === "runs" ? html`<span class="label">${label}</span>` : html`<label for="${uid}-${id}">${breakable(label)}</label>`}
    <button
      class="again" type="button" title=${say("field.reset", { label })} aria-label=${say("field.reset", { label })}
      ?hidden=${!explorer.edits.differs(id)} @click=${() => restore(explorer, control)}
    >↺</button>
    ${inputs(context, control)}
  </div>`;
}

function restore(explorer: Explorer, control: Control): void {
  explorer.edited = control.id;
  explorer.set({ [control.id]: control.value });
}

function number({ explorer, say, uid }: Context, control: Control): TemplateResult {
  const { id, label, unit } = control;
  const value = Number(explorer.values[id]);
  const bounds = boundsOf(control);
  const text = unit ? `${value} ${unit}` : String(value);
  const type = (event: Event) => {
    const entered = readNumber(control, (event.target as HTMLInputElement).value);
    if (entered !== undefined) explorer.draw(control, entered);
  };
  const leave = (event: Event) => {
    const box = event.target as HTMLInputElement;
    if (readNumber(control, box.value) === undefined && box.value !== "" && Number.isFinite(Number(box.value))) {
      explorer.draw(control, fitted(bounds, Number(box.value)));
    }
    explorer.commit();
    box.value = String(explorer.values[id]);
  };
  return html`<span class="exact"><input
      type="number" inputmode="decimal" aria-label=${say("field.exact", { label })} min=${bounds.min} max=${bounds.max} step="any"
      .value=${String(value)} @input=${type} @change=${leave}
    />${unit ? html`<span class="unit">${unit}</span>` : nothing}</span>
    <input
      type="range" id="${uid}-${id}" min=${bounds.min} max=${bounds.max} step=${bounds.step} aria-valuetext=${text}
      .value=${live(String(value))} @input=${type} @change=${() => explorer.commit()}
    />`;
}

function choice({ explorer, uid }: Context, control: Control): TemplateResult {
  const options = control.choices ?? [];
  const choose = (event: Event) =>
    pick(explorer, control, options[(event.target as HTMLSelectElement).selectedIndex]!.value);
  return html`<select id="${uid}-${control.id}" @change=${choose}>
    ${options.map(({ value, label }) => html`<option .selected=${live(value === explorer.values[control.id])}>${label}</option>`)}
  </select>`;
}

function text({ explorer, uid }: Context, control: Control): TemplateResult {
  return html`<input
    type="text" id="${uid}-${control.id}" autocomplete="off" spellcheck="false" .value=${live(String(explorer.values[control.id] ?? ""))}
    @input=${(event: Event) => explorer.draw(control, (event.target as HTMLInputElement).value)} @change=${() => explorer.commit()}
  />`;
}

function bool({ explorer, uid }: Context, control: Control): TemplateResult {
  return html`<input
    type="checkbox" id="${uid}-${control.id}" .checked=${live(Boolean(explorer.values[control.id]))}
    @change=${(event: Event) => pick(explorer, control, (event.target as HTMLInputElement).checked)}
  />`;
}

function pick(explorer: Explorer, control: Control, value: Value): void {
  explorer.draw(control, value);
  explorer.commit();
}

/** The lines of the manifest that the inputs write, each below the line it belongs to. */
function excerpt({ run: { manifest }, edited }: Explorer, say: Say): TemplateResult | typeof nothing {
  const lines = manifest.written.split("\n");
  const bound = new Set(Object.values(manifest.bound).flat());
  if (!bound.size) return nothing;
  const shown = new Set([...bound].flatMap((n) => [parentOf(lines, n), n]).filter((n) => n > 0));
  const banded = new Set(edited === null ? [] : manifest.bound[edited]);
  const indent = Math.min(...[...shown].map((n) => indentOf(lines[n - 1]!)));
  return html`<div class="excerpt" role="group" aria-label=${say("excerpt")}>
    ${[...shown]
      .sort((a, b) => a - b)
      .map(
        (n) =>
          html`<div class=${banded.has(n) ? "changed" : ""}><i>${n}</i>${breakable(lines[n - 1]!.slice(indent))}</div>`,
      )}
  </div>`;
}

/** A text that may break between the words of a field's name. */
const breakable = (text: string) =>
  text.split(/(?<=\w\.)(?=\w)|(?<=[a-z])(?=[A-Z])/).map((word, n) => (n ? html`<wbr />${word}` : word));

const indentOf = (line: string) => line.search(/\S|$/);

/** The number of the line that line `n` is nested in, 0 at the top; lists in YAML may stand at their key's column. */
export function parentOf(lines: readonly string[], n: number): number {
  const own = indentOf(lines[n - 1]!);
  for (let m = n - 1; m > 0; m--) {
    const line = lines[m - 1]!;
    if (line.trim() && !line.trim().startsWith("#") && indentOf(line) < own) return m;
  }
  return 0;
}
