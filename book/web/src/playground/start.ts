/** The playground's script: defines `<pod-playground>`. */

import type { Environment } from "../figure-element.ts";
import { PodPlayground } from "./element.ts";

/** Called by the loader, which has begun to fetch Python and plotly already. */
export function start(environment: Environment): void {
  PodPlayground.environment = environment;
  if (!customElements.get("pod-playground")) customElements.define("pod-playground", PodPlayground);
}
