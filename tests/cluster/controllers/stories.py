"""Clusters that tell when objects came, changed and went."""

from __future__ import annotations

import json
from typing import Any

from podsim import Cluster

TEMPLATE = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "main", "image": "nginx:1.27"}]}}


def workload(kind: str, name: str = "web", *, replicas: int | None = 3, template: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    size = {} if replicas is None else {"replicas": replicas}
    selector = {} if kind == "Job" else {"selector": {"matchLabels": {"app": "web"}}}
    api = "batch/v1" if kind == "Job" else "apps/v1"
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name}, "spec": {**size, **selector, "template": template or TEMPLATE, **spec}}


def job(*, restart: str = "Never", **spec: Any) -> dict[str, Any]:
    template = {"spec": {"restartPolicy": restart, "containers": [{"name": "main", "image": "busybox:1.36"}]}}
    return workload("Job", "work", replicas=None, template=template, **spec)


def cluster(obj: dict[str, Any], *, runs: list[dict[str, Any]] | None = None, **scenario: Any) -> Cluster:
    made = Cluster(scenario={**({"containers": {"main": {"runs": runs}}} if runs else {}), **scenario})
    result = made.kubectl("apply -f m.yaml", files={"m.yaml": json.dumps(obj)})
    assert result.returncode == 0, result.stderr
    return made


def do(made: Cluster, at: float, command: str | list[str]) -> None:
    made.run(until=at)
    result = made.kubectl(command, timeout=0.01)
    assert result.returncode == 0, result.stderr


def read(made: Cluster, what: str) -> dict[str, Any]:
    return json.loads(made.kubectl(f"get {what} -o json").stdout)


def names(made: Cluster, what: str = "pods") -> list[str]:
    return [item["metadata"]["name"] for item in read(made, what)["items"]]


def births(made: Cluster, kind: str = "Pod") -> list[float]:
    """When objects of the kind came, in seconds."""
    return [r.t / 1000 for r in made.history.revisions if r.object["kind"] == kind and r.type == "ADDED"]


def sizes(made: Cluster) -> list[tuple[float, str]]:
    """(seconds, `Scaled up replica set … from 0 to 3` from the set's revision on) of every event of the Deployment."""
    told = [(r.t / 1000, r.object["message"]) for r in made.history.events if r.object["reason"] == "ScalingReplicaSet"]
    return [(t, " ".join(word for i, word in enumerate(message.split()) if i in (1, 6, 8))) for t, message in told]


def conditions(obj: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {c["type"]: (c["status"], c.get("reason", "")) for c in obj["status"].get("conditions", ())}
