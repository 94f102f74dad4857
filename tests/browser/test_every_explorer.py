"""What every explorer of the catalog offers, by its declaration alone. Each is visited once, and all tests look at that visit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from podsim import explorers
from tests.browser.conftest import arrive, few
from tests.browser.reading import AGAIN, LANDING, PLACED, playhead, python_rows, shown_rows

CATALOG = {entry["id"]: entry for entry in explorers.catalog()}
FIRST: dict[str, str] = {}
for path in sorted(PLACED, key=lambda path: path.startswith(AGAIN)):
    for name in PLACED[path]:
        FIRST.setdefault(name, path)
PATIENCE, POLL = 30_000, 100  # ms


@dataclass(frozen=True, slots=True)
class Met:
    """An explorer on its page, with what its declaration and its own run say."""

    page: Page
    here: Locator
    declared: dict[str, Any]
    result: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.declared["id"])

    def button(self, name: str) -> Locator:
        return self.here.get_by_role("button", name=name, exact=True)

    def knob(self) -> Locator:
        return self.here.get_by_role("slider", name="Playhead")

    def control(self, control: dict[str, Any]) -> Locator:
        """What a key reaches first of a control."""
        return self.here.locator(f"[data-control={control['id']}]").locator("input[type=range], select, input[type=checkbox], input[type=text]").first

    def shows(self, values: dict[str, object]) -> None:
        """Waits until the table is that of the values."""
        if refusal := explorers.evaluate(self.name, values)["error"]:
            expect(self.here.locator(".err")).to_contain_text(refusal["message"])
            return
        self._becomes(lambda: shown_rows(self.here), python_rows(self.name, values))

    def stands_at(self, t: float) -> None:
        """Waits until the playhead is there."""
        self._becomes(lambda: playhead(self.here), pytest.approx(t, abs=0.051))

    def _becomes(self, read: Callable[[], object], expected: object) -> None:
        for _ in range(PATIENCE // POLL):
            if read() == expected:
                return
            self.page.wait_for_timeout(POLL)
        assert read() == expected


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[BrowserContext]:
    """One reader, whose browser keeps Python's memory from page to page."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture(scope="module", params=few(FIRST, "life", "crash-loop"))
def seen(request: pytest.FixtureRequest, reader: BrowserContext, origin: str) -> Iterator[Met]:
    path = FIRST[request.param]
    page = arrive(reader, origin, path).live()
    here = page.locator(f"pod-explorer[explorer={request.param}]").first
    here.scroll_into_view_if_needed()
    declared, result = CATALOG[request.param], explorers.evaluate(request.param, {})
    if path == LANDING:  # a picture to be read: it asks nothing
        declared = declared | {"controls": [], "presets": [preset for preset in declared["presets"] if not preset["set"]]}
    yield Met(page, here, declared, result)
    page.close()


@pytest.fixture
def met(seen: Met) -> Iterator[Met]:
    """The explorer as its page shows it, whatever a test did before; its table is open."""
    if not seen.here.locator("table.steps").count():
        seen.here.locator("details[data-tab=table] summary").click()
    if seen.declared["controls"]:
        seen.button("Reset").click()
    else:
        seen.here.locator("[data-preset]").first.click()
    seen.shows({})
    return seen


def other_key(control: dict[str, Any]) -> str:
    """The key that gives a control another value."""
    if control["as"] == "bool":
        return "Space"
    if control["as"] == "choice":
        return "ArrowUp" if control["value"] == control["choices"][-1]["value"] else "ArrowDown"
    return "ArrowLeft" if control["value"] == control["max"] else "ArrowRight"


def test_every_explorer_has_a_place_in_the_book() -> None:
    assert set(FIRST) == set(CATALOG)


def test_it_is_useful_untouched(seen: Met) -> None:
    assert playhead(seen.here) == pytest.approx(seen.declared["start"], abs=0.051)
    two_lanes = seen.declared["lanes"] == ["phase", "status"]
    assert seen.here.locator(".gut").count() > 2 - two_lanes
    assert seen.here.locator(".js-plotly-plot .trace.bars .point").count() > 3 - two_lanes
    assert seen.here.locator("pre.term").inner_text().startswith("$ kubectl get pod")
    assert seen.here.locator("ol.why li").count() > 0


def test_its_table_tells_what_python_tells_and_a_time_in_it_moves_the_playhead(met: Met) -> None:
    row = met.here.locator("table.steps tbody tr").last
    row.get_by_role("button").click()
    met.stands_at(float(row.get_attribute("data-t")))


def test_each_preset_shows_its_run_at_its_instant(met: Met) -> None:
    for preset in met.declared["presets"]:
        button = met.here.locator(f"[data-preset={preset['id']}]")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        met.shows(preset["set"])
        if preset["at"] is not None:
            met.stands_at(preset["at"])


def test_numbers_have_a_slider_a_box_and_their_unit(met: Met) -> None:
    for control in (one for one in met.declared["controls"] if one["as"] == "number"):
        field = met.here.locator(f"[data-control={control['id']}]")
        slider, box = field.locator("input[type=range]"), field.locator("input[type=number]")
        assert float(slider.input_value()) == float(box.input_value()) == control["value"]
        assert [float(slider.get_attribute(end)) for end in ("min", "max")] == [control["min"], control["max"]]
        assert field.locator(".unit").all_inner_texts() == ([control["unit"]] if control["unit"] else [])


def test_each_control_is_changed_by_keys_lights_its_line_and_is_undone_and_done_again(met: Met) -> None:
    for control in met.declared["controls"]:
        if control["as"] in ("text", "runs"):  # has tests of its own
            continue
        part = met.control(control)
        part.press(other_key(control))
        again = met.here.locator(f"[data-control={control['id']}] .again")
        expect(again).to_be_visible()
        if control["bind"] == "manifest":
            expect(met.here.locator(".excerpt .changed")).not_to_have_count(0)
        met.page.keyboard.press("Control+z")
        expect(again).to_be_hidden()
        expect(met.button("Redo")).to_be_enabled()
        met.button("Redo").click()
        expect(again).to_be_visible()
        again.click()
        expect(again).to_be_hidden()
    met.shows({})


def test_keys_move_the_playhead_and_all_readouts_follow(met: Met) -> None:
    steps = sorted({step["t"] for step in met.result["timeline"]["steps"]})
    knob = met.knob()
    knob.press("End")
    met.stands_at(met.result["timeline"]["horizon"])
    ended = [met.here.locator(part).inner_text() for part in ("pre.term", "ol.why")]
    knob.press("Home")
    met.stands_at(0)
    assert all(met.here.locator(part).inner_text() != text for part, text in zip(("pre.term", "ol.why"), ended, strict=True))
    for t in [t for t in steps if t > 0][:3]:
        met.button("Next transition").click()
        met.stands_at(t)


def test_a_link_holds_what_differs_from_the_page(met: Met) -> None:
    preset = met.declared["presets"][-1]
    met.here.locator(f"[data-preset={preset['id']}]").click()
    met.shows(preset["set"])
    met.button("Share").click()
    link = met.page.url.rpartition("#")[2]
    assert link.startswith(f"e={met.name}&v=1")
    assert [part.partition("=")[0] for part in link.split("&") if part.partition("=")[0] not in ("e", "v", "t", "zoom", "axis")] == [
        control["id"] for control in met.declared["controls"] if control["id"] in preset["set"]
    ]


def test_two_runs_can_be_compared(met: Met) -> None:
    if not met.declared["controls"]:
        assert met.button("Compare").count() == 0
        return
    met.button("Compare").click()
    expect(met.here.locator(".difference")).to_contain_text("none yet")
    assert met.here.locator("pre.term").inner_text().count("\nB  ") == 1
    met.button("Compare").click()
    expect(met.here.locator(".difference")).to_have_count(0)


def test_the_manifest_stands_beside_what_is_stored(met: Met) -> None:
    met.here.locator("details[data-tab=manifest] summary").click()
    expect(met.here.locator(".manifest .lines")).to_have_count(2)
    wrote, stored = met.here.locator(".manifest .lines").all()
    assert wrote.locator("> div").count() == len(met.result["manifest"]["written"].splitlines())
    assert stored.locator("> div").count() == len(met.result["manifest"]["stored"].splitlines())
    assert stored.locator(".added").count() > 5
    met.here.locator("details[data-tab=manifest] summary").click()


def test_version_and_limits_are_told(met: Met) -> None:
    assert met.result["timeline"]["kubernetes"] in met.here.locator(".head .plain").inner_text()
    limits = met.here.locator(".foot").inner_text()
    assert limits.startswith("Not modelled here:")
    assert all(limit in limits for limit in met.declared["notModelled"])
    assert met.declared["notModelled"]
