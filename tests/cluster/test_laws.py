"""What holds for every scenario, generated ones included."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby, pairwise, product
from typing import Any

from hypothesis import given, reject, settings

from podsim import simulate
from podsim.api import Rejected
from podsim.cluster.causes import FINISHED, ROOTS, Fact
from podsim.cluster.history import History, Revision
from podsim.cluster.kubelet.restarts import SWEPT
from podsim.cluster.kubelet.status import summarize
from podsim.timeline import timeline
from tests.cluster.generated import UNTIL, Json, manifests, worlds

TERMINAL = ("Succeeded", "Failed")
STATUSES = ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")
WAITS = [10, 20, 40, 80, 160, 300]


def play(objects: list[Json], world: Json) -> History:
    try:
        return simulate("\n---\n".join(map(json.dumps, objects)), world, UNTIL).record
    except Rejected:
        reject()


def lives(history: History) -> list[list[Revision]]:
    """The revisions of each pod, by its uid."""
    found: dict[str, list[Revision]] = {}
    for revision in history.of_kind("Pod"):
        found.setdefault(revision.object["metadata"]["uid"], []).append(revision)
    return list(found.values())


def rises(values: Iterable[Any]) -> bool:
    return all(a <= b for a, b in pairwise(values))


def time_never_goes_back(history: History) -> None:
    assert rises(r.t for r in history.revisions)
    assert rises(r.t for r in history.events)
    assert rises(f.t for f in history.facts)
    assert rises(t.t for t in history.transitions)
    assert rises(c.end for c in history.runtime)
    assert all(c.t <= c.end for c in history.runtime)
    assert rises(history.causes)


def terminal_phases_stay(history: History) -> None:
    for life in lives(history):
        phases = [r.object["status"]["phase"] for r in life]
        first = next((i for i, p in enumerate(phases) if p in TERMINAL), len(phases))
        assert len(set(phases[first:])) <= 1


def restart_counts_never_fall(history: History) -> None:
    for life in lives(history):
        for before, after in pairwise(r.object["status"] for r in life):
            for key in STATUSES:
                old = {c["name"]: c["restartCount"] for c in before.get(key, ())}
                assert all(c["restartCount"] >= old.get(c["name"], 0) for c in after.get(key, ()))


def at_most_one_run_of_a_container(history: History) -> None:
    running: dict[tuple[str, str], int] = {}
    for call in history.runtime:
        if call.call in ("StartContainer", "(exit)") and "error" not in call.details:
            key = call.subject, call.details["container"]
            running[key] = running.get(key, 0) + (1 if call.call == "StartContainer" else -1)
            assert 0 <= running[key] <= 1


def back_off_waits_double(history: History) -> None:
    """Nothing here runs for the ten minutes that would forget the past: a wait never shrinks, whatever is not refused."""
    for kind in ("start-refused", "pull-refused"):
        key = ["container", "image"] if kind == "start-refused" else ["image"]
        refusals = sorted((f for f in history.facts if f.kind == kind), key=lambda f: (f.subject, [f.details[k] for k in key], f.id))
        for _, group in groupby(refusals, key=lambda f: (f.subject, [f.details[k] for k in key])):
            facts = list(group)
            assert all(f.details["wait"] in WAITS and 0 < f.details["remaining"] <= f.details["wait"] for f in facts)
            assert rises(f.details["wait"] for f in facts)


def everything_has_a_cause(history: History) -> None:
    """So every chain ends in a root: a cause is always older than what it leads to."""
    for one in history.causes.values():
        if one.cause is None:
            assert isinstance(one, Fact), one
            assert one.kind in ROOTS, one
        else:
            assert one.cause < one.id, one
            assert history.causes[one.cause].t <= one.t, (one, history.causes[one.cause])


def deleted_pods_stay_gone(history: History) -> None:
    for life in lives(history):
        assert [r.type for r in life].count("DELETED") == (life[-1].type == "DELETED")
        assert life[0].type == "ADDED"


def a_status_is_its_own_summary(history: History) -> None:
    """Phase and conditions follow from the container statuses, but where the kubelet holds an end back, forces one, or has just swept the pod clean."""
    for life in lives(history):
        for before, revision in pairwise(life):
            pod = revision.object
            status = pod["status"]
            if "containerStatuses" not in status or status.get("reason") or SWEPT in str(status["containerStatuses"]):
                continue
            possible = [summarize(pod, terminal=a, regular_container_ever_active=b) for a, b in product((False, True), repeat=2)]
            phases = {s["phase"] for s in possible}
            lost = "deletionTimestamp" in pod["metadata"] and status["phase"] == "Failed"  # status_manager.go TerminatePod
            finished = any(c["type"] == "Ready" and c.get("reason") in FINISHED for c in status["conditions"])
            held = finished and status["phase"] == before.object["status"]["phase"]  # status_manager.go mergePodStatus
            assert status["phase"] in phases or lost or held, (status["phase"], phases)
            shown = {c["type"]: c["status"] for c in status["conditions"]}
            assert (shown["Ready"] == "True") <= (shown["ContainersReady"] == "True")
            if status["phase"] not in TERMINAL and shown["ContainersReady"] == "True":
                assert all(c["ready"] for c in status["containerStatuses"])


def events_count_up(history: History) -> None:
    seen: dict[tuple[str, str], int] = {}
    for revision in history.events:
        meta = revision.object["metadata"]
        key, count = (meta["namespace"], meta["name"]), revision.object.get("count", 0)
        assert count == seen.get(key, 0) + 1 or (count == 0 and key not in seen)
        seen[key] = count


def generations_are_observed_later(history: History) -> None:
    for life in lives(history):
        for revision in life:
            assert revision.object["status"].get("observedGeneration", 0) <= revision.object["metadata"]["generation"]
        assert rises(r.object["metadata"]["generation"] for r in life)
        assert rises(r.object["status"].get("observedGeneration", 0) for r in life)


def only_running_containers_answer_probes(history: History) -> None:
    spans: dict[tuple[str, str], list[list[int]]] = {}
    for call in history.runtime:
        key = call.subject, call.details.get("container", "")
        if call.call == "StartContainer" and "error" not in call.details:
            spans.setdefault(key, []).append([call.end, history.until])
        elif call.call == "(exit)":
            spans[key][-1][1] = call.end
    for probe in history.probes:
        assert probe.result == "refused" or any(a <= probe.t <= b for a, b in spans[probe.subject, probe.container]), probe


def every_step_is_told(history: History) -> None:
    for pod in history.pods():
        for step in timeline.of(history, pod)["steps"]:
            assert 3 <= len(step["why"]) <= 6, step
            assert rises(clause["t"] for clause in step["why"]), step


LAWS = [
    time_never_goes_back, terminal_phases_stay, restart_counts_never_fall, at_most_one_run_of_a_container, back_off_waits_double,
    everything_has_a_cause, deleted_pods_stay_gone, a_status_is_its_own_summary, events_count_up, generations_are_observed_later,
    only_running_containers_answer_probes, every_step_is_told,
]  # fmt: skip


@settings(max_examples=90, deadline=None, derandomize=True, database=None)
@given(manifests, worlds)
def test_laws(objects: list[Json], world: Json) -> None:
    history = play(objects, world)
    for law in LAWS:
        law(history)


@settings(max_examples=12, deadline=None, derandomize=True, database=None)
@given(manifests, worlds)
def test_the_same_input_gives_the_same_history(objects: list[Json], world: Json) -> None:
    one, two = play(objects, world), play(objects, world)
    assert one.revisions == two.revisions
    assert one.events == two.events
    assert (one.facts, one.transitions, one.runtime, one.probes) == (two.facts, two.transitions, two.runtime, two.probes)


def test_a_seed_draws_other_times_and_the_same_ones_again() -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "app", "image": "app:1"}]}}
    world = {"containers": {"app": {"runs": [{"for": 2, "exit": 1}]}}}
    one, same, other = (play([pod], {**world, "seed": seed}).revisions for seed in (1, 1, 2))
    assert one == same
    assert one != other
