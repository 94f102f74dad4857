"""What every page of the book keeps to. Each page is visited once at each width, and all tests of that visit look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import PAGES, Visit, arrive, few
from tests.browser.reading import AGAIN, CRASH_LOOP, FINGER, LANDING, PLACED, SMALL, WIDTHS, violations, wait_until

SHIFTS = """window.shifts = 0;
new PerformanceObserver(list => list.getEntries().forEach(entry => { window.shifts += entry.value; })).observe({type: "layout-shift", buffered: true});"""
# Follows every playhead from the start through its transitions, at which the names of lanes turn bold: names that are cut then.
CUT = """async most => {
    const cut = [];
    for (const explorer of document.querySelectorAll("pod-explorer")) {
        const knob = explorer.querySelector(".playhead [role=slider]");
        const press = async key => {
            knob.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
            await explorer.updateComplete;
            cut.push(...[...explorer.querySelectorAll(".gut")].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.trim()));
        };
        await press("Home");
        for (let before = -1; before < knob.ariaValueNow && before < most;) {
            before = Number(knob.ariaValueNow);
            await press("n");
        }
    }
    return cut;
}"""
ROW_CUT = "[...document.querySelectorAll('pre.term')].filter(term => term.scrollWidth > term.clientWidth).map(term => term.textContent)"
OUTSIDE = """[...document.querySelectorAll("pod-explorer .explorer > *, pod-explorer .body > *, pod-explorer .transport > *")].filter(e => {
    const [own, frame] = [e.getBoundingClientRect(), e.closest(".explorer").getBoundingClientRect()];
    return e.checkVisibility() && (own.right > frame.right + 0.5 || own.left < frame.left - 0.5);
}).map(e => e.className)"""

THEMED = "scheme => [scheme, undefined].includes(document.documentElement.dataset.theme) && !document.getAnimations().length"  # 404.html has no theme
DRAWN = """width => innerWidth === width && [...document.querySelectorAll(".stage.drawn")].every(stage => {
    const drawn = stage.querySelector(".main-svg");
    return !drawn || Math.abs(stage.getBoundingClientRect().right - drawn.getBoundingClientRect().right) < 2;
})"""

LOOKED = 60  # s from the start of a run

DIAGRAMS = "notebooks/10-resources.html"

KINDS = (LANDING, CRASH_LOOP, DIAGRAMS, "404.html", "book/own/explorer.html", "book/reference/fields.html", "ko/book/index.html")
every_page = pytest.mark.parametrize("seen", [(path, 1280) for path in few(PAGES, *KINDS)], indirect=True, ids=str)
STUDIED = [path for path in PLACED if not path.startswith(AGAIN)]
CHOSEN = few(STUDIED, LANDING, CRASH_LOOP)
arrivals = pytest.mark.parametrize(
    "seen",
    [*((path, 1280) for path in CHOSEN), *((path, 360) for path in CHOSEN), *((path, 768) for path in few(STUDIED, LANDING))],
    indirect=True,
    ids=str,
)
explorers_on_a_phone = pytest.mark.parametrize("seen", [(path, 360) for path in CHOSEN], indirect=True, ids=str)
explorers_on_a_desk = pytest.mark.parametrize("seen", [(path, 1280) for path in few(PLACED, *CHOSEN)], indirect=True, ids=str)


@pytest.fixture(scope="module")
def readers(browser: Browser) -> Iterator[Callable[[int], BrowserContext]]:
    """One reader for every width, whose browser keeps Python from page to page; 360 px is a phone."""
    contexts: dict[int, BrowserContext] = {}

    def reader(width: int) -> BrowserContext:
        phone = {"has_touch": True, "is_mobile": True} if width == 360 else {}
        if width not in contexts:
            contexts[width] = browser.new_context(viewport={"width": width, "height": 900}, **phone)
        return contexts[width]

    yield reader
    for context in contexts.values():
        context.close()


@pytest.fixture(scope="module")
def seen(request: pytest.FixtureRequest, readers: Callable[[int], BrowserContext], origin: str) -> Iterator[Visit]:
    """A page once it is live and quiet, at a width."""
    path, width = request.param
    visit = arrive(readers(width), origin, path, SHIFTS)
    visit.live().wait_for_load_state("networkidle")
    yield visit
    visit.page.close()


@pytest.fixture
def as_arrived(seen: Visit) -> Iterator[Visit]:
    """The page, which gets its width and colours back."""
    size = seen.page.viewport_size
    yield seen
    seen.page.set_viewport_size(size)
    seen.page.emulate_media(color_scheme="light")


def resize(page: Page, width: int) -> None:
    """Another width, with the figures drawn for it."""
    page.set_viewport_size({"width": width, "height": 900})
    wait_until(page, DRAWN, width)


@arrivals
def test_nothing_moves_while_a_page_comes_alive(seen: Visit) -> None:
    seen.page.wait_for_timeout(200)  # shifts are told a frame later
    assert seen.page.evaluate("shifts") < 0.01  # the score of browsers, in which 0.1 is good


@every_page
def test_a_page_stays_at_its_origin_under_a_strict_policy(seen: Visit) -> None:
    policy = seen.page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in scripts
    assert "unsafe-eval" not in scripts.replace("wasm-unsafe-eval", "")
    assert seen.elsewhere() == []
    assert seen.complaints == []  # a refusal of the policy would stand here


@explorers_on_a_desk
def test_a_page_says_when_it_is_live(seen: Visit) -> None:
    assert seen.page.evaluate("performance.getEntriesByName('podsim:live').length") >= 1


@every_page
def test_axe_finds_nothing(seen: Visit) -> None:
    assert violations(seen.page) == ""


@pytest.mark.parametrize("seen", [(path, 1280) for path in few(PAGES, LANDING, CRASH_LOOP, DIAGRAMS)], indirect=True, ids=str)
def test_axe_finds_nothing_in_the_dark(as_arrived: Visit) -> None:
    as_arrived.page.emulate_media(color_scheme="dark")
    wait_until(as_arrived.page, THEMED, "dark")
    assert violations(as_arrived.page) == ""


@every_page
@pytest.mark.parametrize("width", few(WIDTHS, 360))
def test_no_page_scrolls_sideways(as_arrived: Visit, width: int) -> None:
    resize(as_arrived.page, width)
    assert as_arrived.page.evaluate("document.documentElement.scrollWidth") <= width


@explorers_on_a_desk
@pytest.mark.parametrize("width", few([360, 640, 768, 1280], 360))
def test_nothing_leaves_the_frame_and_no_lane_name_is_cut(as_arrived: Visit, width: int) -> None:
    page = as_arrived.page
    resize(page, width)
    assert page.evaluate(CUT, LOOKED) == []
    assert page.evaluate(OUTSIDE) == []
    assert width == 360 or page.evaluate(ROW_CUT) == []  # a phone scrolls kubectl's columns


@explorers_on_a_phone
def test_a_finger_hits_every_control_on_a_phone(seen: Visit) -> None:
    for summary in seen.page.locator(".tab > summary").all():
        summary.click()
    seen.page.locator("table.steps").first.wait_for()
    parts = "pod-explorer :is(.btn, select, summary, .seg label, .exact input, [type=range], .field.bool, .steps button, .again)"
    assert seen.page.evaluate(SMALL, [FINGER, parts]) == []
