"""The public cluster: text goes in, kubectl's text and a history come out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from podsim.api import manifest as manifests
from podsim.api.errors import Rejected
from podsim.cluster import history as recorded
from podsim.cluster import scenario as scenarios
from podsim.cluster.history import Fact, Revision, Transition
from podsim.cluster.scenario import Scenario
from podsim.cluster.simulation import Simulation
from podsim.cluster.store import Object
from podsim.trace import to_trace

if TYPE_CHECKING:
    from podsim.kubectl.command import Result

__all__ = ["Cluster", "History", "simulate"]
MANIFEST = "manifest.yaml"


class History:
    """What a cluster recorded: read-only, times in milliseconds inside and seconds in the methods."""

    def __init__(self, record: recorded.History) -> None:
        self.record = record

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """Every visible change of every pod, oldest first."""
        return tuple(self.record.transitions)

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """Every stored revision of every object, oldest first."""
        return tuple(self.record.revisions)

    @property
    def events(self) -> tuple[Revision, ...]:
        """The revisions of Events: a repeated event comes again with a higher count."""
        return tuple(self.record.events)

    @property
    def not_modelled(self) -> Mapping[str, str]:
        """What manifest and scenario ask for and the simulation leaves out: path of the field -> one sentence."""
        from podsim.timeline import unmodelled

        return unmodelled.said(self.record.not_modelled, "en")

    @property
    def until(self) -> float:
        """How far the cluster has run, in seconds."""
        return self.record.until / 1000

    def at(self, seconds: float) -> list[Object]:
        """The objects as stored at that second."""
        return self.record.at(seconds)

    def why(self, change: Fact | Transition) -> tuple[Fact | Transition, ...]:
        """The chain of causes of a transition, oldest first, the transition itself last."""
        return self.record.why(change)

    def to_trace(self) -> dict[str, Any]:
        """The history in the form of the conformance recordings."""
        return to_trace(self.record)

    def figure(self, pod: str | None = None) -> dict[str, Any]:
        """A plotly figure as a plain dict, of the first pod or the one named: `go.Figure(history.figure())`."""
        from podsim.timeline import figure, timeline

        return figure.draw(timeline.of(self.record, pod=pod))


class Cluster:
    """A simulated cluster at t = 0.

    `nodes`: nodes in the scenario's short form, before those of `scenario`; None: those of the scenario, node1 unless it
    names any; an empty list: none. `scenario`: a mapping as SCENARIO files hold it. Raises ScenarioError.
    """

    def __init__(self, nodes: Iterable[Mapping[str, Any]] | None = None, scenario: Mapping[str, Any] | Scenario | None = None) -> None:
        self.simulation = Simulation(_world(nodes, scenario), run_command=self._act)

    @property
    def history(self) -> History:
        """The history so far."""
        return History(self.simulation.history)

    @property
    def now(self) -> float:
        """Seconds of simulated time since t = 0."""
        return self.simulation.clock.now / 1000

    def kubectl(
        self,
        arguments: str | list[str],
        files: Mapping[str, str] | None = None,
        stdin: str | None = None,
        timeout: float | None = None,
    ) -> Result:
        """Runs one kubectl command now, on the files given.

        Commands take no simulated time unless they wait; `timeout` (s) ends a watch or wait.
        """
        from podsim.kubectl import command  # a reader of the book seldom types, and waits for each module

        return command.execute(self.simulation, arguments, files=dict(files or {}), stdin=stdin, timeout=timeout)

    def run(self, until: float) -> None:
        """Lets time pass up to `until` seconds since t = 0; an instant already reached: nothing happens."""
        self.simulation.run(round(until * 1000))

    def add_node(self, node: Mapping[str, Any]) -> None:
        """A node joins, in the scenario's short form."""
        self.simulation.add_node(node)

    def _act(self, line: str) -> None:
        """Raises Rejected with what kubectl says when it fails."""
        done = self.kubectl(line, timeout=0)
        if done.returncode:
            raise Rejected("BadRequest", done.stderr.strip().partition("\n")[0])


def simulate(manifest: str, scenario: Mapping[str, Any] | Scenario | None = None, until: float = 120) -> History:
    """Creates what `manifest` (YAML or JSON text) holds at t = 0, lets `until` seconds pass, gives the history.

    Raises podsim.api.Rejected with the server's message for the first object that it refuses, ScenarioError for a bad
    scenario, podsim.api.manifest.ParseError for text that is no YAML.
    """
    cluster = Cluster(scenario=scenario)
    for document in manifests.parse(manifest, MANIFEST):
        for item in manifests.items(document):
            cluster.simulation.server.create(item.object)
    cluster.run(until)
    return cluster.history


def _world(nodes: Iterable[Mapping[str, Any]] | None, scenario: Mapping[str, Any] | Scenario | None) -> Scenario:
    world = scenarios.read(scenario)
    if nodes is None:
        return world
    given = scenarios.read({"nodes": list(nodes)}).nodes or ()
    return replace(world, nodes=(*given, *(world.nodes or ())))
