/** Explorers and predictions in a notebook. */

import type { Declaration, Run } from "./data.ts";
import { PodExplorer } from "./element.ts";
import { widgetOf } from "./notebook.ts";
import type { Played } from "./predict/data.ts";
import { PodPrediction } from "./predict/element.ts";

/** An explorer asks the kernel; a prediction brings along all that it needs. */
export default widgetOf({ "pod-explorer": PodExplorer, "pod-prediction": PodPrediction }, (model, environment) => {
  const played = model.get("prediction") as Played | undefined;
  if (played) return Object.assign(document.createElement("pod-prediction") as PodPrediction, { environment, played });
  return Object.assign(document.createElement("pod-explorer") as PodExplorer, {
    environment,
    declaration: model.get("declaration") as Declaration,
    result: model.get("result") as Run,
  });
});
