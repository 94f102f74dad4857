"""The playground: what a reader can do with any manifest, its world, a prompt and a pasted status."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from podsim import simulate
from tests.browser.conftest import Open, few
from tests.browser.reading import violations, wait_until

PLAYGROUND = "book/playground.html"
PATIENCE = 30_000  # ms
SCRIPT = "p=1.%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"
PASTE = """(content, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    content.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def page(visit: Open) -> Page:
    """The playground, live."""
    page = visit(PLAYGROUND).live()
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    return page


def state(page: Page, wanted: str) -> None:
    page.locator(f"pod-playground[data-state={wanted}]").wait_for()


def editor(page: Page, name: str = "manifest") -> Locator:
    return page.locator(f"[data-editor={name}] .cm-content")


def write(page: Page, text: str, name: str = "manifest") -> None:
    """Replaces what stands in an editor by pasting."""
    editor(page, name).click()
    page.keyboard.press("Control+a")
    editor(page, name).evaluate(PASTE, text) if text else page.keyboard.press("Delete")


def written(page: Page) -> str:
    """The whole manifest: the editor holds only the lines that are in view."""
    with page.expect_download() as download:
        save(page, "Download manifest.yaml")
    return Path(download.value.path()).read_text("utf-8")


def save(page: Page, item: str) -> None:
    page.get_by_text("Save", exact=True).click()
    page.get_by_role("button", name=item).click()


def prompt(page: Page) -> Locator:
    return page.locator(".prompt input")


def run(page: Page, line: str) -> None:
    prompt(page).fill(line)
    prompt(page).press("Enter")


def row(page: Page) -> Locator:
    """kubectl's row at the playhead."""
    return page.locator("pre.term")


def go(page: Page, seconds: int) -> None:
    knob = page.get_by_role("slider", name="Playhead")
    knob.press("Home")
    for _ in range(seconds // 9):
        knob.press("PageDown")  # a tenth of the 90 s in view
    for _ in range(seconds % 9):
        knob.press("ArrowRight")


# Manifest


def test_a_wrong_field_is_marked_and_one_click_repairs_it(page: Page) -> None:
    write(page, "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  restartPolice: Never\n  containers:\n  - {name: app, image: nginx}\n")
    state(page, "error")
    problem = page.locator(".problems li")
    expect(problem).to_contain_text("Line 5")
    expect(problem).to_contain_text('unknown field "spec.restartPolice"')
    page.locator(".cm-lintRange-error").first.wait_for()
    expect(row(page)).to_contain_text("web")  # the last valid run stays
    problem.get_by_role("button").last.click()
    state(page, "live")
    assert "  restartPolicy: Never\n" in written(page)
    page.get_by_role("button", name="Undo").click()
    state(page, "error")


def test_the_editor_completes_from_the_schema(page: Page) -> None:
    editor(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type("  terminationG")
    option = page.locator(".cm-tooltip-autocomplete li").first
    expect(option).to_contain_text("terminationGracePeriodSeconds")
    expect(option).to_contain_text("integer")
    page.keyboard.press("Enter")
    page.keyboard.type("7")
    expect(editor(page)).to_contain_text("terminationGracePeriodSeconds: 7")
    state(page, "live")


@pytest.mark.weekly
def test_tab_indents_and_escape_lets_it_leave(page: Page) -> None:
    editor(page).click()
    page.keyboard.press("Tab")
    assert editor(page).evaluate("e => e === document.activeElement")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert not editor(page).evaluate("e => e === document.activeElement")


def test_without_a_manifest_the_playground_says_how_to_begin(page: Page) -> None:
    write(page, "")
    expect(page.get_by_text("Nothing to run yet")).to_be_visible()
    page.get_by_role("button", name="Put the first manifest back").click()
    expect(row(page)).to_contain_text("web")


def test_a_megabyte_is_edited_and_not_run(page: Page) -> None:
    write(page, "a: b\n" * 210_000)
    expect(page.get_by_text("too long to be run as you type")).to_be_visible()
    page.keyboard.type("metadata: none")
    expect(editor(page).locator(".cm-line").last).to_have_text("metadata: none")
    state(page, "live")


def test_the_line_lights_up_with_its_lane(page: Page) -> None:
    expect(page.locator(".cm-line.lit")).to_have_text(["    failureThreshold: 3"])
    editor(page).get_by_text("periodSeconds").click()
    expect(page.locator(".gut.lit")).to_contain_text("readiness")


# World


@pytest.mark.weekly
def test_a_slider_of_the_world_writes_the_scenario(page: Page) -> None:
    page.get_by_role("tab", name="World").click()
    pull = page.locator("[data-path='images.shop/web:1.4.pull']")
    expect(pull.get_by_role("spinbutton")).to_have_value("6")
    pull.get_by_role("slider").press("ArrowRight")
    expect(pull.get_by_role("spinbutton")).to_have_value("7")
    page.get_by_text('Successfully pulled image "shop/web:1.4" in 7s').first.wait_for()
    page.locator(".about").get_by_text("YAML", exact=True).click()
    expect(editor(page, "scenario")).to_contain_text("pull: 7")
    page.get_by_role("button", name="Undo").click()
    expect(editor(page, "scenario")).to_contain_text("pull: 6")


def test_a_flag_of_the_world_is_dragged_and_writes_the_scenario(page: Page) -> None:
    flag = page.locator(".flag.drag", has_text="readiness fails")
    flag.press("ArrowRight")
    expect(flag).to_have_attribute("aria-valuenow", "21")
    page.wait_for_function("document.querySelector('pod-playground').dataset.state === 'live'")
    box = flag.bounding_box()
    assert box
    page.mouse.move(box["x"] + 1, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 41, box["y"] + 5, steps=4)
    page.mouse.up()
    expect(flag).to_have_attribute("aria-valuenow", re.compile("2[4-9]"))
    page.get_by_role("tab", name="World").click()
    page.locator(".about").get_by_text("YAML", exact=True).click()
    expect(editor(page, "scenario")).to_contain_text(re.compile("from: 2[4-9]"))


@pytest.mark.weekly
def test_a_run_is_added_to_a_container(page: Page) -> None:
    page.get_by_role("tab", name="World").click()
    runs = page.locator("[data-path='containers.web.runs']")
    runs.get_by_label("Add: runs").select_option("5 s, then exit 1")
    runs.get_by_role("spinbutton", name="exit code").fill("137")
    runs.get_by_role("spinbutton", name="exit code").press("Enter")
    page.get_by_text("exited with code 137").first.wait_for(state="attached")
    expect(page.locator(".events")).to_contain_text("BackOff")


# kubectl


def test_a_command_happens_at_the_playhead_and_the_timeline_goes_on_from_there(page: Page) -> None:
    go(page, 60)
    run(page, "delete pod web")
    log = page.get_by_role("log")
    expect(log).to_contain_text('pod "web" deleted from default namespace')
    expect(page.locator(".flag").last).to_contain_text("delete pod web")
    expect(row(page)).to_contain_text("Terminating")
    log.get_by_role("button", name=re.compile("prompt back at")).click()
    expect(row(page)).to_contain_text("NotFound")
    go(page, 30)
    expect(row(page)).to_contain_text("Running")  # before the command nothing has changed
    log.get_by_role("button", name="Take back: kubectl delete pod web").click()
    go(page, 80)
    expect(row(page)).to_contain_text("Running")


@pytest.mark.weekly
def test_the_prompt_has_history_completion_and_the_terminals_keys(page: Page) -> None:
    run(page, "get pods")
    expect(page.get_by_role("log")).to_contain_text("web    0/1     Running   0          40s")
    prompt(page).press("ArrowUp")
    expect(prompt(page)).to_have_value("get pods")
    prompt(page).press("Control+c")
    expect(prompt(page)).to_have_value("")
    prompt(page).type("describe pod w")
    prompt(page).press("Tab")
    expect(prompt(page)).to_have_value("describe pod web ")
    prompt(page).fill("get p")
    prompt(page).press("Tab")
    options = page.get_by_role("listbox", name="Completions")
    expect(options).to_be_visible()
    prompt(page).press("ArrowDown")
    expect(options.get_by_role("option", selected=True)).to_have_count(1)
    prompt(page).press("Escape")
    expect(options).to_be_hidden()
    prompt(page).press("Tab")
    expect(prompt(page)).not_to_be_focused()
    prompt(page).press("Control+l")
    expect(page.get_by_role("log")).not_to_contain_text("Running")


# Sharing and keeping


@pytest.mark.weekly
def test_a_link_holds_the_whole_session(visit: Open, page: Page) -> None:
    write(page, "apiVersion: v1\nkind: Pod\nmetadata: {name: shared}\nspec:\n  containers:\n  - {name: app, image: nginx}\n")
    expect(row(page)).to_contain_text("shared")
    run(page, "get pods")
    page.get_by_role("button", name="Share").click()
    page.wait_for_url(re.compile(r"#p=1\."))
    other = visit(PLAYGROUND + page.url.partition(".html")[2]).live()
    expect(row(other)).to_contain_text("shared", timeout=PATIENCE)
    expect(other.get_by_role("log")).to_contain_text("shared   1/1     Running", timeout=PATIENCE)
    assert other.get_by_role("slider", name="Playhead").get_attribute("aria-valuenow") == "40.3"


@pytest.mark.parametrize("link", few([SCRIPT, "p=1.AAAA", "p=9.abc", "p=1." + "A" * 9000], SCRIPT))
def test_a_hostile_link_can_only_show_an_error(visit: Open, link: str) -> None:
    seen = visit(f"{PLAYGROUND}#{link}")
    page = seen.live()
    expect(page.locator(".notice")).to_contain_text(re.compile("cannot be opened|too long"), timeout=PATIENCE)
    expect(row(page)).to_contain_text("web")
    assert seen.complaints == []


@pytest.mark.weekly
def test_the_session_is_kept_here_until_the_reader_starts_again(page: Page) -> None:
    write(page, "apiVersion: v1\nkind: Pod\nmetadata: {name: kept}\nspec:\n  containers:\n  - {name: app, image: nginx}\n")
    expect(row(page)).to_contain_text("kept")
    wait_until(page, "() => (localStorage.getItem('podsim:playground:1') ?? '').includes('kept')")
    page.reload()
    expect(row(page)).to_contain_text("kept")
    save(page, "Start again")
    expect(row(page)).to_contain_text("web ")
    page.get_by_role("button", name="Undo").click()
    expect(row(page)).to_contain_text("kept")


@pytest.mark.weekly
def test_a_scenario_file_and_a_notebook_can_be_downloaded(page: Page) -> None:
    run(page, "delete pod web")
    expect(page.get_by_role("log")).to_contain_text("deleted")
    with page.expect_download() as scenario:
        save(page, "Download as scenario file")
    assert "shop/web:1.4" in Path(scenario.value.path()).read_text("utf-8")
    with page.expect_download() as notebook:
        save(page, "Download as notebook")
    cells = json.loads(Path(notebook.value.path()).read_text("utf-8"))["cells"]
    assert "readinessProbe" in "".join("".join(cell["source"]) for cell in cells)


# Examples and explanations


def test_an_example_brings_its_session_and_the_instant_where_it_hurts(page: Page) -> None:
    page.get_by_role("button", name="Examples…").click()
    dialog = page.get_by_role("dialog")
    cards = dialog.locator("[data-incident]")
    cards.first.wait_for()
    assert cards.count() >= 20
    cards.filter(has_text="ImagePullBackOff").first.click()
    expect(dialog).to_be_hidden()
    expect(row(page)).to_contain_text("ImagePullBackOff")
    page.get_by_role("button", name="Undo").click()
    expect(row(page)).to_contain_text("web")


def crashing() -> str:
    """A pod that ends with 1 again and again, as `kubectl get -o json` prints it."""
    manifest = "apiVersion: v1\nkind: Pod\nmetadata: {name: broken}\nspec:\n  containers:\n  - {name: app, image: nginx}\n"
    history = simulate(manifest, {"containers": {"app": {"runs": [{"for": 2, "exit": 1}]}}}, until=60)
    return json.dumps(next(o for o in history.at(60) if o["kind"] == "Pod"), indent=1)


def test_a_pasted_status_is_explained_without_leaving_the_browser(visit: Open) -> None:
    seen = visit(PLAYGROUND)
    page = seen.live()
    page.set_default_timeout(PATIENCE)
    page.get_by_text("Explain a pod from your cluster").click()
    expect(page.get_by_text("What you paste stays in this browser").first).to_be_visible()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    write(page, crashing(), "pasted")
    found = page.locator(".diagnosis")
    expect(found.locator(".causes > li").first).to_contain_text("Crash loop, exit 1", timeout=PATIENCE)
    found.locator(".causes > li").first.hover()
    expect(page.locator("[data-editor=pasted] .cm-line.lit").first).to_be_visible()
    found.get_by_role("button", name="Play an example").first.click()
    expect(row(page)).to_contain_text("CrashLoopBackOff", timeout=PATIENCE)
    assert seen.elsewhere() == []
    assert {method for method in sent if method != "GET"} == set()


# States and people


@pytest.mark.weekly
def test_a_crash_is_told_and_python_comes_back_with_the_readers_text(page: Page) -> None:
    write(page, "apiVersion: v1\nkind: Pod\nmetadata: {name: mine}\nspec:\n  containers:\n  - {name: app, image: nginx}\n")
    expect(row(page)).to_contain_text("mine")
    page.workers[0].evaluate("() => { setTimeout(() => { throw new Error('out of memory'); }); }")
    state(page, "offline")
    page.get_by_role("button", name="Restart Python").click()
    state(page, "live")
    assert "name: mine" in written(page)
    run(page, "get pods")
    expect(page.get_by_role("log")).to_contain_text("mine   1/1     Running")


@pytest.mark.weekly
def test_only_its_own_page_loads_the_playground(visit: Open) -> None:
    seen = visit("notebooks/06-restarts.html")
    seen.live()
    assert not [url for url in seen.requests if "playground" in url]
    seen = visit(PLAYGROUND)
    seen.live()
    assert [url for url in seen.requests if url.endswith("/playground.js")]
    assert not [url for url in seen.requests if url.endswith("/element.js")]


@pytest.mark.parametrize(("width", "scheme"), few(product((360, 1280), ("light", "dark")), (360, "dark")))
def test_axe_finds_nothing_in_any_part(visit: Open, scheme: str, width: int) -> None:
    page = visit(PLAYGROUND, width, color_scheme=scheme).live()
    page.set_default_timeout(PATIENCE)

    def check(part: str) -> None:
        assert violations(page) == "", part
        assert page.evaluate("document.documentElement.scrollWidth") <= width, part

    run(page, "delete pod web")
    page.get_by_role("button", name=re.compile("prompt back at")).wait_for()
    check("prompt")
    page.get_by_role("tab", name="World").click()
    check("world")
    page.get_by_role("tab", name="Manifest").click()
    write(page, "apiVersion: v1\nkind: Pod\nspec: {container: []}\n")
    page.locator(".problems li").first.wait_for()
    check("problems")
    write(page, "")
    page.get_by_text("Nothing to run yet").wait_for()
    check("empty")
    page.get_by_text("Explain a pod from your cluster").click()
    check("explain")
    write(page, crashing(), "pasted")
    page.locator(".says li").first.wait_for()
    check("explained")
    page.get_by_role("button", name="Examples…").click()
    page.locator("[data-incident]").first.wait_for()
    check("examples")
