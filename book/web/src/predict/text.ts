/** Text in which a declaration sets words of Kubernetes between backticks. */

import { html, type TemplateResult } from "lit";

export function rich(text: string): TemplateResult {
  return html`${text.split("`").map((part, n) => (n % 2 ? html`<code>${part}</code>` : part))}`;
}

/** Without the backticks, for labels that are attributes. */
export const plain = (text: string) => text.replaceAll("`", "");
