/** Python's memory once it has imported everything, kept in the browser: the next page starts from there. */

const STORE = "podsim-memory";

/** Where the memory of the Python in `folder` is kept; a page that may keep nothing keeps nothing. */
const keyOf = (folder: string) => `${folder}memory`;

export async function readSnapshot(folder: string): Promise<ArrayBuffer | undefined> {
  try {
    const found = await (await caches.open(STORE)).match(keyOf(folder));
    return await found?.arrayBuffer();
  } catch {
    return undefined;
  }
}

/** Replaces what other versions of the book have kept. */
export async function keepSnapshot(folder: string, copy: () => Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    const store = await caches.open(STORE);
    for (const old of await store.keys()) await store.delete(old);
    await store.put(keyOf(folder), new Response(copy()));
  } catch {
    // no room, or no right to keep anything: the next page imports again
  }
}

export async function dropSnapshots(): Promise<void> {
  await globalThis.caches?.delete(STORE);
}
