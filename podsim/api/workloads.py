"""Where a workload keeps its pod template, and the hash that names what is made of it."""

from __future__ import annotations

import json
import re
from typing import Any

from podsim.api import godump

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
FNV_OFFSET, FNV_PRIME, FNV_MASK = 0x811C9DC5, 0x01000193, 0xFFFFFFFF  # 32 bits
HTML_ESCAPED = re.compile("[<>&\u2028\u2029]")  # what Go's encoding/json writes as \u....


def pod_template(obj: Json) -> Json | None:
    """The pod template of a workload, or None."""
    found: Any = obj
    for step in TEMPLATE_PATHS.get(obj.get("kind", ""), ("",)):
        found = found.get(step) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def template_hash(template: Json) -> str:
    """pod-template-hash, and a DaemonSet's controller-revision-hash.              controller_utils.go ComputeHash"""
    number = FNV_OFFSET
    for byte in godump.pod_template(template).encode():  # FNV-1a
        number = ((number ^ byte) * FNV_PRIME) & FNV_MASK
    return _safe(number)


def revision_hash(template: Json) -> str:
    """The hash in the name of a StatefulSet's revision.       controller_history.go HashControllerRevision

    It covers the JSON of the revision's patch and the count of collisions, 0.
    """
    patch = {"spec": {"template": {**template, "$patch": "replace"}}}
    text = json.dumps(patch, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    number = FNV_OFFSET
    for byte in (HTML_ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "0").encode():  # FNV-1
        number = (number * FNV_PRIME & FNV_MASK) ^ byte
    return _safe(number)


def _safe(number: int) -> str:
    """The decimal digits in an alphabet without vowels.                     apimachinery util/rand SafeEncodeString"""
    return "".join(ALPHABET[ord(digit) % len(ALPHABET)] for digit in str(number))
