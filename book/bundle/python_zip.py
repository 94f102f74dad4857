"""Runs inside Pyodide: exercises the packages, sees which modules and data that takes, and packs them as byte code.

What a page with explorers takes goes into one library, what only a playground takes into the other. Each is a zip of
stored files, to be compressed as a whole: that is a third smaller, and no host has to do it.
"""

# ruff: noqa: E402 - when something is imported decides where it goes

import json
import sys

sys.path.insert(0, "/packages")
OPENED: set[str] = set()
sys.addaudithook(lambda event, details: OPENED.add(str(details[0])) if event == "open" else None)

from podsim import explorers
from podsim.explorers import calls

for language in ("en", "ko"):
    for entry in explorers.catalog(language):
        for values in ({}, *(preset["set"] for preset in entry["presets"])):
            calls.answer("evaluate", json.dumps({"id": entry["id"], "parameters": values, "language": language}))
FIRST, READ = dict(sys.modules), set(OPENED)

import importlib
import pkgutil

import podsim
from podsim.playground import incidents, playing

for module in pkgutil.walk_packages(podsim.__path__, "podsim."):  # some are imported when they are first needed
    importlib.import_module(module.name)
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
LATER = {name: module for name, module in sys.modules.items() if name not in FIRST}  # before this program's own imports add to it

import ast
import importlib._bootstrap_external as bootstrap
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import CodeType, ModuleType

PACKAGES = Path("/packages")
ALWAYS = ("encodings.ascii", "encodings.cp437", "encodings.latin_1", "encodings.utf_8", "encodings.utf_16", "encodings.utf_32", "encodings.idna")
DATA = (".json", ".yaml")
PREDICTIONS = re.compile(rb"^predictions:\n(?:[ #-].*\n|\n)*", re.MULTILINE)  # of an explorer: a page brings them along, played


def without_lines(code: CodeType) -> CodeType:
    """The code without the places of its source, a fifth of its bytes: readers are shown what went wrong, not where."""
    units = len(code.co_code) // 2
    nowhere = b"\xff" * (units // 8) + bytes([0xF8 | (units % 8 - 1)] if units % 8 else [])  # stretches of up to 8 units
    inner = tuple(without_lines(part) if isinstance(part, CodeType) else part for part in code.co_consts)
    return code.replace(co_linetable=nowhere, co_consts=inner)


class Bare(ast.NodeTransformer):
    """Functions without annotations, which nobody asks for: a thirtieth of the bytes."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns = None
        self.generic_visit(node)
        return node


def byte_code(source: bytes | ast.Module, name: str) -> bytes:
    """Byte code that is taken as it is: its source is never looked at."""
    code = without_lines(compile(source, name, "exec", dont_inherit=True, optimize=2))
    return bytes(bootstrap._code_to_hash_pyc(code, bytes(8), False))  # noqa: SLF001 - there is no public way


def standard_library(modules: Iterable[ModuleType]) -> Iterator[tuple[str, bytes]]:
    """(path in the library, content) of those that are the standard library's."""
    for origin in sorted({getattr(getattr(module, "__spec__", None), "origin", None) or "" for module in modules}):
        if ".zip/" in origin and origin.endswith(".py"):
            archive, _, inside = origin.partition(".zip/")
            with zipfile.ZipFile(archive + ".zip") as library:
                yield inside + "c", byte_code(library.read(inside), inside)


def packages(*, first: bool) -> Iterator[tuple[str, bytes]]:
    """(path in the library, content) of the files that pages with explorers take, or of all others."""
    for file in sorted(PACKAGES.rglob("*")):
        path = file.relative_to(PACKAGES).as_posix()
        if file.suffix == ".py":
            name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            if (name in FIRST) is first:
                yield path + "c", byte_code(Bare().visit(ast.parse(file.read_bytes())), path)
        elif file.suffix in DATA and (str(file) in READ) is first:
            yield path, PREDICTIONS.sub(b"", file.read_bytes())


def pack(target: str, files: Iterable[tuple[str, bytes]]) -> None:
    """Equal content gives an equal file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for path, content in files:
            made.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), content)
    Path(target).write_bytes(out.getvalue())


always = [importlib.import_module(name) for name in ALWAYS]
pack("/python.zip", [*standard_library([*FIRST.values(), *always]), *packages(first=True)])
pack("/playground.zip", [*standard_library(LATER.values()), *packages(first=False)])
