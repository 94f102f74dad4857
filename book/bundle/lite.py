"""Builds the chapters as notebooks that run in the browser, with their own Python and everything that they import.

    python book/bundle/lite.py build/lite

JupyterLite's Python comes from npm (`book/lite/package.json`), its packages are wheels from PyPI (`book/lite/packages.txt`)
and podsim's own; a lock file made from them keeps the kernel from asking anyone else.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LITE = ROOT / "book" / "lite"
RUNTIME = LITE / "node_modules" / "pyodide"
FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
EXTENSION = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / "@jupyterlite" / "pyodide-kernel-extension" / "static" / "pypi"
LOADED = ("anywidget", "comm", "ipykernel", "ipython", "ipywidgets", "jedi", "micropip", "piplite", "podsim", "pyodide-kernel")  # others when a cell imports them
BROWSER = {"os_name": "posix", "platform_system": "Emscripten", "sys_platform": "emscripten", "implementation_name": "cpython", "extra": ""}
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
CONSTRAINTS = ["--constraint", str(ROOT / "constraints.txt")]

# The book's service worker speaks for this folder, too, until JupyterLite's own does; JupyterLite would take it for its own.
OPEN = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Opening the notebook</title></head>
<body><p>Opening the notebook …</p>
<script type="module">
const opened = `notebooks/index.html${location.search}`;
const registered = await navigator.serviceWorker?.register("service-worker.js?enableCache=false");
const worker = registered && (registered.installing ?? registered.waiting);
const active = () => location.replace(opened);
if (!worker) active();
else worker.addEventListener("statechange", () => worker.state === "activated" && active());
</script></body></html>
"""


def gather(wheels: Path, python: str) -> None:
    """The wheels: those of the kernel, those of the list for that version of Python, PyYAML without its part in C, and podsim's own."""
    for wheel in EXTENSION.glob("*.whl"):
        shutil.copy(wheel, wheels)
    ready = ["--no-deps", "--only-binary", ":all:", "--platform", "any", "--python-version", python, "--requirement", str(LITE / "packages.txt")]
    subprocess.run([*PIP, "download", "--dest", str(wheels), *CONSTRAINTS, *ready], check=True)
    with tempfile.TemporaryDirectory() as folder:  # setuptools writes beside what it packs
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, folder)
        shutil.copytree(ROOT / "podsim", Path(folder) / "podsim", ignore=shutil.ignore_patterns("__pycache__"))
        made = ["--no-deps", "--no-binary", "PyYAML", "PyYAML", folder]
        subprocess.run([*PIP, "wheel", "--wheel-dir", str(wheels), *CONSTRAINTS, *made], check=True, env={**os.environ, "PYYAML_FORCE_LIBYAML": "0"})


def lock(wheels: list[Path], info: dict[str, str]) -> dict[str, Any]:
    """Pyodide's lock file: what each wheel is called, holds and needs of the others."""
    packages = {}
    for wheel in wheels:
        entry, needs = described(wheel)
        packages[canonicalize_name(entry["name"])] = (entry, needs)
    version = info["python"]
    browser = {**BROWSER, "python_full_version": version, "python_version": version.rpartition(".")[0]}
    for entry, needs in packages.values():
        wanted = (need for need in needs if need.marker is None or need.marker.evaluate(browser))
        entry["depends"] = sorted({canonicalize_name(need.name) for need in wanted} & set(packages))
    return {"info": info, "packages": {name: entry for name, (entry, _) in sorted(packages.items())}}


def described(wheel: Path) -> tuple[dict[str, Any], list[Requirement]]:
    """A wheel's entry in the lock, and what it requires."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = HeaderParser().parsestr(archive.read(next(name for name in names if name.endswith(".dist-info/METADATA"))).decode())
    tops = {name.split("/")[0].removesuffix(".py") for name in names if name.endswith(".py") and ".data/" not in name}
    entry = {
        "name": metadata["Name"],
        "version": metadata["Version"],
        "file_name": wheel.name,
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "install_dir": "site",
        "package_type": "package",
        "imports": sorted(tops),
        "unvendored_tests": False,
    }
    return entry, [Requirement(text) for text in metadata.get_all("Requires-Dist", [])]


def settings() -> dict[str, Any]:
    """JupyterLite's configuration: this Python, and no other place to look for packages."""
    kernel = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": list(LOADED)}}
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "The Life of a Pod",
            "enableMemoryStorage": True,
            "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel},
        },
    }


def main() -> None:
    out = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        runtime = source / "static" / "pyodide"
        runtime.mkdir(parents=True)
        print("collecting wheels", flush=True)
        info = json.loads((RUNTIME / "pyodide-lock.json").read_text(encoding="utf-8"))["info"]
        gather(runtime, info["python"])
        for name in FILES:
            shutil.copy(RUNTIME / name, runtime)
        (runtime / "pyodide-lock.json").write_text(json.dumps(lock(sorted(runtime.glob("*.whl")), info)), encoding="utf-8")
        (source / "jupyter-lite.json").write_text(json.dumps(settings()), encoding="utf-8")
        print("building JupyterLite", flush=True)
        shutil.rmtree(out, ignore_errors=True)
        words = ["--lite-dir", str(source), "--contents", str(ROOT / "notebooks"), "--output-dir", str(out), "--apps", "notebooks", "--no-sourcemaps", "--no-unused-shared-packages"]
        done = subprocess.run([sys.executable, "-m", "jupyterlite_core", "build", *words], check=False, cwd=source, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
    (out / "open.html").write_text(OPEN, encoding="utf-8")


if __name__ == "__main__":
    main()
