"""Two runs on one axis, changes taken back and done again, and links that keep all of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open, few
from tests.browser.reading import CRASH_LOOP, playhead

BAD_LINKS = [
    ("v=9&run-length=6", "made by a later version"),
    ("v=1&run-length=1e99", "a value that run-length cannot have"),
    ("v=1&__proto__=1", "names something that this explorer does not have"),
    ("v=1&restart-policy=<img src=x onerror=document.body.remove()>", "a value that restart-policy cannot have"),
]


def compared(page: Page) -> list[str]:
    """The names of the two runs, each above its lanes."""
    return list(page.locator(".stage").first.locator(".gut").evaluate_all("all => all.sort((a, b) => a.offsetTop - b.offsetTop).map(one => one.innerText.trim())"))


def test_two_runs_stand_on_one_axis_with_the_difference_in_a_sentence(visit: Open) -> None:
    page = visit(CRASH_LOOP).live()
    page.get_by_role("button", name="Compare").click()
    assert "none yet" in page.locator(".difference").inner_text()
    page.locator("[data-control=restart-policy] select").select_option("Never")
    page.get_by_text(re.compile("with restartPolicy Always .*; with restartPolicy Never ")).wait_for()
    lanes = compared(page)
    a, b = lanes.index("A restartPolicy Always"), lanes.index("B restartPolicy Never")
    assert [name for name in lanes[a + 1 : b] if name in ("STATUS", "Phase", "PodScheduled")] == ["Phase", "STATUS"]  # scheduled alike
    assert "STATUS" in lanes[b + 1 :]
    assert page.get_by_role("slider", name="Playhead").count() == 1
    knob = page.get_by_role("slider", name="Playhead")
    knob.press("End")
    rows = page.locator("pre.term").inner_text().splitlines()
    assert [row.split()[:2] for row in rows if row.startswith(("A ", "B "))] == [["A", "web"], ["B", "web"]]
    assert "Error" in rows[-1]
    page.get_by_role("button", name="Compare").click()
    assert page.locator(".difference").count() == 0


@pytest.mark.weekly
def test_a_shared_comparison_opens_as_a_comparison(visit: Open) -> None:
    seen = visit(CRASH_LOOP)
    page = seen.live()
    page.locator("[data-control=exit-code] select").select_option(index=1)
    page.locator("pre.term", has_text="Completed").wait_for()
    page.get_by_role("button", name="Compare").click()
    page.locator("[data-control=run-length] input[type=range]").press("ArrowRight")
    page.get_by_text(re.compile("with each run lasts 5 s .*; with each run lasts 6 s")).wait_for()
    said = page.locator(".difference").inner_text()
    page.get_by_role("button", name="Share").click()
    link = page.url.rpartition("#")[2]
    assert link == "e=crash-loop&v=1&run-length=6&exit-code=0&vs=1&vs.exit-code=0&t=32"

    again = visit(f"{CRASH_LOOP}#{link}").live()
    again.get_by_text(re.compile("with each run lasts 5 s .*; with each run lasts 6 s")).wait_for()
    assert again.locator(".difference").inner_text() == said


@pytest.mark.parametrize(("link", "said"), few(BAD_LINKS, BAD_LINKS[-1]))
def test_a_bad_link_is_told_and_changes_nothing(visit: Open, link: str, said: str) -> None:
    seen = visit(f"{CRASH_LOOP}#e=crash-loop&{link}")
    page = seen.live()
    assert said in page.locator(".notice[role=alert]").inner_text()
    assert page.locator("[data-control=run-length] input[type=range]").input_value() == "5"
    assert playhead(page) == 32
    assert seen.complaints == []


@pytest.mark.weekly
def test_what_is_undone_is_done_again_by_keys(visit: Open) -> None:
    page = visit(CRASH_LOOP).live()
    runs = page.locator("[data-control=run-length] input[type=range]")
    for _ in range(2):
        runs.press("ArrowRight")
    for keys, value in (("Control+z", "6"), ("Control+z", "5"), ("Control+Shift+z", "6"), ("Control+y", "7")):
        page.keyboard.press(keys)
        assert runs.input_value() == value
    assert page.get_by_role("button", name="Redo").is_disabled()


@pytest.mark.weekly
def test_a_list_of_runs_is_edited_by_keys_and_its_first_end_is_dragged(visit: Open) -> None:
    page = visit("book/reference/scenario.html").live()
    rows = page.locator("ol.run-list > li")
    assert rows.count() == 3
    page.get_by_role("button", name="Add a run").press("Enter")
    assert rows.count() == 4
    rows.nth(0).locator("select").press("Alt+ArrowDown")
    assert rows.nth(1).get_by_label("Run 2: seconds").input_value() == "8"
    flag = page.get_by_role("slider", name=re.compile("drag or use the arrow keys"))
    page.locator(".flag.drag[aria-valuetext^='20.']").wait_for()
    flag.press("ArrowRight")
    page.locator(".flag.drag[aria-valuetext^='21.']").wait_for()
    assert rows.nth(0).get_by_label("Run 1: seconds").input_value() == "21"
    page.get_by_role("button", name="Remove run 1").click()
    assert rows.nth(0).get_by_label("Run 1: seconds").input_value() == "8"
    page.get_by_role("button", name="Share").click()
    assert "runs=8x1%7E-%7E-" in page.url
