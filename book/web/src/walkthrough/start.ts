/** The script of pages with a walkthrough: defines `<pod-walkthrough>`, which shows its steps in the page's explorers. */

import { PodWalkthrough } from "./element.ts";

/** Called by the loader after the explorers; `styles` is the address of the sheet, for the window with the notes. */
export function start(styles: string): void {
  PodWalkthrough.styles = styles;
  if (!customElements.get("pod-walkthrough")) customElements.define("pod-walkthrough", PodWalkthrough);
}
