"""The way of the keyboard, the first page with its map, and a projector."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open
from tests.browser.reading import CRASH_LOOP, playhead

FOCUSED = """(() => {
    const e = document.activeElement, part = e.closest(".seg label") ?? e, style = getComputedStyle(part);
    const name = [...e.classList].find(c => ["undo", "knob", "drag", "play", "box", "yaml"].includes(c)) ?? e.localName;
    return [name, part.matches("pod-explorer *") && (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2)];
})()"""


def test_tab_walks_from_the_head_to_the_readouts_and_every_stop_shows_it(visit: Open) -> None:
    page = visit(CRASH_LOOP).live()
    page.get_by_role("button", name="Reset", exact=True).focus()
    walked = []
    for _ in range(26):
        name, unseen = page.evaluate(FOCUSED)
        assert not unseen, name
        walked.append(name)
        page.keyboard.press("Tab")
    head, presets, inputs = ["button"] * 5, ["button"] * 5, ["select", "input", "input", "select", "input"]
    figure, transport = ["drag", "knob"], ["button", "play", "button", "select", "input", "input"]
    assert walked[:26] == [*head, *presets, *inputs, *figure, *transport, *["button"] * 3]  # the why's clauses


def test_the_first_page_shows_kubectl_and_the_why_and_asks_nothing(visit: Open) -> None:
    page = visit("book/index.html").live()
    assert page.locator("pod-explorer .controls").count() == 0
    assert page.locator("pre.term").is_visible()
    assert page.locator("ol.why").is_visible()
    assert not page.locator(".box.yaml").is_visible()
    page.get_by_role("button", name="Deleted, yet Ready").click()
    assert playhead(page) == 77
    assert "Terminating" in page.locator("pre.term").inner_text()


def test_pointing_at_a_chapter_bands_its_part_of_the_life(visit: Open) -> None:
    page = visit("book/index.html").live()
    band = page.locator("pod-explorer .stretch")
    assert not band.is_visible()
    page.locator(".chapter-column a", has_text="From create to Running").focus()
    start = band.bounding_box()
    page.locator(".chapter-column", has_text="Restarts and back-off").hover()
    life = band.bounding_box()
    assert start["x"] + start["width"] == pytest.approx(life["x"], abs=2)
    assert life["width"] == pytest.approx(start["width"] * (75 - 9.7) / 9.7, abs=4)
    page.mouse.move(0, 0)
    page.locator("article h1").click()
    assert not band.is_visible()


@pytest.mark.weekly
def test_presenting_fills_the_window_and_keeps_keys_inside(visit: Open) -> None:
    page = visit(CRASH_LOOP).live()
    page.get_by_role("button", name="Present").click()
    assert page.locator("pod-explorer").bounding_box() == {"x": 0, "y": 0, "width": 1280, "height": 900}
    assert page.locator("ol.why").bounding_box()["y"] < 720  # a projector's height
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('pod-explorer')")
    page.keyboard.press("Tab")
    page.get_by_role("slider", name="Playhead").press("Escape")
    assert page.locator("pod-explorer").bounding_box()["width"] < 1000
    assert page.locator("[inert]").count() == 0


def test_a_wrong_address_leads_to_the_first_page(visit: Open) -> None:
    seen = visit("notebooks/gone/for-ever.html")
    assert "No such page" in seen.page.title()
    seen.page.locator("#start[href='/']").click()
    seen.page.wait_for_url("**/book/index.html")
    assert seen.elsewhere() == []
