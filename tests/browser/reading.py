"""What the tests know of the built book, what they read of a page, and what they do on it as a reader would."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page

from podsim import explorers
from podsim.timeline import table
from tests.browser.conftest import PAGES, ROOT, SITE

LANDING = "book/index.html"
CRASH_LOOP = "notebooks/06-restarts.html"
WIDTHS = (360, 768, 1280)
AGAIN = ("book/instructor/", "ko/")  # pages that show what readers met before
FINGER = 44  # px
PATIENCE, POLL = 60_000, 100  # ms
AXE = ROOT / "book" / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PLACE = re.compile(r'<pod-explorer[^>]* explorer="([^"]+)"')

READ_ROWS = """rows => rows.map(row =>
    [Number(row.dataset.t), row.cells[1].innerText.split("\\n").map(line => line.trim()), row.cells[2].innerText.trim()])"""
SMALL = """([least, parts]) => [...document.querySelectorAll(parts)]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < least).map(e => e.outerHTML)"""

PLACED = {path: found for path in PAGES if (found := PLACE.findall((SITE / path).read_text("utf-8")))}  # explorers by page, in its order

Rows = list[tuple[float, list[str], str]]


def python_rows(explorer_id: str, parameters: dict[str, object]) -> Rows:
    """The table as Python tells it."""
    rows = table.rows(explorers.evaluate(explorer_id, parameters)["timeline"])
    return [(row.t, [f"{lane} {to}" if before == "-" else f"{lane} {before} → {to}" for lane, before, to in row.changes], row.because) for row in rows]


def shown_rows(part: Page | Locator) -> Rows:
    """The table as the page shows it."""
    return [(t, changes, because) for t, changes, because in part.locator("table.steps tbody tr").evaluate_all(READ_ROWS)]


def wait_until(page: Page, script: str, argument: object = None) -> None:
    """Asks again and again: Playwright's own waiting would use `eval` in the page, which its policy refuses."""
    for _ in range(PATIENCE // POLL):
        if page.evaluate(script, argument):
            return
        page.wait_for_timeout(POLL)
    raise AssertionError(script)


def playhead(part: Page | Locator) -> float:
    return float(part.locator(".playhead [role=slider]").first.get_attribute("aria-valuenow") or "nan")


def drag(page: Page, handle: Locator, dx: float) -> None:
    """Presses on the handle and moves the mouse by `dx` px."""
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y, steps=5)
    page.mouse.up()


def violations(page: Page, part: str | None = None) -> str:
    """What axe finds in the page, or in the part that a selector names; its script comes by the debugger, which no policy of a page stops."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    run = "([part, rules]) => axe.run(part ?? document, {runOnly: rules, resultTypes: ['violations']}).then(result => result.violations)"
    found: list[dict[str, Any]] = page.evaluate(run, [part, RULES])
    return "\n".join(f"{v['id']}: {node['html']} {node['failureSummary']}" for v in found for node in v["nodes"])
