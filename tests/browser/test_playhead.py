"""What a page says of the instant at the playhead, and how a reader goes from an effect back to its causes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from podsim import explorers
from tests.browser.conftest import Open
from tests.browser.test_book import CRASH_LOOP, playhead

LIFE = "book/index.html"
LIT = ".gut.lit"


def texts(page: Page) -> list[str]:
    """The clauses of the why, without their times."""
    return list(page.locator(".because .clause").evaluate_all("all => all.map(one => one.lastChild.textContent.trim())"))


def test_a_why_can_be_followed_back_and_returned_from_by_keys(visit: Open) -> None:
    page = visit(LIFE).live()
    knob = page.get_by_role("slider", name="Playhead")
    knob.press("n")
    knob.press("p")
    steps = explorers.evaluate("life", {})["timeline"]["steps"]
    here = max((step for step in steps if step["t"] == 39.678), key=lambda step: len(step["why"]))
    assert texts(page) == [clause["text"] for clause in here["why"]]
    cause = here["why"][0]

    page.locator(".because .clause").first.focus()
    assert page.locator(LIT).inner_text().split()[0] == "World"  # the endpoint fails by what the scenario says
    page.keyboard.press("Tab")
    assert page.locator(LIT).inner_text().split() == ["readiness", "kubia-container"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert playhead(page) == pytest.approx(cause["t"], abs=0.051)
    assert page.locator(LIT).count() == 0

    back = page.get_by_role("button", name="Back to 39.7s")
    assert back.evaluate("button => button === document.activeElement")
    page.keyboard.press("Enter")
    assert playhead(page) == pytest.approx(39.7)
    assert texts(page) == [clause["text"] for clause in here["why"]]
    assert page.locator(".because .back").count() == 0


def test_moving_the_playhead_by_hand_forgets_the_way_back(visit: Open) -> None:
    page = visit(LIFE).live()
    page.locator(".because .clause").first.click()
    assert page.locator(".because .back").count() == 1
    page.get_by_role("slider", name="Playhead").press("End")
    assert page.locator(".because .back").count() == 0


def test_pointing_at_a_clause_lights_its_lane(visit: Open) -> None:
    page = visit(CRASH_LOOP).live()
    page.locator(".because .clause", has_text="ran for 5s").hover()
    lane = page.locator(LIT)
    assert lane.inner_text() == "app"
    light = page.locator(".stage .light")
    assert light.bounding_box()["y"] == pytest.approx(lane.bounding_box()["y"], abs=1)
    page.mouse.move(0, 0)
    assert not light.is_visible()


def test_pressing_the_start_of_a_bar_tells_why_that_lane_changed(visit: Open) -> None:
    page = visit(LIFE).live()
    plot = page.locator(".stage .plot").bounding_box()
    x = plot["x"] + 8 + (plot["width"] - 16) * 39.678 / 112  # where two conditions turn False
    for lane, last in (("ContainersReady", "Ready is False with it"), ("Ready", "a Service would send it no traffic; this alone restarts nothing")):
        row = page.get_by_text(lane, exact=True).first.bounding_box()
        page.mouse.click(x, row["y"] + row["height"] / 2)
        assert playhead(page) == pytest.approx(39.7)
        assert texts(page)[-1] == last
