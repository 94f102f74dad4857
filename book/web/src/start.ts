/** The elements' script: defines `<pod-explorer>` and `<pod-prediction>` for those of a page. */

import { followChapters } from "./chapters.ts";
import { PodExplorer } from "./element.ts";
import type { Environment } from "./figure-element.ts";
import { PodPrediction } from "./predict/element.ts";

/** Called by the loader, which has begun to fetch Python and plotly already. */
export function start(environment: Environment): void {
  PodExplorer.environment = environment;
  PodPrediction.environment = environment;
  if (!customElements.get("pod-explorer")) customElements.define("pod-explorer", PodExplorer);
  if (!customElements.get("pod-prediction")) customElements.define("pod-prediction", PodPrediction);
  followChapters(document);
}
