"""Every field of a pod and of a workload is simulated, without effect, or said to be left out: none is passed over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from podsim import cli, explorers, simulate
from podsim.api import schema
from podsim.cluster.fields import INERT, KINDS, NOTED, ORDINARY, SIMULATED
from podsim.timeline.messages import load

WORKLOADS = ("Deployment", "ReplicaSet", "ReplicationController", "Job", "StatefulSet", "DaemonSet", "CronJob")
ROOTS = ("Pod", *(f"{kind}Spec" for kind in WORKLOADS))
OTHERS = frozenset({"PersistentVolumeClaim"})  # an object of its own, no part of a pod
INERT_FIELDS = {f"{type_}.{f}" for group in INERT.values() for type_, names in group.items() for f in names}
SIMULATED_FIELDS = {f"{type_}.{f}" for type_, names in SIMULATED.items() for f in names}
NOTED_FIELDS = {key for key in NOTED if key.count(".") == 1}


def reached(type_: str, seen: set[str]) -> Iterator[str]:
    """`Type.field` of every field that can be written below, as far as it is simulated."""
    if type_ in seen or type_ in OTHERS:
        return
    seen.add(type_)
    for field in schema.types().get(type_, {}).values():
        yield f"{type_}.{field.name}"
        if f"{type_}.{field.name}" in SIMULATED_FIELDS:
            yield from reached(field.type, seen)


@pytest.fixture(scope="module")
def fields() -> set[str]:
    seen: set[str] = set()
    return {field for root in ROOTS for field in reached(root, seen)}


def test_every_field_is_classified(fields: set[str]) -> None:
    assert fields - SIMULATED_FIELDS - INERT_FIELDS - NOTED_FIELDS == set()


def test_every_class_speaks_of_fields_that_there_are(fields: set[str]) -> None:
    assert not (SIMULATED_FIELDS | INERT_FIELDS | NOTED_FIELDS) - fields
    assert not SIMULATED_FIELDS & INERT_FIELDS
    assert not NOTED_FIELDS & INERT_FIELDS
    assert ORDINARY.keys() <= NOTED.keys()


def test_every_note_has_a_sentence() -> None:
    assert {*NOTED.values(), *KINDS} <= load("en").sections["unmodelled"].keys()


def pod(spec: dict[str, Any] | None = None, **container: Any) -> str:
    body = {"containers": [{"name": "app", "image": "app:1", **container}], **(spec or {})}
    return json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": body})


@pytest.mark.parametrize(("manifest", "path", "words"), [
    (pod({"hostUsers": False}), "spec.hostUsers", "user namespaces have no effect"),
    (pod(resources={"limits": {"memory": "1Gi"}}), "spec.containers[0].resources.limits.memory", "no memory is used up"),
    (pod(ports=[{"containerPort": 80, "hostPort": 80}]), "spec.containers[0].ports[0].hostPort", "only the scheduler"),
    (pod({"volumes": [{"name": "v", "nfs": {"server": "s", "path": "/"}}]}), "spec.volumes[0].nfs", "attaching it is not simulated"),
    (pod({"volumes": [{"name": "v", "emptyDir": {"sizeLimit": "1Gi"}}]}), "spec.volumes[0].emptyDir.sizeLimit", "nothing is written to disk"),
    (pod({"imagePullSecrets": [{"name": "key"}]}), "spec.imagePullSecrets", "registries ask for no credentials"),
    (json.dumps({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "c"}, "spec": {
        "schedule": "* * * * *", "jobTemplate": {"spec": {"template": {"spec": {
            "hostUsers": False, "restartPolicy": "Never", "containers": [{"name": "app", "image": "app:1"}]}}}}}}),
     "spec.jobTemplate.spec.template.spec.hostUsers", "user namespaces have no effect"),
])  # fmt: skip
def test_what_is_left_out_is_said(manifest: str, path: str, words: str) -> None:
    assert words in simulate(manifest, until=1).not_modelled[path]


def test_an_ordinary_pod_has_nothing_to_say() -> None:
    plain = {"hostUsers": True, "os": {"name": "linux"}, "dnsPolicy": "Default", "enableServiceLinks": False, "hostname": "h"}
    assert simulate(pod(plain, command=["run"], env=[{"name": "A", "value": "b"}]), until=1).not_modelled == {}


@pytest.mark.parametrize(("world", "path", "words"), [
    ({"images": {"ap:1": {"pull": 3}}}, "images.ap:1", "no container uses image ap:1"),
    ({"containers": {"ap": {"runs": [{}]}}}, "containers.ap", "no container is called ap"),
    ({"containers": {"app@app:2": {"runs": [{}]}}}, "containers.app@app:2", "no container is called app@app:2"),
    ({"containers": {"app": {"probes": {"liveness": [{"result": "fail"}]}}}}, "containers.app.probes.liveness", "container app has no liveness probe"),
    ({"containers": {"app": {"hooks": {"preStop": {"takes": 3}}}}}, "containers.app.hooks.preStop", "container app has no preStop hook"),
    ({"actions": [{"at": 2, "pod": "q", "delete": {}}]}, "actions[0]", 'the action was refused: pods "q" not found'),
    ({"actions": [{"at": 2, "kubectl": "scale deployment web --replicas=2"}]}, "actions[0]", "not found"),
    ({"nodes": [], "actions": [{"at": 2, "patch_node": {"metadata": {"labels": {"a": "b"}}}}]}, "actions[0]", 'nodes "?" not found'),
])  # fmt: skip
def test_a_scenario_that_nothing_asks_is_said(world: dict[str, Any], path: str, words: str) -> None:
    assert words in simulate(pod(), world, until=5).not_modelled[path]


def test_a_scenario_that_is_asked_is_not() -> None:
    probe = {"httpGet": {"port": 80}}
    world = {
        "images": {"app:1": {"pull": 3}, "app:2": {"pull": 1}},
        "containers": {"app": {"probes": {"liveness": [{"result": "fail"}]}}, "app@app:2": {"runs": [{}]}},
        "actions": [{"at": 5, "patch": {"spec": {"containers": [{"name": "app", "image": "app:2"}]}}}],
    }
    assert simulate(pod(livenessProbe=probe), world, until=10).not_modelled == {}


def test_a_patch_is_looked_at_too() -> None:
    change = {"spec": {"containers": [{"name": "app", "resources": {"limits": {"cpu": "2"}}}]}}
    history = simulate(pod(resources={"requests": {"cpu": "1"}}), {"actions": [{"at": 2, "patch_resize": change}]}, until=5)
    assert list(history.not_modelled) == ["spec.containers[0].resources.limits.cpu"]


def test_run_says_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pod.yaml").write_text(pod({"hostUsers": False}))
    cli.main(["run", str(tmp_path / "pod.yaml"), "--until", "1s"])
    assert "Not modelled: spec.hostUsers: user namespaces have no effect" in capsys.readouterr().out


def test_an_explorer_says_it_once_in_its_language() -> None:
    for entry in explorers.catalog():
        for language in ("en", "ko"):
            told = explorers.evaluate(entry["id"], {}, language=language)["notModelled"]
            assert len(set(told)) == len(told)
