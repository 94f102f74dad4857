/** Python in a module worker: boots at once, then answers one request after the other. */

import type { Reply, Request } from "./protocol.ts";
import { dropSnapshots, keepSnapshot, readSnapshot } from "./snapshot.ts";

// Set by the build, from the runtime's package.
declare const SIZES: Readonly<Record<string, number>>; // bytes of its files
declare const LOCK_INFO: Readonly<Record<string, string>>; // what its own lock file says of it

interface Python {
  runPython(code: string): unknown;
  makeMemorySnapshot(): Uint8Array<ArrayBuffer>;
}

type Answer = (call: string, values: string) => string;

const RUNTIME = "pyodide.mjs";
const LIBRARY = "python.zip";
const CALM = 3000; // ms after which a page has drawn and Python's memory may be copied
const NO_PACKAGES = { info: LOCK_INFO, packages: {} }; // given, so that no lock file is fetched
const ANSWER = "from podsim.explorers.calls import answer; answer";
// One run, after which the first change of the next page is as quick as any; and open files that nothing refers to are
// not to be closed twice.
const EXERCISE = `
import gc
from podsim.explorers import catalog, evaluate
evaluate(catalog()[0]["id"], {})
gc.collect()
`;

const send = (reply: Reply) => postMessage(reply);
const text = (error: unknown) => (error instanceof Error ? error.message : String(error)).trim();
const nameOf = (url: string) => url.split("/").at(-1)!;
const lastLine = (message: string) => message.split("\n").at(-1)!;

/**
 * Counts the bytes that arrive, against what the files are known to have or are announced with. Calls `failed` for a file
 * that does not come: Pyodide itself would wait for it.
 */
function watchDownloads(failed: (error: Error) => void): void {
  const expected = new Map(Object.entries(SIZES));
  const received = new Map<string, number>();
  const sum = (sizes: Map<string, number>) => [...sizes.values()].reduce((a, b) => a + b, 0);
  const report = () =>
    send({ type: "progress", received: sum(received), total: Math.max(sum(expected), sum(received)) });
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const name = nameOf(input instanceof Request ? input.url : String(input));
    const response = await original(input, init).catch((error: unknown) => {
      failed(new Error(`${name}: ${text(error)}`));
      throw error;
    });
    if (!response.ok) failed(new Error(`${name}: ${response.status} ${response.statusText}`.trim()));
    if (!expected.has(name)) expected.set(name, Number(response.headers.get("content-length")) || 0);
    void count(response.clone(), (bytes) => {
      received.set(name, (received.get(name) ?? 0) + bytes);
      report();
    });
    return response;
  };
}

async function count(response: Response, arrived: (bytes: number) => void): Promise<void> {
  const reader = response.body?.getReader();
  for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read())
    arrived(chunk.value.length);
}

const folder = new URL(".", import.meta.url).href;

async function boot(): Promise<Answer> {
  const { loadPyodide } = await import(/* a file beside this one */ folder + RUNTIME);
  const load = (memory: object): Promise<Python> =>
    loadPyodide({ indexURL: folder, stdLibURL: folder + LIBRARY, lockFileContents: NO_PACKAGES, ...memory });
  const kept = await readSnapshot(folder);
  if (kept) {
    try {
      return (await load({ _loadSnapshot: kept })).runPython(ANSWER) as Answer;
    } catch {
      await dropSnapshots(); // as if there had been none
    }
  }
  const python = await load({ _makeSnapshot: true });
  const answer = python.runPython(ANSWER) as Answer;
  const copy = () => {
    python.runPython(EXERCISE);
    return python.makeMemorySnapshot();
  };
  setTimeout(() => void keepSnapshot(folder, copy), CALM);
  return answer;
}

const missing = new Promise<never>((_, reject) => watchDownloads(reject));
const booted = Promise.race([boot(), missing]);
booted.then(
  () => send({ type: "ready" }),
  (error: unknown) => send({ type: "crashed", message: text(error) }),
);

/** Pyodide cannot go on after an error of its own, in contrast to an exception of Python's. */
const isFatal = (error: unknown) => !(error instanceof Error && error.constructor.name === "PythonError");

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  const answer = await booted;
  try {
    send({ request: data.request, result: answer(data.call, JSON.stringify(data.arguments)) });
  } catch (error) {
    if (isFatal(error)) {
      await dropSnapshots(); // Python starts anew from its files
      send({ type: "crashed", message: text(error) });
    } else send({ request: data.request, failure: lastLine(text(error)) });
  }
};
