"""What one sync does, from what the runtime showed."""

from __future__ import annotations

from typing import Any

import pytest

from podsim.cluster.kubelet import actions, spec
from podsim.cluster.kubelet.runtime import PodRuntime, Record, Sandbox

UP = Sandbox(ready=True, ip="10.0.0.9", attempt=0)


def pod(policy: str = "Always", init: str = "", regular: str = "app") -> spec.PodSpec:
    """Containers by name; a name in capitals is a sidecar."""
    def container(name: str) -> dict[str, Any]:
        return {"name": name, "image": f"{name}:1", **({"restartPolicy": "Always"} if name.isupper() else {})}

    return spec.read({
        "metadata": {"name": "web", "uid": "u"},
        "spec": {"restartPolicy": policy, "initContainers": [container(n) for n in init.split()], "containers": [container(n) for n in regular.split()]},
    })


def runtime(*containers: str) -> PodRuntime:
    """`app=running`, `app=0` (exit code); in order of creation."""
    records = []
    for number, text in enumerate(containers):
        name, _, state = text.partition("=")
        shared = {"name": name, "attempt": 0, "id": f"{name}-{number}", "image": f"{name}:1", "created": 0, "run": 0, "started": 1}
        if state == "running":
            records.append(Record(**shared, state="running"))
        else:
            records.append(Record(**shared, state="exited", finished=2, exit_code=int(state)))
    return PodRuntime(UP, tuple(records))


def decided(subject: spec.PodSpec, seen: PodRuntime, probes: dict[tuple[str, str], str] | None = None) -> str:
    """The actions in a few words."""
    todo = actions.compute(subject, seen, lambda record, kind: (probes or {}).get((record.name, kind)))
    words = ["kill-pod"] * todo.kill_pod + ["sandbox"] * todo.create_sandbox + [f"kill {k.record.name}" for k in todo.kill]
    return ", ".join([*words, *(f"start {c.name}" for c in (*todo.start_ephemeral, *todo.start_init, *todo.start))])


@pytest.mark.parametrize(
    ("subject", "seen", "expected"),
    [
        (pod(), PodRuntime(), "sandbox, start app"),
        (pod(init="one two"), PodRuntime(), "sandbox, start one"),
        (pod(init="one two"), runtime("one=running"), ""),
        (pod(init="one two"), runtime("one=0"), "start two"),
        (pod(init="one two"), runtime("one=0", "two=1"), "start two"),
        (pod("Never", init="one two"), runtime("one=1"), "kill-pod"),
        (pod(init="one"), runtime("one=0"), "start app"),
        (pod(init="PROXY one"), runtime("PROXY=running"), "start one"),
        (pod(init="PROXY one"), runtime("PROXY=1", "one=running"), "start PROXY"),
        (pod(init="PROXY"), runtime("PROXY=1", "app=running"), "start PROXY"),
        (pod("Never", init="PROXY"), runtime("PROXY=running", "app=0"), "kill-pod"),
        (pod(), runtime("app=running"), ""),
        (pod(), runtime("app=0"), "start app"),
        (pod("OnFailure"), runtime("app=0"), "kill-pod"),
        (pod("OnFailure"), runtime("app=1"), "start app"),
        (pod("Never", regular="a b"), runtime("a=1", "b=running"), ""),
        (pod("Never", regular="a b"), runtime("a=1"), "start b"),
        (pod("Never", regular="a b"), runtime("a=1", "b=0"), "kill-pod"),
    ],
)
def test_actions(subject: spec.PodSpec, seen: PodRuntime, expected: str):
    assert decided(subject, seen) == expected


def with_probe(policy: str) -> spec.PodSpec:
    probed = {"name": "app", "image": "app:1", "livenessProbe": {"exec": {"command": ["true"]}}}
    return spec.read({"metadata": {"name": "web", "uid": "u"}, "spec": {"restartPolicy": policy, "containers": [probed]}})


@pytest.mark.parametrize(("policy", "expected"), [("Always", "kill app, start app"), ("Never", "kill-pod")])
def test_a_failed_liveness_probe_kills_and_restarts_unless_the_policy_is_never(policy: str, expected: str):
    assert decided(with_probe(policy), runtime("app=running"), {("app", "liveness"): "Failure"}) == expected


def with_sidecar(**probes: Any) -> spec.PodSpec:
    sidecar = {"name": "PROXY", "image": "PROXY:2", "restartPolicy": "Always", **{f"{k}Probe": v for k, v in probes.items()}}
    return spec.read({"metadata": {"name": "web", "uid": "u"}, "spec": {"initContainers": [sidecar, {"name": "one", "image": "one:1"}], "containers": [{"name": "app", "image": "app:1"}]}})


CHECK = {"exec": {"command": ["check"]}}


@pytest.mark.parametrize(
    ("subject", "probes", "expected"),
    [
        (with_sidecar(), {}, "kill PROXY, start PROXY, start one"),  # its image is another one
        (with_sidecar(startup=CHECK), {}, ""),  # until it has started only its startup probe counts
        (with_sidecar(startup=CHECK), {("PROXY", "startup"): "Failure"}, "kill PROXY, start PROXY"),
        (with_sidecar(startup=CHECK), {("PROXY", "startup"): "Success"}, "kill PROXY, start PROXY, start one"),
    ],
)
def test_a_running_sidecar(subject: spec.PodSpec, probes: dict[tuple[str, str], str], expected: str):
    assert decided(subject, runtime("PROXY=running"), probes) == expected


def test_a_sidecar_that_is_replaced_is_told_so():
    todo = actions.compute(with_sidecar(), runtime("PROXY=running"), lambda *_: None)
    assert [k.message for k in todo.kill] == ["Init container PROXY definition changed"]


def test_a_changed_image_is_replaced_whatever_the_policy():
    seen = runtime("app=running")
    changed = PodRuntime(UP, (Record(**{**{f: getattr(seen.records[0], f) for f in Record.__slots__}, "image": "app:0"}),))
    assert decided(pod("Never"), changed) == "kill app, start app"
