/** A list of a container's runs: how long each lasts and how it ends; rows are added, taken away and moved by keys too. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Control, RunScript } from "../data.ts";
import { readNumber } from "../link.ts";
import { added, changed, moved, RUNS, removed } from "../runs.ts";
import type { Context } from "./controls.ts";

const ENDS = ["exits", "oom", "lasts"] as const;
const OOM_CODE = 137;
const USUAL = 5; // s of a run that gets an end

const endOf = (run: RunScript): (typeof ENDS)[number] =>
  run.for === null || run.for === undefined ? "lasts" : run.oom ? "oom" : "exits";

export function runs({ explorer, say, uid }: Context, control: Control): TemplateResult {
  const all = explorer.values[control.id] as readonly RunScript[];
  const draw = (next: RunScript[]) => explorer.draw(control, next);
  const set = (next: RunScript[]) => {
    draw(next);
    explorer.commit();
  };
  const ended = (n: number, end: (typeof ENDS)[number]) => {
    const seconds = all[n]!.for ?? USUAL;
    const exit = end === "oom" ? OOM_CODE : all[n]!.exit === OOM_CODE ? 1 : (all[n]!.exit ?? 0);
    return set(
      changed(all, n, end === "lasts" ? { for: null, oom: false } : { for: seconds, exit, oom: end === "oom" }),
    );
  };
  const number = (n: number, key: "for" | "exit", label: string, min: number, max: number) => {
    const type = (event: Event) => {
      const entered = readNumber({ min, max }, (event.target as HTMLInputElement).value);
      if (entered !== undefined && (key === "for" || Number.isInteger(entered)))
        draw(changed(all, n, { [key]: entered }));
    };
    return html`<input
      type="number" inputmode="decimal" min=${min} max=${max} step=${key === "for" ? "any" : 1} aria-label=${label}
      .value=${String(all[n]![key] ?? 0)} @input=${type} @change=${() => explorer.commit()}
    />`;
  };
  const keys = (event: KeyboardEvent, n: number) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key] as -1 | 1 | undefined;
    if (!event.altKey || !by) return;
    event.preventDefault();
    set(moved(all, n, by));
    const list = (event.currentTarget as HTMLElement).parentElement!;
    const place = Math.min(Math.max(n + by, 0), all.length - 1);
    queueMicrotask(() => list.querySelectorAll("select")[place]?.focus());
  };
  const row = (run: RunScript, n: number) => {
    const which = { number: n + 1 };
    const end = endOf(run);
    const button = (key: "up" | "down" | "remove", text: string, next: () => RunScript[], off: boolean) => html`<button
      class="btn" type="button" aria-label=${say(`runs.${key}`, which)} title=${say(`runs.${key}`, which)} ?disabled=${off} @click=${() => set(next())}
    >${text}</button>`;
    return html`<li @keydown=${(event: KeyboardEvent) => keys(event, n)}>
      <select aria-label=${say("runs.end", which)} @change=${(event: Event) => ended(n, ENDS[(event.target as HTMLSelectElement).selectedIndex]!)}>
        ${ENDS.map((one) => html`<option .selected=${live(one === end)}>${say(`runs.${one}`)}</option>`)}
      </select>
      <span class="order">
        ${button("up", "↑", () => moved(all, n, -1), n === 0)}
        ${button("down", "↓", () => moved(all, n, 1), n === all.length - 1)}
        ${button("remove", "×", () => removed(all, n), all.length === 1)}
      </span>
      ${
        end === "lasts"
          ? nothing
          : html`<span class="how">${say("runs.after")} ${number(n, "for", say("runs.for", which), 0, RUNS.longest)} s${
              end === "exits"
                ? html`, ${say("runs.code")} ${number(n, "exit", say("runs.exit", which), 0, RUNS.exit)}`
                : nothing
            }</span>`
      }
    </li>`;
  };
  return html`<ol id="${uid}-${control.id}" class="run-list" title=${say("runs.keys")}>${all.map(row)}</ol>
    <button class="btn add" type="button" ?disabled=${all.length >= RUNS.most} @click=${() => set(added(all))}>${say("runs.add")}</button>`;
}
