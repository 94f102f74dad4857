/**
 * Makes python.bin, from which Python in the browser boots, and playground.bin, which it fetches when something is missing:
 * the standard library's modules that are really used, and the packages given, as byte code without docstrings.
 *
 *   node python_zip.mjs --runtime NODE_MODULES/pyodide --packages DIR --out DIR
 *
 * Everything is compiled inside Pyodide itself, so that the byte code fits its version by construction.
 */

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { constants, zstdCompressSync } from "node:zlib";

const { values } = parseArgs({ options: { runtime: { type: "string" }, packages: { type: "string" }, out: { type: "string" } } });
const runtime = resolve(values.runtime);
const packages = resolve(values.packages);

async function* filesOf(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesOf(path);
    else yield path;
  }
}

const { loadPyodide } = await import(pathToFileURL(join(runtime, "pyodide.mjs")).href);
const lock = JSON.parse(await readFile(join(runtime, "pyodide-lock.json"), "utf8"));
// without the columns that tracebacks would underline: a tenth of the bytes
const env = { PYTHONNODEBUGRANGES: "1" };
const python = await loadPyodide({ indexURL: runtime, env, lockFileContents: { info: lock.info, packages: {} } });
python.FS.mkdirTree("/packages");
for await (const file of filesOf(packages)) {
  const target = join("/packages", relative(packages, file));
  python.FS.mkdirTree(dirname(target));
  python.FS.writeFile(target, await readFile(file));
}
python.runPython(await readFile(new URL("python_zip.py", import.meta.url), "utf8"));
await mkdir(values.out, { recursive: true });
const { ZSTD_c_compressionLevel, ZSTD_c_windowLog } = constants;
const params = { [ZSTD_c_compressionLevel]: 19, [ZSTD_c_windowLog]: 23 }; // one window holds the whole
for (const name of ["python", "playground"]) {
  await writeFile(join(values.out, `${name}.bin`), zstdCompressSync(python.FS.readFile(`/${name}.zip`), { params }));
}
