"""What a reader waits for: cold page to live, and control to paint, on the built book.

Prints the medians of several cold starts (new browser each) beside the figures of the prototype in islands.json, which
were measured on an idle machine. So that the two can be compared, each start also boots Python alone on an empty page.

python benchmarks/page.py [--site build/_build/html] [--page notebooks/06-restarts.html] [--times 5]
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Request, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "book" / "bundle"))

from browser import ARGUMENTS, executable  # noqa: E402
from serve import FOR_EVER, compress_assets, server  # noqa: E402

PROTOTYPE = Path(__file__).with_name("islands.json")
UPDATES = 10
MARK = "name => performance.getEntriesByName(name).at(-1)?.startTime ?? null"
# Sets the slider as a key would and waits until that change is on the screen: milliseconds.
UPDATE = """value => new Promise(done => {
    const slider = document.querySelector("pod-explorer input[type=range]");
    const painted = () => performance.getEntriesByName("podsim:painted").length;
    const [before, start] = [painted(), performance.now()];
    slider.value = value;
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    const look = () => painted() > before ? done(performance.getEntriesByName("podsim:painted").at(-1).startTime - start) : setTimeout(look);
    look();
})"""
LOCK = ROOT / "book" / "web" / "node_modules" / "pyodide" / "pyodide-lock.json"
BARE = """<!doctype html><title>Python alone</title><script type="module">
import { loadPyodide } from "./pyodide.mjs";
const lockFileContents = { info: LOCK_INFO, packages: {} };
await loadPyodide({ indexURL: "./", stdLibURL: "./python.zip", lockFileContents });
performance.mark("booted");
document.body.append(document.createElement("main"));
</script>"""


def boot_alone(browser: Browser, folder: str) -> float:
    """Seconds from an empty page to a Python that has imported nothing."""
    page = browser.new_page()
    bare = BARE.replace("LOCK_INFO", json.dumps(json.loads(LOCK.read_text(encoding="utf-8"))["info"]))
    page.route("**/bare.html", lambda route: route.fulfill(content_type="text/html", body=bare))
    page.goto(f"{folder}/bare.html", wait_until="commit")
    page.locator("main").wait_for(state="attached", timeout=120_000)
    took = float(page.evaluate(MARK, "booted"))
    page.close()
    return took / 1000


def visit(browser: Browser, address: str) -> dict[str, float]:
    """One cold start, in seconds and megabytes."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))  # noqa: PLW0108 - Playwright writes on what it is given
    page.goto(address, wait_until="commit")
    page.locator("pod-explorer[data-state=live]").first.wait_for(timeout=120_000)
    live = page.evaluate(MARK, "podsim:live")
    static = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
    first = page.evaluate(UPDATE, 6)
    later = [page.evaluate(UPDATE, 7 + n) for n in range(UPDATES)]
    page.wait_for_load_state("networkidle")
    total = sum(request.sizes()["responseBodySize"] for request in requests)
    context.close()
    return {"static": static / 1000, "live": live / 1000, "first-update": (live + first) / 1000, "update": median(later) / 1000, "megabytes": total / 1e6}


def main() -> None:
    """Measures cold starts and changes, and prints them beside the prototype's."""
    parser = argparse.ArgumentParser(description="Measure what a reader waits for.")
    parser.add_argument("--site", type=Path, default=ROOT / "build" / "_build" / "html")
    parser.add_argument("--page", default="notebooks/06-restarts.html")
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    assets = next((options.site / FOR_EVER).iterdir()).relative_to(options.site).as_posix()
    compress_assets(options.site)
    running = server(options.site, 0)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{running.server_port}/{options.page}"
    with sync_playwright() as playwright:
        runs = []
        for number in range(options.times):
            browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
            runs.append(visit(browser, address))
            browser.close()
            browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
            runs[-1]["alone"] = boot_alone(browser, f"http://127.0.0.1:{running.server_port}/{assets}")
            browser.close()
            print(f"start {number + 1} of {options.times}: live after {runs[-1]['live']:.2f} s", flush=True)
    running.shutdown()
    report({name: median(run[name] for run in runs) for name in runs[0]})


def report(measured: dict[str, float]) -> None:
    """Prints the medians beside the prototype's."""
    prototype = json.loads(PROTOTYPE.read_text(encoding="utf-8"))["prototype"]
    lines = (
        ("picture on the screen", "static", "s", 1),
        ("Python alone, booted", "alone", "s", 1),
        ("controls live", "live", "s", 1),
        ("first change painted", "first-update", "s", 1),
        ("a later change painted", "update", "ms", 1000),
        ("transferred", "megabytes", "MB", 1),
    )
    print(f"\n{'':24}{'this book':>12}{'prototype':>12}")
    for title, name, unit, factor in lines:
        then = f"{prototype[name] * factor:.4g} {unit}" if name in prototype else "-"
        print(f"{title:24}{f'{measured[name] * factor:.3g} {unit}':>12}{then:>12}")
    print(f"\nlive after {measured['live'] / measured['alone']:.2f} times what Python alone takes")


if __name__ == "__main__":
    main()
