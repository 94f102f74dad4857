"""The endpoints of a Service over time: how many it has, and which are ready, serving, terminating."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from podsim import Cluster
from podsim.cluster.store import Object
from tests.conformance import transcripts
from tests.conformance.recordings import Case, Table
from tests.conformance.stories import Span, spans
from tests.conformance.workloads import LATENCY

WINDOW = 0.6  # s by which a change may come earlier or later
FLICKER = 0.1  # s; what happens to two pods within that time may be one change
CONDITIONS = ("ready", "serving", "terminating")
EXPOSED = '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]}}'


def differences(case: Case) -> list[str]:
    """The recorded looks of the slice that podsim does not show at that time."""
    end = case["observe"]
    recorded = spans([(s["t"], _look(s["endpoints"])) for s in case["slices"]], end)
    ours = spans(_simulated(case), end)
    lost = [span for span in recorded if span.end - span.start >= FLICKER and not _shown(span, ours)]
    return [f"{s.start} to {s.end} s: {s.value}" for s in lost]


def _shown(span: Span, ours: Sequence[Span]) -> bool:
    """Whether podsim shows that look from about its beginning to about its end."""
    alike = [s for s in ours if s.value == span.value and s.start <= span.end + WINDOW and s.end >= span.start - WINDOW]
    if span.end - span.start < WINDOW:
        return bool(alike) or span.end - span.start < 2 * FLICKER
    return any(abs(s.start - span.start) <= WINDOW and abs(s.end - span.end) <= WINDOW for s in alike)


def _simulated(case: Case) -> list[tuple[float, str]]:
    made, names = Cluster(scenario=transcripts.world(case)), transcripts.OurNames()
    files = {"m.yaml": case["manifest"], "service.json": EXPOSED}
    for action in case["actions"]:
        made.run(until=action["at"] + LATENCY)
        expose = action["kubectl"][0] == "expose"
        made.kubectl(["create", "-f", "service.json"] if expose else names.translate(action["kubectl"], made), files=files, timeout=0.01)
    made.run(until=case["observe"])
    slices = (r for r in made.history.revisions if r.object["kind"] == "EndpointSlice")
    return [(r.t / 1000, _look(None if r.type == "DELETED" else [e["conditions"] for e in r.object["endpoints"]])) for r in slices]


def _look(endpoints: Iterable[Object] | None) -> str:
    """Every endpoint with what it is, in any order."""
    if endpoints is None:
        return "no slice"
    return ", ".join(sorted(" ".join(c for c in CONDITIONS if e[c]) or "not ready" for e in endpoints))


TABLES = (Table("services", "Endpoints of Services over time", differences),)
