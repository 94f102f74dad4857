/** Pictures on buttons that have their name elsewhere. */

import { html, type TemplateResult } from "lit";

export const icon = (path: string): TemplateResult =>
  html`<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path fill="currentColor" d=${path} /></svg>`;
