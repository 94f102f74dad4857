"""The kubectl prompt: lines typed at instants, run in the order of time on one terminal."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

from podsim.api.hints import Hint
from podsim.facade import Cluster
from podsim.kubectl.command import COMMANDS, LONGEST, TOO_LONG, Result
from podsim.playground import problems
from podsim.playground.sessions import Session
from podsim.timeline.messages import Messages

Json = dict[str, Any]
PROGRAMS = ("kubectl", "k")
NOT_FOUND, INTERRUPTED = 127, 130  # exit codes of a shell
_SHELL = re.compile(r"(?:^|\s)(\|\|?|&&?|;|[0-9]?>>?|<{1,3})(?:\s|$)|\$\(|`")


def run(cluster: Cluster, session: Session, words: Messages) -> Iterator[Json]:
    """What each command printed, {"index", "at", "line", "stdout", "stderr", "returncode", "waited", "interrupted", "hints"}.

    A command that still waits at the instant of a later one is interrupted, as by Ctrl-C; one that waits at the end has the
    returncode None. Commands after `until` are left out.
    """
    due = sorted((c.at, n) for n, c in enumerate(session.commands) if c.at <= session.until)
    for at, index in due:
        cluster.run(at)
        start, line = cluster.now, session.commands[index].line
        following = next((later for later, _ in due if later > at), None)
        patience = max((session.until if following is None else following) - start, 0)
        result = _ran(cluster, session, line, patience, words)
        waits = 0 < patience <= cluster.now - start
        yield {
            "index": index,
            "at": start,
            "line": line,
            "stdout": result.stdout,
            "stderr": "" if waits else result.stderr,
            "returncode": result.returncode if not waits else None if following is None else INTERRUPTED,
            "waited": round(cluster.now - start, 3),
            "interrupted": waits and following is not None,
            "hints": [_hint(session.manifest, hint, words) for hint in result.hints],
        }


def argv(line: str, words: Messages) -> list[str] | Result:
    """The words behind kubectl, or what a shell says to a line that is no kubectl command."""
    if len(line) > LONGEST:
        return TOO_LONG
    if operator := _SHELL.search(_unquoted(line)):
        return Result("", words.say("prompt", "operator", text=operator[0].strip()) + "\n", 2)
    try:
        found = shlex.split(line, comments=True)
    except ValueError as error:
        return Result("", f"sh: {error}\n", 2)
    if found and found[0] in PROGRAMS:
        return found[1:]
    if not found or found[0] in COMMANDS:
        return found
    key = f"said-{found[0]}"
    return Result("", words.say("prompt", key if words.has("prompt", key) else "unknown", text=found[0]) + "\n", NOT_FOUND)


def _ran(cluster: Cluster, session: Session, line: str, patience: float, words: Messages) -> Result:
    said = argv(line, words)
    if isinstance(said, Result):
        return said
    if not said and not line.split():
        return Result("", "", 0)
    return cluster.kubectl(said, files={problems.FILE: session.manifest}, timeout=patience)


def _unquoted(line: str) -> str:
    """The line without what stands in quotes."""
    return re.sub(r"'[^']*'|\"(?:\\.|[^\"\\])*\"", "''", line)


def _hint(text: str, hint: Hint, words: Messages) -> Json:
    return {"message": hint.message, "line": hint.line, "fixes": problems.fixes(text, [hint], words)}
