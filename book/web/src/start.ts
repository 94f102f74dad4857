/** The element's script: defines `<pod-explorer>` for the explorers of a page. */

import { followChapters } from "./chapters.ts";
import { type Environment, PodExplorer } from "./element.ts";

/** Called by the loader, which has begun to fetch Python and plotly already. */
export function start(environment: Environment): void {
  PodExplorer.environment = environment;
  if (!customElements.get("pod-explorer")) customElements.define("pod-explorer", PodExplorer);
  followChapters(document);
}
