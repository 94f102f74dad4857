"""Quantities: their grammar, value, canonical text and arithmetic.      apimachinery pkg/api/resource/quantity.go"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache, total_ordering

FORMAT_ERROR = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
SUFFIX_ERROR = "unable to parse quantity's suffix"
NUMERIC_ERROR = "unable to parse numeric part of quantity"
BINARY, DECIMAL, EXPONENT = "BinarySI", "DecimalSI", "DecimalExponent"
BINARY_SUFFIXES = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
DECIMAL_SUFFIXES = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
DECIMAL_BY_POWER = {power: suffix for suffix, power in DECIMAL_SUFFIXES.items()}
NANO = 10**9
MAX_INT64 = 2**63 - 1
FAST_DIGITS = 18
FAST_BINARY_DIGITS = 14
NANO_POWER = -9
MIN_BINARY = 1024
MAX_DIGITS = 4096  # digits and exponents beyond are refused: they would cost more than any server grants
_SHAPE = re.compile(r"([+-]?)([0-9]*)(\.?)([0-9]*)(.*)", re.DOTALL)
_SUFFIX = re.compile(r"[eEinumkKMGTP]*[-+]?[0-9]*")
_EXPONENT = re.compile(r"[eE]([-+]?[0-9]+)")


@total_ordering
class Quantity:
    """An exact amount. `str()` is its canonical text; raises ValueError with Kubernetes' text."""

    __slots__ = ("_exact", "_family", "_nanos", "_text")

    def __init__(self, text: str) -> None:
        self._family, self._nanos, self._text, self._exact = _parse(text)

    @classmethod
    def _of(cls, nanos: int, family: str) -> Quantity:
        made = cls.__new__(cls)
        made._nanos, made._family, made._text, made._exact = nanos, family, None, True  # noqa: SLF001
        return made

    @property
    def value(self) -> int:
        """The amount rounded up (away from zero) to a whole number; what does not fit 64 bits is lost as in Go."""
        return self._in_units_of(NANO)

    @property
    def milli_value(self) -> int:
        """The amount in thousandths, rounded up (away from zero); what does not fit 64 bits is lost as in Go."""
        return self._in_units_of(NANO // 1000)

    def _in_units_of(self, nanos: int) -> int:
        if self._exact:
            number = _away(self._nanos, nanos)
            return number if -MAX_INT64 - 1 <= number <= MAX_INT64 else 0
        return _scaled_value(self._nanos, nanos)

    @property
    def amount(self) -> Fraction:
        """The exact amount."""
        return Fraction(self._nanos, NANO)

    def rounded_to_milli(self) -> Quantity:
        """The amount rounded up to thousandths; the same quantity where nothing is finer."""
        milli = NANO // 1000
        return self if self._nanos % milli == 0 else Quantity._of(_away(self._nanos, milli) * milli, self._family)

    def __str__(self) -> str:
        if self._text is None:
            self._text = _canonical(self._nanos, self._family)
        return self._text

    def __repr__(self) -> str:
        return f"Quantity({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quantity) and self._nanos == other._nanos

    def __lt__(self, other: Quantity) -> bool:
        return self._nanos < other._nanos

    def __hash__(self) -> int:
        return hash(self._nanos)

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity._of(self._nanos + other._nanos, self._family if self._nanos else other._family)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity._of(self._nanos - other._nanos, self._family if self._nanos else other._family)


@lru_cache(maxsize=1024)
def _parse(text: str) -> tuple[str, int, str | None, bool]:
    """Family, nanos, the text itself where it is printed as it stands, and whether 64 bits hold it exactly."""
    if not text:
        raise ValueError(FORMAT_ERROR)
    match = _SHAPE.fullmatch(text)
    sign, whole, _, digits, suffix = match.groups() if match else ("", "", "", "", "")
    if match is None or not _SUFFIX.fullmatch(suffix) or len(whole) + len(digits) > MAX_DIGITS:
        raise ValueError(FORMAT_ERROR)
    family, base, power = _suffix(suffix)
    numerator = whole.lstrip("0") or "0"
    fast = _in_fast_path(family, power, numerator, digits)
    if not fast and not whole + digits:
        raise ValueError(NUMERIC_ERROR)
    nanos = _nanos(int(numerator + digits), len(digits), base, power)
    if family == BINARY:
        nanos = min(nanos, MAX_INT64 * NANO)
    kept = fast and _looks_canonical(family, power, numerator, digits)
    return family, -nanos if sign == "-" else nanos, text if kept else None, fast


def _suffix(suffix: str) -> tuple[str, int, int]:
    """Family, base and power of a suffix."""
    if suffix in BINARY_SUFFIXES:
        return BINARY, 2, BINARY_SUFFIXES[suffix]
    if suffix in DECIMAL_SUFFIXES:
        return DECIMAL, 10, DECIMAL_SUFFIXES[suffix]
    match = _EXPONENT.fullmatch(suffix)
    if match is None or len(match[1]) > len(str(MAX_DIGITS)):
        raise ValueError(SUFFIX_ERROR)
    return EXPONENT, 10, int(match[1])


def _nanos(number: int, decimals: int, base: int, power: int) -> int:
    """`number` with its decimals times a power of the base, rounded up to nano."""
    return _away(number * NANO * base ** max(power, 0), 10**decimals * base ** max(-power, 0))


def _in_fast_path(family: str, power: int, numerator: str, digits: str) -> bool:
    """Whether ParseQuantity keeps an int64 and a scale."""
    if family == BINARY:
        return not digits and FAST_BINARY_DIGITS - len(numerator) - power * 3 // 10 >= 0
    return len(numerator + digits) <= FAST_DIGITS and power - len(digits) >= NANO_POWER


def _looks_canonical(family: str, power: int, numerator: str, digits: str) -> bool:
    """Whether the fast path keeps the text."""
    if family == BINARY:
        return int(numerator) % 8 != 0
    shown = numerator + digits
    return (power - len(digits)) % 3 == 0 and not shown.endswith("000") and not shown.startswith("0")


def _canonical(nanos: int, family: str) -> str:
    """CanonicalizeBytes: no fraction digits, the largest suffix that leaves a whole number."""
    if nanos == 0:
        return "0"
    if family == BINARY and (abs(nanos) < MIN_BINARY * NANO or nanos % NANO):
        family = DECIMAL
    if family == BINARY:
        number, suffix = nanos // NANO, ""
        for name in BINARY_SUFFIXES:
            if number % 1024:
                break
            number, suffix = number // 1024, name
        return f"{number}{suffix}"
    number, power = nanos, NANO_POWER
    while number % 1000 == 0:
        number, power = number // 1000, power + 3
    if family == EXPONENT:
        return f"{number}e{power}" if power else str(number)
    return f"{number}{DECIMAL_BY_POWER.get(power, '')}"


def _away(number: int, unit: int) -> int:
    """How many units, rounded away from zero."""
    size = -(-abs(number) // unit)
    return size if number >= 0 else -size


def _scaled_value(nanos: int, divisor: int) -> int:
    """scaledValue of an amount outside the fast path: small or negative numbers go through 64 bits first."""
    if nanos < MAX_INT64:
        low = _low64(nanos)
        quotient = abs(low) // divisor * (1 if low >= 0 else -1)
        return quotient + (low % divisor != 0)
    return _low64(-(-nanos // divisor))


def _low64(number: int) -> int:
    """big.Int.Int64: the low 64 bits of the size, then the sign."""
    low = abs(number) % 2**64
    low = low - 2**64 if low > MAX_INT64 else low
    return -low if number < 0 else low
