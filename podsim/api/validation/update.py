"""Which changes of a stored object are allowed.

ValidatePodUpdate; the Validate*Update of apps and batch
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import unified_diff
from typing import Any

from podsim.api.qos import qos_class
from podsim.api.quantity import Quantity

from .container import image_is_trimmed
from .field import (
    IMMUTABLE,
    Errors,
    Object,
    child,
    forbidden,
    invalid,
    items,
    required,
    unchanged,
)
from .goformat import to_json
from .internal import render
from .metadata import object_meta_update
from .names import in_range
from .pod import MAX_SECONDS, MIRROR, metadata_and_spec
from .scheduling import REQUIRED
from .scheduling import tolerations as toleration_rules
from .security import APPARMOR_PREFIX

UPDATABLE = (
    "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
    "`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)
IMMUTABLE_FIELDS: dict[str, dict[str, str | None]] = {  # per kind: field of spec, and its struct where one is shown
    "Deployment": {"selector": "LabelSelector"},
    "ReplicaSet": {"selector": "LabelSelector"},
    "StatefulSet": {
        "selector": "LabelSelector",
        "volumeClaimTemplates": None,
        "serviceName": None,
        "podManagementPolicy": None,
    },
    "Job": {
        "selector": "LabelSelector",
        "template": "PodTemplateSpec",
        "completionMode": None,
        "podFailurePolicy": None,
        "backoffLimitPerIndex": None,
        "managedBy": None,
        "successPolicy": None,
    },
}
ONLY_ADDITIONS = "only additions are allowed (no mutations or deletions)"


def update_rules(new: Object, old: Object, rules: Callable[[Mapping[str, Any]], Errors]) -> Errors:
    """The errors of replacing `old` by `new`; `rules` are those for a new object of the kind."""
    yield from object_meta_update(new.get("metadata") or {}, old.get("metadata") or {})
    if new["kind"] == "Pod":
        yield from _pod(new, old)
        return
    if new["kind"] == "DaemonSet":
        yield from _immutable(new, old, {"selector": "LabelSelector"})
    yield from _without_metadata(rules(new))
    if new["kind"] == "Job":
        yield from _completions("spec.completions", new.get("spec") or {}, old.get("spec") or {})
        old = _with_what_suspension_opens(new, old)
    yield from _immutable(new, old, IMMUTABLE_FIELDS.get(new["kind"], {}))
    yield from _OTHER_KINDS.get(new["kind"], _anything)(new, old)


def _without_metadata(errors: Errors) -> Errors:
    """metadata has been checked as an update already."""
    return (error for error in errors if not error.path.startswith("metadata."))


def _immutable(new: Object, old: Object, fields: Mapping[str, str | None]) -> Errors:
    for field, struct in fields.items():
        value, before = (new.get("spec") or {}).get(field), (old.get("spec") or {}).get(field)
        shown, earlier = (render(struct, part) if struct else part for part in (value, before))
        if shown != earlier:
            yield invalid(f"spec.{field}", shown, IMMUTABLE)


def _completions(path: str, new: Object, old: Object) -> Errors:
    if new.get("completionMode") != "Indexed":
        yield from unchanged(path, new.get("completions"), old.get("completions"))
    elif new.get("completions") not in (None, old.get("completions"), new.get("parallelism")):
        yield invalid(path, new["completions"], "can only be modified in tandem with spec.parallelism")


def _with_what_suspension_opens(new: Object, old: Object) -> Object:
    """`old` with the parts of its template that may change before a suspended Job starts.  validatePodTemplateUpdate"""
    spec, before = new.get("spec") or {}, old.get("spec") or {}
    if not before.get("suspend") or (old.get("status") or {}).get("startTime"):
        return old
    template, kept = spec.get("template") or {}, before.get("template") or {}
    pod, earlier = template.get("spec") or {}, kept.get("spec") or {}
    meta = {**(kept.get("metadata") or {}), **_picked(template.get("metadata") or {}, ("labels", "annotations"))}
    opened = {**earlier, **_picked(pod, ("nodeSelector", "tolerations", "schedulingGates"))}
    opened["affinity"] = _with_node_affinity(earlier.get("affinity"), pod.get("affinity"))
    for kind in ("containers", "initContainers"):
        pairs = zip(earlier.get(kind) or (), pod.get(kind) or (), strict=False)
        opened[kind] = [{**container, **_picked(changed, ("resources",))} for container, changed in pairs] or None
    return {**old, "spec": {**before, "template": {**kept, "metadata": meta, "spec": opened}}}


def _picked(value: Object, fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: value.get(field) for field in fields}


def _anything(_new: Object, _old: Object) -> Errors:
    yield from ()


def _data(new: Object, old: Object) -> Errors:
    """A ConfigMap or a Secret that declares itself immutable stays as it is."""
    if old.get("immutable"):
        for field in ("immutable", "data", "binaryData"):
            if (new.get(field) or {}) != (old.get(field) or {}):
                yield forbidden(field, "field is immutable when `immutable` is set")
    if new["kind"] == "Secret":
        yield from unchanged("type", new.get("type"), old.get("type"))


def _priority_class(new: Object, old: Object) -> Errors:
    if new.get("value") != old.get("value"):
        yield forbidden("value", "may not be changed in an update.")
    yield from unchanged("preemptionPolicy", new.get("preemptionPolicy"), old.get("preemptionPolicy"))


def _service(new: Object, old: Object) -> Errors:
    """validateUpgradeDowngradeClusterIPs"""
    spec, before = new.get("spec") or {}, old.get("spec") or {}
    addresses, known = spec.get("clusterIPs") or [], before.get("clusterIPs") or []
    if "ExternalName" in (spec.get("type"), before.get("type")):
        return
    for number, (address, was) in enumerate(zip(addresses, known, strict=False)):
        if address != was:
            yield invalid(f"spec.clusterIPs[{number}]", addresses, "may not change once set")


_OTHER_KINDS: dict[str, Callable[[Object, Object], Errors]] = {
    "ConfigMap": _data,
    "Secret": _data,
    "Service": _service,
    "PriorityClass": _priority_class,
    "RuntimeClass": lambda new, old: unchanged("handler", new.get("handler"), old.get("handler")),
}


def _pod(new: Object, old: Object) -> Errors:
    spec, before = new.get("spec") or {}, old.get("spec") or {}
    yield from _without_metadata(metadata_and_spec(new))
    yield from _annotations(new, old)
    for kind in ("containers", "initContainers"):
        if len(spec.get(kind) or ()) != len(before.get(kind) or ()):
            yield forbidden(f"spec.{kind}", "pod updates may not add or remove containers")
            return
        for at, container in items(spec, kind, "spec"):
            if not container.get("image"):
                yield required(child(at, "image"))
            yield from image_is_trimmed(at, container)
    deadline_errors = list(_deadline("spec.activeDeadlineSeconds", spec, before))
    yield from deadline_errors
    if deadline_errors and spec.get("activeDeadlineSeconds") is not None:
        return
    yield from _tolerations(spec, before)
    yield from _gates(spec, before)
    if not _same(spec, before):
        yield from _unchangeable(spec, before)


def resize_rules(new: Object, old: Object) -> Errors:
    """The errors of a resize of the pod `old`.                                                      ValidatePodResize"""
    spec, before = new.get("spec") or {}, old.get("spec") or {}
    yield from _without_metadata(metadata_and_spec(new))
    rest = {**spec, "resources": before.get("resources")}
    for kind in ("containers", "initContainers"):
        pairs = list(zip(spec.get(kind) or (), before.get(kind) or (), strict=False))
        for number, (container, earlier) in enumerate(pairs):
            for side in ("requests", "limits"):
                amounts, known = ((c.get("resources") or {}).get(side) or {} for c in (container, earlier))
                if known.keys() - amounts.keys():
                    yield forbidden(f"spec.{kind}[{number}].resources", f"resource {side} cannot be removed")
        rest[kind] = [{**container, "resources": _resized(container, earlier)} for container, earlier in pairs] or None
    if not _same(rest, before):
        yield forbidden("spec", "only cpu and memory resources are mutable")
    known_class = (old.get("status") or {}).get("qosClass")
    if qos_class(new) != known_class:
        yield invalid("spec", known_class, "Pod QOS Class may not change as a result of resizing")


def _resized(container: Object, earlier: Object) -> dict[str, Any]:
    """A container's resources with what may change as it was before."""
    sides: dict[str, Any] = {}
    for side in ("requests", "limits"):
        amounts, known = ((c.get("resources") or {}).get(side) or {} for c in (container, earlier))
        mutable = {name: known[name] for name in ("cpu", "memory") if name in known}
        sides[side] = {**{name: amount for name, amount in amounts.items() if name not in ("cpu", "memory")}, **mutable}
    return sides


def _annotations(new: Object, old: Object) -> Errors:
    values, before = ((pod.get("metadata") or {}).get("annotations") or {} for pod in (new, old))
    for key in (*before, *(key for key in values if key not in before)):
        verb = "add" if key not in before else "remove or update"
        if values.get(key) != before.get(key):
            if key.startswith(APPARMOR_PREFIX):
                yield forbidden(f"metadata.annotations[{key}]", f"may not {verb} AppArmor annotations")
            elif key == MIRROR:
                yield forbidden(f"metadata.annotations[{key}]", f"may not {verb} mirror pod annotation")


def _deadline(path: str, spec: Object, before: Object) -> Errors:
    new, old = spec.get("activeDeadlineSeconds"), before.get("activeDeadlineSeconds")
    if new is None:
        if old is not None:
            yield invalid(path, None, "must not update from a positive integer to nil value")
    elif messages := in_range(new, 0, MAX_SECONDS):
        yield invalid(path, new, messages[0])
    elif old is not None and old < new:
        yield invalid(path, new, "must be less than or equal to previous value")


def _tolerations(spec: Object, before: Object) -> Errors:
    def kept(toleration: Object) -> dict[str, Any]:
        return {field: value for field, value in toleration.items() if field != "tolerationSeconds"}

    present = [kept(toleration) for toleration in spec.get("tolerations") or ()]
    if all(kept(toleration) in present for toleration in before.get("tolerations") or ()):
        yield from toleration_rules("spec", spec)
    else:
        yield forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")


def _gates(spec: Object, before: Object) -> Errors:
    known = [gate.get("name") for gate in before.get("schedulingGates") or ()]
    for at, gate in items(spec, "schedulingGates", "spec"):
        if gate.get("name") not in known:
            detail = f"only deletion is allowed, but found new scheduling gate '{gate.get('name', '')}'"
            yield forbidden(child(at, "name"), detail)


def _unchangeable(spec: Object, before: Object) -> Errors:
    """Everything that may change is taken over from `before`; what differs still is an error."""
    rest = {**spec}
    for field in ("activeDeadlineSeconds", "schedulingGates", "tolerations"):
        rest[field] = before.get(field)
    for kind in ("containers", "initContainers"):
        pairs = zip(spec.get(kind) or (), before.get(kind) or (), strict=True)
        rest[kind] = [{**container, "image": old.get("image")} for container, old in pairs] or None
    if (before.get("terminationGracePeriodSeconds") or 0) < 0 and spec.get("terminationGracePeriodSeconds") == 1:
        rest["terminationGracePeriodSeconds"] = before["terminationGracePeriodSeconds"]
    if before.get("schedulingGates"):
        yield from _narrowed_selector(spec, before)
        rest["nodeSelector"] = before.get("nodeSelector")
        yield from _narrowed_affinity(spec, before)
        rest["affinity"] = _with_node_affinity(spec.get("affinity"), before.get("affinity"))
    if not _same(rest, before):
        detail = f"pod updates may not change fields other than {UPDATABLE}\n{_difference(before, rest)}"
        yield forbidden("spec", detail)


def _same(a: Object, b: Object) -> bool:
    """Whether two specs mean the same.                                            equality.Semantic.DeepEqual"""
    meanings = [_meaning(render("PodSpec", spec)) for spec in (a, b)]
    return bool(meanings[0] == meanings[1])


def _meaning(value: Any, field: str = "") -> Any:
    """`value` with nil for every empty list and map, and quantities as numbers."""
    if isinstance(value, dict):
        if field in ("Limits", "Requests", "Overhead"):
            return {name: Quantity(str(quantity)).milli_value for name, quantity in value.items()} or None
        return {name: _meaning(part, name) for name, part in value.items()} or None
    if isinstance(value, list):
        return [_meaning(item) for item in value] or None
    return value


def _difference(before: Object, after: Object) -> str:
    """The unified diff of two specs in their internal form, three lines around each change."""
    old, new = ([f"{line}\n" for line in _lines(spec)] for spec in (before, after))
    _, _, *hunks = unified_diff(old, new, n=3)  # without the two lines of file names
    return "".join(hunks)


def _lines(spec: Object) -> list[str]:
    return to_json(render("PodSpec", spec), indent=1).split("\n")


def _narrowed_selector(spec: Object, before: Object) -> Errors:
    new, old = spec.get("nodeSelector") or {}, before.get("nodeSelector") or {}
    if any(new.get(key) != value for key, value in old.items()):
        detail = "only additions to spec.nodeSelector are allowed (no mutations or deletions)"
        yield invalid("spec.nodeSelector", dict(sorted(new.items())) or None, detail)


def _node_affinity(affinity: Object | None) -> Any:
    return (affinity or {}).get("nodeAffinity")


def _terms(spec: Object) -> list[Object]:
    required_terms = (_node_affinity(spec.get("affinity")) or {}).get(REQUIRED) or {}
    return list(required_terms.get("nodeSelectorTerms") or ())


def _narrowed_affinity(spec: Object, before: Object) -> Errors:
    path = f"spec.affinity.nodeAffinity.{REQUIRED}.nodeSelectorTerms"
    new, old = _terms(spec), _terms(before)
    if old and len(old) != len(new):
        shown = [render("NodeSelectorTerm", term) for term in new] or None
        yield invalid(path, shown, "no additions/deletions to non-empty NodeSelectorTerms list are allowed")
        return
    for number, (term, earlier) in enumerate(zip(new, old, strict=False)):
        if not _only_adds(term, earlier):
            yield invalid(f"{path}[{number}]", render("NodeSelectorTerm", term), ONLY_ADDITIONS)


def _only_adds(term: Object, earlier: Object) -> bool:
    fields = ("matchExpressions", "matchFields")
    if not any(earlier.get(field) for field in fields):
        return not any(term.get(field) for field in fields)
    return all(
        list(term.get(field) or ())[: len(earlier.get(field) or ())] == list(earlier.get(field) or ())
        for field in fields
    )


def _with_node_affinity(new: Object | None, old: Object | None) -> Object | None:
    """The new affinity with the old node affinity in it."""
    kept = _node_affinity(old)
    if new is None and kept is None:
        return None
    if old is None and new is not None and not (new.get("podAffinity") or new.get("podAntiAffinity")):
        return None
    return {**(new or {}), "nodeAffinity": kept}
