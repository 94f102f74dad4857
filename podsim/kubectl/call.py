"""One command line while it runs: what it was given, what it has printed so far, and how it lets time pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, ParamSpec

from podsim.api.errors import Rejected
from podsim.api.kinds import Kind
from podsim.kubectl import output
from podsim.kubectl.arguments import Arguments
from podsim.kubectl.failures import CommandError

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

Object = dict[str, Any]
P = ParamSpec("P")
DryRun = Literal["none", "client", "server"]
Validation = Literal["Strict", "Warn", "Ignore"]
DEFAULT_NAMESPACE = "default"
WATCH_SECONDS, WAIT_SECONDS = 60.0, 600.0

_DRY_RUN_SUFFIX: dict[DryRun, str] = {"none": "", "client": " (dry run)", "server": " (server dry run)"}
_VALIDATIONS: dict[str, Validation] = {
    "true": "Strict", "strict": "Strict", "warn": "Warn", "false": "Ignore", "ignore": "Ignore"
}  # fmt: skip


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
        value = self.arguments.values.get("dry-run", "none")
        if value == "unchanged":
            return "client"
        if value in _DRY_RUN_SUFFIX:
            return value  # type: ignore[no-any-return]
        raise CommandError(f'Invalid dry-run value ({value}). Must be "none", "server", or "client".')

    @property
    def validation(self) -> Validation:
        """What --validate asks for."""
        value = self.arguments.values.get("validate", "ignore")
        if value in _VALIDATIONS:
            return _VALIDATIONS[value]
        raise CommandError(f'invalid - validate option "{value}"; must be one of: strict (or true), warn, ignore (or false)')

    def print(self, text: str) -> None:
        """Writes to stdout."""
        self.out.append(text)

    def nothing_found(self, *, everywhere: bool = False) -> None:
        """Says that there is nothing of what was asked for."""
        self.err.append("No resources found\n" if everywhere else f"No resources found in {self.namespace} namespace.\n")

    def warn(self, texts: Sequence[str]) -> None:
        """Warnings go to stderr."""
        self.err += [f"Warning: {text}\n" for text in texts]

    @contextmanager
    def warned(self) -> Iterator[None]:
        """What a server that refuses warned of before goes to stderr."""
        try:
            yield
        except Rejected as refusal:
            self.warn(refusal.warnings)
            raise

    def done(self, kind: Kind, obj: Object, operation: str, dry_run: DryRun = "none", *, apart: bool = False) -> None:
        """Reports one object of a verb that writes, as -o asks; `apart`: a printer of its own, without `---` before it."""
        form = self.arguments["output"]
        output.check(form)
        name = full_name(kind, obj["metadata"].get("name", ""))
        if not form:
            self.print(f"{name} {operation}{_DRY_RUN_SUFFIX[dry_run]}\n")
        else:
            self.print_object(form, obj, [name], [obj], apart=apart)

    def print_object(self, form: str, obj: Object, names: Sequence[str], items: Sequence[Object], *, headers: bool = True, apart: bool = False) -> None:
        """One object or list in the form that -o asks for; YAML documents of one printer are kept apart by `---`."""
        self.print(("---\n" if form == "yaml" and self.printed_objects and not apart else "") + output.text(form, obj, names, items, headers=headers))
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
