/** Numbers that a reader types or slides to. */

/** How long a run may be, in seconds. */
export const UNTIL = { min: 10, max: 86_400, step: 1 };

/** A number cut to its bounds; null for a text that is none. */
export function amount(
  { min, max }: { readonly min: number | null; readonly max: number | null },
  text: string,
): number | null {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? Math.min(Math.max(number, min ?? -Infinity), max ?? Infinity) : null;
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

const LONG = 500; // steps that a straight slider still reaches well
const isLong = ({ min, max, step }: Range) => max - min > LONG * step;
const bend = (range: Range) => (isLong(range) ? Math.log10((range.max - range.min) / 10) : 1);

/** How far along its slider a value stands, 0 to 1: sliders of long ranges leave more room to the small values. */
export function slid(value: number, range: Range): number {
  const { min, max } = range;
  return ((Math.min(Math.max(value, min), max) - min) / (max - min)) ** (1 / bend(range));
}

/** The value when a slider is moved to `part` of its way: another one than before, and on long ranges in two figures. */
export function unslid(part: number, before: number, range: Range): number {
  const { min, max, step } = range;
  const exact = min + (max - min) * part ** bend(range);
  const round = isLong(range) ? Math.max(step, 10 ** (Math.floor(Math.log10(Math.max(exact, step))) - 1)) : step;
  const rounded = min + Math.round((exact - min) / round) * round;
  const value = part >= 1 ? max : rounded === before ? before + Math.sign(part - slid(before, range)) * step : rounded;
  return Number(Math.min(Math.max(value, min), max).toFixed(6));
}
