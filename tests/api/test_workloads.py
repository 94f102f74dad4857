"""The hashes that name what workloads make, against those of a real controller manager."""

from __future__ import annotations

from typing import Any

import pytest

from podsim.api import godump
from podsim.api.workloads import revision_hash, template_hash

SERVER_DEFAULTS = {
    "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler", "securityContext": {},
    "terminationGracePeriodSeconds": 30,
}  # fmt: skip
CONTAINER_DEFAULTS = {
    "imagePullPolicy": "IfNotPresent", "resources": {},
    "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
}  # fmt: skip


def template(labels: dict[str, str], container: dict[str, Any], annotations: dict[str, str] | None = None, **spec: Any) -> dict[str, Any]:
    metadata = {"labels": labels, **({"annotations": annotations} if annotations else {})}
    return {"metadata": metadata, "spec": {**SERVER_DEFAULTS, "containers": [{**CONTAINER_DEFAULTS, **container}], **spec}}


PRE_STOP = {"preStop": {"exec": {"command": ["/bin/sh", "-c", "echo 'Stopping...' && sleep 5"]}}}
LIMITS = {"limits": {"cpu": "100m", "memory": "32Mi"}}
TAINT = [{"effect": "NoSchedule", "key": "node-role.kubernetes.io/control-plane"}]


@pytest.mark.parametrize(
    ("recorded", "made_of"),
    [
        ("7c9d7cf997", template({"app": "my-app"}, {"name": "my-container", "image": "nginx", "imagePullPolicy": "Always", "lifecycle": PRE_STOP})),
        (
            "6cf4f97565",
            template({"app": "rec", "extra": "x"}, {"name": "c", "image": "nginx:1.27", "resources": LIMITS}, {"note": "hi"}, terminationGracePeriodSeconds=5),
        ),
        (
            "c5f54dc74",
            template(
                {"name": "agent-host"}, {"name": "agent", "image": "agent:v1", "ports": [{"containerPort": 9100, "protocol": "TCP"}]},
                hostNetwork=True, tolerations=TAINT,
            ),
        ),
    ],
)  # fmt: skip
def test_template_hash_is_the_recorded_one(recorded: str, made_of: dict[str, Any]) -> None:
    assert template_hash(made_of) == recorded


def test_revision_hash_is_the_recorded_one() -> None:
    assert revision_hash(template({"app": "ordered"}, {"name": "c", "image": "nginx:1.27"})) == "79c8f4c68f"


@pytest.mark.parametrize(
    ("quantity", "value", "scale", "kept", "form"),
    [
        ("100m", 100, -3, "100m", "DecimalSI"),
        ("1000", 1, 3, "1k", "DecimalSI"),
        ("32Mi", 33554432, 0, "", "BinarySI"),  # 32 has no low bits: its text might not be canonical
        ("100Mi", 104857600, 0, "100Mi", "BinarySI"),
        ("1e3", 1, 3, "1e3", "DecimalExponent"),
        ("0", 0, 0, "0", ""),
    ],
)
def test_a_quantity_keeps_its_text_where_that_is_surely_canonical(quantity: str, value: int, scale: int, kept: str, form: str) -> None:
    dump = godump.pod_template({"spec": {"overhead": {"cpu": quantity}}})
    assert f"{{value:(int64){value} scale:(resource.Scale){scale}}}" in dump
    assert f"s:(string){kept} Format:(resource.Format){form}}}" in dump


def test_every_field_of_every_struct_appears() -> None:
    dump = godump.pod_template({"spec": {"containers": [{"name": "a", "livenessProbe": {"tcpSocket": {"port": 80}}}]}})
    assert "LivenessProbe:(*v1.Probe){ProbeHandler:(v1.ProbeHandler){Exec:(*v1.ExecAction)<nil> HTTPGet:(*v1.HTTPGetAction)<nil> " in dump
    assert "TCPSocket:(*v1.TCPSocketAction){Port:(intstr.IntOrString){Type:(intstr.Type)0 IntVal:(int32)80 StrVal:(string)} Host:(string)}" in dump
