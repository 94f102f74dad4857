/** The world as inputs: images, containers with their runs, probes and hooks, nodes; made from what Python says of the manifest. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { boundsOf } from "../../data.ts";
import { amount, slid, UNTIL, unslid } from "../amount.ts";
import type { Entry, Group, Json } from "../data.ts";
import type { Say } from "../messages.ts";
import type { Playground } from "../playground.ts";

export interface Context {
  readonly playground: Playground;
  readonly say: Say;
  /** A prefix that makes ids unique on the page. */
  readonly uid: string;
}

type Target<Element> = Event & { readonly target: Element };

export function panel(context: Context): TemplateResult {
  const { playground, say } = context;
  return html`<form class="world-form" aria-label=${say("world.form")} @submit=${(event: Event) => event.preventDefault()}>
    ${repeat(
      playground.play.panel,
      ({ kind, name }) => `${kind} ${name}`,
      (group) => fieldset(context, group),
    )}
    ${clock(context)}
  </form>`;
}

function fieldset(context: Context, { kind, title, note, entries }: Group): TemplateResult {
  return html`<fieldset class=${kind} ?disabled=${context.playground.status?.state === "offline"}>
    <legend>${title}${note ? html` <small>${note}</small>` : nothing}</legend>
    ${entries.filter(({ active, set }) => active || set).map((entry) => field(context, entry))}
  </fieldset>`;
}

/** How long the run is, which belongs to the session. */
function clock({ playground, say, uid }: Context): TemplateResult {
  const { until } = playground.session;
  const set = (text: string) => {
    const entered = amount(UNTIL, text);
    if (entered !== null) playground.lengthen(entered);
  };
  return html`<fieldset class="clock"><legend>${say("world.clock")}</legend>
    <div class="field number">
      <label for="${uid}-until">${say("world.until")}</label><span></span>
      ${exact(say("field.exact", { label: say("world.until") }), until, "s", set)}
      ${slider(`${uid}-until`, until, UNTIL, `${until} s`, (value) => playground.lengthen(value))}
    </div>
  </fieldset>`;
}

function field(context: Context, entry: Entry): TemplateResult {
  const { playground, say, uid } = context;
  const { path, label, as, active, set } = entry;
  const id = `${uid}-${path.join("-").replace(/[^\w-]/g, "_")}`;
  const reset = say("field.reset", { label });
  const name =
    as === "list" ? html`<span class="label" id=${id}>${label}</span>` : html`<label for=${id}>${label}</label>`;
  return html`<div class="field ${as} ${active ? "" : "idle"}" data-path=${path.join(".")}>
    ${name}
    <button class="again" type="button" title=${reset} aria-label=${reset} ?hidden=${!set} @click=${() => playground.adjust(path, null)}>↺</button>
    ${{ number, bool, choice, text, map, list }[as](context, entry, id)}
  </div>`;
}

/** As the reader wants it, which Python may not have heard of yet. */
const now = ({ playground }: Context, { path, value }: Entry): Json => playground.adjusting(path) ?? value;

function exact(label: string, value: Json, unit: string | null, set: (text: string) => void): TemplateResult {
  return html`<span class="exact"><input
      type="number" inputmode="decimal" step="any" aria-label=${label} .value=${live(value === null ? "" : String(value))}
      @change=${({ target }: Target<HTMLInputElement>) => set(target.value)}
    />${unit ? html`<span class="unit">${unit}</span>` : nothing}</span>`;
}

function number(context: Context, entry: Entry, id: string): TemplateResult {
  const { playground, say } = context;
  const { min, max, step, unit, label, path } = entry;
  const value = now(context, entry);
  const set = (text: string) => {
    const entered = amount({ min, max: null }, text);
    if (entered !== null || text.trim() === "") playground.adjust(path, entered);
  };
  const said = value === null ? say("world.none") : unit ? `${value} ${unit}` : String(value);
  const range = boundsOf({ min, max, step });
  return html`${exact(say("field.exact", { label }), value, unit, set)}
    ${slider(id, Number(value ?? range.max), range, said, (next) => playground.adjust(path, next))}`;
}

const WAY = 1000; // places on a slider

function slider(
  id: string,
  value: number,
  range: typeof UNTIL,
  said: string,
  set: (value: number) => void,
): TemplateResult {
  const part = slid(value, range);
  return html`<input
    type="range" id=${id} min="0" max=${WAY} step=${Math.max((WAY * range.step) / (range.max - range.min), 1)} aria-valuetext=${said}
    .value=${live(String(WAY * part))} @input=${({ target }: Target<HTMLInputElement>) => set(unslid(Number(target.value) / WAY, value, range))}
  />`;
}

function bool(context: Context, entry: Entry, id: string): TemplateResult {
  return html`<input type="checkbox" id=${id} .checked=${live(now(context, entry) === true)}
    @change=${({ target }: Target<HTMLInputElement>) => context.playground.adjust(entry.path, target.checked)} />`;
}

function choice(context: Context, entry: Entry, id: string): TemplateResult {
  const options = entry.choices ?? [];
  const value = JSON.stringify(now(context, entry));
  const choose = ({ target }: Target<HTMLSelectElement>) =>
    context.playground.adjust(entry.path, options[target.selectedIndex]!.value);
  return html`<select id=${id} @change=${choose}>
    ${options.map((option) => html`<option .selected=${live(JSON.stringify(option.value) === value)}>${option.label}</option>`)}
  </select>`;
}

function text(context: Context, entry: Entry, id: string): TemplateResult {
  const { suggestions, path } = entry;
  const value = now(context, entry);
  const shown = value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  return html`<input
      type="text" id=${id} autocomplete="off" spellcheck="false" list=${suggestions.length ? `${id}-list` : nothing} .value=${live(shown)}
      @change=${({ target }: Target<HTMLInputElement>) => context.playground.adjust(path, target.value || null)}
    />
    ${suggestions.length ? html`<datalist id="${id}-list">${suggestions.map((offer) => html`<option value=${offer}></option>`)}</datalist>` : nothing}`;
}

/** Texts by name, one `name=value` a line. */
function map(context: Context, entry: Entry, id: string): TemplateResult {
  const values = (now(context, entry) ?? {}) as Readonly<Record<string, Json>>;
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  const choose = ({ target }: Target<HTMLTextAreaElement>) => {
    const pairs = [...target.value.matchAll(/^\s*([^=\s]+)\s*=(.*)$/gm)].map(([, name, value]) => [
      name,
      value!.trim(),
    ]);
    context.playground.adjust(entry.path, pairs.length ? Object.fromEntries(pairs) : null);
  };
  return html`<textarea id=${id} rows=${Math.max(lines.length, 1)} spellcheck="false" placeholder="name=value" .value=${live(lines.join("\n"))} @change=${choose}></textarea>`;
}

function list(context: Context, { items, templates, path, label }: Entry, id: string): TemplateResult {
  const { playground, say } = context;
  const add = ({ target }: Target<HTMLSelectElement>) => {
    const template = templates[target.selectedIndex - 1];
    target.selectedIndex = 0;
    if (template) playground.adjust([...path, items.length], template.item);
  };
  const item = (entries: readonly Entry[], n: number) => {
    const remove = say("world.remove", { label, number: n + 1 });
    return html`<li>
      <div class="item">
        <span>${n + 1}</span>
        <button class="again" type="button" title=${remove} aria-label=${remove} @click=${() => playground.adjust([...path, n], null)}>✕</button>
      </div>
      ${entries.map((inner) => field(context, inner))}
    </li>`;
  };
  return html`${items.length ? html`<ol class="items" aria-labelledby=${id}>${items.map(item)}</ol>` : nothing}
    <select class="add" aria-label=${say("world.add", { label })} @change=${add} ?hidden=${!templates.length}>
      <option>+ ${say("world.add", { label })}</option>
      ${templates.map(({ title }) => html`<option>${title}</option>`)}
    </select>`;
}
