"""The one printer behind every table of `kubectl get`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from podsim.kubectl import kindtables, selectors
from podsim.kubectl.columns import align
from podsim.kubectl.kindtables import Column, Object

MINIMUM_WIDTH, PADDING = 6, 3  # cli-runtime/pkg/printers/tabwriter.go
_BREAK = re.compile("[\f\n\r]")
EVENT_WIDTH = 8  # of ADDED, MODIFIED, DELETED with --output-watch-events


@dataclass(frozen=True, slots=True)
class Options:
    """What the flags of `get` ask of a table."""

    wide: bool = False
    show_labels: bool = False
    all_namespaces: bool = False
    no_headers: bool = False
    show_kind: bool = False
    label_columns: Sequence[str] = ()


@dataclass(slots=True)
class TablePrinter:
    """Prints tables of one kind one after the other: one header, and widths that only grow.          tableprinter.go"""

    kind: str
    options: Options = field(default_factory=Options)
    prefix: str = ""
    widths: list[int] = field(default_factory=list)
    printed: bool = False

    def text(self, objects: Iterable[Object], now: datetime, event: str | None = None) -> str:
        """The rows of `objects`, below the header if there was none yet; "" without objects."""
        table, options = kindtables.of(self.kind), self.options
        rows = [self._row(obj, table.cells(obj, now), event) for obj in objects]
        if not rows:
            return ""
        columns = self._columns(table.columns, event is not None)
        shown = [i for i, column in enumerate(columns) if options.wide or not column.wide]
        lines = [[_one_line(str(row[i])) for i in shown] for row in rows]
        header = [columns[i].name for i in shown]
        longest = [max(len(str(row[i]).encode()) for row in rows) for i in shown[:-1]]
        if options.no_headers or self.printed:
            lines[0] = [*_padded(lines[0], longest, [len(cell.encode()) for cell in lines[0]]), lines[0][-1]]
        else:
            lines.insert(0, [*_padded(header, longest, [len(name) for name in header]), header[-1]])
        self.printed = True
        text = "\n".join("\t".join(cells) for cells in lines) + "\n"
        return align(text, minimum=MINIMUM_WIDTH, padding=PADDING, remembered=self.widths)

    def _columns(self, columns: Sequence[Column], with_event: bool) -> list[Column]:
        options = self.options
        return [
            *([Column("EVENT")] if with_event else []),
            *([Column("NAMESPACE")] if options.all_namespaces else []),
            *columns,
            *(Column(label.rpartition("/")[2].upper()) for label in options.label_columns),
            *([Column("LABELS")] if options.show_labels else []),
        ]

    def _row(self, obj: Object, cells: Sequence[str | int], event: str | None) -> list[str | int]:
        options, meta = self.options, obj["metadata"]
        labels = meta.get("labels") or {}
        named = self.kind != "Event"
        first = f"{self.prefix or self.kind.lower()}/{cells[0]}" if options.show_kind and named else cells[0]
        return [
            *([event.ljust(EVENT_WIDTH)] if event is not None else []),
            *([meta.get("namespace", "")] if options.all_namespaces else []),
            first,
            *cells[1:],
            *(labels.get(label, "") for label in options.label_columns),
            *([selectors.labels_text(labels)] if options.show_labels else []),
        ]


def _padded(cells: list[str], longest: list[int], lengths: list[int]) -> list[str]:
    """The first line primes the widths: all cells but the last are padded to the longest cell of their column."""
    return [cell + " " * (most - length) for cell, most, length in zip(cells, longest, lengths, strict=False)]


def _one_line(cell: str) -> str:
    """A cell up to its first line break; escapes that a terminal would obey are shown.            appendCellValue"""
    if match := _BREAK.search(cell):
        cell = cell[: match.start()] + "..."
    return cell.replace("\x1b", "^[")
