/** The longest form of a label that fits its bar. */

import { GLYPHS, TEXT } from "./style.ts";

export type Measure = (text: string, size: number) => number;

/** The label, the short one, its glyph, the label cut with an ellipsis, or nothing. Without `cut` neither a glyph alone nor an ellipsis will do. */
export function fit(measure: Measure, label: string, short: string, room: number, size: number, cut = true): string {
  const glyph = GLYPHS.has(label.charAt(0)) ? label.charAt(0) : "";
  for (const form of [label, short, glyph]) {
    if (form && (cut || form.length > 1) && measure(form, size) <= room) return form;
  }
  for (let length = label.length - 1; cut && length >= TEXT.fewest; length--) {
    const form = `${label.slice(0, length)}…`;
    if (measure(form, size) <= room) return form;
  }
  return "";
}

/** Text widths in the given font family, each measured once. */
export function canvasMeasure(family: string): Measure {
  const context = document.createElement("canvas").getContext("2d")!;
  const widths = new Map<string, number>();
  return (text, size) => {
    const key = `${size} ${text}`;
    let width = widths.get(key);
    if (width === undefined) {
      context.font = `${size}px ${family}`;
      width = context.measureText(text).width;
      widths.set(key, width);
    }
    return width;
  };
}
