/** Python in a module worker: boots at once, then answers one request after the other. */

import { decompress } from "fzstd";
import type { Reply, Request } from "./protocol.ts";
import { dropSnapshots, keepSnapshot, readSnapshot } from "./snapshot.ts";

// Set by the build, from the runtime's package.
declare const SIZES: Readonly<Record<string, number>>; // bytes of its files
declare const LOCK_INFO: Readonly<Record<string, string>>; // what its own lock file says of it

interface Python {
  readonly FS: { writeFile(path: string, content: Uint8Array): void };
  runPython(code: string): unknown;
  makeMemorySnapshot(): Uint8Array<ArrayBuffer>;
}

type Answer = (call: string, values: string) => string;

const RUNTIME = "pyodide.mjs";
const LIBRARY = "python.bin"; // what explorers take
const REST = "playground.bin"; // everything else
const PACKED = /\.bin$/; // zips that are compressed as a whole
const CALM = 3000; // ms without a question after which Python's memory may be copied, which holds up answers
const NO_PACKAGES = { info: LOCK_INFO, packages: {} }; // given, so that no lock file is fetched
// What stays for good is not to be looked through at every collection.
const ANSWER = "import gc; from podsim.explorers.calls import answer; gc.freeze(); answer";
const MISSING = ["ModuleNotFoundError", "FileNotFoundError"]; // what Python raises for what is in the rest
const ADD = `
import sys, zipfile
library = next(path for path in sys.path if path.endswith(".zip"))
with zipfile.ZipFile("/rest.zip") as rest, zipfile.ZipFile(library, "a") as whole:
    for name in rest.namelist():
        whole.writestr(name, rest.read(name))
for finder in filter(None, sys.path_importer_cache.values()):
    finder.invalidate_caches()
`;
// One run, after which the first change of the next page is as quick as any; open files that nothing refers to are not to
// be closed twice.
const EXERCISE = `
from podsim.explorers import catalog, evaluate
evaluate(catalog()[0]["id"], {})
gc.unfreeze()
gc.collect()
gc.freeze()
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
    return response.ok && PACKED.test(name) ? unpacked(response) : response;
  };
}

async function unpacked(response: Response): Promise<Response> {
  const packed = new Uint8Array(await response.arrayBuffer());
  return new Response(decompress(packed) as Uint8Array<ArrayBuffer>);
}

async function count(response: Response, arrived: (bytes: number) => void): Promise<void> {
  const reader = response.body?.getReader();
  for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read())
    arrived(chunk.value.length);
}

const folder = new URL(".", import.meta.url).href;

let python: Python;
let rest: Promise<void> | undefined; // once it has been asked for
let keep: (() => void) | undefined; // copies Python's memory for the next page
let calm: ReturnType<typeof setTimeout> | undefined;

function keepWhenCalm(): void {
  clearTimeout(calm);
  calm = setTimeout(() => {
    keep?.();
    keep = undefined;
  }, CALM);
}

async function fetchRest(): Promise<void> {
  const response = await fetch(folder + REST);
  if (!response.ok) throw new Error(`${REST}: ${response.status} ${response.statusText}`.trim());
  python.FS.writeFile("/rest.zip", new Uint8Array(await response.arrayBuffer()));
  python.runPython(ADD);
}

async function boot(): Promise<Answer> {
  const { loadPyodide } = await import(/* a file beside this one */ folder + RUNTIME);
  const load = (memory: object): Promise<Python> =>
    loadPyodide({ indexURL: folder, stdLibURL: folder + LIBRARY, lockFileContents: NO_PACKAGES, ...memory });
  const kept = await readSnapshot(folder);
  if (kept) {
    try {
      python = await load({ _loadSnapshot: kept });
      return python.runPython(ANSWER) as Answer;
    } catch {
      await dropSnapshots(); // as if there had been none
    }
  }
  python = await load({ _makeSnapshot: true });
  const answer = python.runPython(ANSWER) as Answer;
  const copy = () => {
    python.runPython(EXERCISE);
    return python.makeMemorySnapshot();
  };
  keep = () => rest || void keepSnapshot(folder, copy); // the rest's files would be missing beside that memory
  keepWhenCalm();
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
const isMissing = (error: unknown) => MISSING.includes((error as { type?: string }).type!);

/** Asks Python; what it then misses it is given. */
async function ask({ call, arguments: values }: Request): Promise<string> {
  const answer = await booted;
  if (keep) keepWhenCalm();
  const once = () => answer(call, JSON.stringify(values));
  try {
    return once();
  } catch (error) {
    if (!isMissing(error)) throw error;
    rest ??= fetchRest();
    await rest;
    return once();
  }
}

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  try {
    send({ request: data.request, result: await ask(data) });
  } catch (error) {
    if (isFatal(error)) {
      await dropSnapshots(); // Python starts anew from its files
      send({ type: "crashed", message: text(error) });
    } else send({ request: data.request, failure: lastLine(text(error)) });
  }
};
