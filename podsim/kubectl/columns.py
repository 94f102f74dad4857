"""Elastic tab stops, as Go's text/tabwriter sets them.

A column is a run of lines that all have that cell; its width is that of its widest cell. The last cell of a line
belongs to no column.
"""

from __future__ import annotations

from collections.abc import Sequence


def align(text: str, *, minimum: int = 0, padding: int = 2, remembered: list[int] | None = None) -> str:
    """`text` with its tabs turned into blanks.

    `remembered` holds the widths of earlier calls, column by column, and is brought up to date: columns then only
    grow, as in `kubectl get --watch`.                              text/tabwriter Writer.format, flag RememberWidths
    """
    lines = [line.split("\t") for line in text.split("\n")]
    done: list[str] = []
    _format(lines, [], done, minimum, padding, remembered)
    return "\n".join(done)


def _format(lines: Sequence[list[str]], widths: list[int], done: list[str], minimum: int, padding: int, remembered: list[int] | None) -> None:
    column, position, start = len(widths), 0, 0
    while position < len(lines):
        if column >= len(lines[position]) - 1:
            position += 1
            continue
        done += [_line(line, widths) for line in lines[start:position]]
        start = position
        while position < len(lines) and column < len(lines[position]) - 1:
            position += 1
        width = max(minimum, padding + max(len(line[column]) for line in lines[start:position]))
        if remembered is not None:
            remembered += widths[len(remembered) : column]
            width = max([width, *remembered[column : column + 1]])
            remembered[column : column + 1] = [width]
        _format(lines[start:position], [*widths, width], done, minimum, padding, remembered)
        start = position
    done += [_line(line, widths) for line in lines[start:]]


def _line(cells: list[str], widths: list[int]) -> str:
    return "".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=False)) + "".join(cells[len(widths) :])
