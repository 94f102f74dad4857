"""What holds for every scenario, generated ones included."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from podsim import History, simulate

UNTIL = 200
TERMINAL = ("Succeeded", "Failed")
seconds = st.floats(0, 60, allow_nan=False).map(lambda t: round(t, 2))
run = st.fixed_dictionaries({"for": st.none() | seconds, "exit": st.sampled_from([0, 1, 137])}, optional={"oom": st.booleans(), "start_error": st.just("no such file")})
window = st.fixed_dictionaries({"from": seconds, "to": st.none() | seconds, "result": st.sampled_from(["fail", "timeout", "refused"])})
script = st.fixed_dictionaries(
    {"runs": st.lists(run, max_size=3), "on_term": st.sampled_from([{}, {"ignore": True}, {"after": 3, "exit": 0}])},
    optional={"probes": st.fixed_dictionaries({}, optional={k: st.lists(window, max_size=2) for k in ("readiness", "liveness", "startup")})},
)
image = st.fixed_dictionaries({"pull": seconds}, optional={"error": st.just("not found") | st.just([None, "timeout"]), "present": st.booleans()})
action = st.fixed_dictionaries({"at": seconds}).flatmap(
    lambda at: st.sampled_from([{"delete": {}}, {"delete": {"gracePeriodSeconds": 2}}, {"force_delete": True}, {"patch": {"metadata": {"labels": {"a": "b"}}}}]).map(lambda what: {**at, **what})
)
scenario = st.fixed_dictionaries({
    "containers": st.dictionaries(st.sampled_from(["app", "web", "init", "proxy"]), script, max_size=4),
    "images": st.dictionaries(st.sampled_from(["app:1", "web:1"]), image, max_size=2),
    "actions": st.lists(action, max_size=2),
})


def probes() -> st.SearchStrategy[dict[str, Any]]:
    probe = st.fixed_dictionaries({"httpGet": st.just({"port": 80}), "periodSeconds": st.integers(1, 10), "failureThreshold": st.integers(1, 3)})
    return st.fixed_dictionaries({}, optional={"livenessProbe": probe, "readinessProbe": probe, "startupProbe": probe})


@st.composite
def manifests(draw: st.DrawFn) -> dict[str, Any]:
    regular = [{"name": name, "image": f"{name}:1", **draw(probes())} for name in draw(st.sampled_from([["app"], ["app", "web"]]))]
    init = draw(st.sampled_from([[], [{"name": "init", "image": "init:1"}], [{"name": "proxy", "image": "proxy:1", "restartPolicy": "Always"}]]))
    policy = draw(st.sampled_from(["Always", "OnFailure", "Never"]))
    spec = {"restartPolicy": policy, "containers": regular, **({"initContainers": init} if init else {})}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec}


def play(manifest: dict[str, Any], world: dict[str, Any]) -> History:
    import json

    return simulate(json.dumps(manifest), world, UNTIL)


@settings(max_examples=60, deadline=None)
@given(manifests(), scenario)
def test_laws(manifest: dict[str, Any], world: dict[str, Any]):
    history = play(manifest, world)
    record = history.record
    assert [r.t for r in history.revisions] == sorted(r.t for r in history.revisions)
    assert all(t.cause is not None for t in history.transitions)
    assert all(record.causes[t.cause].t <= t.t for t in history.transitions if t.cause is not None)
    statuses = [r.object["status"] for r in record.revisions_of("default/p")]
    phases = [s["phase"] for s in statuses]
    first = next((i for i, p in enumerate(phases) if p in TERMINAL), len(phases))
    assert len(set(phases[first:])) <= 1
    for key in ("containerStatuses", "initContainerStatuses"):
        for before, after in pairwise(statuses):
            old = {c["name"]: c["restartCount"] for c in before.get(key, ())}
            assert all(c["restartCount"] >= old.get(c["name"], 0) for c in after.get(key, ()))
    waits = {f.details["wait"] for f in record.facts if f.kind == "start-refused"}
    assert waits <= {10, 20, 40, 80, 160, 300}
    running: dict[str, int] = {}
    for call in record.runtime:
        if call.call in ("StartContainer", "(exit)") and "error" not in call.details:
            name = call.details["container"]
            running[name] = running.get(name, 0) + (1 if call.call == "StartContainer" else -1)
            assert 0 <= running[name] <= 1


@settings(max_examples=15, deadline=None)
@given(manifests(), scenario)
def test_the_same_input_gives_the_same_history(manifest: dict[str, Any], world: dict[str, Any]):
    assert play(manifest, world).to_trace() == play(manifest, world).to_trace()


def test_a_seed_draws_other_times_and_the_same_ones_again():
    manifest = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "app", "image": "app:1"}]}}
    world = {"containers": {"app": {"runs": [{"for": 2, "exit": 1}]}}}
    one, same, other = (play(manifest, {**world, "seed": seed}).to_trace() for seed in (1, 1, 2))
    assert one == same
    assert one != other
