/**
 * The loader that a page with explorers includes: `<script async src="…/explorer.js">`.
 *
 * It starts Python first, since that takes longest, then plotly and the elements that the page has. A classic script, so that pages opened
 * as files come alive too, without Python.
 */

import { keepForOffline } from "./offline.ts";
import type { Plotly as PlotlyLibrary } from "./plotly.ts";
import type { start } from "./start.ts";
import type { start as present } from "./walkthrough/start.ts";
import { WorkerEngine } from "./worker-engine.ts";

declare global {
  var podExplorer: { start: typeof start };
  var podPlayground: { start: typeof start };
  var podWalkthrough: { start: typeof present };
  var Plotly: PlotlyLibrary;
}

function fetchScript(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${url} could not be loaded`));
    document.head.append(script);
  });
}

const parsed = new Promise<void>((resolve) => {
  if (document.readyState !== "loading") resolve();
  else document.addEventListener("DOMContentLoaded", () => resolve());
});

const CALM = 2000; // ms after which a page that is live has drawn
const ROOT = "../../../"; // the book, seen from the folder of this script

async function main(): Promise<void> {
  const own = document.querySelector<HTMLScriptElement>('script[src$="/explorer.js"], script[src="explorer.js"]')!;
  const folder = new URL(".", own.src).href;
  const engine = new WorkerEngine(() => new Worker(`${folder}worker.js`, { type: "module" }));
  await parsed; // the picture and the text come first, and elements know their content
  const plotly = fetchScript(`${folder}plotly-basic.min.js`).then(() => globalThis.Plotly);
  plotly.catch(() => {}); // the explorers say so
  if (document.querySelector("pod-explorer")) {
    await fetchScript(`${folder}element.js`);
    globalThis.podExplorer.start({ engine, plotly });
  }
  if (document.querySelector("pod-playground")) {
    fetch(`${folder}playground.bin`).catch(() => {}); // Python will want it, and a time without a network, too
    await fetchScript(`${folder}playground.js`);
    globalThis.podPlayground.start({ engine, plotly });
  }
  if (document.querySelector("pod-walkthrough")) {
    await fetchScript(`${folder}walkthrough.js`);
    globalThis.podWalkthrough.start(`${folder}walkthrough.css`);
  }
  const done = engine.subscribe(({ state }) => {
    if (state !== "live") return;
    done();
    setTimeout(() => void keepForOffline(new URL(ROOT, folder).href).catch(() => {}), CALM); // a courtesy, no need
  });
}

void main();
