/** The keyboard map: every key of an explorer in one dialog, which gives the focus back when it closes. */

import { html, type TemplateResult } from "lit";
import type { Key } from "../messages.ts";
import type { Context } from "./controls.ts";

const [SHIFT, ALT, COMMAND] = ["Shift", "Alt", "Ctrl / ⌘"];

/** Where the keys act, then keys and what they do; `+` stands between keys pressed together. */
const KEYS: readonly (readonly [Key, readonly (readonly [string, Key])[]])[] = [
  [
    "keys.playhead",
    [
      ["← →", "keys.second"],
      [`${SHIFT}+← →`, "keys.transition"],
      ["P N", "keys.transition"],
      ["PageUp PageDown", "keys.page"],
      ["Home End", "keys.ends"],
      ["Space", "keys.play"],
    ],
  ],
  [
    "keys.elsewhere",
    [
      ["← →", "keys.flag"],
      ["Enter", "keys.clause"],
      [`${ALT}+↑ ↓`, "keys.runs"],
    ],
  ],
  [
    "keys.anywhere",
    [
      [`${COMMAND}+Z`, "keys.undo"],
      [`${COMMAND}+${SHIFT}+Z`, "keys.redo"],
      ["Ctrl+Y", "keys.redo"],
      ["Esc", "keys.escape"],
      ["?", "keys.map"],
    ],
  ],
];

export function keyboardMap({ say, uid }: Context): TemplateResult {
  const together = (keys: string) => keys.split("+").map((key, n) => html`${n ? " + " : ""}${alone(key)}`);
  const alone = (keys: string) => (keys === COMMAND ? [keys] : keys.split(" ")).map((key) => html`<kbd>${key}</kbd> `);
  const row = ([keys, what]: readonly [string, Key]) =>
    html`<tr><th scope="row">${together(keys)}</th><td>${say(what)}</td></tr>`;
  const group = ([where, rows]: (typeof KEYS)[number]) => html`<tbody>
    <tr><th scope="rowgroup" colspan="2" class="sub">${say(where)}</th></tr>
    ${rows.map(row)}
  </tbody>`;
  return html`<dialog class="keys" aria-labelledby="${uid}-keys">
    <form method="dialog"><b id="${uid}-keys">${say("keys")}</b><button class="btn">${say("keys.close")}</button></form>
    <table>${KEYS.map(group)}</table>
  </dialog>`;
}
