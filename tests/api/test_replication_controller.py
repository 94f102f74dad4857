"""The rules of a ReplicationController, which no recording holds; each from ValidateReplicationControllerSpec."""

from __future__ import annotations

from typing import Any

import pytest

from podsim import Cluster
from podsim.api.errors import Rejected

POD: dict[str, Any] = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "app", "image": "nginx"}]}}
MISMATCH = 'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`'


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (None, "[spec.selector: Required value, spec.template: Required value]"),
        ({"selector": {"app": "web"}}, "spec.template: Required value"),
        ({"template": {**POD, "metadata": {}}}, "spec.selector: Required value"),
        ({"template": POD, "selector": {"app": "other"}}, MISMATCH),
        ({"template": POD, "replicas": -1}, "spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
        (
            {"template": {**POD, "spec": {**POD["spec"], "restartPolicy": "Never"}}},
            'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
        ),
        (
            {"template": {**POD, "spec": {**POD["spec"], "activeDeadlineSeconds": 5}}},
            "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicationController is not Supported",
        ),
    ],
)
def test_what_a_replication_controller_may_not_be(spec: Any, said: str) -> None:
    with pytest.raises(Rejected) as refusal:
        Cluster().simulation.server.create({"apiVersion": "v1", "kind": "ReplicationController", "metadata": {"name": "web"}, "spec": spec})
    assert str(refusal.value) == f'ReplicationController "web" is invalid: {said}'


def test_the_labels_of_its_template_are_its_selector() -> None:
    sent = {"apiVersion": "v1", "kind": "ReplicationController", "metadata": {"name": "web"}, "spec": {"template": POD}}
    assert Cluster().simulation.server.create(sent).object["spec"]["selector"] == {"app": "web"}
