"""The same component in the site and in a real JupyterLab."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT
from tests.browser.reading import CRASH_LOOP, playhead, python_rows

NOTEBOOK = "06-restarts.ipynb"
SECONDS = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server's notebooks lie."""
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="module")
def jupyter(folder: Path) -> Iterator[str]:
    """The address of a server that shows one chapter in JupyterLab at /lab/tree."""
    shutil.copy(ROOT / "notebooks" / NOTEBOOK, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--IdentityProvider.token=", "--ServerApp.password=", f"--ServerApp.root_dir={folder}"]
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")}
    with (folder / "log").open("w") as log:
        running = subprocess.Popen([sys.executable, "-m", "jupyterlab", *words], stdout=log, stderr=log, env=environment)
        try:
            wait_for(f"http://127.0.0.1:{port}/api")
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()
            running.wait(20)


def wait_for(url: str) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise TimeoutError(url)


def wait_for_kernel(jupyter: str, notebook: str) -> None:
    """Until the server says that the notebook's kernel has nothing to do."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        with urllib.request.urlopen(f"{jupyter}/api/sessions", timeout=5) as answer:
            if any(session["path"] == notebook and session["kernel"]["execution_state"] == "idle" for session in json.load(answer)):
                return
        time.sleep(0.2)
    raise TimeoutError(notebook)


def run_all(browser: Browser, jupyter: str, place: str, notebook: str) -> Page:
    """A notebook in Jupyter, when its kernel was asked to run all of it."""
    page = browser.new_page(viewport={"width": 1400, "height": 1100})
    page.set_default_timeout(SECONDS * 1000)
    page.goto(f"{jupyter}/{place}/{notebook}?reset")  # without the tabs of an earlier visit
    wait_for_kernel(jupyter, notebook)
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").first.wait_for()  # before, a menu closes by itself
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    return page


@pytest.fixture(params=["site", "lab/tree"])
def chapter(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A chapter in the site, where a worker runs Python, and in JupyterLab, where the kernel does."""
    if request.param == "site":
        page = browser.new_page(viewport={"width": 1400, "height": 1100})
        page.set_default_timeout(SECONDS * 1000)
        page.goto(f"{request.getfixturevalue('origin')}/{CRASH_LOOP}")
    else:
        page = run_all(browser, request.getfixturevalue("jupyter"), request.param, NOTEBOOK)
    expect.set_options(timeout=SECONDS * 1000)
    yield page
    expect.set_options(timeout=None)
    page.close()


def test_a_reader_does_the_same_in_the_site_and_in_jupyter(chapter: Page) -> None:
    explorer = chapter.locator("pod-explorer").filter(has_text="Why does it wait longer each time?")
    expect(explorer).to_have_attribute("data-state", "live")
    expect(chapter.locator(".jp-InputPrompt", has_text="[*]")).to_have_count(0)  # until then the focus goes from cell to cell
    explorer.scroll_into_view_if_needed()
    why, row = explorer.locator("ol.why"), explorer.locator("pre.term")
    assert explorer.locator(".js-plotly-plot .trace.bars .point").count() > 20

    runs = explorer.locator("[data-control=run-length] input[type=range]")
    runs.press("ArrowRight")  # in JupyterLab the arrows could go to its cells
    expect(runs).to_have_value("6")
    expect(why).to_contain_text("app ran for 6s and exited with code 1")
    expect(explorer.locator(".flag.drag")).to_have_attribute("aria-valuetext", "6.7s")
    chapter.keyboard.press("Control+z")  # and this to its text
    expect(why).to_contain_text("app ran for 5s and exited with code 1")
    assert runs.input_value() == "5"

    knob = explorer.get_by_role("slider", name="Playhead")
    knob.press("Home")
    expect(row).to_contain_text("Pending")
    knob.press("n")
    knob.press("End")
    assert playhead(explorer) == 1200
    expect(row).to_contain_text("CrashLoopBackOff")

    last = why.locator(".clause").first
    last.focus()
    assert explorer.locator(".gut.lit").count() == 1
    chapter.keyboard.press("Enter")
    assert playhead(explorer) < 1200
    explorer.get_by_role("button", name="Back to 20m").press("Enter")
    assert playhead(explorer) == 1200

    explorer.get_by_role("button", name="Compare").click()
    explorer.locator("[data-control=restart-policy] select").select_option("Never")
    expect(explorer.locator(".difference")).to_contain_text(re.compile("with restartPolicy Always .*; with restartPolicy Never "))
    explorer.get_by_role("button", name="Reset", exact=True).click()
    expect(explorer.locator(".difference")).to_have_count(0)
    explorer.locator("details[data-tab=table] summary").click()
    expect(explorer.locator("table.steps tbody tr")).to_have_count(len(python_rows("crash-loop", {})))

    prediction = chapter.locator("pod-prediction", has_text="exit code 0")
    prediction.scroll_into_view_if_needed()
    prediction.get_by_text("and the process waits for its next start").click()
    prediction.get_by_role("button", name="Lock in").click()
    prediction.get_by_text("Right: Completed, and the process waits for its next start.").wait_for()


@pytest.mark.weekly
def test_a_learners_widget_redraws_its_figure(browser: Browser, jupyter: str) -> None:
    page = run_all(browser, jupyter, "lab/tree", NOTEBOOK)
    learners = page.locator(".widget-vbox", has=page.locator("select"))
    learners.locator(".js-plotly-plot").wait_for()
    assert "Failed" not in learners.inner_text()
    learners.locator("select").select_option("Never")
    learners.get_by_text("Failed").first.wait_for()
    page.close()


@pytest.mark.weekly
def test_the_playground_in_a_notebook_is_answered_by_the_kernel(browser: Browser, jupyter: str, folder: Path) -> None:
    cell = {"cell_type": "code", "id": "play", "source": "import podsim\npodsim.play()", "metadata": {}, "outputs": [], "execution_count": None}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    (folder / "play.ipynb").write_text(json.dumps({"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    page = run_all(browser, jupyter, "lab/tree", "play.ipynb")
    page.locator("pod-playground[data-state=live]").wait_for()
    prompt = page.locator("pod-playground .prompt input")
    prompt.fill("delete pod web")
    prompt.press("Enter")
    page.get_by_text('pod "web" deleted from default namespace').first.wait_for()
    page.locator("[data-editor=manifest] .cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("apiVersion: v1\nkind: Pod\nmetadata: {name: typed}\nspec:\n  containers:\n  - {name: app, image: nginx}\n")
    page.locator("pod-playground pre.term").get_by_text("typed").first.wait_for()
    page.close()
