"""The same component in a real JupyterLab, answered by its kernel."""

from __future__ import annotations

import json
import os
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
from playwright.sync_api import Browser

from tests.browser.conftest import ROOT

NOTEBOOK = "06-restarts.ipynb"
SECONDS = 60


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """The address of a JupyterLab that holds one chapter."""
    shutil.copy(ROOT / "notebooks" / NOTEBOOK, tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", "--IdentityProvider.token=", "--ServerApp.password=", f"--ServerApp.root_dir={tmp_path}"]
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings")}
    with (tmp_path / "log").open("w") as log:
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


def test_an_explorer_in_a_notebook_takes_keys_and_a_learners_widget_redraws_its_figure(browser: Browser, lab: str) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 1100})
    page.set_default_timeout(SECONDS * 1000)
    page.goto(f"{lab}/lab/tree/{NOTEBOOK}")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.locator("pod-explorer[data-state=live]").wait_for()

    runs = page.locator("[data-control=run-length] input[type=range]")
    runs.scroll_into_view_if_needed()
    runs.focus()
    runs.press("ArrowRight")
    assert runs.input_value() == "6"
    page.get_by_text("app ran for 6s and exited with code 1").first.wait_for()

    prediction = page.locator("pod-prediction", has_text="exit code 0")
    prediction.scroll_into_view_if_needed()
    prediction.get_by_text("and the process waits for its next start").click()
    prediction.get_by_role("button", name="Lock in").click()
    prediction.get_by_text("Right: Completed, and the process waits for its next start.").wait_for()

    learners = page.locator(".widget-vbox", has=page.locator("select"))
    learners.locator(".js-plotly-plot").wait_for()
    assert "Failed" not in learners.inner_text()
    learners.locator("select").select_option("Never")
    learners.get_by_text("Failed").first.wait_for()
    page.close()


def test_the_playground_in_a_notebook_is_answered_by_the_kernel(browser: Browser, lab: str, tmp_path: Path) -> None:
    cell = {"cell_type": "code", "id": "play", "source": "import podsim\npodsim.play()", "metadata": {}, "outputs": [], "execution_count": None}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    (tmp_path / "play.ipynb").write_text(json.dumps({"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    page = browser.new_page(viewport={"width": 1400, "height": 1100})
    page.set_default_timeout(SECONDS * 1000)
    page.goto(f"{lab}/lab/tree/play.ipynb")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
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
