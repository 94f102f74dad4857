/** The figure's stage: plotly's picture, and over it as HTML the lane names, world flags and the playhead. */

import { nothing, render, type TemplateResult } from "lit";
import { type Drawing, figure } from "./figure.ts";
import { canvasMeasure, type Measure } from "./labels.ts";
import type { Say } from "./messages.ts";
import { lanesOf, neighbour, stepAt } from "./moments.ts";
import { flags, type Handle, laneNames } from "./overlays.ts";
import { type Palette, readPalette } from "./palette.ts";
import { changeAt } from "./pick.ts";
import { Playhead } from "./playhead.ts";
import type { Plotly } from "./plotly.ts";
import { type Layout, layOut, type Part } from "./rows.ts";
import { makeScale, type Scale, type View } from "./scale.ts";
import { GEOMETRY } from "./style.ts";

/** What the stage shows. */
export interface Scene {
  readonly parts: readonly Part[];
  readonly lanes: readonly string[] | null;
  readonly view: View | null;
  readonly shortWaits: boolean;
  readonly zoom: number;
  /** Controls that world flags move. */
  readonly handles: ReadonlyMap<string, Handle>;
  /** The seconds that the playhead may be moved to; all of the run unless given. */
  readonly range?: View;
  /** What the playhead is called, if it is not simply that. */
  readonly label?: string | null;
  /** What lies over the figure. */
  readonly over?: (layout: Layout, scale: Scale, left: number) => TemplateResult;
}

const { gutter: GUTTER, pad: PAD, narrow: NARROW, snap: SNAP } = GEOMETRY;

export class Stage {
  t = 0;
  /** Whose change the playhead is at, where several change at once. */
  lane: string | null = null;
  onMove: (t: number, lane: string | null) => void = () => {};
  onPlay: () => void = () => {};
  onDrawn: () => void = () => {};
  readonly #plot = box("plot");
  readonly #names = box("names");
  readonly #flags = box("flags");
  readonly #band = box("stretch");
  readonly #light = box("light");
  readonly #over = box("over");
  readonly #playhead: Playhead;
  #plotly: Plotly | null = null;
  #palette: Palette | null = null;
  #measure: Measure = () => 0;
  #scene: Scene | null = null;
  #scale: Scale | null = null;
  #layout: Layout | null = null;
  #left = 0;
  #frame = 0;
  #lit: string | null = null; // the lane of a why's clause that the reader points at
  #stretch: View | null = null; // the seconds that a chapter is about
  #still: Element | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly say: Say,
  ) {
    this.#playhead = new Playhead({
      press: (clientX, clientY) => this.#press(clientX, clientY),
      drag: (clientX) => this.move(this.#snapped(clientX)),
      move: (t) => this.move(t),
      play: () => this.onPlay(),
      now: () => this.t,
      end: () => this.end,
      page: () => (this.#scale ? (this.#scale.to - this.#scale.from) / 10 : 1),
      neighbour: (direction) => this.neighbour(direction),
    });
    this.#plot.setAttribute("aria-hidden", "true");
    this.#plot.addEventListener("pointermove", ({ clientX, clientY }) => {
      this.#plot.classList.toggle("change", this.#changeAt(clientX, clientY) !== null);
    });
    element.append(this.#light, this.#band, this.#plot, this.#names, this.#flags, this.#over, this.#playhead.element);
    this.#playhead.grabs(this.#plot);
    new ResizeObserver(() => this.schedule()).observe(element);
  }

  get end(): number {
    return Math.max(0, ...(this.#scene?.parts ?? []).map(({ timeline }) => timeline.horizon));
  }

  set plotly(plotly: Plotly) {
    this.#plotly = plotly;
    this.schedule();
  }

  /** Stands in the figure's place until that is drawn. */
  set still(picture: Element | null) {
    this.#still = picture;
    if (picture) this.element.prepend(picture);
  }

  show(scene: Scene): void {
    this.#scene = scene;
    this.#playhead.label = scene.label ?? this.say("playhead");
    this.t = Math.min(this.t, this.end);
    if (this.#plotly) this.place();
    else this.#arrange(); // the room that it will take
    this.schedule();
  }

  /** The theme has changed. */
  repaint(): void {
    this.#palette = null;
    this.schedule();
  }

  /** Draws at the next animation frame, at most once per frame. */
  schedule(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.draw();
    });
  }

  draw(): void {
    this.#arrange();
    if (!this.#plotly || !this.#layout || !this.#scale) return;
    const { data, layout, config } = figure(this.#drawing(this.#layout, this.#scale));
    void this.#plotly.react(this.#plot, data, layout, config);
    this.element.classList.add("drawn");
    this.#still?.remove();
    this.#still = null;
    this.onDrawn();
  }

  move(t: number, lane: string | null = null): void {
    const [from, to] = this.#scene?.range ?? [0, this.end];
    this.t = Math.min(Math.max(t, from), to);
    this.lane = lane;
    this.place();
    this.onMove(this.t, lane);
  }

  neighbour(direction: 1 | -1): number {
    const near = this.#scene?.parts.map(({ timeline }) => neighbour(timeline, this.t, direction)) ?? [this.t];
    return direction > 0 ? Math.min(...near) : Math.max(...near);
  }

  /** Goes where a why has led, with no lane lit. */
  follow({ t, lane }: { readonly t: number; readonly lane: string | null }): void {
    this.t = t;
    this.lane = lane;
    this.light(null);
    this.place();
  }

  /** Lights the lane that a clause speaks of. */
  light(lane: string | null): void {
    this.#lit = lane;
    this.#drawNames();
    this.#placeLight();
  }

  /** Bands the seconds that something on the page is about; null bands nothing. */
  band(stretch: View | null): void {
    this.#stretch = stretch;
    this.#placeBand();
  }

  #placeLight(): void {
    const row = this.#layout?.rows.find(({ id }) => id === this.#lit);
    this.#light.hidden = !row;
    if (row) Object.assign(this.#light.style, { top: `${row.y}px`, height: `${row.height}px` });
  }

  #placeBand(): void {
    this.#band.hidden = !this.#stretch;
    if (!this.#stretch || !this.#scale) return;
    const [from, to] = [this.#scale.px(this.#stretch[0]), this.#scale.px(this.#stretch[1])];
    Object.assign(this.#band.style, { left: `${this.#left + from}px`, width: `${to - from}px` });
  }

  /** Sizes and HTML parts, which need no plotly: the stage has its height before the picture comes. */
  #arrange(): void {
    const width = this.element.clientWidth;
    if (!this.#scene || !width) return;
    const { parts, lanes, view, shortWaits, zoom } = this.#scene;
    const narrow = width < NARROW;
    this.#left = narrow ? PAD : GUTTER * zoom;
    const times = parts.flatMap(({ timeline }) =>
      timeline.lanes.flatMap((lane) => lane.segs.flatMap(([from, to]) => [from, to])),
    );
    this.#scale = makeScale(times, view ?? [0, this.end], width - this.#left - PAD, shortWaits, zoom);
    this.#layout = layOut(parts, (group) => this.say(`lane.${group}` as "lane.world"), { narrow, only: lanes, zoom });
    this.element.style.height = `${this.#layout.height}px`;
    Object.assign(this.#plot.style, {
      left: `${this.#left - PAD}px`,
      width: `${this.#scale.width + 2 * PAD}px`,
      height: `${this.#layout.height}px`,
    });
    this.#drawNames();
    this.#placeLight();
    this.#placeBand();
    render(flags(this.#scene, this.#layout, this.#scale, this.#left, this.say), this.#flags);
    render(this.#scene.over?.(this.#layout, this.#scale, this.#left) ?? nothing, this.#over);
    this.place();
  }

  #drawing(layout: Layout, scale: Scale): Drawing {
    if (!this.#palette) {
      this.#palette = readPalette(this.element);
      this.#measure = canvasMeasure(this.#palette.family);
    }
    const result = (name: string) => this.say(`result.${name}` as "result.ok");
    return {
      parts: this.#scene!.parts,
      layout,
      scale,
      palette: this.#palette,
      measure: this.#measure,
      words: { result },
    };
  }

  #drawNames(): void {
    if (!this.#layout || !this.#scene) return;
    const changing = this.#scene.parts.map(({ timeline: { steps } }) => lanesOf(steps, stepAt(steps, this.t)));
    render(laneNames(this.#layout, changing, this.#lit), this.#names);
  }

  place(): void {
    if (!this.#scale || !this.#layout || !this.#scene) return;
    const x = this.#scale.px(this.t);
    const { steps } = this.#scene.parts.at(-1)!.timeline;
    const step = stepAt(steps, this.t, this.lane);
    this.#playhead.place({
      x: this.#left + x,
      height: this.#layout.height,
      before: x + this.#left,
      after: this.#scale.width - x + PAD,
      t: this.t,
      range: this.#scene.range ?? [0, this.end],
      says: step?.why.at(-1)?.text ?? "",
    });
    this.#drawNames();
  }

  #changeAt(clientX: number, clientY: number): { t: number; lane: string } | null {
    if (!this.#layout || !this.#scale) return null;
    const { left, top } = this.element.getBoundingClientRect();
    return changeAt(this.#layout, this.#scale, clientX - left - this.#left, clientY - top);
  }

  #press(clientX: number, clientY: number): void {
    const change = this.#changeAt(clientX, clientY);
    if (change) this.move(change.t, change.lane);
    else this.move(this.#snapped(clientX));
  }

  #snapped(clientX: number): number {
    if (!this.#scale) return this.t;
    const scale = this.#scale;
    const x = clientX - this.element.getBoundingClientRect().left - this.#left;
    const t = scale.time(x);
    const steps = this.#scene?.parts.flatMap(({ timeline }) => timeline.steps) ?? [];
    return steps.find((step) => Math.abs(scale.px(step.t) - x) < SNAP)?.t ?? t;
  }
}

function box(name: string): HTMLDivElement {
  const element = document.createElement("div");
  element.className = name;
  return element;
}
