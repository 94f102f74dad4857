"""What Go says of a text that is no RFC 3339 time.                                                    time/format.go"""

from __future__ import annotations

import re
from calendar import monthrange

from podsim.api.validation.goformat import quote

LAYOUT = "2006-01-02T15:04:05Z07:00"
PARTS = (  # what the layout has, what is read for it, its name and its bounds
    ("2006", r"[0-9]{4}", "", 0, 9999),
    ("-", "-", "", 0, 0),
    ("01", r"[0-9]{2}", "month", 1, 12),
    ("-", "-", "", 0, 0),
    ("02", r"[0-9]{2}", "", 0, 99),
    ("T", "T", "", 0, 0),
    ("15", r"[0-9]{1,2}", "hour", 0, 23),
    (":", ":", "", 0, 0),
    ("04", r"[0-9]{2}", "minute", 0, 59),
    (":", ":", "", 0, 0),
    ("05", r"[0-9]{2}", "second", 0, 59),
    ("Z07:00", r"(?:[.,][0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})", "", 0, 0),
)


def problem(text: str) -> str:
    """The parser's complaint; "" if the text is a time."""
    rest, numbers = text, []
    for wanted, pattern, name, low, high in PARTS:
        match = re.match(pattern, rest)
        if match is None:
            shown = re.sub(r"^[.,][0-9]+", "", rest) if wanted == "Z07:00" else rest
            return f"parsing time {quote(text)} as {quote(LAYOUT)}: cannot parse {quote(shown)} as {quote(wanted)}"
        rest = rest[match.end() :]
        if wanted.isdigit():
            numbers.append(int(match[0]))
            if not low <= numbers[-1] <= high:
                return f"parsing time {quote(text)}: {name} out of range"
    if rest:
        return f"parsing time {quote(text)}: extra text: {quote(rest)}"
    year, month, day = numbers[:3]
    leap = monthrange(max(year, 1), month)[1]
    return "" if 1 <= day <= leap else f"parsing time {quote(text)}: day out of range"
