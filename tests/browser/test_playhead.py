"""What a page says of the instant at the playhead, and how a reader goes from an effect back to its causes."""

from __future__ import annotations

import pytest
import yaml
from playwright.sync_api import Page

from podsim import Cluster, explorers
from podsim.explorers.declarations import load
from tests.browser.conftest import Open, few
from tests.browser.reading import CRASH_LOOP, playhead, violations

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


@pytest.mark.weekly
def test_moving_the_playhead_by_hand_forgets_the_way_back(visit: Open) -> None:
    page = visit(LIFE).live()
    page.locator(".because .clause").first.click()
    assert page.locator(".because .back").count() == 1
    page.get_by_role("slider", name="Playhead").press("End")
    assert page.locator(".because .back").count() == 0


@pytest.mark.weekly
def test_pointing_at_a_clause_lights_its_lane(visit: Open) -> None:
    page = visit(CRASH_LOOP).live()
    page.locator(".because .clause", has_text="ran for 5s").hover()
    lane = page.locator(LIT)
    assert lane.inner_text() == "app"
    light = page.locator("pod-explorer .stage .light")
    assert light.bounding_box()["y"] == pytest.approx(lane.bounding_box()["y"], abs=1)
    page.mouse.move(0, 0)
    assert not light.is_visible()


@pytest.mark.weekly
def test_pressing_the_start_of_a_bar_tells_why_that_lane_changed(visit: Open) -> None:
    page = visit(LIFE).live()
    plot = page.locator(".stage .plot").bounding_box()
    x = plot["x"] + 8 + (plot["width"] - 16) * 39.678 / 112  # where two conditions turn False
    for lane, last in (("ContainersReady", "Ready is False with it"), ("Ready", "a Service would send it no traffic; this alone restarts nothing")):
        row = page.get_by_text(lane, exact=True).first.bounding_box()
        page.mouse.click(x, row["y"] + row["height"] / 2)
        assert playhead(page) == pytest.approx(39.7)
        assert texts(page)[-1] == last


@pytest.mark.parametrize("explorer_id", few(["life", "crash-loop", "create-to-running"], "crash-loop"))
@pytest.mark.weekly
def test_describe_is_what_python_prints_at_every_instant(visit: Open, explorer_id: str) -> None:
    page = visit({"life": LIFE, "crash-loop": CRASH_LOOP, "create-to-running": "notebooks/02-create-to-running.html"}[explorer_id]).live()
    if explorer_id == "life":
        page.get_by_role("button", name="Present").click()  # the first page has no room for it
    page.get_by_text("describe", exact=True).click()
    cluster, pod = simulated(explorer_id)
    knob = page.get_by_role("slider", name="Playhead")
    knob.press("Home")
    for seconds in range(1, 112, 7):
        for _ in range(7 if seconds > 1 else 1):
            knob.press("ArrowRight")
        cluster.run(until=seconds)
        printed = cluster.kubectl(f"describe pod {pod}")
        shown = page.locator(".box.describe div").all_text_contents()
        assert "\n".join(shown) + "\n" == (printed.stdout or "# the object no longer exists\n"), seconds


def simulated(explorer_id: str) -> tuple[Cluster, str]:
    """A cluster with an explorer's manifest and world, at t = 0."""
    explorer = load(explorer_id)
    cluster = Cluster(scenario=explorer.scenario)
    obj = yaml.safe_load(explorer.manifest)
    cluster.simulation.server.create(obj)
    return cluster, obj["metadata"]["name"]


@pytest.mark.weekly
def test_the_lines_of_describe_that_the_last_transition_changed_are_marked(visit: Open) -> None:
    page = visit(CRASH_LOOP).live()
    page.get_by_text("describe", exact=True).click()
    knob = page.get_by_role("slider", name="Playhead")
    knob.press("Home")
    for _ in range(4):
        knob.press("n")
    changed = " ".join(page.locator(".box.describe .changed").all_text_contents())
    assert "State:          Running" in changed
    assert "Image:" not in changed


def test_the_manifest_says_who_added_a_line_and_why(visit: Open) -> None:
    page = visit(CRASH_LOOP).live()
    page.locator("details[data-tab=manifest] summary").click()
    told = {letter: page.locator(f".lines [data-origin={letter}]").all_inner_texts() for letter in "SANKR"}
    assert any("dnsPolicy: ClusterFirst" in line and "names are looked up in the cluster first" in line for line in told["S"])
    assert any("admission ServiceAccount" in line for line in told["A"])
    assert ["nodeName" in line for line in told["N"]].count(True) == 1
    assert any("phase: Running" in line for line in told["K"])
    assert any("creationTimestamp" in line for line in told["R"])
    legend = page.locator(".origins [data-origin=S]").inner_text()
    assert legend == f"S default of the API ({len(told['S'])})"


def test_what_a_control_writes_lights_up_in_excerpt_manifest_and_stored_object(visit: Open) -> None:
    page = visit(CRASH_LOOP).live()
    page.locator("details[data-tab=manifest] summary").click()
    page.locator("[data-control=restart-policy] select").select_option("Never")
    page.locator(".lines .changed", has_text="restartPolicy: Never").nth(1).wait_for()
    assert [line.split()[-2:] for line in page.locator(".changed", has_text="restartPolicy").all_inner_texts()] == [["restartPolicy:", "Never"]] * 3


@pytest.mark.weekly
def test_every_key_is_told_behind_a_question_mark_and_the_focus_comes_back(visit: Open) -> None:
    page = visit(CRASH_LOOP).live()
    knob = page.get_by_role("slider", name="Playhead")
    knob.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard")
    told = dialog.inner_text()
    assert all(key in told for key in ("P", "N", "PageUp", "Home", "Space", "Shift", "⌘", "Esc", "?"))
    assert violations(page, "dialog.keys") == ""
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert knob.evaluate("knob => knob === document.activeElement")
    page.get_by_role("button", name="Keyboard").click()
    dialog.get_by_role("button", name="Close").click()
    assert page.get_by_role("button", name="Keyboard").evaluate("button => button === document.activeElement")


def test_the_keys_of_the_playhead_go_where_the_map_says(visit: Open) -> None:
    page = visit(LIFE).live()
    knob = page.get_by_role("slider", name="Playhead")
    knob.press("Home")
    for key, expected in (("n", 0.008), ("N", 0.02), ("p", 0.008), ("PageDown", 11.2), ("ArrowUp", 12.2), ("PageUp", 1), ("ArrowDown", 0), ("End", 112)):
        knob.press(key)
        assert playhead(page) == pytest.approx(expected, abs=0.051), key
    knob.press("Space")
    page.get_by_role("button", name="Pause").wait_for()
    knob.press("Space")
    page.get_by_role("button", name="Play", exact=True).wait_for()
