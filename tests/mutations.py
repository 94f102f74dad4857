"""Manifests with damage: whatever stands in them, kubectl, `podsim check` and `podsim explain` say something and end.

Every seed is one damaged manifest. The suite looks at a few hundred; the long run is

python -m tests.mutations [--first 0] [--times 50000]
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any
from unittest import mock

import yaml

from podsim import Cluster, cli
from podsim.kubectl.command import Result
from tests.conformance import recordings

SECONDS = 20  # of the cluster, for what is accepted
TABLES = ("api/manifests", "api/invalid", "api/controllers", "lib/validation")
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 65536, 2**31, 2**63, -(2**63) - 1, 10**30, 1e308, "", " ", "y", "0", "-1", "1e999999999", "9" * 400, "1Gi", "1.5m", "a" * 300,
    "A_b", "../x", "\u0000", "\ud800", "é", "\n", "{}", "=", "$(X)", "2026-01-01T00:00:00Z", [], {}, [None], [[]], [{}], {"": ""}, {"a": {"a": 1}},
)  # fmt: skip
WORDS = (
    "name", "kind", "spec", "metadata", "items", "status", "labels", "resources", "image", "List", "v1", "apps/v1", "Pod", "Job", "Deployment",
    "<<", "&a", "*a", "!!int", "!!binary x", "|", ">", "---", "...", "%YAML 1.1", "\t", "\ufeff", "\u0000", "\r", "{", "}", "[", "]", '"', "'", ": ", "- ", "#", "? ", "\\",
)  # fmt: skip


@cache
def manifests() -> tuple[tuple[str, ...], ...]:
    """The recorded manifests, table by table."""
    played = tuple(json.loads(file.read_text(encoding="utf-8"))["scenario"]["manifest"] for file in sorted(recordings.DATA.glob("kubelet/*.json")))
    tables = [json.loads((recordings.DATA / path).with_suffix(".json").read_text(encoding="utf-8")) for path in TABLES]
    return (played, *(tuple(case[part] for case in table for part in ("input", "yaml") if isinstance(case.get(part), str)) for table in tables))


def _recorded(random: Random) -> str:
    return random.choice(random.choice(manifests()))


def damaged(seed: int) -> str:
    """One manifest, damaged once to three times: in its text, or in its values."""
    random = Random(seed)  # noqa: S311 - damage is to be the same again
    text = _recorded(random)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        text = random.choice(DAMAGES)(random, text)
    return text


def _values(random: Random, text: str) -> str:
    """Another value, key, entry or order somewhere in the object."""
    try:
        documents = [one for one in yaml.safe_load_all(text) if one]
    except (yaml.YAMLError, ValueError, TypeError):
        return _characters(random, text)
    if not documents:
        return _characters(random, text)
    document = random.choice(documents)
    places: list[tuple[Any, Any]] = []
    waiting = [document]
    while waiting:
        node = waiting.pop()
        entries = list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
        places += [(node, step) for step, _ in entries]
        waiting += [value for _, value in entries]
    if places:
        random.choice(CHANGES)(random, *random.choice(places), places)
    try:
        return "---\n".join(json.dumps(one) if random.random() < 0.1 else yaml.safe_dump(one) for one in documents)
    except (yaml.YAMLError, RecursionError, TypeError, ValueError):
        return _characters(random, text)


def _replace(random: Random, node: Any, step: Any, _places: Any) -> None:
    node[step] = random.choice(VALUES)


def _drop(_random: Random, node: Any, step: Any, _places: Any) -> None:
    del node[step]


def _wrap(random: Random, node: Any, step: Any, _places: Any) -> None:
    node[step] = random.choice(([node[step]], {"a": node[step]}, str(node[step]), [node[step]] * 3))


def _graft(random: Random, node: Any, step: Any, places: Any) -> None:
    other, at = random.choice(places)
    node[step] = json.loads(json.dumps(other[at], default=str))


def _rename(random: Random, node: Any, step: Any, places: Any) -> None:
    if isinstance(node, dict):
        names = [at for _, at in places if isinstance(at, str)] + [str(step).upper(), str(step)[:-1], *WORDS]
        node[random.choice(names)] = node.pop(step)


CHANGES: tuple[Callable[[Random, Any, Any, Any], None], ...] = (_replace, _replace, _drop, _wrap, _graft, _rename)


def _characters(random: Random, text: str) -> str:
    """Characters taken out, put in or exchanged."""
    place = random.randint(0, len(text))
    return text[:place] + random.choice(("", random.choice(WORDS), chr(random.choice((random.randint(0, 255), random.randint(0, 0x10FFFF)))))) + text[
        place + random.choice((0, 1, 1, 5)) :
    ]


def _lines(random: Random, text: str) -> str:
    """A line that is lost, comes twice, moves, or is indented otherwise."""
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    at, to = random.randrange(len(lines)), random.randrange(len(lines))
    line = lines[at]
    kind = random.randrange(5)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(to, line)
    elif kind == 2:
        lines[at], lines[to] = lines[to], line
    elif kind == 3:
        lines[at] = " " * random.randint(0, 12) + line.lstrip(" ")
    else:
        lines = [other.lstrip(" ") if random.random() < 0.5 else other for other in lines]
    return "".join(lines)


def _splice(random: Random, text: str) -> str:
    """The beginning of one, the end of another."""
    other = _recorded(random)
    return text[: random.randint(0, len(text))] + random.choice(("", "\n", "---\n")) + other[random.randint(0, len(other)) :]


def _bytes(random: Random, text: str) -> str:
    """Bits that flip; what is no UTF-8 any more is replaced, as by whoever reads the file."""
    raw = bytearray(text.encode(errors="replace"))
    for _ in range(random.randint(1, 3) if raw else 0):
        raw[random.randrange(len(raw))] ^= 1 << random.randrange(8)
    return raw.decode(errors="replace")


DAMAGES: tuple[Callable[[Random, str], str], ...] = (_values, _values, _values, _values, _values, _characters, _lines, _lines, _splice, _bytes)


def ends_well(text: str) -> list[Result]:
    """Plays a text everywhere where one is read. Raises whatever they raise; AssertionError for what is not kubectl's shape."""
    cluster = Cluster()
    results = [cluster.kubectl("apply -f -", stdin=text)]
    if results[0].stdout:
        cluster.run(SECONDS)
        results += [cluster.kubectl(words) for words in ("get all", "get pods -o wide", "describe pods", "apply -f -")]
    results.append(Cluster().kubectl("create --dry-run=server -o yaml -f -", stdin=text))
    for result in results:
        assert result.returncode in (0, 1)
        assert not result.returncode or result.stderr
        assert result.stderr.endswith("\n") or not result.stderr
        "".join(map(str, result.hints))
    for command in ("check", "explain"):
        with mock.patch.object(sys, "stdin", io.StringIO(text)), contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
            assert cli.main([command, "-"]) in (0, 1)
    return results


def main() -> None:
    """Plays many seeds; the first that fails is told with its text and ends in its traceback."""
    parser = argparse.ArgumentParser(description="Damage manifests and see that each is answered.")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--times", type=int, default=50_000)
    options = parser.parse_args()
    accepted = 0
    for seed in range(options.first, options.first + options.times):
        text = damaged(seed)
        try:
            accepted += bool(ends_well(text)[0].stdout)
        except BaseException:
            print(f"seed {seed}:\n{text!r}", file=sys.stderr)
            raise
    print(f"{options.times} damaged manifests, {accepted} of them accepted")


if __name__ == "__main__":
    main()
