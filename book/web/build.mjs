/**
 * Bundles the front end.
 *
 *   node build.mjs --out DIR       the files a book's page loads: loader, element, workers, style sheet, plotly, Python's runtime
 *   node build.mjs --widget DIR    an ES module for notebooks for each element, with styles and plotly inside
 *   node build.mjs --tests DIR     the unit tests, for node's runner
 */

import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build, transform } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const packageFile = (name, file) => join(dirname(require.resolve(`${name}/package.json`)), file);
const RUNTIME = ["pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm"].map((name) => packageFile("pyodide", name));
const PLOTLY = packageFile("plotly.js-basic-dist-min", "plotly-basic.min.js");
const STYLE_TABLE = join(here, "../../podsim/timeline/style.json");
const OPTIONS = {
  bundle: true,
  minify: true,
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  absWorkingDir: here,
};

/** The sheets speak of `pod-explorer`; its kin looks alike. */
const SHEETS = {
  explorer: { kin: ":is(pod-explorer, pod-prediction)", names: ["src/style.css", "src/predict/style.css"] },
  playground: { kin: "pod-playground", names: ["src/style.css", "src/playground/style.css"] },
  walkthrough: { kin: "pod-explorer", names: ["src/walkthrough/style.css"], beside: "explorer" },
};

/** The style table as custom properties: light on the page and on paper, dark where the page says so. */
async function tokens() {
  const { tones, colors } = JSON.parse(await readFile(STYLE_TABLE, "utf8"));
  const theme = (name) =>
    [
      `color-scheme: ${name}`,
      ...Object.entries(colors).map(([role, color]) => {
        const property = color.property.startsWith("--xp-") ? color.property : `--xp-own-${role}`;
        return `${property}: ${color[name]}`;
      }),
      ...Object.entries(tones).flatMap(
        ([
          tone,
          {
            [name]: { fill, line, text, mesh = line },
          },
        ]) => {
          const page = tone === "no" ? `var(--pst-color-background, ${fill})` : fill;
          return [
            `--xp-${tone}: ${page}`,
            `--xp-${tone}-line: ${line}`,
            `--xp-${tone}-text: ${text}`,
            `--xp-${tone}-pat: ${mesh}`,
          ];
        },
      ),
    ].join("; ");
  const dark = ':is(html[data-theme="dark"], body[data-jp-theme-light="false"])';
  return `:root, pod-explorer[data-print] { ${theme("light")} }\n${dark} { ${theme("dark")} }\n`;
}

/** A sheet that stands `beside` another one leaves the tokens to it. */
async function styles({ kin, names, beside }) {
  const sheets = await Promise.all(names.map((name) => readFile(join(here, name), "utf8")));
  const sheet = [beside ? "" : await tokens(), ...sheets].join("\n").replaceAll("pod-explorer", kin);
  return (await transform(sheet, { loader: "css", minify: true })).code;
}

async function site(out) {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const sizes = await Promise.all(RUNTIME.map(async (file) => [file.split(/[\\/]/).at(-1), (await stat(file)).size]));
  const lock = JSON.parse(await readFile(packageFile("pyodide", "pyodide-lock.json"), "utf8"));
  const define = { SIZES: JSON.stringify(Object.fromEntries(sizes)), LOCK_INFO: JSON.stringify(lock.info) };
  await build({ ...OPTIONS, format: "iife", entryPoints: { explorer: "src/main.ts" }, outdir: out });
  const elements = {
    podExplorer: ["element", "src/start.ts"],
    podPlayground: ["playground", "src/playground/start.ts"],
    podWalkthrough: ["walkthrough", "src/walkthrough/start.ts"],
  };
  for (const [globalName, [name, entry]] of Object.entries(elements)) {
    await build({ ...OPTIONS, format: "iife", globalName, entryPoints: { [name]: entry }, outdir: out });
  }
  await build({ ...OPTIONS, format: "esm", entryPoints: { worker: "src/worker.ts" }, outdir: out, define });
  await build({
    ...OPTIONS,
    format: "iife",
    entryPoints: { "service-worker": "src/service-worker.ts" },
    outdir: out,
  });
  for (const [name, sheet] of Object.entries(SHEETS)) await writeFile(join(out, `${name}.css`), await styles(sheet));
  await Promise.all([PLOTLY, ...RUNTIME].map((file) => cp(file, join(out, file.split(/[\\/]/).at(-1)))));
}

async function widgets(outdir) {
  const entries = { widget: ["explorer", "src/widget.ts"], playground: ["playground", "src/playground/widget.ts"] };
  for (const [name, [sheet, entry]] of Object.entries(entries)) {
    const define = { STYLES: JSON.stringify(await styles(SHEETS[sheet])) };
    await build({ ...OPTIONS, format: "esm", entryPoints: { [name]: entry }, outdir, define });
  }
}

async function tests(outdir) {
  const files = (await readdir(join(here, "tests"))).filter((name) => name.endsWith(".test.ts"));
  const entryPoints = files.map((name) => join(here, "tests", name));
  await rm(outdir, { recursive: true, force: true });
  await build({
    ...OPTIONS,
    minify: false,
    platform: "node",
    format: "esm",
    entryPoints,
    outdir,
    outExtension: { ".js": ".mjs" },
  });
}

const { values } = parseArgs({
  options: { out: { type: "string" }, widget: { type: "string" }, tests: { type: "string" } },
});
const targets = { out: site, widget: widgets, tests };
if (!Object.keys(values).length) throw new Error("give --out DIR, --widget DIR or --tests DIR");
for (const [name, path] of Object.entries(values)) await targets[name](resolve(path));
