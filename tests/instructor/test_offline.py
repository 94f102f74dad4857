"""The book as a zip file."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "bundle"))

import offline  # noqa: E402


def site(folder: Path, head: str) -> Path:
    (folder / "book").mkdir(parents=True)
    (folder / "index.html").write_text('<link rel="stylesheet" href="_static/a.css"><a href="https://kubernetes.io">elsewhere</a>')
    (folder / "book" / "index.html").write_text(head)
    return folder


def test_the_zip_holds_the_site_and_says_how_to_serve_it(tmp_path: Path) -> None:
    made = offline.pack(site(tmp_path / "site", "<p>The first page</p>"), tmp_path / "out")
    name = f"the-life-of-a-pod-{offline.version()}"
    assert made.name == f"{name}.zip"
    with zipfile.ZipFile(made) as file:
        assert file.namelist() == [f"{name}/README.txt", f"{name}/book/index.html", f"{name}/index.html"]
        assert file.read(f"{name}/book/index.html") == b"<p>The first page</p>"
        readme = file.read(f"{name}/README.txt").decode()
    assert "python3 -m http.server" in readme
    assert len(readme.splitlines()) == 2


def test_the_same_book_gives_the_same_file(tmp_path: Path) -> None:
    pages = site(tmp_path / "site", "<p>The first page</p>")
    assert offline.pack(pages, tmp_path / "a").read_bytes() == offline.pack(pages, tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    "head",
    [
        '<script src="https://example.com/a.js"></script>',
        '<script async src="//example.com/a.js"></script>',
        '<link rel="stylesheet" href="/_static/a.css">',
        '<img alt="" src="/pod.png">',
    ],
)
def test_a_page_that_needs_more_than_the_folder_is_refused(tmp_path: Path, head: str) -> None:
    with pytest.raises(ValueError, match=r"book/index\.html loads"):
        offline.pack(site(tmp_path / "site", head), tmp_path / "out")


def test_addresses_that_no_browser_loads_may_stay(tmp_path: Path) -> None:
    offline.pack(site(tmp_path / "site", '<link rel="canonical" href="https://example.com/book/">'), tmp_path / "out")
