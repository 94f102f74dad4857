/** The diagram above the figure, drawn by Python, with the same facts as a table for those who do not see it. */

import { html, type TemplateResult } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import type { Panel } from "../data.ts";

export function panel({ title, svg, table }: Panel): TemplateResult {
  return html`<div class="panel">
    <div class="wide">${unsafeHTML(svg.wide)}</div>
    <div class="phone">${unsafeHTML(svg.narrow)}</div>
    <div class="vh"><table>
      <caption>${title}</caption>
      <tbody>${table.map(([name, there]) => html`<tr><th scope="row">${name}</th><td>${there}</td></tr>`)}</tbody>
    </table></div>
  </div>`;
}
