"""A prediction in the book: nothing tells the answer before it is locked, and everything does afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from podsim import explorers
from podsim.timeline.model import Timeline
from tests.browser.conftest import Open, few
from tests.browser.reading import CRASH_LOOP, drag, violations, wait_until

PREDICTIONS = [prediction["id"] for entry in explorers.catalog() for prediction in entry["predictions"]]
PLACE = """played => {
    const element = Object.assign(document.createElement("pod-prediction"), {played});
    document.querySelector("article").prepend(element);
    element.id = "placed";
}"""
# all that a reader or a program may find in the element: text, attributes, and what plotly draws and says on hover
SAID = """element => {
    const parts = [...element.querySelectorAll("*")].filter(e => !e.closest(".written, fieldset, .title, .flags, script"));
    const attributes = parts.flatMap(e => [...e.attributes].filter(a => !["d", "class", "style", "transform"].includes(a.name)).map(a => a.value));
    const text = parts.flatMap(e => [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()));
    const plot = element.querySelector(".js-plotly-plot");
    return JSON.stringify([attributes, text, plot.data.map(({text, customdata, hovertext}) => [text, customdata, hovertext])]);
}"""
RULER = "element => element.querySelector('.js-plotly-plot').layout.shapes.filter(s => s.line.width).map(s => s.path).join('').split('M').length"  # lines
NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('refused', 'SecurityError'); }});"
GONE = "curtain => getComputedStyle(curtain).visibility === 'hidden'"


def labels(timeline: Timeline, since: float, until: float, hide: list[str] | None) -> Iterator[str]:
    """What lanes, probes, events and reasons say of a stretch of a run, as far as a curtain hides it."""
    hidden = [lane for lane in timeline["lanes"] if hide is None or {lane["id"], lane["group"]} & set(hide)]
    yield from (label for lane in hidden for a, _, _, label, _ in lane["segs"] if since <= a < until)
    yield from (lane["label"] for lane in hidden if lane["segs"] and since <= lane["segs"][0][0] < until)
    yield from (reason for t, _, reason, _, _ in timeline["events"] if since <= t < until and (hide is None or "events" in hide))
    yield from (clause["text"] for step in timeline["steps"] if since <= step["t"] < until for clause in step["why"])


def asked(page: Page, prediction_id: str) -> Locator:
    """The prediction, placed on a page and drawn."""
    wait_until(page, "customElements.get('pod-prediction') !== undefined")
    page.evaluate(PLACE, explorers.play(prediction_id))
    element = page.locator("#placed")
    element.locator(".js-plotly-plot").wait_for()
    return element


def lock(element: Locator) -> None:
    element.get_by_role("button", name="Lock in").click()


def secrets_of(played: dict[str, Any]) -> set[str]:
    """What only the run behind the curtain says."""
    question, timeline = played["prediction"], played["result"]["timeline"]
    told = [*labels(timeline, 0, question["from"], None), *(lane["label"] for lane in timeline["lanes"] if lane["segs"][0][0] < question["from"])]
    if question["hide"] is not None:
        told += [label for lane in timeline["lanes"] if not {lane["id"], lane["group"]} & set(question["hide"]) for *_, label, _ in lane["segs"]]
    known = [*told, str(question["marker"]).replace("`", ""), *(text for _, _, text, _ in timeline["world"]), played["result"]["manifest"]["written"]]
    return {label for label in labels(timeline, question["from"], 1e9, question["hide"]) if not any(says(text, label) for text in known)}


def says(text: str, label: str) -> bool:
    """Whether the label's words stand in the text."""
    return re.search(rf"(?<!\w){re.escape(label)}(?!\w)", text) is not None


def test_nothing_tells_before_it_is_locked(visit: Open) -> None:
    page = visit(CRASH_LOOP).page
    for prediction_id in few(PREDICTIONS, "exit-zero", "not-localhost", "one-budget", "completed-and-ready", "one-port"):
        played = explorers.play(prediction_id)
        secrets = secrets_of(played)
        assert secrets, prediction_id
        element = asked(page, prediction_id)
        said = element.evaluate(SAID)
        assert [secret for secret in secrets if says(said, secret)] == [], prediction_id
        assert element.locator(":is(.verdict, .term, .why, .tabs, .yaml, .events, .right, .wrong)").count() == 0
        ruler = element.evaluate(RULER)
        if played["prediction"]["choices"]:
            element.locator("input").first.check()
        lock(element)
        element.locator(".verdict").wait_for()
        wait_until(page, f"element => ({RULER})(element) > {ruler}", element.element_handle())  # ticks at transitions
        assert any(says(element.evaluate(SAID), secret) for secret in secrets), prediction_id
        element.get_by_role("button", name="Try again").click()
        element.evaluate("element => element.remove()")


def test_a_wrong_choice_gets_its_verdict_and_stays_until_another_try(visit: Open) -> None:
    page = visit(CRASH_LOOP).page
    element = page.locator("pod-prediction[prediction=exit-zero]")
    lock(element)
    expect(element.get_by_role("alert")).to_have_text("Choose an answer first.")
    element.get_by_text("Running: the process is started again at once").click()
    lock(element)
    verdict = element.locator(".verdict")
    expect(verdict).to_be_focused()
    expect(verdict).to_contain_text("What happens: Completed, and the process waits for its next start. You said: Running: the process")
    expect(verdict).to_contain_text("Under Always a container that ends is started again")
    assert element.locator("label.right input").get_attribute("value") == "waits"
    expect(element.locator("pre.term")).to_contain_text("web    0/1     Completed   2")
    wait_until(page, GONE, element.locator(".curtain").first.element_handle())

    page.reload()
    expect(element.locator(".answered")).to_be_visible()
    expect(element.locator(".verdict")).to_be_visible()
    element.get_by_role("button", name="Try again").click()
    expect(element.locator(".verdict")).to_have_count(0)
    expect(element.locator("input").first).to_be_focused()
    page.reload()
    expect(element.get_by_role("button", name="Lock in")).to_be_visible()


def test_a_marker_is_placed_and_locked_with_keys_alone(visit: Open) -> None:
    page = visit(CRASH_LOOP).page
    element = asked(page, "deleted-and-ready")
    marker = element.get_by_role("slider", name="Your marker: Ready turns False")
    assert [marker.get_attribute(f"aria-value{name}") for name in ("min", "max", "now", "text")] == ["74", "90", "82", "82s"]
    marker.focus()
    page.keyboard.press("Home")
    page.keyboard.press("n")
    assert marker.get_attribute("aria-valuetext") == "90s"  # there is no transition to stop at
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(element.locator(".place")).to_contain_text("75s")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    verdict = element.locator(".verdict")
    expect(verdict).to_be_focused()
    expect(verdict.locator(".said")).to_have_text("Ready turns False at 82.1s. You said 75s: 7.1s too early.")
    expect(element.locator(".guess")).to_have_text("you: 75s")
    expect(element.get_by_role("slider", name="Playhead")).to_have_attribute("aria-valuenow", "82.1")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(element.get_by_role("button", name="Try again")).to_be_focused()
    page.keyboard.press("Enter")
    expect(element.get_by_role("slider", name="Your marker")).to_be_focused()


@pytest.mark.weekly
def test_a_choice_is_made_and_locked_with_keys_alone(visit: Open) -> None:
    page = visit(CRASH_LOOP).page
    element = page.locator("pod-prediction[prediction=first-restart]")
    element.locator("input").first.focus()
    page.keyboard.press("ArrowDown")
    expect(element.locator("input[value=ten]")).to_be_checked()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(element.locator(".verdict")).to_be_focused()
    expect(element.locator(".said")).to_have_text("Right: It does not wait.")


@pytest.mark.weekly
def test_a_dragged_marker_is_right_within_its_tolerance(visit: Open) -> None:
    page = visit(CRASH_LOOP, reduced_motion="reduce").page
    element = asked(page, "deleted-and-ready")
    marker = element.get_by_role("slider", name="Your marker")
    marker.scroll_into_view_if_needed()
    drag(page, marker, 2000)
    assert marker.get_attribute("aria-valuenow") == "90"
    drag(page, marker, -2000)
    assert marker.get_attribute("aria-valuenow") == "74"
    marker.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    lock(element)
    expect(element.locator(".said")).to_have_text("Ready turns False at 82.1s. You said 82s: right.")
    assert element.locator(".curtain").first.evaluate(GONE)  # at once, since motion is unwelcome


def test_predictions_need_neither_python_nor_storage(visit: Open) -> None:
    seen = visit("book/reference/command-line.html")
    page = seen.page
    page.add_init_script(NO_STORAGE)
    page.route("**/worker.js", lambda route: route.abort())
    page.goto(f"{seen.origin}/{CRASH_LOOP}")
    element = page.locator("pod-prediction[prediction=long-runs]")
    element.get_by_text("It does not wait").click()
    lock(element)
    expect(element.locator(".said")).to_have_text("Right: It does not wait.")


@pytest.mark.weekly
def test_all_answers_are_forgotten_at_once(visit: Open) -> None:
    page = visit(CRASH_LOOP).page
    for name in ("first-restart", "exit-zero"):
        element = page.locator(f"pod-prediction[prediction={name}]")
        element.locator("input").first.check()
        lock(element)
    expect(page.locator("pod-prediction .verdict")).to_have_count(2)
    page.get_by_role("button", name="Forget all of them").first.click()
    expect(page.locator("pod-prediction .verdict")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('podsim:prediction'))") == []


def test_without_javascript_the_question_stands_and_the_answer_is_closed(visit: Open) -> None:
    page = visit(CRASH_LOOP, java_script_enabled=False).page
    element = page.locator("pod-prediction[prediction=exit-zero]")
    assert element.locator("li").all_inner_texts() == [choice["text"].replace("`", "") for choice in explorers.play("exit-zero")["prediction"]["choices"]]
    assert not element.get_by_text("Exit code 0 crash-loops too").is_visible()
    page.emulate_media(media="print")
    assert not element.get_by_text("Exit code 0 crash-loops too").is_visible()
    page.emulate_media(media="screen")
    element.locator("summary").click()
    assert element.get_by_text("Exit code 0 crash-loops too").is_visible()
    assert element.locator("svg:visible").bounding_box()["width"] > 300
    assert element.locator("tbody tr").count() > 10


@pytest.mark.parametrize("scheme", few(["light", "dark"], "dark"))
@pytest.mark.weekly
def test_axe_finds_nothing_in_a_verdict_or_at_a_marker(visit: Open, scheme: str) -> None:
    page = visit(CRASH_LOOP, width=360, color_scheme=scheme).page
    asked(page, "deleted-and-ready")
    for element in page.locator("pod-prediction:not(#placed)").all():
        element.locator("input").first.check()
        lock(element)
    wait_until(page, "[...document.querySelectorAll('.curtain.open')].every(c => getComputedStyle(c).visibility === 'hidden')")
    assert violations(page, "pod-prediction") == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    targets = "[...document.querySelectorAll('pod-prediction :is(.btn, .ask label, summary)')].filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
    assert page.evaluate(targets) == []


@pytest.mark.weekly
def test_the_page_speaks_the_readers_language(visit: Open) -> None:
    page = visit(CRASH_LOOP).page
    wait_until(page, "customElements.get('pod-prediction') !== undefined")
    page.evaluate("document.documentElement.lang = 'ko'")
    page.evaluate(PLACE, explorers.play("exit-zero", "ko"))
    element = page.locator("#placed")
    element.get_by_text(re.compile("다음 시작을 기다린다")).click()
    element.get_by_role("button", name="답 확정").click()
    expect(element.locator(".said")).to_have_text("맞음: Completed, 프로세스는 다음 시작을 기다린다.")
