"""Rules for PersistentVolumeClaims and their templates.        ValidatePersistentVolumeClaimSpec"""

from __future__ import annotations

from podsim.api.quantity import Quantity

from .field import (
    Errors,
    Object,
    child,
    conforms,
    forbidden,
    invalid,
    not_supported,
    required,
)
from .metadata import annotation_keys, label_selector, labels

ACCESS_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
VOLUME_MODES = ("Block", "Filesystem")
NOT_IN_TEMPLATES = ("name", "generateName", "namespace", "ownerReferences", "finalizers")


def claim_template(path: str, template: Object) -> Errors:
    """The claim that an ephemeral volume makes."""
    meta = template.get("metadata") or {}
    yield from annotation_keys(f"{path}.metadata.annotations", meta.get("annotations"))
    yield from labels(f"{path}.metadata.labels", meta.get("labels"))
    for field in NOT_IN_TEMPLATES:
        if meta.get(field):
            yield forbidden(f"{path}.metadata.{field}", "cannot be set")
    yield from claim_spec(child(path, "spec"), template.get("spec") or {})


def claim_spec(path: str, spec: Object) -> Errors:
    """spec of a claim."""
    modes = spec.get("accessModes") or ()
    if not modes:
        yield required(child(path, "accessModes"), "at least 1 access mode is required")
    yield from label_selector(child(path, "selector"), spec.get("selector"))
    for mode in modes:
        if mode not in ACCESS_MODES:
            yield not_supported(child(path, "accessModes"), mode, ACCESS_MODES)
    if "ReadWriteOncePod" in modes and set(modes) & set(ACCESS_MODES) != {"ReadWriteOncePod"}:
        yield forbidden(child(path, "accessModes"), "may not use ReadWriteOncePod with other access modes")
    storage = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
    if storage is None:
        yield required(f"{path}.resources[storage]")
    elif Quantity(storage) <= Quantity("0"):
        yield invalid(f"{path}.resources[storage]", str(Quantity(storage)), "must be greater than zero")
    for field in ("storageClassName", "volumeAttributesClassName"):
        if name := spec.get(field):
            yield from conforms(child(path, field), name, "dns1123subdomain")
    if (mode := spec.get("volumeMode")) is not None and mode not in VOLUME_MODES:
        yield not_supported(child(path, "volumeMode"), mode, VOLUME_MODES)
