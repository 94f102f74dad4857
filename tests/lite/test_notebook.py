"""A chapter opened as a full notebook: its Python, its packages and its widgets come from the book alone."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import SITE
from tests.browser.reading import FINGER, violations

CHAPTER = "notebooks/06-restarts.html"
READY = 300_000  # ms that 30 MB of Python may take on a busy machine
IDLE = ".jp-Notebook-ExecutionIndicator[data-status=idle]"


def menu(page: Page) -> None:
    """Opens the chapter's menu by its keys."""
    button = page.get_by_role("button", name="Run this chapter yourself")
    button.focus()
    button.press("Enter")


def opened(page: Page) -> Page:
    """The notebook that the chapter's button opens, in a new tab."""
    menu(page)
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.innerText.trim()") == "Open as full notebook"
    with page.expect_popup() as tab:
        page.keyboard.press("Enter")
    tab.value.set_default_timeout(READY)
    return tab.value


def test_an_explorer_is_live_in_a_notebook_that_asks_nobody_else(browser: Browser, origin: str) -> None:
    context = browser.new_context(viewport={"width": 1400, "height": 1100})
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    chapter = context.new_page()
    chapter.goto(f"{origin}/{CHAPTER}")
    chapter.wait_for_load_state("networkidle")
    assert [url for url in asked if "/lite/" in url] == []  # nothing before the click

    page, broken = opened(chapter), []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.locator(IDLE).wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.locator("pod-explorer[data-state=live]").wait_for()
    runs = page.locator("[data-control=run-length] input[type=range]")
    runs.scroll_into_view_if_needed()
    runs.focus()
    runs.press("ArrowRight")
    page.get_by_text("app ran for 6s and exited with code 1").first.wait_for()

    learners = page.locator(".widget-vbox", has=page.locator("select"))
    learners.locator(".js-plotly-plot").wait_for()
    learners.locator("select").select_option("Never")
    learners.get_by_text("Failed").first.wait_for()
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr'], [data-mime-type='application/vnd.jupyter.error']").count() == 0
    assert broken == []
    assert [url for url in asked if not url.startswith((origin, "data:", "blob:"))] == []
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_menu_and_a_finger_can_hit_it(browser: Browser, origin: str, scheme: Literal["light", "dark"], width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)  # axe itself is injected
    page.goto(f"{origin}/{CHAPTER}")
    menu(page)
    entry = page.get_by_role("link", name="Open as full notebook")
    entry.wait_for()
    assert entry.bounding_box()["height"] >= FINGER
    assert violations(page, ".bd-header-article") == ""
    page.close()


def test_every_chapter_is_there_as_it_is_in_the_book() -> None:
    chapters = sorted(path.stem for path in (SITE / "notebooks").glob("*.html"))
    assert chapters == sorted(path.stem for path in (SITE / "lite" / "files").glob("*.ipynb"))
