"""Runs inside Pyodide: exercises the packages, sees which modules that takes, and zips them as byte code."""

import json
import sys

sys.path.insert(0, "/packages")

import importlib
import pkgutil

import podsim
from podsim import explorers
from podsim.explorers import calls
from podsim.playground import incidents, playing

for module in pkgutil.walk_packages(podsim.__path__, "podsim."):  # some are imported when they are first needed
    importlib.import_module(module.name)

for language in ("en", "ko"):
    for entry in explorers.catalog(language):
        explorers.evaluate(entry["id"], {}, language)
        for control in entry["controls"]:  # the way through a wrong value is a way too
            explorers.evaluate(entry["id"], {control["id"]: control["value"]}, language)
for example in incidents.listed():
    story, at = example["session"], example["at"]
    looked = {**story, "commands": [*story["commands"], {"at": at, "line": "kubectl get pods -o yaml"}]}
    pasted = playing.play(looked)["transcript"][-1]["stdout"]
    for call, arguments in (
        ("diagnose", {"text": pasted}),
        ("complete", {"session": story, "at": at, "line": "kubectl get pods ", "cursor": 17}),
        ("suggest", {"manifest": story["manifest"], "line": 2, "column": 7}),
        ("export_scenario", {"session": story}),
        ("export_notebook", {"session": story}),
    ):
        calls.answer(call, json.dumps(arguments))
USED = dict(sys.modules)  # before this program's own imports add to it

import importlib._bootstrap_external as bootstrap  # noqa: E402
import importlib.util  # noqa: E402
import io  # noqa: E402
import re  # noqa: E402
import zipfile  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from pathlib import Path  # noqa: E402
from types import CodeType  # noqa: E402

PACKAGES = Path("/packages")
ALWAYS = ("encodings.ascii", "encodings.latin_1", "encodings.utf_8", "encodings.utf_16", "encodings.utf_32", "encodings.idna")
DATA = (".json", ".yaml")
PREDICTIONS = re.compile(rb"^predictions:\n(?:[ #-].*\n|\n)*", re.MULTILINE)  # of an explorer: a page brings them along, played


def without_lines(code: CodeType) -> CodeType:
    """The code without the places of its source, a fifth of its bytes: readers are shown what went wrong, not where."""
    units = len(code.co_code) // 2
    nowhere = b"\xff" * (units // 8) + bytes([0xF8 | (units % 8 - 1)] if units % 8 else [])  # stretches of up to 8 units
    inner = tuple(without_lines(part) if isinstance(part, CodeType) else part for part in code.co_consts)
    return code.replace(co_linetable=nowhere, co_consts=inner)


def byte_code(source: bytes, name: str) -> bytes:
    """Byte code that is taken as it is: its source is never looked at."""
    code = without_lines(compile(source, name, "exec", dont_inherit=True, optimize=2))
    return bytes(bootstrap._code_to_hash_pyc(code, importlib.util.source_hash(source), False))  # noqa: SLF001 - there is no public way


def standard_library() -> Iterator[tuple[str, bytes]]:
    """(path in the zip, source) of the standard library's modules in use."""
    modules = [*USED.values(), *map(importlib.import_module, ALWAYS)]
    for origin in sorted({getattr(getattr(module, "__spec__", None), "origin", None) or "" for module in modules}):
        if ".zip/" in origin and origin.endswith(".py"):
            archive, _, inside = origin.partition(".zip/")
            with zipfile.ZipFile(archive + ".zip") as library:
                yield inside, library.read(inside)


out = io.BytesIO()
with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:

    def put(path: str, body: bytes) -> None:
        """Adds a file whose time is always the same, so that equal content gives an equal zip."""
        made.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), body, zipfile.ZIP_DEFLATED, 9)

    for path, source in standard_library():
        put(path + "c", byte_code(source, path))
    for file in sorted(PACKAGES.rglob("*")):
        path = file.relative_to(PACKAGES).as_posix()
        if file.suffix == ".py":
            put(path + "c", byte_code(file.read_bytes(), path))
        elif file.suffix in DATA:
            put(path, PREDICTIONS.sub(b"", file.read_bytes()))
Path("/python.zip").write_bytes(out.getvalue())
