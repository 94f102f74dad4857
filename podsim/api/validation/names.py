"""Which texts are names: labels, subdomains, ports, keys, addresses.

k8s.io/apimachinery/pkg/util/validation/validation.go, ip.go and pkg/api/validate/content
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from .goformat import quote

Messages = list[str]

MAX_ID = 2**31 - 1
MAX_PORT_NAME = 15  # bytes

_ALPHANUMERIC_ENDS = "and must start and end with an alphanumeric character"
_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_LABEL_WITH_UNDERSCORE = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"


_compiled = cache(re.compile)


@dataclass(frozen=True, slots=True)
class Format:
    """A text of at most `longest` bytes that matches `pattern`; `message` and `examples` make the complaint."""

    pattern: str
    message: str
    examples: tuple[str, ...]
    longest: int | None = None
    unit: str = "characters"

    def complaint(self) -> str:
        """What is said about a text that does not match.                             RegexError"""
        examples = " or ".join(f"'{example}', " for example in self.examples)
        return f"{self.message} (e.g. {examples}regex used for validation is '{self.pattern}')"

    def check(self, value: str) -> Messages:
        """The messages about `value`, none if it is fine."""
        messages = []
        if self.longest is not None and len(value.encode()) > self.longest:
            messages.append(f"must be no more than {self.longest} {self.unit}")
        if not _compiled(self.pattern).fullmatch(value):
            messages.append(self.complaint())
        return messages


_DNS_LABEL = Format(
    _LABEL,
    f"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', {_ALPHANUMERIC_ENDS}",
    ("my-name", "123-abc"),
    63,
)
_SUBDOMAIN = Format(
    rf"{_LABEL}(\.{_LABEL})*",
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
    f"{_ALPHANUMERIC_ENDS}",
    ("example.com",),
    253,
)
_KEY_PREFIX = replace(_SUBDOMAIN, unit="bytes")
_SUBDOMAIN_WITH_UNDERSCORE = Format(
    rf"{_LABEL_WITH_UNDERSCORE}(\.{_LABEL_WITH_UNDERSCORE})*",
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', "
    f"{_ALPHANUMERIC_ENDS}",
    ("example.com",),
    253,
)
_DNS_1035_LABEL = Format(
    "[a-z]([-a-z0-9]*[a-z0-9])?",
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
    "and end with an alphanumeric character",
    ("my-name", "abc-123"),
    63,
)
_KEY_NAME = Format(
    _KEY,
    f"must consist of alphanumeric characters, '-', '_' or '.', {_ALPHANUMERIC_ENDS}",
    ("MyName", "my.name", "123-abc"),
    63,
    "bytes",
)
_LABEL_VALUE = Format(
    f"({_KEY})?",
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
    f"{_ALPHANUMERIC_ENDS}",
    ("MyValue", "my_value", "12345"),
    63,
    "bytes",
)
_ENV_VAR = Format(
    "[-._a-zA-Z][-._a-zA-Z0-9]*",
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', "
    "and must not start with a digit",
    ("my.env-name", "MY_ENV.NAME", "MyEnvName1"),
)
_CONFIG_MAP_KEY = Format(
    "[-._a-zA-Z0-9]+",
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
    ("key.name", "KEY_NAME", "key-name"),
    253,
)
_HTTP_HEADER = Format(
    "[-A-Za-z0-9]+", "a valid HTTP header must consist of alphanumeric characters or '-'", ("X-Header-Name",)
)
_PERCENT = Format("[0-9]+%", "a valid percent string must be a numeric string followed by an ending '%'", ("1%", "93%"))


def check(kind: str, value: Any) -> Messages:
    """The messages about `value` as a `kind` (a key of `CHECKS`); an empty list means it is valid.

    `portnum` and `userid` take numbers, all others text.
    """
    return CHECKS[kind](value)


def mask_trailing_dash(prefix: str) -> str:
    """A generateName as it is judged: its last dash is followed by more later on.     maskTrailingDash"""
    return prefix[:-2] + "a" if len(prefix) > 1 and prefix.endswith("-") else prefix


def in_range(value: int, low: int, high: int) -> Messages:
    """`value` lies between `low` and `high`."""
    return [] if low <= value <= high else [f"must be between {low} and {high}, inclusive"]


def _dns_label(value: str) -> Messages:
    messages = _DNS_LABEL.check(value)
    if messages and messages[-1] == _DNS_LABEL.complaint() and re.fullmatch(_SUBDOMAIN.pattern, value):
        messages[-1] = "must not contain dots"
    return messages


def _qualified_name(value: str) -> Messages:
    *prefix, name = value.split("/")
    messages: Messages = []
    if len(prefix) > 1:
        example = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        return [f"a valid label key {_KEY_NAME.complaint()} {example}"]
    if prefix == [""]:
        messages.append("prefix part must be non-empty")
    elif prefix:
        messages += [f"prefix part {message}" for message in _KEY_PREFIX.check(prefix[0])]
    if not name:
        messages.append("name part must be non-empty")
    return messages + [f"name part {message}" for message in _KEY_NAME.check(name)]


def _port_name(value: str) -> Messages:
    rules = (
        (len(value.encode()) > MAX_PORT_NAME, f"must be no more than {MAX_PORT_NAME} characters"),
        (
            not re.fullmatch("[-a-z0-9]+", value),
            "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
        ),
        (not re.search("[a-z]", value), "must contain at least one letter (a-z)"),
        ("--" in value, "must not contain consecutive hyphens"),
        (value.startswith("-") or value.endswith("-"), "must not begin or end with a hyphen"),
    )
    return [message for broken, message in rules if broken]


def _no_path(value: str) -> Messages:
    if value in (".", ".."):
        return [f"must not be '{value}'"]
    return ["must not start with '..'"] if value.startswith("..") else []


def _relaxed_env_var(value: str) -> Messages:
    messages = [] if value else ["environment variable name must be non-empty"]
    if not all(" " <= char <= "~" and char != "=" for char in value):
        messages.append(
            "a valid environment variable name must consist only of printable ASCII characters other than '='"
        )
    return messages


def legacy_ip(value: str) -> Messages:
    """An address in a field older than strict checks: it need not be canonical.      IsValidIPForLegacyField"""
    unpadded = re.sub(r"(?<![\da-fA-F:])0+(?=\d)", "", value) if "." in value and ":" not in value else value
    try:
        address = ip_address(unpadded)
    except ValueError:
        return ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"]
    if "%" in value:
        return ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"]
    if unpadded != value:
        return ["must not have leading 0s"]
    mapped = isinstance(address, IPv6Address) and address.ipv4_mapped
    return ["must not be an IPv4-mapped IPv6 address"] if mapped else []


def _legacy_cidr(value: str) -> Messages:
    try:
        ip_network(value.strip(), strict=False)
    except ValueError:
        return ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"]
    return [] if "/" in value else ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"]


def _ip(value: str) -> Messages:
    messages = legacy_ip(value)
    if not messages and (canonical := str(ip_address(value))) != value:
        messages = [f'must be in canonical form ("{canonical}")']
    return [f"ip: Invalid value: {quote(value)}: {message}" for message in messages]


CHECKS: dict[str, Callable[[Any], Messages]] = {
    "dns1123label": _dns_label,
    "dns1123subdomain": _SUBDOMAIN.check,
    "dns1123subdomainunderscore": _SUBDOMAIN_WITH_UNDERSCORE.check,
    "dns1035label": _DNS_1035_LABEL.check,
    "portname": _port_name,
    "portnum": lambda value: in_range(value, 1, 65535),
    "envvar": lambda value: _ENV_VAR.check(value) + _no_path(value),
    "envvarrelaxed": _relaxed_env_var,
    "configmapkey": lambda value: _CONFIG_MAP_KEY.check(value) + _no_path(value),
    "qualifiedname": _qualified_name,
    "labelvalue": _LABEL_VALUE.check,
    "httpheader": _HTTP_HEADER.check,
    "percent": _PERCENT.check,
    "userid": lambda value: in_range(value, 0, MAX_ID),
    "legacyip": legacy_ip,
    "legacycidr": _legacy_cidr,
    "ip": _ip,
}
