"""Command lines: flags as data, read as spf13/pflag reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from podsim.kubectl.failures import CommandError

_TRUE, _FALSE = ("1", "t", "T", "TRUE", "true", "True"), ("0", "f", "F", "FALSE", "false", "False")
_INT = re.compile(r"[-+]?\d+")
_DURATION = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h)")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_ZERO: dict[str, Any] = {"text": "", "bool": False, "int": 0, "list": (), "duration": 0.0}
_GO_PARSER: dict[str, str] = {"bool": "strconv.ParseBool", "int": "strconv.ParseInt"}


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag. `default` and `bare` are texts: what stands for it when it is not given, and when it is given without a value.

    A duration is read in seconds. `here`: podsim acts on it.
    """

    name: str
    short: str = ""
    kind: str = "text"
    default: str = ""
    bare: str | None = None
    here: bool = True

    @property
    def initial(self) -> Any:
        """The value when it is not given."""
        return self.read(self.default) if self.default else _ZERO[self.kind]

    @property
    def alone(self) -> str | None:
        """The text when it is given alone; None if it needs one."""
        return "true" if self.kind == "bool" else self.bare

    def read(self, text: str) -> Any:
        """The value that `text` means; CommandError with pflag's text."""
        match self.kind:
            case "bool" if text in (*_TRUE, *_FALSE):
                return text in _TRUE
            case "int" if _INT.fullmatch(text):
                return int(text)
            case "duration" if (seconds := _seconds(text)) is not None:
                return seconds
            case "list" | "text":
                return text
        shown = f"-{self.short}, --{self.name}" if self.short else f"--{self.name}"
        quoted = f'"{text}"'
        if self.kind == "duration":
            why = f"time: invalid duration {quoted}" if not _INT.fullmatch(text) else f"time: missing unit in duration {quoted}"
        else:
            why = f"{_GO_PARSER[self.kind]}: parsing {quoted}: invalid syntax"
        raise CommandError(f'invalid argument {quoted} for "{shown}" flag: {why}')


@dataclass(slots=True)
class Arguments:
    """What a command line says: words, flags with their values, and which of them were given."""

    words: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def parse(argv: Sequence[str], flags: Iterable[Flag], command: str) -> Arguments:
    """Reads the words behind a command; CommandError with kubectl's text."""
    by_name = {flag.name: flag for flag in flags}
    by_short = {flag.short: flag for flag in by_name.values() if flag.short}
    found = Arguments(values={flag.name: flag.initial for flag in by_name.values()})
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        try:
            if word == "--":
                found.words += rest
                break
            if word.startswith("--"):
                _long(word, rest, by_name, found)
            elif word.startswith("-") and word != "-":
                _short(word, rest, by_short, found)
            else:
                found.words.append(word)
        except CommandError as error:
            raise CommandError(f"{error}\nSee 'kubectl {command} --help' for usage.") from None
    absent = next((flag.name for flag in by_name.values() if not flag.here and flag.name in found.given), None)
    if absent and not found.values["help"]:
        raise CommandError(f"podsim does not have --{absent} of kubectl {command}")
    return found


def _long(word: str, rest: list[str], flags: dict[str, Flag], found: Arguments) -> None:
    name, equals, value = word[2:].partition("=")
    if not name or name.startswith(("-", "=")):
        raise CommandError(f"bad flag syntax: {word}")
    flag = flags.get(name)
    if flag is None:
        raise CommandError(f"unknown flag: --{name}")
    if not equals:
        if flag.alone is not None:
            value = flag.alone
        elif rest:
            value = rest.pop(0)
        else:
            raise CommandError(f"flag needs an argument: --{name}")
    _set(flag, value, found)


def _short(word: str, rest: list[str], flags: dict[str, Flag], found: Arguments) -> None:
    letters = word[1:]
    while letters:
        flag = flags.get(letters[0])
        if flag is None:
            raise CommandError(f"unknown shorthand flag: '{letters[0]}' in -{letters}")
        if len(letters) > 2 and letters[1] == "=":
            return _set(flag, letters[2:], found)
        if flag.alone is not None:
            _set(flag, flag.alone, found)
            letters = letters[1:]
            continue
        if len(letters) > 1:
            return _set(flag, letters[1:], found)
        if not rest:
            raise CommandError(f"flag needs an argument: '{letters[0]}' in -{letters}")
        return _set(flag, rest.pop(0), found)
    return None


def _set(flag: Flag, text: str, found: Arguments) -> None:
    value = flag.read(text)
    if flag.kind == "list":
        earlier = found.values[flag.name] if flag.name in found.given else ()
        value = (*earlier, *text.split(","))
    found.values[flag.name] = value
    found.given.add(flag.name)


def _seconds(text: str) -> float | None:
    """A Go duration in seconds; None if it is none."""
    parts = _DURATION.findall(text.lstrip("+-"))
    if text in ("0", "+0", "-0"):
        return 0.0
    if not parts or "".join(parts) != text.lstrip("+-"):
        return None
    total = 0.0
    for part in parts:
        unit = next(unit for unit in ("ns", "us", "µs", "ms", "s", "m", "h") if part.endswith(unit))
        total += float(part.removesuffix(unit)) * _UNITS[unit]
    return -total if text.startswith("-") else total
