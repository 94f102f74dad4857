/** What happens around an explorer: other themes, and printing. */

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
