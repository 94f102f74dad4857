/** The same elements in a notebook: an anywidget module that asks the kernel. */

import plotly from "plotly.js-basic-dist-min";
import type { Declaration, Run } from "./data.ts";
import { PodExplorer } from "./element.ts";
import type { Engine } from "./engine.ts";
import { KernelEngine, type KernelModel } from "./kernel-engine.ts";
import type { Played } from "./predict/data.ts";
import { PodPrediction } from "./predict/element.ts";

declare const STYLES: string; // the style sheet, set by the build

const STYLE_ID = "pod-explorer-style";
const environment = { plotly: Promise.resolve(plotly) };

function addStyles(): void {
  if (document.getElementById(STYLE_ID)) return;
  const style = document.createElement("style");
  style.id = STYLE_ID;
  style.textContent = STYLES;
  document.head.append(style);
}

function define(): void {
  for (const [name, element] of Object.entries({ "pod-explorer": PodExplorer, "pod-prediction": PodPrediction })) {
    if (!customElements.get(name)) customElements.define(name, element);
  }
}

/** An explorer asks the kernel; a prediction brings along all that it needs. */
function made(model: KernelModel, engine: Engine): PodExplorer | PodPrediction {
  const played = model.get("prediction") as Played | undefined;
  if (played) return Object.assign(document.createElement("pod-prediction") as PodPrediction, { environment, played });
  return Object.assign(document.createElement("pod-explorer") as PodExplorer, {
    environment: { engine, ...environment },
    declaration: model.get("declaration") as Declaration,
    result: model.get("result") as Run,
  });
}

function render({ model, el }: { model: KernelModel; el: HTMLElement }): () => void {
  addStyles();
  define();
  const engine = new KernelEngine(model);
  const element = made(model, engine);
  element.lang = model.get("language") as string;
  el.addEventListener("keydown", (event) => event.stopPropagation()); // or JupyterLab takes the arrow keys for its cells
  el.append(element);
  return () => {
    element.remove();
    engine.dispose();
  };
}

export default { render };
