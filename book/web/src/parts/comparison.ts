/** What differs between A and B, in one sentence. */

import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { comparedNames, difference } from "../compare.ts";
import { equal } from "../values.ts";
import type { Context } from "./controls.ts";

export function comparison({ explorer, say }: Context): TemplateResult | typeof nothing {
  const { kept, run, declaration } = explorer;
  if (!kept) return nothing;
  const sentence = () => {
    if (equal(kept.parameters, run.parameters)) return say("difference.copy");
    const names = comparedNames(declaration.controls, kept, run, say);
    return difference(kept.timeline, run.timeline, names, say) ?? say("difference.none");
  };
  return html`<p class="difference" aria-live="polite"><b>${say("difference")}</b> ${guard([kept, run, say], sentence)}</p>`;
}
