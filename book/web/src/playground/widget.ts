/** The playground in a notebook. */

import { widgetOf } from "../notebook.ts";
import type { Play } from "./data.ts";
import { PodPlayground } from "./element.ts";
import type { Kept } from "./stored.ts";

export default widgetOf({ "pod-playground": PodPlayground }, (model, environment) =>
  Object.assign(document.createElement("pod-playground") as PodPlayground, {
    environment,
    own: model.get("kept") as Kept,
    play: model.get("play") as Play,
    keeps: false, // the address and what the browser keeps belong to the notebook
  }),
);
