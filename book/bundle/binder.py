"""Does what Binder does, in a copy of what is committed and a new environment, and runs every notebook there.

    python book/bundle/binder.py

The order is repo2docker's: `runtime.txt` names the Python, then `requirements.txt`, `pip install .` and `postBuild`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def committed(folder: Path) -> None:
    """The files that a clone of the repository has."""
    archive = folder / "clone.tar"
    subprocess.run(["git", "-C", str(ROOT), "archive", "--output", str(archive), "HEAD"], check=True)
    with tarfile.open(archive) as packed:
        packed.extractall(folder / "clone", filter="data")


def run(clone: Path, environment: dict[str, str], *words: str) -> None:
    print(" ".join(words), flush=True)
    subprocess.run(words, cwd=clone, env=environment, check=True)


def main() -> None:
    wanted = (ROOT / "runtime.txt").read_text(encoding="utf-8").strip()
    own = f"python-{sys.version_info.major}.{sys.version_info.minor}"
    if wanted != own:
        sys.exit(f"runtime.txt wants {wanted} and this is {own}: start the check with that Python")
    with tempfile.TemporaryDirectory() as folder:
        clone, kernel = Path(folder) / "clone", Path(folder) / "environment"
        committed(Path(folder))
        subprocess.run([sys.executable, "-m", "venv", str(kernel)], check=True)
        home = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME")}
        environment = {**home, "PATH": os.pathsep.join([str(kernel / "bin"), home["PATH"]])}
        run(clone, environment, "pip", "install", "--quiet", "--no-cache-dir", "-r", "requirements.txt")
        run(clone, environment, "pip", "install", "--quiet", "--no-cache-dir", ".")
        run(clone, environment, "./postBuild")
        for notebook in sorted((clone / "notebooks").glob("*.ipynb")):
            run(clone, environment, "jupyter", "execute", "--kernel_name=python3", str(notebook.relative_to(clone)))


if __name__ == "__main__":
    main()
