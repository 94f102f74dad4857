/** The chapter map under an explorer: pointing at a column, or focusing a link in it, bands its stretch of the pod's life. */

import type { PodExplorer } from "./element.ts";

/** A column says its stretch, in seconds, as `<span data-from="0" data-to="9.7">`. */
export function followChapters(root: ParentNode): void {
  const explorer = root.querySelector<PodExplorer>("pod-explorer");
  for (const said of root.querySelectorAll<HTMLElement>("[data-from][data-to]")) {
    const column = said.closest(".chapter-column");
    const show = () => explorer?.band([Number(said.dataset.from), Number(said.dataset.to)]);
    const hide = () => explorer?.band(null);
    column?.addEventListener("pointerenter", show);
    column?.addEventListener("pointerleave", hide);
    column?.addEventListener("focusin", show);
    column?.addEventListener("focusout", hide);
  }
}
