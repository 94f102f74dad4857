"""Six views look as their references do, whatever fonts this machine has."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import few
from tests.browser.views import FOLDER, PANELS, VIEWS, difference, figure, opened, panels

STEP = 24  # of 255, in one channel, from which on a pixel differs
TOLERANCE = 0.004  # of the pixels; a bar that moves by its border is more
EDGE = 3  # px that a panel's edge may be elsewhere
TRIES = 20
FONTS = {"own": "", "serif": '--xp-sans: "DejaVu Serif", "Liberation Serif", serif; --xp-mono: serif; font-family: serif;'}


@pytest.mark.parametrize("name", few(VIEWS, "landing", "restarts-dark"))
def test_a_view_looks_as_its_reference_in_any_font(browser: Browser, origin: str, name: str) -> None:
    view = VIEWS[name]
    page = opened(browser, origin, view)
    reference = (FOLDER / f"{name}.png").read_bytes()
    assert len(reference) <= 60_000
    for font, style in FONTS.items():
        page.locator(view.element).evaluate("(element, style) => { element.style.cssText += style; }", style)
        page.set_viewport_size({"width": view.width + 40, "height": 900})  # a new width is drawn anew
        page.set_viewport_size({"width": view.width, "height": 900})
        for _ in range(TRIES):
            differs = difference(page, reference, figure(page, view), STEP)
            if differs <= TOLERANCE:
                break
            page.wait_for_timeout(200)
        assert differs <= TOLERANCE, f"{font}: `make references` shows what is new"
        found, expected = panels(page, view), json.loads(PANELS.read_text("utf-8"))[name]
        assert [part for part, *_ in found] == [part for part, *_ in expected], font
        assert [edge for _, *edges in found for edge in edges] == pytest.approx([edge for _, *edges in expected for edge in edges], abs=EDGE), font
    page.close()
