/** What an element finds in the page that holds it, and does for all who hold it alike. */

/** Event: a reader has left an explorer that filled the window. */
export const CLOSED = "podsim:closed";

/** The JSON of a script that the page has put into `element`; null where there is none. */
export function dataIn<T>(element: Element, part: string): T | null {
  const script = element.querySelector(`script[data-part="${part}"]`);
  return script?.textContent ? (JSON.parse(script.textContent) as T) : null;
}

/** The language that is spoken around `element`, such as `en` or `ko`. */
export const languageOf = (element: Element) => element.closest<HTMLElement>("[lang]")?.lang || "en";

/** Which of the still pictures, one for each width, is to be seen. */
export function pictureIn(element: Element): Element | null {
  const pictures = [...element.querySelectorAll('[data-part="picture"] > svg')];
  return pictures.find((picture) => picture.checkVisibility()) ?? null;
}

/** Whether `text` is now in the clipboard. */
export async function copied(text: string): Promise<boolean> {
  if (!navigator.clipboard) return false;
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

/** Marks that a figure has been drawn, when its frame is on the screen. */
export function painted(): void {
  setTimeout(() => performance.mark("podsim:painted"));
}

const STEPS: Readonly<Record<string, "undo" | "redo">> = { z: "undo", "shift+z": "redo", y: "redo" }; // with Ctrl or Cmd

/** What these keys ask of a history of edits. */
export function stepOf({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): "undo" | "redo" | undefined {
  return ctrlKey || metaKey ? STEPS[(shiftKey ? "shift+" : "") + key.toLowerCase()] : undefined;
}
