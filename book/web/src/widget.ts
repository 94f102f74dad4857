/** The same explorer in a notebook: an anywidget module that asks the kernel. */

import plotly from "plotly.js-basic-dist-min";
import type { Declaration, Run } from "./data.ts";
import { PodExplorer } from "./element.ts";
import { KernelEngine, type KernelModel } from "./kernel-engine.ts";

declare const STYLES: string; // the style sheet, set by the build

const STYLE_ID = "pod-explorer-style";

function addStyles(): void {
  if (document.getElementById(STYLE_ID)) return;
  const style = document.createElement("style");
  style.id = STYLE_ID;
  style.textContent = STYLES;
  document.head.append(style);
}

function render({ model, el }: { model: KernelModel; el: HTMLElement }): () => void {
  addStyles();
  if (!customElements.get("pod-explorer")) customElements.define("pod-explorer", PodExplorer);
  const engine = new KernelEngine(model);
  const explorer = document.createElement("pod-explorer") as PodExplorer;
  explorer.environment = { engine, plotly: Promise.resolve(plotly) };
  explorer.lang = model.get("language") as string;
  explorer.declaration = model.get("declaration") as Declaration;
  explorer.result = model.get("result") as Run;
  el.addEventListener("keydown", (event) => event.stopPropagation()); // or JupyterLab takes the arrow keys for its cells
  el.append(explorer);
  return () => {
    explorer.remove();
    engine.dispose();
  };
}

export default { render };
