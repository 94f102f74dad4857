/** Lane names and world flags: HTML over the plot, real text and real buttons. */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import type { WorldMark } from "./data.ts";
import { reading } from "./duration.ts";
import type { Say } from "./messages.ts";
import type { Layout, Part, Row } from "./rows.ts";
import type { Scale } from "./scale.ts";
import { GEOMETRY, TEXT } from "./style.ts";

/** A control that a world flag moves: its value when the flag stands at `t` seconds. */
export interface Handle {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  set(value: number): void;
  commit(): void;
}

const px = (n: number) => `${n}px`;

/** `changing` are the lanes that change with the last step, per part; `lit` is one that the reader points at. */
export function laneNames(
  { rows, headings, narrow, zoom }: Layout,
  changing: readonly ReadonlySet<string>[],
  lit: string | null,
): TemplateResult {
  const heading = ({ text, y, height, strong }: Layout["headings"][number]) =>
    html`<div class="gut ${strong ? "title" : "group"}" style=${styleMap({ top: px(y), height: px(height) })}>${text}</div>`;
  const name = (row: Row) => {
    const [top, height] = narrow ? [row.y - GEOMETRY.narrowLabel, GEOMETRY.narrowLabel] : [row.y, row.height];
    const size = row.group.key ? " key" : row.height < TEXT.smallBelow * zoom ? " small" : "";
    const on = changing[row.part]?.has(row.id) ? " on" : "";
    const light = row.id === lit ? " lit" : "";
    return html`<div class="gut${size}${on}${light}" style=${styleMap({ top: px(top), height: px(height) })}>
      ${row.label}${row.note ? html`<em>${row.note}</em>` : nothing}
    </div>`;
  };
  return html`${headings.map(heading)}${rows.map(name)}`;
}

export function flags(
  { parts, handles }: { parts: readonly Part[]; handles: ReadonlyMap<string, Handle> },
  { rows }: Layout,
  scale: Scale,
  left: number,
  say: Say,
): TemplateResult {
  const flagsOf = (row: Row) => {
    const shown = parts[row.part]!.timeline.world.filter(([t]) => scale.shows(t));
    const last = row.part === parts.length - 1; // of a comparison only the copy is moved
    return repeat(
      shown.map((mark, i) => ({ mark, next: shown[i + 1] })),
      ({ mark }) => mark[1],
      ({ mark, next }) => {
        const x = scale.px(mark[0]);
        const room = Math.max((next ? scale.px(next[0]) : scale.width) - x - 4, 2);
        const style = { left: px(left + x), top: px(row.y + 1), maxWidth: px(room) };
        const handle = last && room >= TEXT.flag ? handles.get(mark[3] ?? mark[1]) : undefined;
        const form = room < (handle ? 2 : 1) * TEXT.flag ? " mute" : "";
        return flag(mark, form, style, handle, scale, say);
      },
    );
  };
  return html`${rows.filter(({ group }) => group.id === "world").map(flagsOf)}`;
}

function flag(
  [t, , text]: WorldMark,
  form: string,
  style: Record<string, string>,
  handle: Handle | undefined,
  scale: Scale,
  say: Say,
): TemplateResult {
  if (!handle) return html`<div class="flag${form}" style=${styleMap(style)}><span>${text}</span></div>`;
  return html`<button
    type="button" role="slider" class="flag drag${form}" style=${styleMap(style)} aria-label=${say("flag", { text })}
    aria-valuemin=${handle.min} aria-valuemax=${handle.max} aria-valuenow=${handle.value} aria-valuetext=${reading(t)}
    @pointerdown=${(event: PointerEvent) => drag(event, t, handle, scale)}
    @keydown=${(event: KeyboardEvent) => step(event, handle)}
  ><span>${text}</span></button>`;
}

/** The flag and its control move by the same number of seconds. */
function drag(event: PointerEvent, t: number, handle: Handle, scale: Scale): void {
  event.preventDefault();
  (event.currentTarget as HTMLElement).focus();
  const grabbed = scale.px(t) - event.clientX;
  const listening = new AbortController();
  const { signal } = listening;
  const follow = (at: PointerEvent) => handle.set(fitted(handle, handle.value + scale.time(at.clientX + grabbed) - t));
  const end = () => {
    listening.abort();
    handle.commit();
  };
  window.addEventListener("pointermove", follow, { signal });
  window.addEventListener("pointerup", end, { signal });
  window.addEventListener("pointercancel", end, { signal });
}

function step(event: KeyboardEvent, handle: Handle): void {
  const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
  if (!direction) return;
  event.preventDefault();
  handle.set(fitted(handle, handle.value + direction * handle.step));
  handle.commit();
}

/** The nearest value that the control can have. */
export function fitted({ min, max, step }: Pick<Handle, "min" | "max" | "step">, value: number): number {
  const steps = Math.round((value - min) / step);
  return Number(Math.min(Math.max(min + steps * step, min), max).toFixed(6));
}
