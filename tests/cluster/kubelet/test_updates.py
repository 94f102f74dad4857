"""What changes a running pod: gates, generations, images, ephemeral containers; and the fields of its status."""

from __future__ import annotations

import json
from typing import Any

from podsim import Cluster

GATE = "example.com/lb"


def play(actions: list[dict[str, Any]], until: float = 40, **spec: Any) -> Cluster:
    made = Cluster(scenario={"actions": actions})
    body = {"containers": [{"name": "app", "image": "nginx:1.27"}], **spec}
    made.simulation.server.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": body})
    made.run(until=until)
    return made


def changes(made: Cluster, of: Any) -> list[tuple[float, Any]]:
    found: list[tuple[float, Any]] = []
    for r in made.history.revisions:
        if r.object["kind"] == "Pod" and (not found or found[-1][1] != of(r.object)):
            found.append((r.t / 1000, of(r.object)))
    return found


def ready(pod: dict[str, Any]) -> tuple[str, str] | None:
    return next(((c["status"], c.get("message", "")) for c in pod["status"].get("conditions") or () if c["type"] == "Ready"), None)


def status(made: Cluster) -> dict[str, Any]:
    return json.loads(made.kubectl("get pod web -o json").stdout)["status"]


def test_a_gate_holds_the_pod_out_of_service_until_somebody_opens_it():
    gate = {"type": GATE, "status": "False", "lastTransitionTime": "2026-01-01T00:00:10Z"}
    made = play(
        [{"at": 10, "patch_status": {"status": {"conditions": [gate]}}}, {"at": 20, "patch_status": {"status": {"conditions": [{**gate, "status": "True"}]}}}],
        readinessGates=[{"conditionType": GATE}],
    )
    *_, missing, closed, opened = changes(made, ready)
    assert missing == (0.677, ("False", f'corresponding condition of pod readiness gate "{GATE}" does not exist.'))
    assert closed == (10.012, ("False", f'the status of pod readiness gate "{GATE}" is not "True", but False'))
    assert opened == (20.012, ("True", ""))
    assert made.kubectl("get pods -o wide --no-headers").stdout.split()[-1] == "1/1"


def test_the_status_tells_which_generation_it_is_about():
    made = play([{"at": 10, "patch": {"metadata": {"labels": {"a": "b"}}}}, {"at": 20, "patch": {"spec": {"activeDeadlineSeconds": 300}}}])
    assert changes(made, lambda pod: (pod["metadata"]["generation"], pod["status"].get("observedGeneration"))) == [
        (0, (1, None)), (0.02, (1, 1)), (20, (2, 1)), (20.012, (2, 2)),
    ]  # fmt: skip
    assert {c["observedGeneration"] for c in status(made)["conditions"]} == {2}


def test_another_image_takes_the_place_of_the_old_one():
    made = play([{"at": 10, "patch": {"spec": {"containers": [{"name": "app", "image": "nginx:1.28"}]}}}])
    running = changes(made, lambda pod: [(s["image"], s["restartCount"], s["ready"]) for s in pod["status"].get("containerStatuses") or ()])
    assert [value for t, value in running if t > 5] == [[("docker.io/library/nginx:1.28", 1, True)]]
    told = [r.object["message"] for r in made.history.events if r.object["reason"] == "Killing"]
    assert told == ["Container app definition changed, will be restarted"]


def test_ephemeral_containers_come_one_after_the_other_and_are_not_restarted():
    def debugger(name: str) -> dict[str, Any]:
        return {"spec": {"ephemeralContainers": [{"name": name, "image": "busybox:1.36", "terminationMessagePolicy": "File", "imagePullPolicy": "IfNotPresent"}]}}

    made = Cluster(scenario={
        "containers": {"one": {"runs": [{"for": 5, "exit": 1}]}},
        "actions": [{"at": 10, "patch_ephemeral": debugger("one")}, {"at": 20, "patch_ephemeral": debugger("two")}],
    })  # fmt: skip
    made.simulation.server.create({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": [{"name": "app", "image": "nginx:1.27"}]}})
    made.run(until=40)
    shown = {s["name"]: s for s in status(made)["ephemeralContainerStatuses"]}
    assert shown["one"]["state"]["terminated"]["exitCode"] == 1
    assert "running" in shown["two"]["state"]
    assert [s["restartCount"] for s in shown.values()] == [0, 0]
    assert all("started" not in s for s in shown.values())
    assert made.kubectl("get pods --no-headers").stdout.split()[1:4] == ["1/1", "Running", "0"]
    assert status(made)["observedGeneration"] == 3


def test_fields_of_the_status():
    security = {"runAsUser": 1000, "runAsGroup": 3000, "fsGroup": 2000}
    mounts = [{"name": "tmp", "mountPath": "/tmp", "readOnly": True}]  # noqa: S108 - a path in a container
    made = play(
        [], securityContext=security, volumes=[{"name": "tmp", "emptyDir": {}}],
        containers=[{"name": "app", "image": "nginx:1.27", "volumeMounts": mounts, "resources": {"limits": {"memory": "1Gi"}}}],
    )  # fmt: skip
    shown = status(made)
    assert shown["podIPs"] == [{"ip": shown["podIP"]}]
    assert shown["hostIPs"] == [{"ip": shown["hostIP"]}]
    (app,) = shown["containerStatuses"]
    assert app["user"] == {"linux": {"uid": 1000, "gid": 3000, "supplementalGroups": [3000, 2000]}}
    assert app["volumeMounts"][0] == {"name": "tmp", "mountPath": "/tmp", "readOnly": True, "recursiveReadOnly": "Disabled"}  # noqa: S108
    assert app["allocatedResources"] == {"memory": "1Gi"}
    assert app["resources"] == {"limits": {"memory": "1Gi"}, "requests": {"memory": "1Gi"}}
    assert (shown["allocatedResources"], shown["resources"]) == (app["allocatedResources"], app["resources"])
