"""The served book as a reader meets it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from podsim import explorers
from podsim.timeline import table
from tests.browser.conftest import PAGES, ROOT, SITE, Open

CRASH_LOOP = "notebooks/06-restarts.html"
EXPLORERS = {  # the first one of each page
    "book/index.html": "life",
    "notebooks/01-manifests.html": "written-and-stored",
    "notebooks/02-create-to-running.html": "create-to-running",
    "notebooks/03-phases.html": "phase-and-status",
    "notebooks/04-conditions.html": "conditions",
    "notebooks/05-images.html": "images",
    CRASH_LOOP: "crash-loop",
    "notebooks/07-init-containers.html": "init-ladder",
    "notebooks/08-probes.html": "probe-lab",
    "notebooks/09-hooks-and-end.html": "grace-budget",
    "notebooks/10-resources.html": "fit",
    "notebooks/11-network.html": "namespaces",
    "notebooks/12-workloads.html": "rollout",
}
AXE = ROOT / "book" / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = (360, 768, 1280)

READ_ROWS = """rows => rows.map(row =>
    [Number(row.dataset.t), row.cells[1].innerText.split("\\n").map(line => line.trim()), row.cells[2].innerText.trim()])"""
UNTIL_PAINTED = """count => new Promise(done => {
    const look = () => performance.getEntriesByName("podsim:painted").length > count ? done() : requestAnimationFrame(look);
    look();
})"""

Rows = list[tuple[float, list[str], str]]


def python_rows(explorer_id: str, parameters: dict[str, object]) -> Rows:
    """The table as Python tells it."""
    rows = table.rows(explorers.evaluate(explorer_id, parameters)["timeline"])
    return [(row.t, [f"{lane} {to}" if before == "-" else f"{lane} {before} → {to}" for lane, before, to in row.changes], row.because) for row in rows]


def shown_rows(page: Page) -> Rows:
    """The table as the page shows it."""
    return [(t, changes, because) for t, changes, because in page.locator("table.steps tbody tr").evaluate_all(READ_ROWS)]


def painted(page: Page) -> int:
    return int(page.evaluate("performance.getEntriesByName('podsim:painted').length"))


def drag(page: Page, handle: Locator, dx: float) -> None:
    """Presses on the handle and moves the mouse by `dx` px."""
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y, steps=5)
    page.mouse.up()


def playhead(page: Page) -> float:
    return float(page.get_by_role("slider", name="Playhead").first.get_attribute("aria-valuenow") or "nan")


@pytest.mark.parametrize(("path", "explorer_id"), EXPLORERS.items())
def test_a_page_comes_alive_without_leaving_its_origin(visit: Open, path: str, explorer_id: str) -> None:
    seen = visit(path)
    page = seen.live()
    assert page.locator("pod-explorer").first.get_attribute("explorer") == explorer_id
    assert seen.elsewhere() == []
    assert seen.complaints == []  # a refusal of the Content-Security-Policy would stand here
    assert page.evaluate("performance.getEntriesByName('podsim:live').length") >= 1


def test_pages_without_explorers_load_none_of_it(visit: Open) -> None:
    seen = visit("book/reference/command-line.html")
    seen.page.wait_for_load_state("networkidle")
    assert [url for url in seen.requests if "/_static/podsim/" in url] == []


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_a_strict_policy_and_nothing_breaks_it(visit: Open, path: str) -> None:
    seen = visit(path)
    seen.page.wait_for_load_state("networkidle")
    policy = seen.page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in scripts
    assert "unsafe-eval" not in scripts.replace("wasm-unsafe-eval", "")
    assert seen.elsewhere() == []
    assert seen.complaints == []


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
    page.wait_for_function("document.querySelector('[data-control=pull] input[type=range]').value === '42.4'")


def test_kubectl_follows_the_playhead(visit: Open) -> None:
    page = visit("notebooks/02-create-to-running.html").live()
    knob = page.get_by_role("slider", name="Playhead")
    terminal = page.locator("pre.term")
    assert "kubia-manual   0/1     ContainerCreating   0          12s" in terminal.inner_text()
    knob.focus()
    knob.press("End")
    assert "kubia-manual   1/1     Running" in terminal.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit: Open, path: str, scheme: str) -> None:
    seen = visit(path, color_scheme=scheme, bypass_csp=True)  # axe itself is injected
    page = seen.live()
    page.add_script_tag(path=AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules}).then(result => result.violations)", RULES)
    assert "\n".join(f"{v['id']}: {node['html']} {node['failureSummary']}" for v in found for node in v["nodes"]) == ""


@pytest.mark.parametrize("path", EXPLORERS)
def test_without_javascript_there_are_a_picture_and_a_table(visit: Open, path: str) -> None:
    page = visit(path, java_script_enabled=False).page
    explorer = page.locator("pod-explorer").first
    assert explorer.locator("[data-part=picture] svg:visible").bounding_box()["width"] > 300
    explorer.locator("summary").click()
    rows = explorer.locator("[data-part=table] tbody tr")
    assert rows.count() == len(python_rows(EXPLORERS[path], {}))
    assert rows.first.is_visible()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways(visit: Open, path: str, width: int) -> None:
    page = visit(path, width=width).live()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_data_in_the_page_is_what_python_says() -> None:
    html = Path(SITE / CRASH_LOOP).read_text(encoding="utf-8")
    _, _, rest = html.partition('data-part="result">')
    assert json.loads(rest.partition("</script>")[0]) == json.loads(json.dumps(explorers.evaluate("crash-loop", {})))
