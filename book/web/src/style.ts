/** Tones, geometry and label rules: the table that the Python drawings read too. */

import table from "../../../podsim/timeline/style.json";

export type Tone = keyof typeof table.tones;
export type Group = (typeof table.groups)[number];

export const TONES = table.tones as Record<Tone, { pattern: string; outline: boolean; glyph: string }>;
export const TONE_NAMES = Object.keys(table.tones) as Tone[];
export const GROUPS = table.groups;
export const HEADED = new Set(table.headed);
export const GEOMETRY = table.geometry;
export const TEXT = table.text;
export const WAITS = table.waits;
export const ROUND_STEPS = table.steps;
export const PATTERN = table.pattern;
export const MARKS = table.marks;
export const GLYPHS = new Set(
  Object.values(table.tones)
    .map((tone) => tone.glyph)
    .filter(Boolean),
);
