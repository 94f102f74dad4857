"""How kubectl words what went wrong.                                        kubectl pkg/cmd/util/helpers.go checkErr"""

from __future__ import annotations

import re
from collections.abc import Sequence

from podsim.api.errors import Rejected

_INVALID = re.compile(r'(?<!\S)([^\s.]+)(?:\.\S*)? "([^"]*)" is invalid: ')


class CommandError(Exception):
    """An error of kubectl itself; its text stands behind `error: `."""


class PlainError(CommandError):
    """An error that kubectl prints as it is, because it found it in a list."""


def usage(command: str, text: str) -> CommandError:
    """A wrong use of a command, with the hint to its help.                                              UsageErrorf"""
    return CommandError(f"{text}\nSee 'kubectl {command} -h' for help and examples")


def words(errors: Sequence[Exception]) -> str:
    """The text on stderr for the errors of one command; "" for none."""
    if not errors:
        return ""
    if len(errors) > 1:
        return "".join(f"{_one_of_several(error)}\n" for error in errors)
    error = errors[0]
    if isinstance(error, PlainError):
        return f"{error}\n"
    if isinstance(error, Rejected):
        return _invalid(error) if error.reason == "Invalid" else _line(_one_of_several(error))
    text = str(error)
    return _line(text if text.startswith("error: ") else f"error: {text}")


def _line(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _one_of_several(error: Exception) -> str:
    if not isinstance(error, Rejected):
        return str(error)
    return f"Error from server{'' if error.reason == 'Unknown' else f' ({error.reason})'}: {error.message}"


def _invalid(error: Rejected) -> str:
    match = _INVALID.search(error.message)
    if match is None and error.errors == (error.message,):
        return f"The request is invalid: {error.message}\n"
    start = f'The {match[1]} "{match[2]}" is invalid' if match else "The request is invalid"
    causes = list(dict.fromkeys(map(str, error.errors)))
    if len(causes) == 1:
        return f"{start}: {causes[0]}\n"
    return f"{start}: \n" + "".join(f"* {cause}\n" for cause in causes)


def with_source(error: Rejected, verb: str, source: str) -> Rejected:
    """The same refusal, naming the file that it came from.                                           AddSourceToErr"""
    if not source:
        return error
    return Rejected(error.reason, f'error when {verb} "{source}": {error.message}', tuple(error.errors))


def is_missing(error: Exception) -> bool:
    """Whether the server does not know the object."""
    return isinstance(error, Rejected) and error.reason == "NotFound"


def not_found(resource: str, name: str) -> Rejected:
    """The server's 404."""
    return Rejected("NotFound", f'{resource} "{name}" not found')
