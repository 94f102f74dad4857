"""A chapter on paper: nothing beside the text, nothing cut, room for answers, and no answer."""

from __future__ import annotations

import re
from itertools import product

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, few
from tests.browser.reading import wait_until

PAPER = 688  # px between the margins of A4
CHAPTERS = ["notebooks/06-restarts.html", "notebooks/08-probes.html", "notebooks/10-resources.html"]
# what is wider than what holds it, and would be cut or shrink the page
CUT = """() => [...document.querySelectorAll("article :is(.stage, .curtain, table, pre, svg, .term, .knob)")].filter(e => e.checkVisibility() && e.closest("article")).filter(e => {
    const frame = (e.closest("section.explorer") ?? e.closest("article")).getBoundingClientRect(), own = e.getBoundingClientRect();
    return own.right > frame.right + 1 || own.left < frame.left - 1 || (e.matches("pre") && e.scrollWidth > e.clientWidth + 1);
}).map(e => e.outerHTML.slice(0, 120))"""
ROOM = "ask => ask.getBoundingClientRect().bottom - [...ask.querySelectorAll('label')].at(-1).getBoundingClientRect().bottom"  # px under the choices
LANES = """element => {
    const curtains = [...element.querySelectorAll(".curtain")].map(e => e.getBoundingClientRect());
    return curtains.length > 0 && curtains.every(({width, height}) => width > 40 && height > 10);
}"""


def on_paper(page: Page) -> Page:
    """The page as a printer gets it."""
    page.set_viewport_size({"width": PAPER, "height": 900})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    wait_until(page, "[...document.querySelectorAll('.stage')].every(stage => stage.clientWidth === 620)")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page


@pytest.mark.parametrize(("path", "scheme"), few(product(CHAPTERS, ("light", "dark")), (CHAPTERS[0], "dark")))
@pytest.mark.weekly
def test_a_chapter_fits_on_the_paper_without_navigation(visit: Open, path: str, scheme: str) -> None:
    page = on_paper(visit(path, color_scheme=scheme).live())
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER  # or the printer makes everything smaller
    assert page.evaluate(CUT) == []
    for chrome in (
        ".bd-sidebar-primary",
        ".bd-header-article",
        ".prev-next-footer",
        "footer",
        ".headerlink",
        "pod-explorer .controls",
        "pod-explorer .transport",
    ):
        assert page.locator(f"{chrome}:visible").count() == 0, chrome
    assert page.locator("pod-explorer .stage:visible").count() == page.locator("pod-explorer").count()
    assert page.locator("article").evaluate("article => getComputedStyle(article).color") == "rgb(34, 40, 50)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("path", few(CHAPTERS, CHAPTERS[0]))
@pytest.mark.weekly
def test_the_printer_gets_pages(visit: Open, path: str) -> None:
    pdf = visit(path).live().pdf(format="A4", prefer_css_page_size=True)
    assert 4 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 24


@pytest.mark.weekly
def test_an_answer_stays_closed_on_paper_and_there_is_room_for_ones_own(visit: Open) -> None:
    page = visit("notebooks/06-restarts.html").live()
    answered = page.locator("pod-prediction[prediction=exit-zero]")
    answered.locator("input").first.check()
    answered.get_by_role("button", name="Lock").click()
    expect(answered.locator(".verdict")).to_be_visible()
    wait_until(page, "[...document.querySelectorAll('.curtain.open')].every(c => getComputedStyle(c).visibility === 'hidden')")
    on_paper(page)
    for prediction in page.locator("pod-prediction").all():
        for answer in (".verdict", ".now", ".tabs", "label small", "button"):
            assert prediction.locator(f"{answer}:visible").count() == 0, answer
        assert prediction.evaluate(LANES)
        assert prediction.locator(".ask").evaluate(ROOM) > 80
        assert prediction.locator("label:visible").count() >= 2


def test_without_javascript_a_prediction_has_room_and_no_answer_on_paper(visit: Open) -> None:
    page = visit("notebooks/06-restarts.html", java_script_enabled=False).page
    page.emulate_media(media="print")
    question = page.locator("pod-prediction > [data-part=question]").first
    assert question.locator("details:visible").count() == 0
    before = question.bounding_box()["height"]
    page.emulate_media(media="screen")
    assert before > question.bounding_box()["height"] + 40
