"""Rules for pods and pod templates.        ValidatePodCreate, ValidatePodSpec, ValidatePodTemplateSpec"""

from __future__ import annotations

from . import names
from .container import (
    Pod,
    all_containers,
    containers,
    ephemeral_containers,
    host_network_ports,
    image_is_trimmed,
    init_containers,
)
from .field import (
    Errors,
    Object,
    child,
    conforms,
    duplicate,
    forbidden,
    invalid,
    items,
    named,
    not_found,
    not_negative,
    one_of,
    required,
)
from .goformat import quote
from .hosts import dns_config, host_aliases, host_users, hostname_override
from .internal import render
from .metadata import annotation_keys, labels, object_meta
from .resources import overhead, pod_resources
from .scheduling import (
    affinity,
    readiness_gates,
    scheduling_gates,
    tolerations,
    topology_spread,
)
from .security import pod_context, profile_annotations
from .system import system_rules
from .volume import Volumes, volumes

RESTART_POLICIES = ("Always", "OnFailure", "Never")
DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
PREEMPTION_POLICIES = ("PreemptLowerPriority", "Never")
MAX_SECONDS = 2**31 - 1
MIRROR = "kubernetes.io/config.mirror"
DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"


def pod(value: Object) -> Errors:
    """A new pod."""
    spec = value.get("spec") or {}
    yield from metadata_and_spec(value)
    if spec.get("ephemeralContainers"):
        yield forbidden("spec.ephemeralContainers", "cannot be set on create")
    if spec.get("nodeName") and spec.get("schedulingGates"):
        yield forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared")


def metadata_and_spec(value: Object) -> Errors:
    """What holds for a pod both new and changed.                                  validatePodMetadataAndSpec"""
    meta, spec = value.get("metadata") or {}, value.get("spec") or {}
    yield from object_meta(meta)
    yield from pod_annotations("metadata.annotations", meta.get("annotations") or {}, spec)
    yield from pod_spec("spec", spec, meta)
    for at, volume in items({} if spec.get("serviceAccountName") else spec, "volumes", "spec"):
        for source_path, source in items(volume.get("projected") or {}, "sources", child(at, "projected")):
            if source.get("serviceAccountToken") is not None:
                yield forbidden(
                    child(source_path, "serviceAccountToken"),
                    "must not be specified when serviceAccountName is not set",
                )
    yield from not_negative("spec.terminationGracePeriodSeconds", spec.get("terminationGracePeriodSeconds"))
    for kind in ("containers", "initContainers"):
        for at, container in items(spec, kind, "spec"):
            yield from image_is_trimmed(at, container)


def pod_template(path: str, template: Object) -> Errors:
    """The template of a workload."""
    meta, spec = template.get("metadata") or {}, template.get("spec") or {}
    yield from labels(child(path, "labels"), meta.get("labels"))
    yield from annotation_keys(child(path, "annotations"), meta.get("annotations"))
    yield from pod_annotations(child(path, "annotations"), meta.get("annotations") or {}, spec)
    yield from pod_spec(child(path, "spec"), spec, None)
    if spec.get("ephemeralContainers"):
        yield forbidden(f"{path}.spec.ephemeralContainers", "ephemeral containers not allowed in pod template")


def pod_annotations(path: str, values: Object, spec: Object) -> Errors:
    """Annotations that mean something for a pod.                                  ValidatePodSpecificAnnotations"""
    if MIRROR in values and not spec.get("nodeName"):
        yield invalid(f"{path}[{MIRROR}]", values[MIRROR], "must set spec.nodeName if mirror pod annotation is set")
    if (cost := values.get(DELETION_COST)) is not None and not _is_int32(cost):
        yield invalid(f"{path}[{DELETION_COST}]", cost, "must be a 32bit integer")
    yield from profile_annotations(
        path, values, [container.get("name") or "" for _, container in all_containers("", spec)]
    )


def pod_spec(path: str, spec: Object, meta: Object | None) -> Errors:
    """spec of a pod, or of a template, which has no `meta`.                       ValidatePodSpec"""
    if spec.get("terminationGracePeriodSeconds") is None:
        yield required(child(path, "terminationGracePeriodSeconds"))
    known: Volumes = {}
    yield from volumes(path, spec, (meta or {}).get("name"), known)
    yield from _resource_claims(path, spec)
    claims = {claim.get("name") for _, claim in items(spec, "resourceClaims", path)} - {None, ""}
    around = Pod(
        known,
        claims,
        spec.get("terminationGracePeriodSeconds"),
        spec.get("restartPolicy") or "",
        spec.get("hostUsers") is not False,
    )
    yield from containers(path, spec, around)
    yield from init_containers(path, spec, around)
    yield from ephemeral_containers(path, spec, around)
    yield from pod_resources(child(path, "resources"), spec, claims)
    yield from host_network_ports(path, spec, template=meta is None)
    yield from one_of(child(path, "restartPolicy"), spec.get("restartPolicy"), RESTART_POLICIES)
    yield from one_of(child(path, "dnsPolicy"), spec.get("dnsPolicy"), DNS_POLICIES)
    yield from labels(child(path, "nodeSelector"), spec.get("nodeSelector"))
    yield from pod_context(child(path, "securityContext"), spec)
    if spec.get("shareProcessNamespace") and spec.get("hostPID"):
        detail = "ShareProcessNamespace and HostPID cannot both be enabled"
        yield invalid(child(path, "shareProcessNamespace"), spec["shareProcessNamespace"], detail)
    yield from affinity(child(path, "affinity"), spec.get("affinity"))
    yield from dns_config(child(path, "dnsConfig"), spec)
    yield from readiness_gates(path, spec)
    yield from scheduling_gates(path, spec)
    yield from topology_spread(path, spec)
    yield from host_users(path, spec)
    yield from hostname_override(child(path, "hostnameOverride"), spec)
    yield from _rest(path, spec)
    yield from _file_key_volumes(path, spec)


def _rest(path: str, spec: Object) -> Errors:
    """The fields without rules that reach beyond them."""
    account = spec.get("serviceAccountName") or ""
    yield from _name(path, spec, "serviceAccountName", "dns1123subdomain")
    if (spec.get("serviceAccount") or "") != account:
        detail = f"must be the same as serviceAccountName: {quote(account)}"
        yield invalid(child(path, "deprecatedServiceAccount"), spec.get("serviceAccount") or "", detail)
    yield from _name(path, spec, "nodeName", "dns1123subdomain")
    if (deadline := spec.get("activeDeadlineSeconds")) is not None:
        for message in names.in_range(deadline, 1, MAX_SECONDS):
            yield invalid(child(path, "activeDeadlineSeconds"), deadline, message)
    yield from _name(path, spec, "hostname", "dns1123label")
    yield from _name(path, spec, "subdomain", "dns1123label")
    yield from tolerations(path, spec)
    yield from host_aliases(path, spec)
    yield from _name(path, spec, "priorityClassName", "dns1123subdomain")
    if (runtime_class := spec.get("runtimeClassName")) is not None:
        yield from conforms(child(path, "runtimeClassName"), runtime_class, "dns1123subdomain")
    if (preemption := spec.get("preemptionPolicy")) is not None:
        yield from one_of(child(path, "preemptionPolicy"), preemption, PREEMPTION_POLICIES)
    if (extra := spec.get("overhead")) is not None:
        yield from overhead(child(path, "overhead"), extra)
    if (system := spec.get("os")) is not None:
        yield from system_rules(path, spec, system.get("name"))
    if (group := spec.get("schedulingGroup")) is not None:
        yield from _scheduling_group(child(path, "schedulingGroup.podGroupName"), group.get("podGroupName"))


def _name(path: str, spec: Object, field: str, kind: str) -> Errors:
    if value := spec.get(field):
        yield from conforms(child(path, field), value, kind)


def _is_int32(text: str) -> bool:
    try:
        number = int(text)
    except ValueError:
        return False
    canonical = text.startswith("-") or text == "0" or text[:1] in "123456789"
    return canonical and -(2**31) <= number < 2**31


def _resource_claims(path: str, spec: Object) -> Errors:
    taken: set[str] = set()
    references = ("resourceClaimName", "resourceClaimTemplateName")
    for at, claim in items(spec, "resourceClaims", path):
        name, given = claim.get("name") or "", [field for field in references if claim.get(field) is not None]
        if name in taken:
            yield duplicate(child(at, "name"), name)
        else:
            yield from named(child(at, "name"), name, "dns1123label")
            taken |= {name} - {""}
        if len(given) != 1:
            detail = (
                "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
                if given
                else "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"
            )
            yield invalid(at, render("PodResourceClaim", claim), detail)
        for field in given:
            yield from conforms(child(at, field), claim[field], "dns1123subdomain")


def _scheduling_group(path: str, name: str | None) -> Errors:
    if name is None:
        yield invalid(path, None, "must specify one of: `podGroupName`")
    else:
        yield from conforms(path, name, "dns1123subdomain")


def _file_key_volumes(path: str, spec: Object) -> Errors:
    """fileKeyRef reads a file of an emptyDir.                                     validateFileKeyRefVolumes"""
    sources = {volume.get("name"): volume for _, volume in items(spec, "volumes", path)}
    for at, container in all_containers(path, spec):
        for variable_path, variable in items(container, "env", at):
            reference = (variable.get("valueFrom") or {}).get("fileKeyRef")
            if reference is None:
                continue
            name, name_path = reference.get("volumeName") or "", f"{variable_path}.valueFrom.fileKeyRef.volumeName"
            if name not in sources:
                yield not_found(name_path, name)
            elif sources[name].get("emptyDir") is None:
                yield invalid(name_path, name, "referenced volume must be of type emptyDir")
