/**
 * Evaluates every explorer with the site's own Python and prints a hash of each answer: first of a Python that has just
 * been started, then of one that goes on from the memory of such a one.
 *
 *   node evaluate.mjs --runtime NODE_MODULES/pyodide --library python.bin
 */

import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { zstdDecompressSync } from "node:zlib";

const { values } = parseArgs({ options: { runtime: { type: "string" }, library: { type: "string" } } });
const runtime = resolve(values.runtime);
const { loadPyodide } = await import(pathToFileURL(join(runtime, "pyodide.mjs")).href);
const lock = JSON.parse(await readFile(join(runtime, "pyodide-lock.json"), "utf8"));
const lockFileContents = { info: lock.info, packages: {} };
const library = join(await mkdtemp(join(tmpdir(), "podsim-")), "python.zip");
await writeFile(library, zstdDecompressSync(await readFile(values.library)));
const options = { indexURL: runtime, stdLibURL: library, lockFileContents };
const program = await readFile(new URL("hashes.py", import.meta.url), "utf8");
const fresh = await loadPyodide({ ...options, _makeSnapshot: true });
fresh.runPython("import gc; import podsim.explorers.calls; gc.collect()");
const resumed = await loadPyodide({ ...options, _loadSnapshot: fresh.makeMemorySnapshot() });
for (const python of [fresh, resumed]) console.log(python.runPython(program));
