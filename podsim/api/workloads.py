"""Where a workload keeps its pod template, and the hash that names what is made of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
TEMPLATE_PATHS: dict[str, tuple[str, ...]] = {
    "Deployment": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "PodTemplate": ("template",),
}
ALPHABET = "bcdfghjklmnpqrstvwxz2456789"  # apimachinery util/rand


def pod_template(obj: Json) -> Json | None:
    """The pod template of a workload, or None."""
    found: Any = obj
    for step in TEMPLATE_PATHS.get(obj.get("kind", ""), ("",)):
        found = found.get(step) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def with_template(obj: Json, change: Callable[[Json], Json]) -> Json:
    """The workload with its template replaced by `change(template)`; objects without one stay."""
    template = pod_template(obj)
    return obj if template is None else _replaced(obj, TEMPLATE_PATHS[obj["kind"]], change(template))


def _replaced(obj: Json, path: tuple[str, ...], value: Json) -> Json:
    head, *rest = path
    return {**obj, head: _replaced(obj[head], tuple(rest), value) if rest else value}


def template_hash(template: Json, collisions: int = 0) -> str:
    """pod-template-hash: the same for equal templates, in Kubernetes' alphabet.     controller_utils.go ComputeHash

    Kubernetes hashes its Go structs to 32 bits, so its values differ; the spelling (SafeEncodeString) is the same.
    """
    text = json.dumps(template, sort_keys=True) + (str(collisions) if collisions else "")
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
    return "".join(ALPHABET[ord(digit) % len(ALPHABET)] for digit in str(number))
