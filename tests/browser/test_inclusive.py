"""Readers with a finger, without motion, with few colours, with large letters, and with paper."""

from __future__ import annotations

import json
from itertools import combinations

import pytest
from playwright.sync_api import Page, expect

from podsim import explorers
from tests.browser.conftest import ROOT, Open
from tests.browser.reading import CRASH_LOOP, LANDING, playhead, wait_until

LUMINANCE = """element => {
    const [r, g, b] = getComputedStyle(element).backgroundColor.match(/[\\d.]+/g).map(Number);
    return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}"""


def plot(page: Page) -> dict[str, float]:
    return page.locator("pod-explorer .stage .plot").first.bounding_box()


def test_a_finger_moves_the_playhead_sideways_and_still_scrolls_the_page(visit: Open) -> None:
    page = visit(CRASH_LOOP, width=360, has_touch=True, is_mobile=True).live()
    page.locator("pod-explorer .stage").first.scroll_into_view_if_needed()
    box = plot(page)
    finger = page.context.new_cdp_session(page)

    def drag(dx: float, dy: float) -> None:
        x, y = box["x"] + 60, box["y"] + box["height"] / 2
        finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for part in range(1, 11):
            finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + dx * part / 10, "y": y + dy * part / 10}]})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    page.get_by_role("slider", name="Playhead").first.press("Home")
    drag(150, 0)
    moved = playhead(page)
    assert moved > 60
    above = page.evaluate("scrollY")
    drag(0, -120)
    wait_until(page, "above => scrollY > above + 60", above)


def test_without_motion_play_goes_from_transition_to_transition(visit: Open) -> None:
    page = visit(LANDING, reduced_motion="reduce").live()
    steps = sorted({step["t"] for step in explorers.evaluate("life", {})["timeline"]["steps"]})
    knob = page.get_by_role("slider", name="Playhead")
    knob.press("Home")
    page.evaluate("""window.passed = new Set(); new MutationObserver(() => passed.add(document.querySelector(".knob").getAttribute("aria-valuenow")))
        .observe(document.querySelector(".knob"), {attributes: true})""")
    page.get_by_role("button", name="Play", exact=True).click()
    wait_until(page, "passed.size >= 3")
    page.get_by_role("button", name="Pause").click()
    assert {float(t) for t in page.evaluate("[...passed]")} <= {round(t, 1) for t in steps} | {0.0}
    moving = "[...document.querySelectorAll('pod-explorer *')].flatMap(e => e.getAnimations()).length"
    assert page.evaluate(moving) == 0


@pytest.mark.weekly
def test_the_speed_of_play_can_be_chosen(visit: Open) -> None:
    page = visit(LANDING).live()
    knob = page.get_by_role("slider", name="Playhead")
    knob.press("Home")
    page.get_by_label("Speed").select_option("20×")
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_role("button", name="Play", exact=True).wait_for()  # at 112 s it stops by itself
    assert playhead(page) == 112


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_two_tones_look_alike_in_grey(scheme: str) -> None:
    tones = json.loads((ROOT / "podsim" / "timeline" / "style.json").read_text("utf-8"))["tones"]
    for (one, a), (other, b) in combinations(tones.items(), 2):
        told = a["pattern"] != b["pattern"] or a["glyph"] != b["glyph"]
        assert told or abs(grey(a[scheme]["fill"]) - grey(b[scheme]["fill"])) > 0.1, (one, other)


def grey(colour: str) -> float:
    """The lightness of a colour on a grey screen, 0 to 1."""
    return sum(share * int(colour[at : at + 2], 16) / 255 for share, at in ((0.2126, 1), (0.7152, 3), (0.0722, 5)))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_with_the_readers_own_colours_the_playhead_and_what_is_chosen_are_still_seen(visit: Open, scheme: str) -> None:
    page = visit(CRASH_LOOP, forced_colors="active", color_scheme=scheme).live()
    ink = page.evaluate("getComputedStyle(document.body).color")
    assert page.evaluate("getComputedStyle(document.querySelector('.playhead'), '::before').backgroundColor") == ink
    assert page.locator(".knob").first.evaluate("knob => getComputedStyle(knob).borderTopWidth") == "1px"
    chosen = page.locator(":is(.btn[aria-pressed=true], .seg label:has(:checked))")
    assert chosen.count() >= 3
    assert set(chosen.evaluate_all("all => all.filter(e => e.checkVisibility()).map(e => getComputedStyle(e).outlineStyle)")) == {"solid"}
    assert page.locator(".changed").first.evaluate("line => getComputedStyle(line).outlineStyle") == "solid"


@pytest.mark.weekly
def test_letters_of_twice_the_size_fit(visit: Open) -> None:
    """200 % zoom of a 1280 px window: half the CSS pixels, each of them two."""
    page = visit(CRASH_LOOP, width=640, device_scale_factor=2).live()
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    cut = """[...document.querySelectorAll("pod-explorer :is(.btn, legend, label, .pill, .title, summary)")]
        .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline").map(e => e.outerHTML)"""
    assert page.evaluate(cut) == []


def test_paper_is_light_and_shows_what_a_screen_unfolds(visit: Open) -> None:
    page = visit(CRASH_LOOP, color_scheme="dark").live()
    explorer = page.locator("pod-explorer").first
    assert explorer.locator(".explorer").evaluate(LUMINANCE) < 0.2
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert explorer.locator(".explorer").evaluate(LUMINANCE) > 0.95
    expect(explorer.locator("table.steps tbody tr").first).to_be_visible()
    for part in (".controls", ".transport", ".presets", ".head .btn"):
        assert explorer.locator(part).first.is_hidden(), part
    unrolled = "all => all.filter(e => e.checkVisibility() && e.scrollHeight > e.clientHeight + 1).map(e => e.className)"
    assert explorer.locator(".box, .scroll").evaluate_all(unrolled) == []
    assert page.locator("#pst-primary-sidebar").is_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert explorer.locator("table.steps").count() == 0


# What has the focus: its tag and name, and what a reader who cannot see it would miss.
STOP = """() => {
    const element = document.activeElement, label = element.closest("label");
    if (element === document.body) return null;
    const drawn = it => it && (getComputedStyle(it).outlineStyle !== "none" || getComputedStyle(it).boxShadow !== "none");
    const named = element.ariaLabel || element.innerText || element.labels?.[0]?.innerText || element.querySelector("title")?.textContent || element.title;
    const lacks = [];
    if (!drawn(element) && !drawn(label)) lacks.push("ring");
    if (!named?.trim()) lacks.push("name");
    if (getComputedStyle(element).opacity === "0" && element.type !== "radio") lacks.push("opacity");
    return [element.outerHTML.slice(0, 80), lacks.join()];
}"""


def test_the_tab_key_goes_through_a_chapter_and_is_seen_at_every_stop(visit: Open) -> None:
    page = visit(CRASH_LOOP, 1280).live()
    stops: list[tuple[str, str]] = []
    page.keyboard.press("Tab")
    while stop := page.evaluate(STOP):
        stops.append(stop)
        page.keyboard.press("Tab")
    assert [stop for stop in stops if stop[1]] == []
    assert 80 < len(stops) < 120
