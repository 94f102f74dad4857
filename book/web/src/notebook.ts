/** Elements in a notebook: an anywidget module whose elements ask the kernel. */

import plotly from "plotly.js-basic-dist-min";
import type { Environment } from "./figure-element.ts";
import { KernelEngine, type KernelModel } from "./kernel-engine.ts";

declare const STYLES: string; // the elements' style sheet, set by the build

/** `made` gives the element that shows a model. */
export function widgetOf(
  elements: Readonly<Record<string, CustomElementConstructor>>,
  made: (model: KernelModel, environment: Environment) => HTMLElement,
) {
  function render({ model, el }: { model: KernelModel; el: HTMLElement }): () => void {
    addStyles(`${Object.keys(elements)[0]}-style`);
    for (const [name, element] of Object.entries(elements)) {
      if (!customElements.get(name)) customElements.define(name, element);
    }
    const engine = new KernelEngine(model);
    const element = made(model, { engine, plotly: Promise.resolve(plotly) });
    element.lang = model.get("language") as string;
    el.addEventListener("keydown", (event) => event.stopPropagation()); // or JupyterLab takes the arrow keys for its cells
    el.append(element);
    return () => {
      element.remove();
      engine.dispose();
    };
  }
  return { render };
}

function addStyles(id: string): void {
  if (document.getElementById(id)) return;
  const style = document.createElement("style");
  style.id = id;
  style.textContent = STYLES;
  document.head.append(style);
}
