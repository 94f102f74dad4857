"""The switch between the languages of a page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open

ENGLISH, KOREAN = "notebooks/02-create-to-running.html", "ko/notebooks/02-create-to-running.html"


@pytest.mark.weekly
def test_the_switch_keeps_the_state_of_the_explorer(visit: Open) -> None:
    seen = visit(ENGLISH, width=360)
    page = seen.live()
    page.get_by_role("slider", name="Playhead").first.focus()
    page.keyboard.press("ArrowRight")
    switch = page.get_by_role("link", name="한국어")
    assert switch.bounding_box()["height"] >= 44
    switch.focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    assert re.search(rf"/{KOREAN}#e=create-to-running&v=1&t=13", page.url)
    expect(page.get_by_role("slider", name="재생 위치").first).to_have_attribute("aria-valuenow", "13")
    assert seen.elsewhere() == []
    assert seen.complaints == []


def test_the_switch_keeps_the_section_and_no_page_redirects(visit: Open) -> None:
    page = visit(f"{KOREAN}#key-points").page
    page.get_by_role("link", name="English").click()
    page.wait_for_url(f"**/{ENGLISH}#key-points")
    assert page.evaluate("localStorage.getItem('podsim-language')") == "en"
    page.goto(page.url.replace(ENGLISH, KOREAN))
    expect(page.locator("html")).to_have_attribute("lang", "ko")
