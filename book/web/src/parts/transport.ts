/** Under the figure: previous, play, next, speed, zoom and axis. */

import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { ZOOMS } from "../link.ts";
import type { Player } from "../player.ts";
import type { Stage } from "../stage.ts";
import { icon } from "./icon.ts";
import type { Looking } from "./readout.ts";

const PREVIOUS = "M3 2h2v12H3zM14 2v12L6 8z";
const PLAY = "M4 2v12l10-6z";
const PAUSE = "M3 2h4v12H3zM9 2h4v12H9z";
const NEXT = "M11 2h2v12h-2zM2 2v12l8-6z";
const SPEEDS = [1, 5, 20];

/** `stage` and `player` are asked for when a button is pressed. */
export function transport(
  { explorer, say, uid }: Looking & { readonly uid: string },
  stage: () => Stage,
  player: () => Player,
): TemplateResult {
  const { playing } = explorer;
  const jump = (direction: 1 | -1) => () => stage().move(stage().neighbour(direction));
  const start = explorer.startsLong ? say("zoom.minute") : say("zoom.start");
  const names = { all: say("zoom.all"), start, near: say("zoom.near") };
  const radio = (group: string, name: string, checked: boolean, choose: () => void) => html`<label>
    <input type="radio" name="${uid}-${group}" .checked=${live(checked)} @change=${choose} /><span>${name}</span>
  </label>`;
  return html`<div class="transport">
    <div>
      <button class="btn" type="button" aria-label=${say("previous")} title=${say("previous.title")} @click=${jump(-1)}>${icon(PREVIOUS)}</button>
      <button class="btn play" type="button" aria-label=${say(playing ? "pause" : "play")} title=${say("play.title")} @click=${() => player().toggle()}>
        ${icon(playing ? PAUSE : PLAY)}
      </button>
      <button class="btn" type="button" aria-label=${say("next")} title=${say("next.title")} @click=${jump(1)}>${icon(NEXT)}</button>
      <select class="btn" aria-label=${say("speed")} @change=${(event: Event) => {
        explorer.speed = SPEEDS[(event.target as HTMLSelectElement).selectedIndex]!;
      }}>
        ${SPEEDS.map((speed) => html`<option ?selected=${speed === explorer.speed}>${speed}×</option>`)}
      </select>
    </div>
    <div class="seg push" role="radiogroup" aria-label=${say("zoom")}>
      ${ZOOMS.map((zoom) => radio("zoom", names[zoom], explorer.zoom === zoom, () => explorer.setZoom(zoom)))}
    </div>
    <div class="seg" role="radiogroup" aria-label=${say("axis")}>
      ${radio("axis", say("axis.true"), !explorer.shortWaits, () => explorer.setShortWaits(false))}
      ${radio("axis", say("axis.short"), explorer.shortWaits, () => explorer.setShortWaits(true))}
    </div>
  </div>`;
}
