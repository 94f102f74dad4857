"""The `podsim` command: results on standard output, one message on standard error, no half-written file."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
import textwrap
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import yaml

from podsim import checking, shell
from podsim.api import hints, manifest
from podsim.api.errors import Rejected
from podsim.cluster.scenario import ScenarioError
from podsim.explorers import origins
from podsim.facade import Cluster
from podsim.kubectl import command
from podsim.timeline import svg, table, timeline

FORMATS = ("table", "wide", "yaml", "json", "describe", "events", "trace", "svg", "html")
KUBECTL = {"wide": "get pods -o wide", "yaml": "get pods -o yaml", "json": "get pods -o json", "describe": "describe pods", "events": "events"}
FAILED, INTERRUPTED = 1, 130
MOST_CHANGED = 12  # lines of a repair that are shown one by one
PAGE_STYLE = (
    "body{font:14px/1.4 sans-serif;margin:24px;max-width:960px}table{border-collapse:collapse}td,th{text-align:left;padding:3px 12px 3px 0;vertical-align:top}"
)
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
HELP = """\
Simulates the life of a Kubernetes Pod (v1.37.2) and shows every change with its reason.

  podsim run pod.yaml                       what happens in the first two minutes, and why
  podsim run pod.yaml --until 20m -o describe
  podsim run pod.yaml -o figure.svg         the timeline as a picture
  podsim check *.yaml                       what the API server would refuse: FILE:LINE:COL: message
  podsim explain pod.yaml                   the stored object; every line that you did not write, with its origin
  podsim kubectl                            a kubectl prompt on one simulated cluster

FILE may be - for standard input."""
SCENARIO_HELP = """\
A scenario says what a manifest cannot: how long pulls take, what processes do, when someone deletes the pod.

  images: {nginx: {pull: 20}}
  containers: {app: {runs: [{for: 5, exit: 1}]}}
  actions: [{at: 60, delete: {}}]"""
SHELL_HELP = f"""\
Without arguments: a prompt. {shell.HELP}

  podsim kubectl
  $ apply -f pod.yaml
  $ wait 10s
  $ get pods"""


class Complaint(Exception):  # noqa: N818 - it is printed, not raised to callers
    """What is wrong with the input, and what to write instead."""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command line; gives the exit code."""
    try:
        arguments = _parser().parse_args(argv)
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Complaint as complaint:
        print(f"{_paint('podsim:', '31', sys.stderr)} {complaint}", file=sys.stderr)
        return FAILED
    return code


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="podsim", description=HELP, formatter_class=raw)
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    run = verbs.add_parser("run", help="simulate a manifest and show what happens", description=SCENARIO_HELP, formatter_class=raw)
    run.add_argument("file", metavar="FILE", help="a manifest (YAML or JSON), or -")
    run.add_argument("--scenario", metavar="FILE", help="the world around it: images, processes, actions")
    run.add_argument("--until", metavar="TIME", type=_seconds, default=120.0, help="how long: 90s, 2m, 1h30m (default 2m)")
    run.add_argument("-o", "--output", metavar="FORMAT", default="table", help=f"{', '.join(FORMATS)}, or a file NAME.svg or NAME.html")
    run.set_defaults(run=_run)

    kubectl = verbs.add_parser("kubectl", help="kubectl on a simulated cluster", description=SHELL_HELP, formatter_class=raw)
    kubectl.add_argument("--scenario", metavar="FILE", help="the world: images, processes, actions")
    kubectl.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...", help="one kubectl command; none: a prompt")
    kubectl.set_defaults(run=_kubectl)

    explain = verbs.add_parser("explain", help="show who wrote each line of the stored object")
    explain.add_argument("file", metavar="FILE", help="a manifest, or -")
    explain.set_defaults(run=_explain)

    check = verbs.add_parser("check", help="say what the API server would refuse")
    check.add_argument("files", metavar="FILE", nargs="+", help="manifests, directories of manifests, or -")
    check.set_defaults(run=_check)
    return parser


def _run(arguments: argparse.Namespace) -> int:
    output: str = arguments.output
    suffix = Path(output).suffix.removeprefix(".")
    if output not in FORMATS and suffix not in ("svg", "html"):
        raise Complaint(f"-o {output}: no such format; give {', '.join(FORMATS)}, or a file NAME.svg or NAME.html")
    cluster = _cluster(arguments.scenario)
    _create(cluster, arguments.file)
    cluster.run(arguments.until)
    text = _shown(cluster, output if output in FORMATS else suffix)
    if output in FORMATS:
        print(text, end="")
    else:
        _write(Path(output), text)
        print(f"wrote {output}")
    return 0


def _shown(cluster: Cluster, form: str) -> str:
    if form in KUBECTL and form != "wide":
        return command.execute(cluster.simulation, KUBECTL[form]).stdout
    if form == "trace":
        return json.dumps(cluster.history.to_trace(), indent=1) + "\n"
    if not cluster.history.record.pods():
        raise Complaint("the manifest makes no pod; give a Pod, or a workload that makes one")
    told = timeline.of(cluster.history.record, scenario=cluster.simulation.scenario)
    if form == "svg":
        return svg.draw(told, standalone=True)
    if form == "html":
        return _page(svg.draw(told), table.html(told), told["pod"])
    rows = command.execute(cluster.simulation, KUBECTL["wide"] if form == "wide" else "get pods").stdout
    missing = "".join(f"Not modelled: {path}: {text}\n" for path, text in cluster.history.not_modelled.items())
    return f"{table.text(told)}\n{rows}{missing}"


def _page(picture: str, rows: str, pod: str) -> str:
    """One HTML file that needs nothing else."""
    head = f'<meta charset="utf-8"><title>{escape(pod)}</title><style>{PAGE_STYLE}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n{picture}{rows}</body></html>\n'


def _kubectl(arguments: argparse.Namespace) -> int:
    cluster = _cluster(arguments.scenario)
    if arguments.arguments:
        return _say(cluster, arguments.arguments, None if sys.stdin.isatty() else sys.stdin.read)
    return shell.run(cluster, lambda words: _say(cluster, words, None), _duration)


def _say(cluster: Cluster, words: list[str], read: Callable[[], str] | None) -> int:
    stdin = read() if read and "-" in words else None
    result = command.execute(cluster.simulation, words, stdin=stdin, read_disk=True)
    sys.stdout.write(result.stdout)
    sys.stdout.flush()
    sys.stderr.write(result.stderr)
    for hint in result.hints:
        print(_paint(f"podsim: {_advice(hint, str(hint))}", "2", sys.stderr), file=sys.stderr)
    return result.returncode


def _explain(arguments: argparse.Namespace) -> int:
    cluster = Cluster()
    store = cluster.simulation.store
    text, documents = _documents(arguments.file)
    shown = []
    for document in documents:
        created = _accepted(cluster, arguments.file, text, document)
        meta = created["metadata"]
        cluster.run(cluster.now + 10)
        latest = store.get(created["kind"], meta.get("namespace", ""), meta["name"]) or created
        shown.append(origins.lines(origins.of_manifest(document, created), latest))
        if pod := origins.made_by(store, latest):
            shown.append(origins.lines(origins.of_pod(document, latest, pod[0]), pod[1]))
    for number, found in enumerate(shown):
        print("---\n" if number else "", end="")
        _print_lines(found)
    return 0


def _print_lines(lines: list[origins.Line]) -> None:
    width = min(max(len(line.text) for line in lines), 72)
    for line in lines:
        note = str(line.origin) if line.origin else ""
        print(f"{line.text:<{width}}   {_paint(note, '2', sys.stdout)}".rstrip())


def _check(arguments: argparse.Namespace) -> int:
    code = 0
    for file in (one for name in arguments.files for one in (["-"] if name == "-" else checking.files_of(name))):
        try:
            found = checking.problems(_text(file), _shown_name(file))
        except Complaint as complaint:
            found = [checking.Problem(1, 1, str(complaint))]
        for problem in found:
            print(f"{_paint(_place(file, problem.line, problem.column), '1', sys.stdout)} {problem.message}")
            for hint in problem.hints:
                print(_paint(textwrap.indent(_advice(hint, hint.message), "  "), "2", sys.stdout))
            code = FAILED
    return code


def _create(cluster: Cluster, file: str) -> None:
    text, documents = _documents(file)
    for document in documents:
        _accepted(cluster, file, text, document)


def _accepted(cluster: Cluster, file: str, text: str, document: manifest.Document) -> dict[str, Any]:
    if not isinstance(document.object, dict):
        raise Complaint(f"{_place(file, document.line, 1)} {checking.NO_OBJECT}")
    try:
        return dict(cluster.simulation.server.create(document.object).object)
    except Rejected as refusal:
        line, column = checking.position(document, refusal.errors[0])
        raise Complaint(f"{_place(file, line, column)} {_hinted(text, refusal)}") from refusal


def _documents(file: str) -> tuple[str, list[manifest.Document]]:
    text = _text(file)
    try:
        documents = [item for document in manifest.parse(text, _shown_name(file)) for item in manifest.items(document)]
    except manifest.ParseError as error:
        raise Complaint(f"{_place(file, _line_of(error), 1)} {_hinted(text, error)}") from error
    if not documents:
        raise Complaint(f"{_shown_name(file)} holds no object; give a manifest with apiVersion, kind and metadata.name")
    return text, documents


def _cluster(file: str | None) -> Cluster:
    if file is None:
        return Cluster()
    try:
        return Cluster(scenario=yaml.safe_load(_text(file)))
    except ScenarioError as error:
        raise Complaint(f"{_shown_name(file)}: {error}") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise Complaint(f"{_place(file, mark.line + 1, mark.column + 1) if mark else file} {error.problem}") from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:  # control characters, times and keys that are none, no end of brackets
        raise Complaint(f"{_shown_name(file)} cannot be read as YAML: {str(error).partition(chr(10))[0]}") from error


def _text(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    except FileNotFoundError as error:
        raise Complaint(f"{file}: no such file; give the path of a manifest, or - for standard input") from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise Complaint(f"{file} cannot be read: {reason}") from error


def _write(path: Path, text: str) -> None:
    """Writes the whole file or nothing."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise Complaint(f"{path} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _line_of(error: Exception) -> int:
    found = re.search(r"line (\d+)", str(error))
    return int(found[1]) if found else 1


def _hinted(text: str, error: Exception) -> str:
    message = error.message if isinstance(error, Rejected) else str(error)
    return "\n".join([message, *(textwrap.indent(_advice(hint, str(hint)), "  ") for hint in hints.of(text, error))])


def _advice(hint: hints.Hint, message: str) -> str:
    """A hint, and below it what its repair changes; the whole text where that is much."""
    if not hint.fixed_text:
        return message
    if hint.changes.count("\n") > MOST_CHANGED:
        return f"{message}:\n\n{textwrap.indent(hint.fixed_text, '  ')}"
    return f"{message}\n{textwrap.indent(hint.changes, '  ').rstrip()}"


def _place(file: str, line: int, column: int) -> str:
    return f"{_shown_name(file)}:{line}:{column}:"


def _shown_name(file: str) -> str:
    return "<stdin>" if file == "-" else file


def _paint(text: str, code: str, stream: Any) -> str:
    """Coloured on a terminal, unless NO_COLOR is set."""
    return f"\x1b[{code}m{text}\x1b[0m" if text and stream.isatty() and not os.environ.get("NO_COLOR") else text


def _seconds(text: str) -> float:
    seconds = _duration(text)
    if seconds is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time; write 90s, 2m or 1h30m")
    return seconds


def _duration(text: str) -> float | None:
    """Seconds of `90s`, `2m`, `1h30m` or a plain number; None for anything else."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    if not re.fullmatch(r"(\d+(\.\d+)?(ms|s|m|h))+", text):
        return None
    return sum(float(n) * UNITS[unit] for n, _, unit in re.findall(r"(\d+(\.\d+)?)(ms|s|m|h)", text))
