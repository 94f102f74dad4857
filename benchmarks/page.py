"""What a reader waits for on the built book: a first page, the next one, changes, the playhead, and bytes.

Prints medians beside the figures of the prototype in islands.json, which were measured on an idle machine, and beside the
goals. So that machines can be compared, each start also boots Python alone on an empty page. Every start is a new browser.

python benchmarks/page.py [--site build/_build/html] [--times 5]
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book" / "bundle"))

from browser import ARGUMENTS, executable  # noqa: E402
from serve import compress_assets, server  # noqa: E402

sys.path.insert(0, str(ROOT / "book" / "ext"))

from explorers import FOLDER, markup  # noqa: E402

PROTOTYPE = Path(__file__).with_name("islands.json")
LANDING, CRASH_LOOP = "book/index.html", "notebooks/06-restarts.html"
ELEMENT = re.compile(r"<pod-explorer.*?</pod-explorer>\n?", re.DOTALL)
OWN = ("explorer.js", "element.js", "worker.js", "service-worker.js")
FIRST, STEPS, HOVERED = 2, range(19, -1, -1), (4, 3, 2, 1, 6, 5)  # values of the landing figure's sliders: none is shown twice
LONG = range(7, 27)
PATIENCE = 120_000  # ms
REST = 1000  # ms that the pointer rests on a slider before it is dragged
MARK = "name => performance.getEntriesByName(name).at(-1)?.startTime ?? null"
MEMORY_KEPT = "caches.open('podsim-memory').then(store => store.keys()).then(kept => kept.length)"
# Sets the n-th slider as a key would and waits until that change is on the screen: milliseconds.
UPDATE = """([n, value]) => new Promise(done => {
    const slider = document.querySelectorAll("pod-explorer input[type=range]")[n];
    const painted = () => performance.getEntriesByName("podsim:painted");
    const [before, start] = [painted().length, performance.now()];
    slider.value = value;
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    const look = () => painted().length > before ? done(painted().at(-1).startTime - start) : setTimeout(look);
    look();
})"""
# Drags the playhead over the figure, one move per frame: milliseconds between frames.
DRAG = """() => new Promise(done => {
    const plot = document.querySelector("pod-explorer .plot");
    const { left, width, top } = plot.getBoundingClientRect();
    const at = (type, part) => new PointerEvent(type, { clientX: left + width * part, clientY: top + 50, bubbles: true });
    const frames = [];
    plot.dispatchEvent(at("pointerdown", 0));
    const step = now => {
        frames.push(now);
        window.dispatchEvent(at("pointermove", frames.length / 120));
        if (frames.length < 120) return requestAnimationFrame(step);
        window.dispatchEvent(at("pointerup", 1));
        done(frames.slice(1).map((frame, n) => frame - frames[n]));
    };
    requestAnimationFrame(step);
})"""
RUNTIME = ROOT / "book" / "web" / "node_modules" / "pyodide"
BARE = """<!doctype html><title>Python alone</title><script type="module">
import { loadPyodide } from "./pyodide.mjs";
const lockFileContents = { info: LOCK_INFO, packages: {} };
await loadPyodide({ indexURL: "./", stdLibURL: "./python_stdlib.zip", lockFileContents });
performance.mark("booted");
document.body.append(document.createElement("main"));
</script>"""


def boot_alone(browser: Browser, folder: str) -> float:
    """Seconds from an empty page to a Python as Pyodide ships it, which has imported nothing."""
    page = browser.new_page()
    bare = BARE.replace("LOCK_INFO", json.dumps(json.loads((RUNTIME / "pyodide-lock.json").read_text(encoding="utf-8"))["info"]))
    page.route("**/bare.html", lambda route: route.fulfill(content_type="text/html", body=bare))
    page.route("**/python_stdlib.zip", lambda route: route.fulfill(path=RUNTIME / "python_stdlib.zip"))
    page.goto(f"{folder}/bare.html", wait_until="commit")
    page.locator("main").wait_for(state="attached", timeout=120_000)
    took = float(page.evaluate(MARK, "booted"))
    page.close()
    return took / 1000


def open_live(context: BrowserContext, address: str) -> tuple[Page, float]:
    """A page whose explorers answer, and after how many seconds they did."""
    page = context.new_page()
    page.goto(address, wait_until="commit")
    page.locator("pod-explorer[data-state=live]").first.wait_for(timeout=PATIENCE)
    return page, page.evaluate(MARK, "podsim:live") / 1000


def first_visit(context: BrowserContext, address: str, packed: int) -> tuple[Page, dict[str, float]]:
    """A cold start: seconds and megabytes; the page itself, which is given, counts as `packed` bytes."""
    requests: dict[str, Request] = {}  # by address: what is asked for again comes from the cache
    context.on("requestfinished", lambda request: requests.setdefault(request.url, request))
    page, live = open_live(context, address)
    page.wait_for_load_state("networkidle")
    sizes = {url: request.sizes()["responseBodySize"] for url, request in requests.items()} | {address: packed}
    static = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0") / 1000
    own = sum(size for url, size in sizes.items() if url.endswith(OWN))
    return page, {"static": static, "live": live, "megabytes": sum(sizes.values()) / 1e6, "own": own / 1e3}


def changes(page: Page, slider: int, values: Iterable[int]) -> list[float]:
    """Milliseconds of each change, one right after the other, as when the slider is dragged."""
    return [page.evaluate(UPDATE, [slider, value]) for value in values]


def visit(browser: Browser, origin: str, landing: str) -> dict[str, float]:
    """One reader: the landing page with inputs at its figure, then the chapter with the longest run."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.route(f"**/{LANDING}", lambda route: route.fulfill(content_type="text/html", body=landing))
    page, told = first_visit(context, f"{origin}/{LANDING}", len(gzip.compress(landing.encode())))
    [first] = changes(page, 0, [FIRST])
    later = changes(page, 2, STEPS)
    page.locator("pod-explorer input[type=range]").first.hover()
    page.wait_for_timeout(REST)
    hovered = changes(page, 0, HOVERED)
    frames = page.evaluate(DRAG)
    while not page.evaluate(MEMORY_KEPT):
        page.wait_for_timeout(250)
    chapter, second = open_live(context, f"{origin}/{CRASH_LOOP}")
    long = changes(chapter, 0, LONG)
    context.close()
    return {
        **told,
        "second": second,
        "first-update": told["live"] + first / 1000,
        "update": median(later) / 1000,
        "update-95": quantiles(later, n=20)[-1] / 1000,
        "update-hovered": median(hovered) / 1000,
        "update-long": median(long) / 1000,
        "frame": median(frames) / 1000,
    }


def main() -> None:
    """Measures several readers and prints their medians beside the prototype's."""
    parser = argparse.ArgumentParser(description="Measure what a reader waits for.")
    parser.add_argument("--site", type=Path, default=ROOT / "build" / "_build" / "html")
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    assets = next((options.site / FOLDER).iterdir()).relative_to(options.site).as_posix()
    landing = ELEMENT.sub(lambda _: markup("life", "en", inputs=True), (options.site / LANDING).read_text(encoding="utf-8"))
    compress_assets(options.site)
    running = server(options.site, 0)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{running.server_port}"
    with sync_playwright() as playwright:
        runs = []
        for number in range(options.times):
            browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
            runs.append(visit(browser, origin, landing))
            browser.close()
            browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
            runs[-1]["alone"] = boot_alone(browser, f"{origin}/{assets}")
            browser.close()
            print(f"reader {number + 1} of {options.times}: live after {runs[-1]['live']:.2f} s", flush=True)
    running.shutdown()
    report({name: median(run[name] for run in runs) for name in runs[0]})


LINES = (  # title, name, unit, factor, goal
    ("picture on the screen", "static", "s", 1, None),
    ("Python alone, booted", "alone", "s", 1, None),
    ("controls live, first page", "live", "s", 1, 1.6),
    ("first change painted", "first-update", "s", 1, None),
    ("controls live, second page", "second", "s", 1, 0.9),
    ("a change painted, landing figure", "update", "ms", 1000, 32),
    ("the same, 95th percentile", "update-95", "ms", 1000, 60),
    ("the same, a slider under the pointer", "update-hovered", "ms", 1000, 32),
    ("a change painted, 20 minutes' run", "update-long", "ms", 1000, None),
    ("a frame while the playhead is dragged", "frame", "ms", 1000, 16.7),
    ("transferred, first page", "megabytes", "MB", 1, 4.8),
    ("of which own scripts", "own", "KB", 1, 60),
)


def report(measured: dict[str, float]) -> None:
    """Prints the medians beside the prototype's and the goals."""
    prototype = json.loads(PROTOTYPE.read_text(encoding="utf-8"))["prototype"]
    print(f"\n{'':40}{'this book':>12}{'goal':>12}{'prototype':>12}")
    for title, name, unit, factor, goal in LINES:
        cells = (measured[name] * factor, goal, prototype[name] * factor if name in prototype else None)
        print(f"{title:40}" + "".join(f"{'-' if cell is None else f'{cell:.3g} {unit}':>12}" for cell in cells))
    print("\ntimes of Python alone: " + ", ".join(f"{name} {measured[name] / measured['alone']:.2f}" for name in ("live", "second")))


if __name__ == "__main__":
    main()
