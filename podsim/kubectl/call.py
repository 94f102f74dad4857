"""One command line while it runs: what it was given, what it has printed so far, and how it lets time pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, ParamSpec

from podsim.api.errors import Rejected
from podsim.api.kinds import Kind
from podsim.kubectl import jsontext, yaml
from podsim.kubectl.arguments import Arguments, Flag
from podsim.kubectl.failures import CommandError

if TYPE_CHECKING:
    from podsim.api.hints import Hint
    from podsim.cluster.simulation import Simulation

Object = dict[str, Any]
P = ParamSpec("P")
DryRun = Literal["none", "client", "server"]
Validation = Literal["Strict", "Warn", "Ignore"]
DEFAULT_NAMESPACE = "default"
WATCH_SECONDS, WAIT_SECONDS = 60.0, 600.0

OUTPUT = Flag("output", "o")
DRY_RUN = Flag("dry-run", default="none", bare="unchanged")
VALIDATE = Flag("validate", default="strict", bare="strict")
FIELD_MANAGER = Flag("field-manager")
FILENAME = (Flag("filename", "f", "list"), Flag("recursive", "R", "bool"), Flag("kustomize", "k"))
SELECTOR = (Flag("selector", "l"), Flag("field-selector"))
_DRY_RUN_SUFFIX: dict[DryRun, str] = {"none": "", "client": " (dry run)", "server": " (server dry run)"}
_VALIDATIONS: dict[str, Validation] = {
    "true": "Strict", "strict": "Strict", "warn": "Warn", "false": "Ignore", "ignore": "Ignore"
}  # fmt: skip
DESCRIBED_FORMATS = ("", "name", "json", "yaml")


@dataclass(slots=True)
class Call:
    """A command being run against `simulation`. `out` and `err` are what it has printed, `errors` what went wrong."""

    simulation: Simulation
    command: str
    arguments: Arguments
    files: Mapping[str, str] | None = None
    stdin: str | None = None
    timeout: float | None = None
    read_disk: bool = False
    out: list[str] = field(default_factory=list)
    err: list[str] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    printed_objects: int = 0

    @property
    def namespace(self) -> str:
        """The namespace of the command."""
        return self.arguments["namespace"] or DEFAULT_NAMESPACE

    @property
    def now(self) -> datetime:
        """The cluster's wall clock."""
        return self.simulation.clock.wall()

    @property
    def dry_run(self) -> DryRun:
        """What --dry-run asks for."""
        value = self.arguments["dry-run"]
        if value == "unchanged":
            return "client"
        if value in _DRY_RUN_SUFFIX:
            return value  # type: ignore[no-any-return]
        raise CommandError(f'Invalid dry-run value ({value}). Must be "none", "server", or "client".')

    @property
    def validation(self) -> Validation:
        """What --validate asks for."""
        value = self.arguments["validate"]
        if value in _VALIDATIONS:
            return _VALIDATIONS[value]
        raise CommandError(f'invalid - validate option "{value}"; must be one of: strict (or true), warn, ignore (or false)')

    def print(self, text: str) -> None:
        """Writes to stdout."""
        self.out.append(text)

    def warn(self, texts: Sequence[str]) -> None:
        """Warnings go to stderr."""
        self.err += [f"Warning: {text}\n" for text in texts]

    def done(self, kind: Kind, obj: Object, operation: str, dry_run: DryRun = "none") -> None:
        """Reports one object of a verb that writes, as -o asks."""
        output = self.arguments["output"]
        if output in ("yaml", "json"):
            return self.print_object(obj, output)
        if output not in DESCRIBED_FORMATS:
            raise unknown_format(output)
        suffix = "" if output == "name" else f" {operation}{_DRY_RUN_SUFFIX[dry_run]}"
        return self.print(f"{full_name(kind, obj['metadata'].get('name', ''))}{suffix}\n")

    def print_object(self, obj: Object, output: str) -> None:
        """One object as YAML or JSON; YAML documents are kept apart by `---`."""
        if output == "json":
            self.print(jsontext.indented(obj) + "\n")
        else:
            self.print(("---\n" if self.printed_objects else "") + yaml.dump(obj))
        self.printed_objects += 1

    def attempt(self, work: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Does one part of the command; its failure is noted and does not stop the others."""
        try:
            work(*args, **kwargs)
        except (Rejected, CommandError) as error:
            self.errors.append(error)

    def wait(self, holds: Callable[[], bool], seconds: float | None = None) -> bool:
        """Lets simulated time pass until `holds()`, at most `seconds`. Whether it came to hold.

        A command that the cluster itself runs (an action of the scenario) cannot wait.
        """
        if self.simulation.env.active_process is not None:
            return True
        longest = min(one for one in (seconds, self.timeout, WAIT_SECONDS) if one is not None)
        return self.simulation.run_until(holds, round(longest * 1000))

    def watch(self, over: Callable[[], bool] | None = None) -> None:
        """Lets simulated time pass until the watch ends or `over()` holds; not at all inside an action."""
        if self.simulation.env.active_process is not None:
            return
        length = round((WATCH_SECONDS if self.timeout is None else self.timeout) * 1000)
        if over is None:
            self.simulation.run(self.simulation.clock.now + length)
        else:
            self.simulation.run_until(over, length)


def full_name(kind: Kind, name: str) -> str:
    """`pod/web`, `deployment.apps/web`."""
    return f"{typed(kind)}/{name}"


def typed(kind: Kind) -> str:
    """`pod`, `deployment.apps`."""
    return f"{kind.kind.lower()}.{kind.group}" if kind.group else kind.kind.lower()


def unknown_format(output: str) -> CommandError:
    """An -o that a verb which writes does not know."""
    allowed = "go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,yaml"
    return CommandError(f'unable to match a printer suitable for the output format "{output}", allowed formats are: {allowed}')
