"""The browser's Python tells the same story as this one, to the millisecond."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys

import pytest

from tests.browser.conftest import ROOT

BUNDLE = ROOT / "book" / "bundle"


@pytest.mark.weekly
def test_cpython_and_the_browsers_python_agree() -> None:
    library = next((ROOT / "build" / "assets").glob("*/python.bin"))
    words = ["--runtime", str(ROOT / "book" / "web" / "node_modules" / "pyodide"), "--library", str(library)]
    done = subprocess.run([sys.executable, str(BUNDLE / "node.py"), "node", str(BUNDLE / "evaluate.mjs"), *words], capture_output=True, text=True, check=True, timeout=120)
    started, resumed = map(json.loads, done.stdout.splitlines())
    assert started == runpy.run_path(str(BUNDLE / "hashes.py"))["answers"]()
    assert resumed == started
