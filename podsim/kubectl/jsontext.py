"""JSON as Go's encoding/json writes it: sorted keys, `<`, `>` and `&` escaped."""

from __future__ import annotations

import json
from typing import Any

_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def indented(value: Any, indent: int = 4) -> str:
    """`kubectl -o json`, without the final newline."""
    return json.dumps(value, indent=indent, sort_keys=True, ensure_ascii=False).translate(_ESCAPES)


def compact(value: Any, *, escape: bool = True) -> str:
    """One line without blanks, as in the last-applied annotation."""
    text = json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return text.translate(_ESCAPES) if escape else text
