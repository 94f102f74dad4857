"""The book out of its zip file, served by nothing but Python, with every other address cut off."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LIVE, ROOT, SITE

sys.path.insert(0, str(ROOT / "book" / "bundle"))

from offline import pack, version

NOBODY = "http://127.0.0.1:9"  # a proxy that is not there: whatever is asked for elsewhere fails


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that comes out of the zip file."""
    folder = tmp_path_factory.mktemp("offline")
    with zipfile.ZipFile(pack(SITE, folder)) as file:
        file.extractall(folder)
    return folder / f"the-life-of-a-pod-{version()}"


@pytest.fixture(scope="module")
def address(unpacked: Path) -> Iterator[str]:
    """What README.txt says, on a port that is free."""
    command = [sys.executable, "-u", "-m", "http.server", "--bind", "127.0.0.1", "0"]
    with subprocess.Popen(command, cwd=unpacked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout
        port = re.search(r"port (\d+)", server.stdout.readline())[1]  # type: ignore[index]
        yield f"http://127.0.0.1:{port}"
        server.terminate()


@pytest.fixture
def cut_off(browser: Browser, address: str) -> Iterator[tuple[Page, list[str]]]:
    """A page for which there is nothing but the folder, and what it asked for elsewhere."""
    context = browser.new_context(proxy={"server": NOBODY, "bypass": "127.0.0.1"})
    refused: list[str] = []
    context.on("request", lambda one: refused.append(one.url) if one.url.startswith("http") and not one.url.startswith(address) else None)
    yield context.new_page(), refused
    context.close()


def test_the_readme_says_what_works(unpacked: Path) -> None:
    assert (unpacked / "README.txt").read_text(encoding="utf-8").splitlines()[0].endswith("python3 -m http.server --bind 127.0.0.1 8000")


def test_a_chapter_comes_alive_from_the_zip_file(cut_off: tuple[Page, list[str]], address: str) -> None:
    page, refused = cut_off
    page.goto(address)
    page.wait_for_url("**/book/index.html")
    page.get_by_role("link", name="Restarts and back-off").first.click()
    page.locator("pod-explorer:not([data-state=live])").first.wait_for(state="detached", timeout=LIVE)
    page.locator("pod-explorer[explorer=crash-loop] [data-control=exit-code] select").select_option(label="code 0")
    expect(page.locator("pod-explorer[explorer=crash-loop] pre.term")).to_contain_text("Completed", timeout=LIVE)
    assert refused == []


@pytest.mark.weekly
def test_a_walkthrough_is_presented_from_the_zip_file(cut_off: tuple[Page, list[str]], address: str) -> None:
    page, refused = cut_off
    page.goto(f"{address}/book/instructor/crash-loops.html")
    page.locator("pod-explorer:not([data-state=live])").first.wait_for(state="detached", timeout=LIVE)
    page.get_by_role("button", name="Present from step 7", exact=True).click()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Notes").click()
    expect(opened.value.locator(".now")).to_contain_text("Exit code 0 loops too")
    expect(opened.value.locator("body")).to_have_css("font-size", "18px")
    expect(page.locator("pre.term")).to_contain_text("Completed", timeout=LIVE)
    assert refused == []


def test_every_part_has_the_type_that_browsers_ask_for(cut_off: tuple[Page, list[str]], address: str, unpacked: Path) -> None:
    page, _ = cut_off
    page.goto(f"{address}/README.txt")
    wanted = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".css": "text/css"}
    for suffix, type_ in wanted.items():
        file = next((unpacked / "_static" / "podsim").rglob(f"*{suffix}")).relative_to(unpacked)
        answer = page.request.get(f"{address}/{file.as_posix()}")
        assert answer.headers["content-type"].split(";")[0] == type_, file
