"""A kubectl prompt on one simulated cluster: `podsim kubectl` without arguments."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable

from podsim.facade import Cluster

HELP = """\
Type kubectl commands, with or without the word kubectl; files are read from the disk. Commands take no time unless they wait:
delete and rollout status until what they wait for has come, a watch (get -w, logs -f) 60 seconds, all of it simulated time.

  wait 10s     lets simulated time pass; also 2m, 1h30m
  until 2m     the same, up to two minutes after the start
  time         how far the clock is
  help         this text; kubectl COMMAND --help tells a command's flags
  exit         ends, and so does the end of the input"""


def run(cluster: Cluster, say: Callable[[list[str]], int], seconds: Callable[[str], float | None]) -> int:
    """Reads lines until the input ends; gives the exit code of the last command.

    `say` runs one kubectl command and prints what it prints, `seconds` reads a duration (None if it is none).
    """
    prompt = sys.stdin.isatty()
    if prompt:
        _with_history()
        print("A simulated cluster at t = 0. Type kubectl commands, `wait 10s` to let time pass, `help` or `exit`.")
    code = 0
    while (line := _read(f"t={cluster.now:g}s $ " if prompt else "")) is not None:
        try:
            words = shlex.split(line, comments=True)
        except ValueError as error:
            print(f"podsim: {line.strip()}: {error}", file=sys.stderr)
            code = 1
            continue
        match words:
            case []:
                continue
            case ["exit" | "quit"]:
                break
            case ["help"]:
                print(HELP)
            case ["time"]:
                print(f"{cluster.now:g}s")
            case ["wait" | "sleep", length] if (passing := seconds(length)) is not None:
                cluster.run(cluster.now + passing)
            case ["until", length] if (end := seconds(length)) is not None:
                cluster.run(end)
            case _:
                code = say(words)
    return code


def _with_history() -> None:
    """Arrow keys and earlier lines, where Python was built with them."""
    try:
        import readline
    except ImportError:
        return
    readline.parse_and_bind("tab: self-insert")


def _read(prompt: str) -> str | None:
    try:
        return input(prompt) if prompt else sys.stdin.readline() or None
    except EOFError:
        print()
        return None
