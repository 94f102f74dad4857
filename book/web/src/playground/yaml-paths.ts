/** Where each line of block-style YAML stands. */

interface Level {
  readonly indent: number;
  readonly key: string;
  items: number;
}

/** Per line its path with its value, such as `spec.containers[0].image: nginx`. */
export function linePaths(lines: readonly string[]): string[] {
  const levels: Level[] = [];
  return lines.map((line) => {
    let rest = line.trimEnd();
    let indent = rest.search(/\S|$/);
    rest = rest.trimStart();
    while (levels.length && levels.at(-1)!.indent >= indent && !isItemOf(levels.at(-1)!, indent, rest)) levels.pop();
    while (rest.startsWith("- ") || rest === "-") {
      const list = levels.at(-1);
      if (list) list.items += 1;
      levels.push({ indent, key: `[${(list?.items ?? 1) - 1}]`, items: 0 });
      const inner = rest.slice(1).trimStart();
      indent += rest.length - inner.length;
      rest = inner;
    }
    const key = /^("[^"]*"|[^\s:]+):(\s|$)/.exec(rest);
    const path = levels.map((level) => level.key).join(".");
    if (key) levels.push({ indent, key: key[1]!, items: 0 });
    return `${path}.${rest}`;
  });
}

/** A list may stand at the same column as its key. */
function isItemOf(level: Level, indent: number, rest: string): boolean {
  return level.indent === indent && !level.key.startsWith("[") && rest.startsWith("-");
}
