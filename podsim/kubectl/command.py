"""One kubectl command line: which verb, which flags, and what it printed."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from podsim.api import hints
from podsim.kubectl import deleting, editing, files, logs, reading, rollouts, writing
from podsim.kubectl.arguments import GLOBAL_FLAGS, Flag, parse
from podsim.kubectl.call import DRY_RUN, FIELD_MANAGER, FILENAME, OUTPUT, SELECTOR, VALIDATE, Call
from podsim.kubectl.failures import CommandError, words

if TYPE_CHECKING:
    from podsim.api.hints import Hint
    from podsim.cluster.simulation import Simulation


@dataclass(frozen=True, slots=True)
class Result:
    """What a command printed and how it ended; `hints` is what podsim adds to kubectl's words."""

    stdout: str
    stderr: str
    returncode: int
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class Verb:
    """A command of kubectl: the flags it knows besides the global ones, and what it does."""

    run: Callable[[Call], None]
    flags: tuple[Flag, ...]


def _switches(*names: str) -> tuple[Flag, ...]:
    """Flags that are on or off, and off unless given."""
    return tuple(Flag(name, kind="bool") for name in names)


def _texts(*names: str) -> tuple[Flag, ...]:
    return tuple(Flag(name) for name in names)


def _numbers(**values: int) -> tuple[Flag, ...]:
    """Whole numbers and what they are unless given."""
    return tuple(Flag(name.replace("_", "-"), kind="int", default=value) for name, value in values.items())


_EVERYWHERE = Flag("all-namespaces", "A", "bool")
_CHUNKS = _numbers(chunk_size=500)
_LABELS, _ALL = SELECTOR[:1], _switches("all")
_TIMEOUT = Flag("timeout", kind="duration")
_WATCH = Flag("watch", "w", "bool")
_PRINTS = (OUTPUT, Flag("template"), Flag("allow-missing-template-keys", kind="bool", default=True), *_switches("show-managed-fields"))
_WRITES = (*FILENAME, *_PRINTS, DRY_RUN, FIELD_MANAGER)
_WAIT = Flag("wait", kind="bool", default=True)
_CASCADE = Flag("cascade", default="background", bare="background")
_DELETES = (*_switches("force"), *_numbers(grace_period=-1), _TIMEOUT, _CASCADE, _WAIT)
_MARKS = (*_WRITES, *SELECTOR, _EVERYWHERE, *_ALL, *_switches("overwrite", "list", "local"), *_texts("resource-version"))
_APPLIES = (*_switches("server-side", "force-conflicts"), Flag("overwrite", kind="bool", default=True), *_DELETES)
_ROWS = ("ignore-not-found", "no-headers", "show-labels", "show-kind", "watch-only", "output-watch-events")
_LOGS = (
    Flag("follow", "f", "bool"),
    Flag("previous", "p", "bool"),
    Flag("container", "c"),
    Flag("since", kind="duration"),
    Flag("pod-running-timeout", kind="duration", default=20.0),
    *_switches("all-containers", "timestamps", "prefix", "ignore-errors"),
    *_numbers(tail=-1, max_log_requests=5),
)

VERBS: dict[str, Verb] = {
    "annotate": Verb(editing.annotate, _MARKS),
    "apply": Verb(writing.apply, (*_WRITES, *_LABELS, VALIDATE, *_APPLIES)),
    "create": Verb(writing.create, (*_WRITES, *_LABELS, VALIDATE, *_switches("save-config"))),
    "delete": Verb(deleting.delete, (*FILENAME, OUTPUT, *SELECTOR, _EVERYWHERE, *_ALL, DRY_RUN, *_DELETES, *_switches("now", "ignore-not-found"))),
    "describe": Verb(reading.describe, (*FILENAME, *_LABELS, _EVERYWHERE, Flag("show-events", kind="bool", default=True), *_CHUNKS)),
    "events": Verb(reading.events, (OUTPUT, _EVERYWHERE, _WATCH, Flag("types", kind="list"), *_texts("for"), *_switches("no-headers"), *_CHUNKS)),
    "get": Verb(
        reading.get,
        (
            *(*FILENAME, *_PRINTS, *SELECTOR, _EVERYWHERE, _WATCH, *_switches(*_ROWS), *_CHUNKS),
            *(Flag("label-columns", "L", "list"), *_texts("sort-by"), Flag("server-print", kind="bool", default=True)),
        ),
    ),
    "label": Verb(editing.label, _MARKS),
    "logs": Verb(logs.logs, (*_LABELS, *_LOGS)),
    "patch": Verb(editing.patch, (*_WRITES, Flag("patch", "p"), Flag("type", default="strategic"), *_texts("subresource"))),
    "replace": Verb(writing.replace, (*_WRITES, VALIDATE, *_switches("save-config"), *_DELETES)),
    "rollout restart": Verb(rollouts.restart, (*FILENAME, *_PRINTS, *_LABELS, FIELD_MANAGER)),
    "rollout status": Verb(rollouts.status, (*FILENAME, *_LABELS, Flag("watch", "w", "bool", default=True), _TIMEOUT, *_numbers(revision=0))),
    "scale": Verb(editing.scale, (*_WRITES, *_LABELS, *_ALL, *_numbers(replicas=0, current_replicas=-1), _TIMEOUT)),
    "set image": Verb(editing.set_image, (*_WRITES, *_LABELS, *_ALL)),
}
GROUPS = {"rollout": ("history", "pause", "restart", "resume", "status", "undo"), "set": ("env", "image", "resources", "selector", "serviceaccount", "subject")}
COMMANDS = (  # in the order of kubectl's help, in which it suggests them
    "create", "expose", "run", "set", "explain", "get", "edit", "delete", "rollout", "scale", "autoscale",
    "certificate", "cluster-info", "top", "cordon", "uncordon", "drain", "taint", "describe", "logs", "attach",
    "exec", "port-forward", "proxy", "cp", "auth", "debug", "events", "diff", "apply", "patch", "replace", "wait",
    "kustomize", "label", "annotate", "completion", "alpha", "api-resources", "api-versions", "config", "plugin",
    "version", "options",
)  # fmt: skip
SUGGESTION_DISTANCE = 2  # cobra Command.SuggestionsMinimumDistance


def execute(
    simulation: Simulation,
    argv: str | Sequence[str],
    files: Mapping[str, str] | None = None,
    stdin: str | None = None,
    timeout: float | None = None,
    read_disk: bool = False,
) -> Result:
    """Runs one command line (without the word kubectl) at the cluster's present instant.

    `files` are the files it may read, by name, and `stdin` what `-f -` reads; the disk is read only with `read_disk`
    and without `files`. A watch ends after `timeout` simulated seconds (60), a wait fails then (600). What kubectl
    would print is in the result, whatever the input; nothing is raised.
    """
    try:
        name, rest = _command(shlex.split(argv) if isinstance(argv, str) else list(argv))
        verb = VERBS[name]
        arguments = parse(rest, verb.flags, name)
    except CommandError as error:
        return Result("", words([error]), 1)
    except ValueError as error:  # shlex: a quote that is not closed
        return Result("", f"error: {error}\n", 1)
    if arguments["help"]:
        return Result(_help(name, verb), "", 0)
    call = Call(simulation, name, arguments, files, stdin, timeout, read_disk)
    call.attempt(verb.run, call)
    return Result("".join(call.out), "".join(call.err) + words(call.errors), 1 if call.errors else 0, _hints(call))


def _command(argv: list[str]) -> tuple[str, list[str]]:
    """The name of the verb and the words behind it; CommandError for one that kubectl or podsim does not have."""
    if argv[:1] == ["kubectl"]:
        argv = argv[1:]
    position = _first_word(argv)
    if position is None:
        raise CommandError("which command? podsim's kubectl knows: " + ", ".join(VERBS))
    name, rest = argv[position], argv[:position] + argv[position + 1 :]
    if name in GROUPS:
        return _in_group(name, rest)
    if name in VERBS:
        return name, rest
    if name in COMMANDS:
        raise CommandError(f"podsim does not have kubectl {name}; it knows: " + ", ".join(VERBS))
    near = [one for one in COMMANDS if _distance(name.lower(), one) <= SUGGESTION_DISTANCE or one.startswith(name.lower())]
    tail = "\n\nDid you mean this?\n" + "\n".join(f"\t{one}" for one in near) if near else ""
    raise CommandError(f'unknown command "{name}" for "kubectl"{tail}')


def _in_group(name: str, rest: list[str]) -> tuple[str, list[str]]:
    position = _first_word(rest)
    if position is None:
        known = [one for one in VERBS if one.startswith(f"{name} ")]
        raise CommandError(f"kubectl {name} needs a subcommand; podsim knows: {', '.join(known)}")
    full = f"{name} {rest[position]}"
    if full in VERBS:
        return full, rest[:position] + rest[position + 1 :]
    if rest[position] in GROUPS[name]:
        raise CommandError(f"podsim does not have kubectl {full}; it knows: " + ", ".join(VERBS))
    raise CommandError(f'unknown command "{rest[position]}" for "kubectl {name}"\nSee \'kubectl {name} -h\' for help and examples')


def _first_word(argv: Sequence[str]) -> int | None:
    """Where the command stands; global flags with their values may stand before it."""
    needs_value = {f"--{flag.name}" for flag in GLOBAL_FLAGS if flag.alone is None}
    needs_value |= {f"-{flag.short}" for flag in GLOBAL_FLAGS if flag.short and flag.alone is None}
    skip = False
    for position, word in enumerate(argv):
        if skip:
            skip = False
        elif word in needs_value:
            skip = True
        elif not word.startswith("-"):
            return position
    return None


def _distance(a: str, b: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def _help(name: str, verb: Verb) -> str:
    flags = "".join(f"    {f'-{flag.short}, ' if flag.short else '    '}--{flag.name}\n" for flag in (*verb.flags, *GLOBAL_FLAGS))
    return f"podsim's kubectl {name} knows these flags:\n{flags}"


def _hints(call: Call) -> tuple[Hint, ...]:
    """What podsim adds about the manifests of a command that failed."""
    if not call.errors:
        return ()
    with suppress(CommandError):
        texts = [text for name in files.names(call) for _, text in files.read(call, name) or ()]
        return tuple(dict.fromkeys(hint for text in texts for error in call.errors for hint in hints.of(text, error)))
    return ()
