"""What is wrong with a cron schedule, in the words of the parser Kubernetes uses.        github.com/robfig/cron/v3 parser.go"""

from __future__ import annotations

from .goformat import quote

DESCRIPTORS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
FIELDS: tuple[tuple[int, int, dict[str, int]], ...] = (  # least, most, names
    (0, 59, {}),
    (0, 23, {}),
    (1, 31, {}),
    (1, 12, {name: number for number, name in enumerate(MONTHS, 1)}),
    (0, 6, {name: number for number, name in enumerate(DAYS)}),
)


def problem(text: str) -> str | None:
    """The parser's complaint about `text`, None when it is a schedule."""
    if text.startswith(("TZ=", "CRON_TZ=")):
        text = text.partition(" ")[2].strip()
    if text.startswith("@"):
        known = text in DESCRIPTORS or text.startswith("@every ")
        return None if known else f"unrecognized descriptor: {text}"
    fields = text.split()
    if len(fields) != len(FIELDS):
        return f"expected exactly {len(FIELDS)} fields, found {len(fields)}: [{' '.join(fields)}]"
    for field, (least, most, words) in zip(fields, FIELDS, strict=True):
        for expression in filter(None, field.split(",")):
            try:
                _range(expression, least, most, words)
            except ValueError as error:
                return str(error)
    return None


def _range(expression: str, least: int, most: int, words: dict[str, int]) -> None:
    span, *steps = expression.split("/")
    low, *high = span.split("-")
    if low in ("*", "?"):
        if high:
            raise ValueError(f"too many hyphens: {expression}") if len(high) > 1 else ValueError(_not_a_number(low))
        start, end = least, most
    else:
        start = _number(low, words)
        if len(high) > 1:
            raise ValueError(f"too many hyphens: {expression}")
        end = _number(high[0], words) if high else start
    if len(steps) > 1:
        raise ValueError(f"too many slashes: {expression}")
    if steps:
        step = _number(steps[0], {})
        end = most if not high and low not in ("*", "?") else end
        if step == 0:
            raise ValueError(f"step of range should be a positive number: {expression}")
    if start < least:
        raise ValueError(f"beginning of range ({start}) below minimum ({least}): {expression}")
    if end > most:
        raise ValueError(f"end of range ({end}) above maximum ({most}): {expression}")
    if start > end:
        raise ValueError(f"beginning of range ({start}) beyond end of range ({end}): {expression}")


def _not_a_number(text: str) -> str:
    return f"failed to parse int from {text}: strconv.Atoi: parsing {quote(text)}: invalid syntax"


def _number(text: str, words: dict[str, int]) -> int:
    if text.lower() in words:
        return words[text.lower()]
    try:
        number = int(text) if "_" not in text and text == text.strip() else None
    except ValueError:
        number = None
    if number is None:
        raise ValueError(_not_a_number(text))
    if number < 0:
        raise ValueError(f"negative number ({number}) not allowed: {text}")
    return number
