/** Numbers that a reader types or slides to. */

export const SHORTEST_UNTIL = 10; // s
export const LONGEST_UNTIL = 86_400; // s

/** A number cut to its bounds; null for a text that is none. */
export function amount(
  { min, max }: { readonly min: number | null; readonly max: number | null },
  text: string,
): number | null {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? Math.min(Math.max(number, min ?? -Infinity), max ?? Infinity) : null;
}

/** Where a run's length stands on its slider, 0 to 1: equal ways are equal ratios. */
export const slid = (until: number) => Math.log(until / SHORTEST_UNTIL) / Math.log(LONGEST_UNTIL / SHORTEST_UNTIL);

/** The run's length, in two figures, that `part` of the slider's way stands for. */
export function unslid(part: number): number {
  if (part >= 1) return LONGEST_UNTIL;
  const exact = SHORTEST_UNTIL * (LONGEST_UNTIL / SHORTEST_UNTIL) ** part;
  const round = 10 ** Math.max(Math.floor(Math.log10(exact)) - 1, 0);
  return Math.round(exact / round) * round;
}
