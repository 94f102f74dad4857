/** The lines typed at a prompt, to be had again with the arrow keys. */
export class Recall {
  #lines: string[] = [];
  #at = 0;
  #draft = "";

  /** A line that was run; the same line twice is kept once. */
  add(line: string): void {
    if (line.trim() && this.#lines.at(-1) !== line) this.#lines.push(line);
    this.#at = this.#lines.length;
  }

  /** The line before or after the present one; `draft` is what stands at the prompt now. */
  go(direction: -1 | 1, draft: string): string {
    if (this.#at === this.#lines.length) this.#draft = draft;
    this.#at = Math.min(Math.max(this.#at + direction, 0), this.#lines.length);
    return this.#lines[this.#at] ?? this.#draft;
  }
}

/** The longest text that all of `texts` begin with. */
export function commonStart(texts: readonly string[]): string {
  const [first = "", ...rest] = texts;
  let length = first.length;
  for (const text of rest) {
    while (!text.startsWith(first.slice(0, length))) length--;
  }
  return first.slice(0, length);
}
