"""Flags as pflag reads them."""

from __future__ import annotations

import pytest

from podsim.kubectl import flags
from podsim.kubectl.arguments import parse
from podsim.kubectl.failures import CommandError

FLAGS = flags.of("get") + flags.of("delete") + flags.of("apply")


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("pods -o wide", "output", "wide"),
        ("pods -owide", "output", "wide"),
        ("pods -o=wide", "output", "wide"),
        ("--output=wide", "output", "wide"),
        ("-wo wide", "watch", True),
        ("--watch=false", "watch", False),
        ("-f a -f b,c", "filename", ("a", "b", "c")),
        ("--grace-period 0", "grace-period", 0),
        ("", "grace-period", -1),
        ("--timeout=1m30s", "timeout", 90.0),
        ("--dry-run", "dry-run", "unchanged"),
        ("--dry-run=client", "dry-run", "client"),
        ("-n team pods", "namespace", "team"),
    ],
)
def test_values(line: str, name: str, value: object) -> None:
    assert parse(line.split(), FLAGS, "get")[name] == value


def test_what_stands_behind_two_dashes_is_a_word() -> None:
    found = parse(["pods", "-w", "web", "-", "--", "-x"], FLAGS, "get")
    assert (found.words, found.given) == (["pods", "web", "-", "-x"], {"watch"})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--nope", "unknown flag: --nope"),
        ("-z", "unknown shorthand flag: 'z' in -z"),
        ("-wz", "unknown shorthand flag: 'z' in -z"),
        ("-o", "flag needs an argument: 'o' in -o"),
        ("--output", "flag needs an argument: --output"),
        ("--watch=x", 'invalid argument "x" for "-w, --watch" flag: strconv.ParseBool: parsing "x": invalid syntax'),
        ("--grace-period=x", 'invalid argument "x" for "--grace-period" flag: strconv.ParseInt: parsing "x": invalid syntax'),
        ("--timeout=5", 'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"'),
        ("--timeout=x", 'invalid argument "x" for "--timeout" flag: time: invalid duration "x"'),
    ],
)
def test_errors(line: str, message: str) -> None:
    with pytest.raises(CommandError) as caught:
        parse(line.split(), FLAGS, "get")
    assert str(caught.value) == f"{message}\nSee 'kubectl get --help' for usage."
