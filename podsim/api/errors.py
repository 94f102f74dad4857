"""What the API server answers when it refuses a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reason = Literal["BadRequest", "Forbidden", "NotFound", "AlreadyExists", "Conflict", "Invalid", "RequestEntityTooLarge", "Unknown"]

CODES: dict[Reason, int] = {
    "BadRequest": 400,
    "Forbidden": 403,
    "NotFound": 404,
    "AlreadyExists": 409,
    "Conflict": 409,
    "RequestEntityTooLarge": 413,
    "Invalid": 422,
    "Unknown": 500,
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One validation error; `str()` words it as the server does.                    field.Error.Error()

    `text` is everything after the path: `Required value`, `Invalid value: 0: must be between 1 and 65535, inclusive`.
    """

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}" if self.path else self.text


class Rejected(Exception):  # noqa: N818 - the server's word for it
    """A refused request.

    `errors` holds the single errors in the server's order (`str()` of each as the server words it),
    `message` the whole `Status.message`, `reason` and `code` those of the `Status`, `warnings` what the server had
    to say before it refused.
    """

    def __init__(self, reason: Reason, message: str, errors: tuple[FieldError | str, ...] = ()) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.errors = errors or (message,)
        self.warnings: tuple[str, ...] = ()

    @property
    def code(self) -> int:
        """The HTTP status code."""
        return CODES[self.reason]
