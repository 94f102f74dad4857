"""A walkthrough presented: the explorer fills the window, keys and buttons turn the steps, the notes stand in a second window."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LIVE, ROOT, Open, few
from tests.browser.reading import playhead, violations

CRASH_LOOPS = "book/instructor/crash-loops.html"
TOUR = "book/instructor/tour.html"
WINDOW = {"x": 0, "y": 0, "width": 1280, "height": 900}
MOVING = "document.getAnimations().filter(animation => animation.playState === 'running').length"


def begin(page: Page, step: int = 1) -> None:
    """Presses the button of a step, and waits for the bar."""
    page.get_by_role("button", name=f"Present from step {step}", exact=True).click()
    expect(page.locator(".walkthrough-bar [role=status]")).to_have_text(re.compile(f"^Step {step} of "))


def at_step(page: Page, step: int) -> None:
    expect(page.locator(".walkthrough-bar [role=status]")).to_have_text(re.compile(f"^Step {step} of "))


def shown(page: Page) -> str:
    """The explorer that fills the window."""
    presented = page.locator("pod-explorer:has(> .explorer.present)")
    expect(presented).to_have_count(1)
    assert presented.bounding_box() == WINDOW
    return str(presented.get_attribute("explorer"))


def test_a_clicker_goes_from_step_to_step_with_values_and_instant(visit: Open) -> None:
    seen = visit(CRASH_LOOPS)
    page = seen.live()
    page.get_by_role("button", name="Present all 9 steps").click()
    assert shown(page) == "crash-loop"
    assert playhead(page) == 5
    expect(page.locator(".walkthrough-bar .ask")).to_contain_text("How long does the first restart wait?")
    expect(page.get_by_role("button", name="Next step")).to_be_focused()
    page.get_by_role("slider", name="Playhead").focus()  # a clicker must not move the playhead
    page.keyboard.press("PageDown")
    at_step(page, 2)
    assert playhead(page) == pytest.approx(6.1, abs=0.051)
    for _ in range(5):
        page.keyboard.press("PageDown")
    at_step(page, 7)
    expect(page.locator("pre.term")).to_contain_text("Completed", timeout=LIVE)
    assert playhead(page) == 30
    assert page.locator("[data-control=exit-code] select").evaluate("select => select.selectedOptions[0].textContent.trim()").endswith("code 0")
    page.keyboard.press("PageUp")
    at_step(page, 6)
    assert seen.complaints == []
    assert seen.elsewhere() == []


@pytest.mark.weekly
def test_the_tour_changes_the_explorer_and_keeps_the_focus(visit: Open) -> None:
    page = visit(TOUR).live()
    begin(page, 2)
    assert shown(page) == "life"
    page.get_by_role("button", name="Next step").click()
    assert shown(page) == "create-to-running"
    expect(page.get_by_role("button", name="Next step")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    assert shown(page) == "life"
    page.get_by_role("slider", name="Playhead").first.focus()
    before = playhead(page)
    page.keyboard.press("ArrowRight")  # belongs to the playhead while it has the focus
    assert playhead(page) == pytest.approx(before + 1, abs=0.051)
    at_step(page, 2)
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('.walkthrough-bar, pod-explorer[explorer=life]')")


@pytest.mark.weekly
def test_the_screen_goes_black_and_escape_ends_where_it_began(visit: Open) -> None:
    page = visit(CRASH_LOOPS).live()
    begin(page, 3)
    page.keyboard.press("b")
    black = page.locator(".walkthrough-bar .black")
    assert black.bounding_box() == WINDOW
    assert black.evaluate("element => getComputedStyle(element).backgroundColor") == "rgb(0, 0, 0)"
    assert page.evaluate("document.elementFromPoint(640, 300).className") == "black"
    page.keyboard.press("PageDown")
    expect(black).to_have_count(0)
    at_step(page, 3)
    page.keyboard.press(".")
    page.keyboard.press("Escape")
    expect(black).to_have_count(0)
    at_step(page, 3)
    page.keyboard.press("?")
    expect(page.locator("pod-explorer dialog[open]")).to_be_visible()
    page.keyboard.press("PageDown")
    page.keyboard.press("Escape")
    expect(page.locator("pod-explorer dialog[open]")).to_have_count(0)
    at_step(page, 3)
    page.keyboard.press("Escape")
    expect(page.locator(".walkthrough-bar")).to_have_count(0)
    expect(page.get_by_role("button", name="Present from step 3", exact=True)).to_be_focused()
    assert page.locator("[inert]").count() == 0
    assert page.locator("pod-explorer").bounding_box()["width"] < 1280


@pytest.mark.weekly
def test_the_notes_follow_in_a_window_of_their_own_and_turn_the_steps(visit: Open) -> None:
    seen = visit(CRASH_LOOPS)
    page = seen.live()
    begin(page)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Notes").click()
    notes = opened.value
    complaints: list[str] = []
    notes.on("console", lambda message: complaints.append(message.text))
    expect(notes.locator(".now")).to_contain_text("Collect guesses")
    expect(notes.locator(".then")).to_contain_text("the kubelet noticing")
    expect(notes.locator(".elapsed")).to_have_text(re.compile(r"^\d+:\d\d of 20 min$"))
    first = notes.locator(".elapsed").inner_text()
    expect(notes.locator(".elapsed")).not_to_have_text(first)
    assert notes.locator("body").evaluate("body => getComputedStyle(body).fontSize") == "18px"  # its style sheet has come
    notes.keyboard.press("PageDown")
    at_step(page, 2)
    expect(notes.locator(".now")).to_contain_text("the kubelet noticing")
    notes.get_by_role("button", name="Next step").click()
    at_step(page, 3)
    notes.keyboard.press("b")
    expect(page.locator(".walkthrough-bar .black")).to_have_count(1)
    expect(notes.get_by_text("The screen is black.")).to_be_visible()
    notes.keyboard.press("b")
    for _ in range(8):
        notes.keyboard.press("PageDown")
    expect(notes.locator(".then")).to_have_text("This is the last step.")
    with notes.expect_event("close"):
        page.keyboard.press("Escape")
    assert seen.complaints == []
    assert complaints == []


@pytest.mark.parametrize("path", few([CRASH_LOOPS, TOUR, "book/instructor/end-of-a-pod.html"], CRASH_LOOPS))
@pytest.mark.weekly
def test_everything_fits_on_a_projector(visit: Open, path: str) -> None:
    page = visit(path).live()
    page.set_viewport_size({"width": 1280, "height": 720})
    begin(page)
    count = page.locator("pod-walkthrough ol.steps > li").count()
    for step in range(1, count + 1):
        at_step(page, step)
        covered = page.evaluate("""() => {
            const shown = document.querySelector("pod-explorer:has(> .walkthrough-bar)"), bar = shown.querySelector(".walkthrough-bar").getBoundingClientRect();
            return ["pre.term", "ol.why"].filter(name => shown.querySelector(name) && shown.querySelector(name).getBoundingClientRect().top > bar.top - 20);
        }""")
        assert covered == [], step
        page.keyboard.press("PageDown")


@pytest.mark.parametrize("scheme", few(["light", "dark"], "dark"))
@pytest.mark.weekly
def test_axe_finds_nothing_while_presenting_nor_in_the_notes(visit: Open, scheme: str) -> None:
    page = visit(CRASH_LOOPS, color_scheme=scheme).live()
    begin(page)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Notes").click()
    for window in (page, opened.value):
        assert violations(window) == ""


@pytest.mark.weekly
def test_a_finger_presents_and_nothing_moves_by_itself(visit: Open) -> None:
    page = visit(CRASH_LOOPS, width=360, has_touch=True, reduced_motion="reduce").live()
    page.get_by_role("button", name="Present from step 1", exact=True).tap()
    page.get_by_role("button", name="Next step").tap()
    at_step(page, 2)
    assert page.evaluate(MOVING) == 0
    small = "[...document.querySelectorAll('.walkthrough-bar button, .walkthrough-start button, .steps button')].filter(e => e.getBoundingClientRect().height < 44).length"
    assert page.evaluate(small) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="End").tap()
    expect(page.locator(".walkthrough-bar")).to_have_count(0)


@pytest.mark.weekly
def test_the_presenter_loads_only_where_there_is_something_to_present(visit: Open) -> None:
    seen = visit("notebooks/06-restarts.html")
    seen.live()
    assert [url for url in seen.requests if "walkthrough" in url] == []
    presenting = visit(CRASH_LOOPS)
    presenting.live()
    assert len({url for url in presenting.requests if "walkthrough." in url}) == 2  # script and styles
    script = next(url for url in presenting.requests if url.endswith("walkthrough.js"))
    assert (ROOT / "build" / "_build" / "html" / script.removeprefix(f"{presenting.origin}/")).stat().st_size < 40_000


def test_without_javascript_the_steps_can_be_read(visit: Open) -> None:
    page = visit(CRASH_LOOPS, java_script_enabled=False).page
    assert page.locator("pod-walkthrough ol.steps > li").count() == 9
    assert page.get_by_text("The policy is Always. Collect guesses.").is_visible()
    assert page.locator("pod-walkthrough button").count() == 0
    assert page.locator("pod-explorer [data-part=picture] svg:visible").count() == 1
