/** The playhead: a line over all lanes, with a knob that is a slider for keys and assistive technology. */

import { reading } from "./duration.ts";

export interface Playing {
  /** A press in the plot, which may mean one lane's change. */
  press(clientX: number, clientY: number): void;
  drag(clientX: number): void;
  move(t: number): void;
  play(): void;
  now(): number;
  end(): number;
  /** Seconds that PageUp and PageDown go. */
  page(): number;
  neighbour(direction: 1 | -1): number;
}

export interface Place {
  readonly x: number;
  readonly height: number;
  /** px between the line and the stage's edges, where the knob must stay. */
  readonly before: number;
  readonly after: number;
  readonly t: number;
  /** The seconds that it may be moved to. */
  readonly range: readonly [number, number];
  /** What happens there. */
  readonly says: string;
}

export class Playhead {
  readonly element = document.createElement("div");
  readonly #knob = document.createElement("button");

  constructor(private readonly playing: Playing) {
    this.element.className = "playhead";
    this.#knob.type = "button";
    this.#knob.className = "knob";
    this.#knob.setAttribute("role", "slider");
    this.#knob.setAttribute("aria-orientation", "horizontal");
    this.#knob.addEventListener("keydown", (event) => this.#key(event));
    this.element.append(this.#knob);
    this.grabs(this.#knob);
  }

  set label(label: string) {
    this.#knob.setAttribute("aria-label", label);
  }

  /** Pressing and dragging on `surface` moves the playhead; a vertical touch still scrolls the page. */
  grabs(surface: HTMLElement): void {
    surface.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      if (surface === this.#knob) event.preventDefault();
      const follow = (at: PointerEvent) => this.playing.drag(at.clientX);
      const listening = new AbortController();
      const { signal } = listening;
      if (surface === this.#knob) follow(event);
      else this.playing.press(event.clientX, event.clientY);
      this.#knob.focus({ preventScroll: true });
      window.addEventListener("pointermove", follow, { signal });
      for (const end of ["pointerup", "pointercancel"]) {
        window.addEventListener(end, () => listening.abort(), { signal });
      }
    });
  }

  place({ x, height, before, after, t, range: [from, to], says }: Place): void {
    this.element.style.transform = `translateX(${x}px)`;
    this.element.style.height = `${height}px`;
    const text = reading(t);
    this.#knob.textContent = text;
    this.#knob.style.transform = `translateX(min(max(-50%, ${-before}px), ${after}px - 100%))`; // needs no measuring
    const values = {
      valuemin: from,
      valuemax: to,
      valuenow: Math.round(t * 10) / 10,
      valuetext: says ? `${text}. ${says}` : text,
    };
    for (const [name, value] of Object.entries(values)) this.#knob.setAttribute(`aria-${name}`, String(value));
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { playing } = this;
    const step = (direction: 1 | -1) => (event.shiftKey ? playing.neighbour(direction) : playing.now() + direction);
    const to: Record<string, () => number> = {
      ArrowRight: () => step(1),
      ArrowUp: () => step(1),
      ArrowLeft: () => step(-1),
      ArrowDown: () => step(-1),
      PageDown: () => playing.now() + playing.page(),
      PageUp: () => playing.now() - playing.page(),
      Home: () => 0,
      End: () => playing.end(),
      n: () => playing.neighbour(1),
      p: () => playing.neighbour(-1),
    };
    const go = to[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!go && event.key !== " ") return;
    event.preventDefault();
    if (go) playing.move(go());
    else playing.play();
  }
}
