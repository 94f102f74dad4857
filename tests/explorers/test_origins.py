"""Every value of a stored object has somebody who wrote it, and a reason."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
import yaml as pyyaml

from podsim import Cluster
from podsim.api import manifest
from podsim.explorers import evaluate, origins
from podsim.explorers.origins import Birth, Origin
from podsim.kubectl import yaml

KUBIA = """\
apiVersion: v1
kind: Pod
metadata:
  name: kubia-manual
spec:
  containers:
  - image: khk9346/kubia
    name: kubia
    ports:
    - containerPort: 8080
      protocol: TCP
"""
MY_DEPLOYMENT = """\
# the tutorial's
apiVersion: apps/v1
kind: Deployment
metadata:
  name: my-deployment
spec:
  replicas: 3
  selector:
    matchLabels:
      app: my-app
  template:
    metadata:
      labels:
        app: my-app
    spec:
      containers:
      - name: my-container
        image: nginx
        lifecycle:
          preStop:
            exec:
              command: ["/bin/sh", "-c", "echo 'Stopping...' && sleep 5"]
"""
JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: pi}
spec:
  completionMode: Indexed
  completions: 2
  template:
    spec:
      restartPolicy: Never
      containers: [{name: pi, image: 'perl:5.34'}]
"""


def births(text: str, seconds: float = 10) -> list[tuple[Birth, dict[str, Any]]]:
    """The object of a manifest and the first pod that it made, each with its birth, after some time."""
    cluster = Cluster()
    document = manifest.parse(text)[0]
    created = cluster.simulation.server.create(document.object).object
    cluster.run(seconds)
    latest = cluster.simulation.store.get(created["kind"], "default", created["metadata"]["name"])
    assert latest is not None
    pod = origins.made_by(cluster.simulation.store, latest)
    return [(origins.of_manifest(document, created), latest), *([(origins.of_pod(document, latest, pod[0]), dict(pod[1]))] if pod else [])]


def leaf_count(value: Any) -> int:
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return sum(map(leaf_count, inner)) or 1


@pytest.mark.parametrize("text", [KUBIA, MY_DEPLOYMENT, JOB], ids=["kubia-manual", "my-deployment", "job"])
@pytest.mark.parametrize("seconds", [0, 0.3, 10])
def test_every_leaf_has_an_origin_and_a_reason(text: str, seconds: float) -> None:
    for birth, latest in births(text, seconds):
        found = origins.leaves(birth, latest)
        assert len(found) == leaf_count(latest)
        assert [path for path, origin in found.items() if not origin.line and not origin.why] == []


@pytest.mark.parametrize("text", [KUBIA, MY_DEPLOYMENT, JOB])
def test_the_lines_are_kubectls(text: str) -> None:
    for birth, latest in births(text):
        assert "".join(f"{line.text}\n" for line in origins.lines(birth, latest)) == yaml.dump(latest)


KUBIA_ORIGINS = [
    (("metadata", "name"), Origin("manifest", line=4)),
    (("spec", "containers", 0, "ports", 0, "containerPort"), Origin("manifest", line=10)),
    (("metadata", "namespace"), Origin("API server", "the namespace of the request")),
    (("spec", "restartPolicy"), Origin("default of the API", "containers are started again whenever they end")),
    (("spec", "containers", 0, "imagePullPolicy"), Origin("default of the API", "IfNotPresent, but Always for an image without tag or with :latest")),
    (("spec", "serviceAccountName"), Origin("admission ServiceAccount", "every pod acts as an account; this one is there in every namespace")),
    (("spec", "tolerations", 0, "tolerationSeconds"), Origin("admission DefaultTolerationSeconds", "a pod stays five minutes on a node that is not reachable")),
    (("spec", "priority"), Origin("admission Priority", "the number of its PriorityClass; 0 without one")),
    (("spec", "nodeName"), Origin("scheduler", "the node that it chose")),
    (("status", "conditions", 4, "status"), Origin("scheduler", "whether it found a node")),
    (("status", "conditions", 2, "status"), Origin("kubelet", "how far the pod has come")),
    (("status", "qosClass"), Origin("API server", "follows from requests and limits")),
    (("status", "phase"), Origin("kubelet", "the sum of the containers' states")),
]


@pytest.mark.parametrize(("path", "origin"), KUBIA_ORIGINS)
def test_who_wrote_kubia_manual(path: tuple[str | int, ...], origin: Origin) -> None:
    assert origins.leaves(*births(KUBIA)[0])[path] == origin


MY_ORIGINS = [
    (("metadata", "labels", "app"), Origin("manifest", line=14)),
    (("spec", "containers", 0, "lifecycle", "preStop", "exec", "command", 2), Origin("manifest", line=22)),
    (("metadata", "labels", "pod-template-hash"), Origin("ReplicaSet controller", "the version of the template")),
    (("metadata", "name"), Origin("API server", "the five random characters behind generateName")),
    (("metadata", "ownerReferences", 0, "kind"), Origin("ReplicaSet controller", "the controller that answers for it; without it, it goes too")),
    (("spec", "restartPolicy"), Origin("default of the API", "containers are started again whenever they end")),
    (("spec", "enableServiceLinks"), Origin("default of the API", "containers learn the addresses of Services from their environment")),
]


@pytest.mark.parametrize(("path", "origin"), MY_ORIGINS)
def test_who_wrote_a_pod_of_my_deployment(path: tuple[str | int, ...], origin: Origin) -> None:
    assert origins.leaves(*births(MY_DEPLOYMENT)[1])[path] == origin


def test_what_was_written_counts_as_written_even_if_it_is_the_default() -> None:
    found = origins.leaves(*births(KUBIA)[0])
    assert found["spec", "containers", 0, "ports", 0, "protocol"] == Origin("manifest", line=11)


def test_every_reason_is_said_in_every_language() -> None:
    table = pyyaml.safe_load((files("podsim.explorers") / "origins.yaml").read_text(encoding="utf-8"))
    assert {frozenset(said) for reasons in table.values() for said in reasons.values()} == {frozenset(("en", "ko"))}


def test_reasons_follow_the_language() -> None:
    english, korean = (evaluate("written-and-stored", {}, language)["manifest"]["origins"] for language in ("en", "ko"))
    assert [(letter, who) for letter, who, _ in english] == [(letter, who) for letter, who, _ in korean]
    assert ("S", "default of the API", "이름은 먼저 클러스터 안에서 찾는다") in korean
