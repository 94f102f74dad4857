/** Asks the book's service worker to keep this page for a time without a network. */

/** What the service worker is asked to keep: addresses. */
export interface Keep {
  readonly keep: readonly string[];
}

/** `root` is the book's; pages opened as files, and sites without TLS, cannot keep anything. */
export async function keepForOffline(root: string): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  await serviceWorker.register(`${root}service-worker.js`);
  const { active } = await serviceWorker.ready;
  const page = location.href.replace(/#.*/, "");
  const parts = performance.getEntriesByType("resource").map(({ name }) => name);
  const own = [page, ...parts].filter((url) => url.startsWith(root));
  active?.postMessage({ keep: [...new Set(own)] } satisfies Keep);
}
