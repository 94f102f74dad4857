"""Collects what a page with explorers loads into one folder named after its content.

    python book/bundle/assets.py build/assets

The folder's name is a hash of everything in it, so that it may be cached for ever; it is printed on the last line.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import simpy
import yaml

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "book" / "web"
NODE = [sys.executable, str(ROOT / "book" / "bundle" / "node.py"), "node"]
NOT_IN_THE_BROWSER = ("cli.py", "__main__.py", "explorers/widget.py", "playground/widget.py", "playground/opening.py", "playground/first.yaml", "sweeps.py", "timeline/figure.py")
HASH_LENGTH = 12


def gather(target: Path) -> None:
    """podsim, SimPy and the pure part of PyYAML below `target`."""
    source = ROOT / "podsim"
    for file in source.rglob("*"):
        inside = file.relative_to(source).as_posix()
        if file.suffix in (".py", ".json", ".yaml") and inside not in NOT_IN_THE_BROWSER:
            (target / "podsim" / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target / "podsim" / inside)
    for package in (yaml, simpy):
        folder = Path(package.__file__).parent
        for file in folder.rglob("*.py"):
            inside = Path(folder.name) / file.relative_to(folder)
            (target / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target / inside)
    start = target / "simpy" / "__init__.py"
    start.write_text(without_version(start.read_text("utf-8")), "utf-8")


def without_version(source: str) -> str:
    """SimPy's start without a look at its own metadata, which takes a browser longer than all of SimPy."""
    kept, version, _ = source.replace("import importlib.metadata\n", "").partition("\ntry:\n    __version__")
    if not version or "importlib" in kept:
        raise ValueError("SimPy finds its version in another way than it did")
    return kept


def fingerprint(folder: Path) -> str:
    """A hash of the names and contents of the files in `folder`."""
    total = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        total.update(file.name.encode() + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()[:HASH_LENGTH]


def main() -> None:
    out = Path(sys.argv[1])
    print("bundling the front end", flush=True)
    made = out / "made"
    subprocess.run([*NODE, str(WEB / "build.mjs"), "--out", str(made)], check=True)
    print("compiling Python for the browser", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        gather(Path(folder))
        words = ["--runtime", str(WEB / "node_modules" / "pyodide"), "--packages", folder, "--out", str(made)]
        subprocess.run([*NODE, str(ROOT / "book" / "bundle" / "python_zip.mjs"), *words], check=True)
    name = fingerprint(made)
    for old in out.iterdir():
        if old != made:
            shutil.rmtree(old)
    made.rename(out / name)
    print(name)


if __name__ == "__main__":
    main()
