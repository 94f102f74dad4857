"""One kubectl command line: which verb, which flags, and what it printed."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from podsim.api import hints
from podsim.kubectl import deleting, editing, explaining, files, flags, logs, reading, rollouts, writing
from podsim.kubectl.arguments import parse
from podsim.kubectl.call import Call
from podsim.kubectl.failures import CommandError, usage, words

if TYPE_CHECKING:
    from podsim.api.hints import Hint
    from podsim.cluster.simulation import Simulation


@dataclass(frozen=True, slots=True)
class Result:
    """What a command printed and how it ended; `hints` is what podsim adds to kubectl's words, `errors` what stderr is made of."""

    stdout: str
    stderr: str
    returncode: int
    hints: tuple[Hint, ...] = ()
    errors: tuple[Exception, ...] = ()


TOO_LONG = Result("", "bash: kubectl: Argument list too long\n", 126)
VERBS: dict[str, Callable[[Call], None]] = {
    "annotate": editing.annotate,
    "apply": writing.apply,
    "create": writing.create,
    "delete": deleting.delete,
    "describe": reading.describe,
    "events": reading.events,
    "explain": explaining.explain,
    "get": reading.get,
    "label": editing.label,
    "logs": logs.logs,
    "patch": editing.patch,
    "replace": writing.replace,
    "rollout restart": rollouts.restart,
    "rollout status": rollouts.status,
    "scale": editing.scale,
    "set image": editing.set_image,
    "set resources": editing.set_resources,
}
GROUPS = {"rollout": ("history", "pause", "restart", "resume", "status", "undo"), "set": ("env", "image", "resources", "selector", "serviceaccount", "subject")}
COMMANDS = (  # in the order of kubectl's help, in which it suggests them
    "create", "expose", "run", "set", "explain", "get", "edit", "delete", "rollout", "scale", "autoscale",
    "certificate", "cluster-info", "top", "cordon", "uncordon", "drain", "taint", "describe", "logs", "attach",
    "exec", "port-forward", "proxy", "cp", "auth", "debug", "events", "diff", "apply", "patch", "replace", "wait",
    "kustomize", "label", "annotate", "completion", "alpha", "api-resources", "api-versions", "config", "plugin",
    "version", "options",
)  # fmt: skip
GENERATORS = (  # of kubectl create, with their aliases
    "clusterrole", "clusterrolebinding", "configmap", "cm", "cronjob", "cj", "deployment", "deploy", "ingress", "ing", "job", "namespace", "ns",
    "poddisruptionbudget", "pdb", "priorityclass", "pc", "quota", "resourcequota", "role", "rolebinding", "secret", "service", "svc",
    "serviceaccount", "sa", "token",
)  # fmt: skip
LONGEST = 128 * 1024  # characters of a line that a shell hands on: MAX_ARG_STRLEN of Linux
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
    if isinstance(argv, str) and len(argv) > LONGEST:
        return TOO_LONG
    try:
        name, rest = _command(shlex.split(argv) if isinstance(argv, str) else list(argv))
        if name not in VERBS:
            return Result("", _overview(name), 1) if name else Result(_overview(""), "", 0)
        arguments = parse(rest, flags.of(name), name)
    except CommandError as error:
        return Result("", words([error]), 1)
    except ValueError as error:  # shlex: a quote that is not closed
        return Result("", f"error: {error}\n", 1)
    if arguments["help"]:
        return Result(_help(name), "", 0)
    call = Call(simulation, name, arguments, files, stdin, timeout, read_disk)
    call.attempt(VERBS[name], call)
    return Result("".join(call.out), "".join(call.err) + words(call.errors), 1 if call.errors else 0, _hints(call), tuple(call.errors))


def _command(argv: list[str]) -> tuple[str, list[str]]:
    """The command and the words behind it; "" or a group of commands if nothing is said that could be run.

    CommandError for one that kubectl or podsim does not have.
    """
    if argv[:1] == ["kubectl"]:
        argv = argv[1:]
    position = first_word(argv)
    if position is None:
        return "", []
    name, rest = argv[position], argv[:position] + argv[position + 1 :]
    if name == "create" and (place := first_word(rest)) is not None and rest[place] in GENERATORS:
        raise CommandError(f"podsim creates objects from files only: write the {rest[place]} as YAML and use create -f")
    if name in VERBS:
        return name, rest
    if name in GROUPS:
        return _in_group(name, rest)
    if name == "help":
        name, _ = _command(rest)
        return name, ["--help"]
    if name in COMMANDS:
        raise _absent(name)
    near = [one for one in COMMANDS if _distance(name.lower(), one) <= SUGGESTION_DISTANCE or one.startswith(name.lower())]
    tail = "\n\nDid you mean this?\n" + "\n".join(f"\t{one}" for one in near) if near else ""
    raise CommandError(f'unknown command "{name}" for "kubectl"{tail}')


def _in_group(name: str, rest: list[str]) -> tuple[str, list[str]]:
    position = first_word(rest)
    if position is None:
        return name, []
    full = f"{name} {rest[position]}"
    if full in VERBS:
        return full, rest[:position] + rest[position + 1 :]
    if rest[position] in GROUPS[name]:
        raise _absent(full)
    said = " ".join(word for word in rest if not word.startswith("-"))
    raise usage(name, f'unknown command "{said}"')


def _absent(name: str) -> CommandError:
    return CommandError(f"podsim does not have kubectl {name}; it knows: " + ", ".join(VERBS))


def first_word(argv: Sequence[str]) -> int | None:
    """Where the command stands; flags with their values may stand before it.                      cobra Command.stripFlags"""
    alone = {word for flag in flags.of("") if flag.alone is not None for word in (f"--{flag.name}", f"-{flag.short}")}
    skip = False
    for position, word in enumerate(argv):
        if skip:
            skip = False
        elif not word.startswith("-"):
            return position
        else:
            skip = "=" not in word and (word.startswith("--") or len(word) == 2) and word not in alone
    return None


def _distance(a: str, b: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def _overview(group: str) -> str:
    known = [name for name in VERBS if name.startswith(group)]
    return "podsim's kubectl knows: " + ", ".join(known) + ". kubectl COMMAND --help tells its flags.\n"


def _help(name: str) -> str:
    known = [flag for flag in flags.of(name) if flag.here]
    return f"podsim's kubectl {name} knows these flags:\n" + "".join(f"    {f'-{flag.short}, ' if flag.short else '    '}--{flag.name}\n" for flag in known)


def _hints(call: Call) -> tuple[Hint, ...]:
    """What podsim adds about the manifests of a command that failed."""
    if not call.errors:
        return ()
    with suppress(CommandError):
        texts = [found for name in files.names(call) for found in files.read(call, name) or ()]
        found = []
        for error in call.errors:
            named = [(source, text) for source, text in texts if f'"{source}"' in str(error) or f"parsing {source}:" in str(error)]
            found += [replace(hint, source=source) for source, text in named or texts for hint in hints.of(text, error)]
        return tuple(dict.fromkeys(found))
    return ()
