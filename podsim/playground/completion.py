"""Completion at the kubectl prompt, from kubectl's own tables and the objects that are there at the instant."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from podsim.api import kinds
from podsim.api.kinds import Kind
from podsim.api.workloads import pod_template
from podsim.cluster import scenario as scenarios
from podsim.cluster.store import Object, Store
from podsim.facade import Cluster
from podsim.kubectl import flags, output
from podsim.kubectl.arguments import Flag
from podsim.kubectl.command import GROUPS, VERBS, first_word
from podsim.playground import messages, problems, sessions
from podsim.playground.playing import played_on
from podsim.playground.prompt import PROGRAMS

Json = dict[str, Any]
OF_PODS = ("logs",)  # whose first word is a pod, or TYPE/NAME
OF_WORKLOADS = ("rollout restart", "rollout status", "scale", "set image", "set resources")
SCALED = ("Deployment", "ReplicaSet", "StatefulSet", "ReplicationController")
ROLLED = ("Deployment", "DaemonSet", "StatefulSet")
ON_TYPES = ("annotate", "delete", "describe", "explain", "get", "label", "patch", *OF_WORKLOADS)
FORMS = ("yaml", "json", "wide", "name", "jsonpath=", "custom-columns=")
VALUES: Mapping[str, tuple[str, ...]] = {  # of flags, where they are few
    "cascade": ("background", "foreground", "orphan"), "dry-run": ("none", "client", "server"), "type": ("strategic", "merge", "json"),
    "filename": (problems.FILE,), "validate": ("strict", "warn", "ignore"), "types": ("Normal", "Warning"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What stands before the word that is being written: the command, its other words, and a flag whose value comes next."""

    command: str
    words: tuple[str, ...]
    flag: Flag | None
    namespace: str


def complete(session: Mapping[str, Any], at: float, line: str, cursor: int) -> Json:
    """{"from", "to", "options"} at an offset of the line, typed `at` seconds: [{"text", "kind", "detail"}]."""
    before = line[:cursor]
    start = cursor - len(re.split(r"[\s,]", before)[-1])
    word, given = before[start:], before[:start]
    end = cursor + len(re.match(r"[^\s,]*", line[cursor:])[0])  # type: ignore[index]  # every text has that, if empty
    read = _read(given, word)
    if isinstance(read, Line):
        store = _store(session, at)
        found = list(_options(read, word, store))
    else:
        found = [_option(one, "command") for one in read]
    prefix = re.match(r".*[/=]", word)
    if prefix:
        start, word = start + prefix.end(), word[prefix.end() :]
        found = [{**one, "text": one["text"].removeprefix(prefix[0])} for one in found]
    return {"from": start, "to": end, "options": [one for one in found if one["text"].startswith(word)]}


def _read(given: str, word: str) -> Line | list[str]:
    """The line before the word; the commands that there are where none is given yet."""
    try:
        said = shlex.split(given)
    except ValueError:  # a quote that is still open
        return []
    said = said[1:] if said[:1] and said[0] in PROGRAMS else said
    command, rest = _command(said)
    if not command:
        heads = [name for name in dict.fromkeys(one.partition(" ")[0] for one in VERBS) if name not in said]
        inner = [one.partition(" ")[2] for one in VERBS if said[:1] == [one.partition(" ")[0]] and " " in one]
        return inner or ([*heads, *(("kubectl",) if not given.strip() else ())] if not said or said[0].startswith("-") else [])
    words, flag, namespace = _without_flags(command, rest)
    return Line(command, tuple(words), None if word.startswith("--") else flag, namespace)


def _command(said: list[str]) -> tuple[str, list[str]]:
    """The command and all other words; flags may stand before it."""
    place = first_word(said)
    if place is None:
        return "", said
    length = 2 if said[place] in GROUPS else 1
    name = " ".join(said[place : place + length])
    return (name, said[:place] + said[place + length :]) if name in VERBS else ("", said)


def _without_flags(command: str, rest: list[str]) -> tuple[list[str], Flag | None, str]:
    """The words, the flag whose value comes next, and the namespace."""
    by_spelling = {spelling: one for one in flags.of(command) for spelling in (f"--{one.name}", f"-{one.short}")}
    words: list[str] = []
    waiting: Flag | None = None
    namespace = "default"
    for word in rest:
        name, equals, value = word.partition("=")
        if waiting is not None:
            namespace, waiting = (word if waiting.name == "namespace" else namespace), None
        elif not word.startswith("-"):
            words.append(word)
        elif (flag := by_spelling.get(name)) is not None:
            namespace = value if equals and flag.name == "namespace" else namespace
            waiting = flag if not equals and flag.alone is None else None
    return words, waiting, namespace


def _store(session: Mapping[str, Any], at: float) -> Store:
    """The objects that are there at the instant, after the commands up to it."""
    given = sessions.read(session)
    until = replace(given, until=min(at, given.until), commands=tuple(c for c in given.commands if c.at <= at))
    try:
        world = scenarios.read(sessions.scenario(given))
    except ValueError:
        world = scenarios.Scenario()
    return played_on(Cluster(scenario=world), until, messages.load("en")).cluster.simulation.store


def _options(line: Line, word: str, store: Store) -> Iterator[Json]:
    known = {one.name: one for one in flags.of(line.command) if one.here}
    name, equals, _ = word.removeprefix("--").partition("=")
    if line.flag is not None:
        yield from _values(line.flag.name, line, store)
    elif word.startswith("--") and equals:
        yield from ({**one, "text": f"--{name}={one['text']}"} for one in _values(name, line, store))
    elif word.startswith("-"):
        yield from (_option(f"--{flag.name}" + ("" if flag.alone is not None else "="), "flag", f"-{flag.short}" if flag.short else "") for flag in known.values())
    else:
        yield from _words(line, word, store)


def _values(flag: str, line: Line, store: Store) -> Iterator[Json]:
    found: dict[str, Callable[[], Iterable[str]]] = {
        "namespace": lambda: (one["metadata"]["name"] for one in store.list("Namespace")),
        "container": lambda: _containers(_named(line, store)),
        "containers": lambda: _containers(_named(line, store)),
        "selector": lambda: dict.fromkeys(f"{k}={v}" for one in store.list("Pod", line.namespace) for k, v in (one["metadata"].get("labels") or {}).items()),
        "output": lambda: FORMS if line.command == "get" else [one for one in FORMS if one.rstrip("=") in output.FORMATS["write"]],
    }
    kinds_of = {"container": "container", "namespace": "name", "filename": "file"}
    yield from (_option(one, kinds_of.get(flag, "value")) for one in found.get(flag, lambda: VALUES.get(flag, ()))())


def _words(line: Line, word: str, store: Store) -> Iterator[Json]:
    """Types, then names of that type; TYPE/NAME anywhere."""
    words = [one for one in line.words if one.strip(",")]
    if words and words[-1].endswith(","):
        yield from (_option(kind.plural, "resource") for kind in _types(line.command, store))
    elif line.command == "set image" and words and ("/" in words[0] or len(words) > 1):
        yield from (_option(f"{one}=", "container") for one in _containers(_named(line, store)))
    elif "/" in word and (kind := kinds.find(word.partition("/")[0])):
        yield from ({**one, "text": f"{word.partition('/')[0]}/{one['text']}"} for one in _names(kind, line, store))
    elif line.command in OF_PODS:
        pod = _named(line, store)
        yield from _names(kinds.KINDS["Pod"], line, store) if not words else (_option(one, "container") for one in _containers(pod))
    elif words and "/" not in words[0] and (kind := kinds.find(words[0].rpartition(",")[2])):
        yield from (one for one in _names(kind, line, store) if one["text"] not in words)
    elif not words and line.command in ON_TYPES:
        yield from (_option(kind.plural, "resource", ", ".join(kind.short_names)) for kind in _types(line.command, store))


def _types(command: str, store: Store) -> list[Kind]:
    """The types that a command takes, those first of which there are objects."""
    taken = {"scale": SCALED, "rollout restart": ROLLED, "rollout status": ROLLED}.get(command)
    known = [kind for name, kind in kinds.KINDS.items() if taken is None or name in taken]
    return sorted(known, key=lambda kind: not store.list(kind.kind))


def _names(kind: Kind, line: Line, store: Store) -> Iterator[Json]:
    for obj in store.list(kind.kind, line.namespace if kind.namespaced else None):
        yield _option(obj["metadata"]["name"], "name", kind.kind)


def _named(line: Line, store: Store) -> Object | None:
    """The object that the words name."""
    words = [part for word in line.words for part in word.split("/", 1)]
    kind, name = ("pods", words[0]) if line.command in OF_PODS and len(line.words) == 1 and len(words) == 1 else [*words, "", ""][:2]
    found = kinds.find(kind)
    return store.get(found.kind, line.namespace if found.namespaced else "", name) if found else None


def _containers(obj: Object | None) -> list[str]:
    spec = ((obj if obj["kind"] == "Pod" else pod_template(obj) or {}).get("spec") or {}) if obj else {}
    return [one["name"] for part in ("containers", "initContainers", "ephemeralContainers") for one in spec.get(part) or ()]


def _option(text: str, kind: str, detail: str = "") -> Json:
    return {"text": text, "kind": kind, "detail": detail}
