"""Runs inside Pyodide: exercises the packages, sees which modules that takes, and zips them as byte code."""

import contextlib
import importlib._bootstrap_external as bootstrap
import importlib.util
import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

PACKAGES = Path("/packages")
ALWAYS = ("encodings.ascii", "encodings.latin_1", "encodings.utf_8", "encodings.utf_16", "encodings.utf_32", "encodings.idna", "json")
DATA = (".json", ".yaml")

sys.path.insert(0, str(PACKAGES))

from podsim import explorers  # noqa: E402

for language in ("en", "ko"):
    for entry in explorers.catalog(language):
        explorers.evaluate(entry["id"], {}, language)
with contextlib.suppress(ValueError):  # the way through an error is a way too
    explorers.evaluate(explorers.catalog()[0]["id"], {"no-such-control": 1})
for name in ALWAYS:
    importlib.import_module(name)


def byte_code(source: bytes, name: str) -> bytes:
    code = compile(source, name, "exec", dont_inherit=True, optimize=2)
    return bytes(bootstrap._code_to_hash_pyc(code, importlib.util.source_hash(source), False))  # noqa: SLF001 - there is no public way


def standard_library() -> Iterator[tuple[str, bytes]]:
    """(path in the zip, source) of the standard library's modules in use."""
    for _, module in sorted(sys.modules.items()):
        spec = getattr(module, "__spec__", None)
        origin = getattr(spec, "origin", None) or ""
        if ".zip/" not in origin or not origin.endswith(".py"):
            continue
        archive, _, inside = origin.partition(".zip/")
        with zipfile.ZipFile(archive + ".zip") as library:
            yield inside, library.read(inside)


out = io.BytesIO()
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
    def put(path: str, body: bytes) -> None:
        made.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), body, zipfile.ZIP_DEFLATED, 9)

    for path, source in dict(standard_library()).items():
        put(path + "c", byte_code(source, path))
    for file in sorted(PACKAGES.rglob("*")):
        path = file.relative_to(PACKAGES).as_posix()
        if file.suffix == ".py":
            put(path + "c", byte_code(file.read_bytes(), path))
        elif file.suffix in DATA:
            put(path, file.read_bytes())
Path("/python.zip").write_bytes(out.getvalue())
