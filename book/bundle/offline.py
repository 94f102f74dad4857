"""Packs the built book into one zip file that any static server can serve without a network.

    python book/bundle/offline.py build/_build/html build

The file is named after podsim's version, and the same book always gives the same file. A book that would load anything
from elsewhere, or from the root of its server, is refused.
"""

from __future__ import annotations

import re
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EPOCH = (2026, 1, 1, 0, 0, 0)  # of every file
READABLE = 0o644 << 16
LOADS = re.compile(r"""<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)=["'](?P<address>(?:[a-z]+:)?/[^"']*)""")
SAYS = re.compile(r"<link\b[^>]*\brel=.(?:canonical|alternate|author|license)")  # an address that no browser loads
README = """\
In this folder: python3 -m http.server --bind 127.0.0.1 8000
Then open http://127.0.0.1:8000 in a browser. No network is needed; without --bind the room can use it too.
"""


def version() -> str:
    """podsim's."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def from_elsewhere(html: str) -> Iterator[str]:
    """Addresses that a page loads and that the folder alone cannot answer."""
    for found in LOADS.finditer(html):
        if not SAYS.match(found[0]):
            yield found["address"]


def pack(site: Path, target: Path) -> Path:
    """Writes `target`/the-life-of-a-pod-VERSION.zip; ValueError for a page that is not complete in itself."""
    name = f"the-life-of-a-pod-{version()}"
    for page in sorted(site.rglob("*.html")):
        if "_static" not in page.relative_to(site).parts and (found := list(from_elsewhere(page.read_text(encoding="utf-8")))):
            raise ValueError(f"{page.relative_to(site)} loads {', '.join(found)}")
    target.mkdir(parents=True, exist_ok=True)
    made = target / f"{name}.zip"
    with zipfile.ZipFile(made, "w") as file:
        add(file, f"{name}/README.txt", README.encode())
        for path in sorted(site.rglob("*")):
            if path.is_file():
                add(file, f"{name}/{path.relative_to(site).as_posix()}", path.read_bytes())
    return made


def add(file: zipfile.ZipFile, name: str, content: bytes) -> None:
    """One file, always with the same date."""
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr = READABLE
    entry.compress_type = zipfile.ZIP_DEFLATED
    file.writestr(entry, content)


def main() -> int:
    try:
        made = pack(Path(sys.argv[1]), Path(sys.argv[2]))
    except ValueError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    print(f"{made}: {made.stat().st_size / 1_000_000:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
