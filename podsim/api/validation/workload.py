"""Rules for Deployment, ReplicaSet, ReplicationController, StatefulSet and DaemonSet.

k8s.io/kubernetes/pkg/apis/apps/validation/validation.go, core/validation/validation.go (ReplicationController)
"""

from __future__ import annotations

from typing import Any

from . import metadata, names
from .claim import claim_spec
from .field import (
    Errors,
    Object,
    child,
    conforms,
    forbidden,
    invalid,
    items,
    not_negative,
    not_supported,
    required,
)
from .internal import render
from .metadata import object_meta
from .pod import pod_annotations, pod_template

MISMATCH = "`selector` does not match template `labels`"
STRATEGIES = ("Recreate", "RollingUpdate")
UPDATE_STRATEGIES = ("RollingUpdate", "OnDelete")
MANAGEMENT_POLICIES = ("OrderedReady", "Parallel")
ALL = 100  # percent
CLAIM_POLICIES = ("Retain", "Delete")


def deployment(value: Object) -> Errors:
    """A Deployment."""
    spec = value.get("spec") or {}
    yield from object_meta(value.get("metadata") or {})
    yield from not_negative("spec.replicas", spec.get("replicas"))
    yield from _selector_of_pods(spec, "deployment")
    yield from _replicated_template(spec)
    yield from _deployment_strategy("spec.strategy", spec.get("strategy") or {})
    for field in ("minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"):
        yield from not_negative(f"spec.{field}", spec.get(field))
    deadline = spec.get("progressDeadlineSeconds")
    if deadline is not None and deadline <= (spec.get("minReadySeconds") or 0):
        yield invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds")


def replica_set(value: Object) -> Errors:
    """A ReplicaSet."""
    spec = value.get("spec") or {}
    yield from object_meta(value.get("metadata") or {})
    yield from not_negative("spec.replicas", spec.get("replicas"))
    yield from not_negative("spec.minReadySeconds", spec.get("minReadySeconds"))
    yield from _selector_of_pods(spec, "deployment")
    yield from _replicated_template(spec)


def replication_controller(value: Object) -> Errors:
    """A ReplicationController; its selector is a map of labels.                      ValidateReplicationControllerSpec"""
    spec = value.get("spec") or {}
    selector, template = spec.get("selector") or {}, spec.get("template")
    yield from object_meta(value.get("metadata") or {})
    yield from not_negative("spec.minReadySeconds", spec.get("minReadySeconds"))
    if not selector:
        yield required("spec.selector")
    yield from not_negative("spec.replicas", spec.get("replicas"))
    if template is None:
        yield required("spec.template")
        return
    if not selector.items() <= (_labels(template) or {}).items():
        yield invalid("spec.template.metadata.labels", _labels(template), MISMATCH)
    yield from pod_template("spec.template", template)
    yield from _runs_for_ever(template, "ReplicationController")


def stateful_set(value: Object) -> Errors:
    """A StatefulSet."""
    spec = value.get("spec") or {}
    yield from object_meta(value.get("metadata") or {}, "dns1123label")
    policy = spec.get("podManagementPolicy") or ""
    if not policy:
        yield required("spec.podManagementPolicy")
    elif policy not in MANAGEMENT_POLICIES:
        yield invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'")
    yield from _stateful_strategy("spec.updateStrategy", spec.get("updateStrategy") or {})
    for field, kept in (spec.get("persistentVolumeClaimRetentionPolicy") or {}).items():
        if kept not in CLAIM_POLICIES:
            yield not_supported(f"spec.persistentVolumeClaimRetentionPolicy.{field}", kept, CLAIM_POLICIES)
    for at, claim in items(spec, "volumeClaimTemplates", "spec"):
        yield from claim_spec(child(at, "spec"), claim.get("spec") or {})
    for field in ("replicas", "minReadySeconds"):
        yield from not_negative(f"spec.{field}", spec.get(field))
    yield from not_negative("spec.ordinals.start", (spec.get("ordinals") or {}).get("start"))
    if service := spec.get("serviceName"):
        yield from conforms("spec.serviceName", service, "dns1123label")
    yield from _selector_of_pods(spec, "statefulset")
    yield from _stateful_template(spec)


def daemon_set(value: Object) -> Errors:
    """A DaemonSet."""
    spec = value.get("spec") or {}
    template, selector = spec.get("template") or {}, spec.get("selector")
    yield from object_meta(value.get("metadata") or {})
    yield from metadata.label_selector("spec.selector", selector)
    if metadata.matches(selector, _labels(template)) is False:
        yield invalid("spec.template.metadata.labels", _labels(template), MISMATCH)
    if selector is not None and not _selects(selector):
        yield invalid("spec.selector", render("LabelSelector", selector), "empty selector is invalid for daemonset")
    yield from pod_template("spec.template", template)
    yield from _runs_for_ever(template, "DaemonSet")
    yield from not_negative("spec.minReadySeconds", spec.get("minReadySeconds"))
    yield from _daemon_strategy("spec.updateStrategy", spec.get("updateStrategy") or {})
    yield from not_negative("spec.revisionHistoryLimit", spec.get("revisionHistoryLimit"))


def int_or_percent(path: str, value: Any) -> Errors:
    """A count, or a share like 25%.                                               ValidatePositiveIntOrPercent"""
    if isinstance(value, str):
        yield from conforms(path, value, "percent")
    else:
        yield from not_negative(path, value)


def _labels(template: Object) -> Any:
    return (template.get("metadata") or {}).get("labels")


def _selects(selector: Object) -> bool:
    return bool(selector.get("matchLabels") or selector.get("matchExpressions"))


def _selector_of_pods(spec: Object, kind: str) -> Errors:
    selector = spec.get("selector")
    if selector is None:
        yield required("spec.selector")
        return
    yield from metadata.label_selector("spec.selector", selector)
    if not _selects(selector):
        yield invalid("spec.selector", render("LabelSelector", selector), f"empty selector is invalid for {kind}")


def _replicated_template(spec: Object) -> Errors:
    """The template of a ReplicaSet or Deployment.                               ValidatePodTemplateSpecForReplicaSet"""
    template, selector = spec.get("template") or {}, spec.get("selector")
    matching = metadata.matches(selector, _labels(template))
    if matching is None:
        yield invalid("spec.selector", render("LabelSelector", selector), "invalid label selector")
        return
    if not matching:
        yield invalid("spec.template.metadata.labels", _labels(template), MISMATCH)
    yield from pod_template("spec.template", template)
    yield from _runs_for_ever(template, "ReplicaSet")


def _stateful_template(spec: Object) -> Errors:
    """The set's own claims count as volumes; its pods' hostname and subdomain are made up."""
    template, selector = spec.get("template") or {}, spec.get("selector")
    matching = metadata.matches(selector, _labels(template))
    if matching is None:
        yield invalid("spec.selector", render("LabelSelector", selector), "")
        return
    if not matching:
        yield invalid("spec.template.metadata.labels", _labels(template), MISMATCH)
    claims = [(claim.get("metadata") or {}).get("name") or "" for _, claim in items(spec, "volumeClaimTemplates", "")]
    volumes = [{"name": name, "persistentVolumeClaim": {"claimName": name}} for name in dict.fromkeys(claims)]
    written = (template.get("spec") or {}).get("volumes") or ()
    volumes += [volume for volume in written if (volume or {}).get("name") not in claims]
    pod = {**(template.get("spec") or {}), "volumes": volumes, "hostname": "", "subdomain": ""}
    meta = template.get("metadata") or {}
    yield from pod_template("spec.template", {**template, "spec": pod})
    yield from metadata.labels("spec.template.labels", meta.get("labels"))
    yield from metadata.annotation_keys("spec.template.annotations", meta.get("annotations"))
    yield from pod_annotations("spec.template.annotations", meta.get("annotations") or {}, pod)
    yield from _runs_for_ever(template, "StatefulSet")


def _runs_for_ever(template: Object, kind: str) -> Errors:
    pod = template.get("spec") or {}
    if (policy := pod.get("restartPolicy") or "") != "Always":
        yield not_supported("spec.template.spec.restartPolicy", policy, ("Always",))
    if pod.get("activeDeadlineSeconds") is not None:
        yield forbidden("spec.template.spec.activeDeadlineSeconds", f"activeDeadlineSeconds in {kind} is not Supported")


def _deployment_strategy(path: str, strategy: Object) -> Errors:
    kind, rolling = strategy.get("type") or "", strategy.get("rollingUpdate")
    path = child(path, "rollingUpdate")
    if kind == "Recreate":
        if rolling is not None:
            yield forbidden(path, "may not be specified when strategy `type` is 'Recreate'")
    elif kind != "RollingUpdate":
        yield not_supported("spec.strategy", render("DeploymentStrategy", strategy), STRATEGIES)
    elif rolling is None:
        yield required(path, "this should be defaulted and never be nil")
    else:
        unavailable, surge = rolling.get("maxUnavailable"), rolling.get("maxSurge")
        yield from int_or_percent(child(path, "maxUnavailable"), unavailable)
        yield from int_or_percent(child(path, "maxSurge"), surge)
        if _amount(unavailable) == 0 and _amount(surge) == 0:
            yield invalid(child(path, "maxUnavailable"), unavailable, "may not be 0 when `maxSurge` is 0")
        yield from _at_most_all(child(path, "maxUnavailable"), unavailable)


def _stateful_strategy(path: str, strategy: Object) -> Errors:
    kind, rolling = strategy.get("type") or "", strategy.get("rollingUpdate")
    if not kind:
        yield required(path)
    elif kind not in UPDATE_STRATEGIES:
        yield invalid(path, render("StatefulSetUpdateStrategy", strategy), "must be 'RollingUpdate' or 'OnDelete'")
    elif kind == "OnDelete" and rolling is not None:
        shown = render("RollingUpdateStatefulSetStrategy", rolling)
        yield invalid(child(path, "rollingUpdate"), shown, "only allowed for updateStrategy 'RollingUpdate'")
    elif rolling is not None:
        path = child(path, "rollingUpdate")
        yield from not_negative(child(path, "partition"), rolling.get("partition"))
        if (unavailable := rolling.get("maxUnavailable")) is not None:
            path = child(path, "maxUnavailable")
            yield from int_or_percent(path, unavailable)
            if _amount(unavailable) == 0:
                yield invalid(path, unavailable, "cannot be 0")
            yield from _at_most_all(path, unavailable)


def _daemon_strategy(path: str, strategy: Object) -> Errors:
    kind, rolling = strategy.get("type") or "", strategy.get("rollingUpdate")
    if kind == "OnDelete":
        return
    if kind != "RollingUpdate":
        yield not_supported(path, render("DaemonSetUpdateStrategy", strategy), UPDATE_STRATEGIES)
        return
    path = child(path, "rollingUpdate")
    if rolling is None:
        yield required(path)
        return
    for rule in (int_or_percent, _at_most_all):
        for field in ("maxUnavailable", "maxSurge"):
            yield from rule(child(path, field), rolling.get(field))
    unavailable, surge = _amount(rolling.get("maxUnavailable")), _amount(rolling.get("maxSurge"))
    if unavailable and surge:
        yield invalid(child(path, "maxSurge"), rolling["maxSurge"], "may not be set when maxUnavailable is non-zero")
    elif not unavailable and not surge:
        yield required(child(path, "maxUnavailable"), "cannot be 0 when maxSurge is 0")


def _percentage(value: Any) -> int | None:
    return int(value[:-1]) if isinstance(value, str) and not names.check("percent", value) else None


def _amount(value: Any) -> int:
    """A count or percentage as a bare number; a text that is neither counts as 0.  getIntOrPercentValue"""
    percentage = _percentage(value)
    if percentage is not None:
        return percentage
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else 0


def _at_most_all(path: str, value: Any) -> Errors:
    if (_percentage(value) or 0) > ALL:
        yield invalid(path, value, f"must not be greater than {ALL}%")
