"""The fidelity page's figures: measured by playing the recordings while the book is built, and kept until either changes."""

from __future__ import annotations

import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from docutils import nodes
from reference import grid
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import podsim

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "build" / "fidelity"
LANES = {"row": "`kubectl` row", "phase": "phase", "condition": "conditions", "container": "containers", "events": "events"}
FIGURES = ("changes", "median", "mean", "95 %", "largest")
Table = tuple[tuple[str, ...], list[tuple[str, ...]]]


@cache
def measured() -> dict[str, Any]:
    """What the recordings' own package measures (its `report.measured`)."""
    sys.path.insert(0, str(ROOT))
    try:
        from tests.conformance import report

        return report.measured(CACHE)
    finally:
        sys.path.remove(str(ROOT))


class Measured(SphinxDirective):
    """`{measured}`: text in which `{name}` stands for a figure of `facts`."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        self.content.data = [line.format_map(facts(measured())) for line in self.content]
        return self.parse_content_to_nodes()


class MeasuredTable(SphinxDirective):
    """`{measured-table} NAME`: one of `TABLES`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        heads, rows = TABLES[self.arguments[0]](measured())
        return [grid(heads, rows, code=(), widths=(3, *[2] * (len(heads) - 1)))]


def facts(found: dict[str, Any]) -> dict[str, str]:
    """Name -> figure."""
    allowed = found["allowed"]
    sums = {key: sum(table[key] for table in found["tables"]) for key in ("cases", "agree")}
    return {
        "podsim": version("podsim"),
        "kubernetes": podsim.KUBERNETES,
        "cases": f"{sums['cases']:,}",
        "agree": f"{sums['agree']:,}",
        "first": str(found["kubelet"]["beside"]["first"]),
        "inside": str(found["kubelet"]["beside"]["inside"]),
        **{key: f"{allowed[key]:g} s" for key in ("look", "window", "same")},
        **{key: f"{100 * allowed[key]:g} %" for key in ("drift", "jitter", "share")},
    }


def cases(found: dict[str, Any]) -> Table:
    """Every table of recordings."""
    return ("recorded", "cases", "agree"), [(row["title"], str(row["cases"]), str(row["agree"])) for row in found["tables"]]


def lanes(found: dict[str, Any]) -> Table:
    """The times of the kubelet's stories, lane by lane."""
    rows = [
        (f"{LANES[lane['lane']]}, {where}", *figures(lane[when]))
        for when, where in (("before", "before any jittered wait"), ("after", "after one"))
        for lane in found["kubelet"]["lanes"]
    ]  # fmt: skip
    return ("lane", *FIGURES), rows


def categories(found: dict[str, Any]) -> Table:
    """The kubelet's stories by what they are about, with the largest difference of each lane."""
    rows = [
        (row["name"], str(row["cases"]), str(row["agree"]), *(f"{row['largest'][lane]:.3f}" for lane in LANES))
        for row in found["kubelet"]["categories"]
    ]  # fmt: skip
    return ("stories about", "cases", "agree", *LANES.values()), rows


def beside(found: dict[str, Any]) -> Table:
    """podsim beside recordings, and recordings beside one another."""
    rows = [
        (f"{sides}, {where}", *figures(found["kubelet"]["beside"][side][when]))
        for when, where in (("before", "before any jittered wait"), ("after", "after one"))
        for side, sides in (("podsim", "podsim and a recording"), ("recordings", "two recordings"))
    ]  # fmt: skip
    return ("between", *FIGURES), rows


def known(found: dict[str, Any]) -> Table:
    """Every known difference with its reason."""
    return ("case", "why"), [(f"`{name}`", reason) for name, reason in found["known"]]


def refused(found: dict[str, Any]) -> Table:
    """Every pod of a function's table that the API server refuses."""
    return ("case", "the API server's answer"), [(f"`{name}`", error) for name, error in found["refused"]]


def figures(found: dict[str, Any]) -> tuple[str, ...]:
    """Cells of a distribution of seconds."""
    return (str(found["changes"]), *(f"{found[key]:.3f}" for key in ("median", "mean", "p95", "largest")))


TABLES = {"cases": cases, "lanes": lanes, "categories": categories, "beside": beside, "known": known, "refused": refused}


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the directives."""
    app.add_directive("measured", Measured)
    app.add_directive("measured-table", MeasuredTable)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
