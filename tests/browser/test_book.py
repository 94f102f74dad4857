"""The served book as a reader meets it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from podsim import explorers
from tests.browser.conftest import SITE, Open, few
from tests.browser.reading import CRASH_LOOP, LANDING, PLACED, drag, playhead, python_rows, shown_rows, wait_until

UNTIL_PAINTED = """count => new Promise(done => {
    const look = () => performance.getEntriesByName("podsim:painted").length > count ? done() : requestAnimationFrame(look);
    look();
})"""


def painted(page: Page) -> int:
    return int(page.evaluate("performance.getEntriesByName('podsim:painted').length"))


def test_pages_without_explorers_load_none_of_it(visit: Open) -> None:
    seen = visit("book/reference/command-line.html")
    seen.page.wait_for_load_state("networkidle")
    assert [url for url in seen.requests if "/_static/podsim/" in url] == []


def test_an_injected_script_is_refused(visit: Open) -> None:
    page = visit(CRASH_LOOP).live()
    page.evaluate("""() => { const s = document.createElement("script"); s.textContent = "window.injected = true"; document.head.append(s); }""")
    assert page.evaluate("window.injected") is None


def test_a_key_on_a_control_redraws_the_figure_and_the_table(visit: Open) -> None:
    page = visit(CRASH_LOOP).live()
    page.locator("details[data-tab=table] summary").click()
    page.locator("table.steps").wait_for()
    assert shown_rows(page) == python_rows("crash-loop", {})

    drawn = painted(page)
    runs = page.locator("[data-control=run-length] input[type=range]")
    runs.focus()
    runs.press("ArrowRight")
    page.evaluate(UNTIL_PAINTED, drawn)

    assert runs.input_value() == "6"
    assert shown_rows(page) == python_rows("crash-loop", {"run-length": 6})


def test_undo_takes_a_change_back(visit: Open) -> None:
    page = visit(CRASH_LOOP).live()
    code = page.locator("[data-control=exit-code] select")
    code.select_option(index=1)
    page.get_by_text("Completed").first.wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Error").first.wait_for()
    assert code.evaluate("select => select.selectedIndex") == 0


def test_keys_scrub_the_playhead(visit: Open) -> None:
    page = visit(CRASH_LOOP).live()
    knob = page.get_by_role("slider", name="Playhead")
    knob.focus()
    knob.press("Home")
    assert playhead(page) == 0
    knob.press("ArrowRight")
    assert playhead(page) == 1
    steps = sorted({step["t"] for step in explorers.evaluate("crash-loop", {})["timeline"]["steps"] if step["t"] > 1})
    knob.press("Shift+ArrowRight")
    assert playhead(page) == pytest.approx(steps[0], abs=0.051)
    assert page.locator("ol.why li").first.inner_text() != ""
    knob.press("End")
    assert playhead(page) == pytest.approx(explorers.evaluate("crash-loop", {})["timeline"]["horizon"], abs=0.051)


def test_a_pointer_drags_the_playhead_and_the_worlds_flag(visit: Open) -> None:
    page = visit("notebooks/02-create-to-running.html").live()
    drag(page, page.get_by_role("slider", name="Playhead"), 600)
    assert playhead(page) == 120
    drag(page, page.get_by_role("slider", name="image pulled"), -60)
    page.get_by_text(re.compile(r"Successfully pulled image .* in 2\d")).first.wait_for()
    pull = float(page.locator("[data-control=pull] input[type=range]").input_value())
    assert 20 < pull < 35
    page.get_by_role("button", name="Undo").click()
    wait_until(page, "document.querySelector('[data-control=pull] input[type=range]').value === '42.4'")


def test_kubectl_follows_the_playhead(visit: Open) -> None:
    page = visit("notebooks/02-create-to-running.html").live()
    knob = page.get_by_role("slider", name="Playhead")
    terminal = page.locator("pre.term")
    assert "kubia-manual   0/1     ContainerCreating   0          12s" in terminal.inner_text()
    knob.focus()
    knob.press("End")
    assert "kubia-manual   1/1     Running" in terminal.inner_text()


@pytest.mark.parametrize("path", few(PLACED, LANDING, CRASH_LOOP, "notebooks/10-resources.html"))
def test_without_javascript_there_are_a_picture_and_a_table(visit: Open, path: str) -> None:
    page = visit(path, java_script_enabled=False).page
    for name, explorer in zip(PLACED[path], page.locator("pod-explorer").all(), strict=True):
        assert explorer.locator("[data-part=picture] svg.podsim-timeline:visible").bounding_box()["width"] > 300
        explorer.locator("summary").click()
        rows = explorer.locator("[data-part=table] table.podsim-steps tbody tr")
        assert rows.count() == len(python_rows(name, {}))
        assert rows.first.is_visible()


def test_the_data_in_the_page_is_what_python_says() -> None:
    html = Path(SITE / CRASH_LOOP).read_text(encoding="utf-8")
    _, _, rest = html.partition('data-part="result">')
    assert json.loads(rest.partition("</script>")[0]) == json.loads(json.dumps(explorers.evaluate("crash-loop", {})))
