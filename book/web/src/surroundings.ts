/** What is around an explorer: themes, printing, the rest of the page. */

/** The attributes by which the book and JupyterLab say which theme is on. */
const THEME_ATTRIBUTES = ["data-theme", "data-jp-theme-light"];

export function onThemeChange(listener: () => void, signal: AbortSignal): void {
  const observer = new MutationObserver(listener);
  for (const element of [document.documentElement, document.body]) {
    observer.observe(element, { attributes: true, attributeFilter: THEME_ATTRIBUTES });
  }
  signal.addEventListener("abort", () => observer.disconnect());
}

export function onPrint(listener: (printing: boolean) => void, signal: AbortSignal): void {
  window.addEventListener("beforeprint", () => listener(true), { signal });
  window.addEventListener("afterprint", () => listener(false), { signal });
}

/** Makes all of the page inert but `element`; the answer undoes it. */
export function reachOnly(element: Element): () => void {
  const hidden: Element[] = [];
  for (let inner = element; inner.parentElement && inner !== document.body; inner = inner.parentElement) {
    hidden.push(
      ...[...inner.parentElement.children].filter((other) => other !== inner && !other.hasAttribute("inert")),
    );
  }
  for (const other of hidden) other.setAttribute("inert", "");
  return () => {
    for (const other of hidden) other.removeAttribute("inert");
  };
}
