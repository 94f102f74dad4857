"""What the server checks before it stores an object: every rule in its order, every message in its words.

One module per concern; each rule is a generator over a path and a value (`field`). To add a rule, yield one more error
in the place where the server finds it; to add a kind, give it a function and an entry in `RULES`.

k8s.io/kubernetes/pkg/apis/core/validation/validation.go and its neighbours for apps, batch, node and scheduling
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from podsim.api.errors import FieldError

from . import job, objects, pod, quotas, service, workload
from .field import Errors
from .update import resize_rules, update_rules

RULES: dict[str, Callable[[Mapping[str, Any]], Errors]] = {
    "Pod": pod.pod,
    "Deployment": workload.deployment,
    "ReplicaSet": workload.replica_set,
    "ReplicationController": workload.replication_controller,
    "StatefulSet": workload.stateful_set,
    "DaemonSet": workload.daemon_set,
    "Job": job.job,
    "CronJob": job.cron_job,
    "ConfigMap": objects.config_map,
    "Secret": objects.secret,
    "Service": service.service,
    "Node": objects.node,
    "Namespace": objects.named_label,
    "PriorityClass": objects.priority_class,
    "RuntimeClass": objects.runtime_class,
    "LimitRange": quotas.limit_range,
    "ResourceQuota": quotas.resource_quota,
    "PersistentVolumeClaim": objects.persistent_volume_claim,
}


def validate(obj: Mapping[str, Any]) -> list[FieldError]:
    """All errors of a new object (decoded, defaulted, named), in the server's order; none if it is valid."""
    return list(RULES.get(obj["kind"], objects.other)(obj))


def validate_update(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[FieldError]:
    """All errors of replacing the stored `old` by `new` of the same kind, in the server's order."""
    return list(update_rules(new, old, RULES.get(new["kind"], objects.other)))


def validate_resize(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[FieldError]:
    """All errors of resizing the stored pod `old` to `new`."""
    return list(resize_rules(new, old))
