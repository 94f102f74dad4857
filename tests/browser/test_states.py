"""What a reader sees while Python is on its way, when it cannot come, and when it stops."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import SITE, Open, few
from tests.browser.reading import CRASH_LOOP

PATIENCE = 30_000  # ms


def state(page: Page, wanted: str) -> None:
    page.locator(f"pod-explorer[explorer=crash-loop][data-state={wanted}]").wait_for(timeout=PATIENCE)


@pytest.mark.weekly
def test_while_python_loads_the_figure_is_there_and_an_edit_is_kept(visit: Open) -> None:
    held: list[Route] = []
    seen = visit("book/reference/scenario.html")
    page = seen.page
    page.route("**/python.bin", lambda route: held.append(route))  # noqa: PLW0108 - Playwright wants a plain function
    page.goto(f"{seen.origin}/{CRASH_LOOP}", wait_until="domcontentloaded")
    state(page, "loading")
    page.get_by_text(re.compile(r"Starting… \d+\.\d of \d+\.\d MB")).first.wait_for()
    assert page.locator("pod-explorer .js-plotly-plot, pod-explorer svg").count() > 0
    runs = page.locator("[explorer=crash-loop] [data-control=run-length] input[type=range]")
    runs.focus()
    runs.press("ArrowRight")
    for route in held:
        route.continue_()
    state(page, "live")
    page.get_by_text("app ran for 6s and exited with code 1").first.wait_for()


def test_without_python_the_recorded_run_can_still_be_read(visit: Open) -> None:
    seen = visit("book/reference/scenario.html")
    page = seen.page
    page.route("**/worker.js", lambda route: route.abort())
    page.goto(f"{seen.origin}/{CRASH_LOOP}")
    state(page, "offline")
    page.get_by_text(re.compile("Recorded run")).first.wait_for()
    assert page.locator("[explorer=crash-loop] [data-control=run-length] input[type=range]").is_disabled()
    knob = page.get_by_role("slider", name="Playhead").first
    knob.focus()
    knob.press("Home")
    assert knob.get_attribute("aria-valuenow") == "0"


@pytest.mark.parametrize("name", few(["python.bin", "pyodide.asm.wasm", "pyodide.asm.js", "pyodide.mjs"], "python.bin"))
@pytest.mark.weekly
def test_a_missing_file_is_named_and_restart_brings_python_back(visit: Open, name: str) -> None:
    seen = visit("book/reference/scenario.html")
    page = seen.page
    page.route(f"**/{name}", lambda route: route.fulfill(status=404, body="gone"))
    page.goto(f"{seen.origin}/{CRASH_LOOP}")
    state(page, "offline")
    assert name in page.locator(".notice").first.inner_text()
    page.unroute(f"**/{name}")
    page.get_by_role("button", name=re.compile("Start|Restart|again", re.IGNORECASE)).first.click()
    state(page, "live")


@pytest.mark.weekly
def test_a_crash_is_told_and_python_comes_back_with_the_readers_values(visit: Open) -> None:
    page = visit(CRASH_LOOP).live()
    runs = page.locator("[explorer=crash-loop] [data-control=run-length] input[type=range]")
    runs.focus()
    runs.press("ArrowRight")
    page.get_by_text("app ran for 6s and exited with code 1").first.wait_for()
    page.workers[0].evaluate("() => { setTimeout(() => { throw new Error('out of memory'); }); }")
    state(page, "offline")
    assert "out of memory). Your values are kept." in page.locator(".notice").first.inner_text()
    page.get_by_role("button", name="Restart Python").first.click()
    state(page, "live")
    runs.press("ArrowRight")
    page.get_by_text("app ran for 7s and exited with code 1").first.wait_for()


def test_opened_as_a_file_the_page_says_how_to_serve_it(visit: Open) -> None:
    page = visit("book/reference/scenario.html").page
    page.goto((SITE / CRASH_LOOP).as_uri())
    explorer = page.locator("pod-explorer[explorer=crash-loop]")
    explorer.locator("svg, .js-plotly-plot").first.wait_for(state="attached")
    assert explorer.get_attribute("data-state") in ("offline", "static")
    assert "make serve" in explorer.inner_text() or "served" in explorer.inner_text()
