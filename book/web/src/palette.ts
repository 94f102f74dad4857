/** The colours of the page at this moment, read from CSS once per theme. */

import { TONE_NAMES, type Tone } from "./style.ts";

export interface ToneColors {
  readonly fill: string;
  readonly line: string;
  readonly text: string;
  readonly mesh: string;
}

export interface Palette {
  readonly tones: Readonly<Record<Tone, ToneColors>>;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly band: string;
  readonly play: string;
  readonly family: string;
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const tone = (name: Tone): ToneColors => ({
    fill: color(`--xp-${name}`),
    line: color(`--xp-${name}-line`),
    text: color(`--xp-${name}-text`),
    mesh: color(`--xp-${name}-pat`),
  });
  return {
    tones: Object.fromEntries(TONE_NAMES.map((name) => [name, tone(name)])) as Record<Tone, ToneColors>,
    text: color("--xp-text"),
    muted: color("--xp-muted"),
    grid: color("--xp-grid"),
    band: color("--xp-band"),
    play: color("--xp-play"),
    family: style.fontFamily,
  };
}

/** The colour of a role of the style table: `muted`, `play`, or TONE-line. */
export function roleColor(palette: Palette, role: string): string {
  if (role === "muted" || role === "play") return palette[role];
  return palette.tones[role.replace(/-line$/, "") as Tone].line;
}
