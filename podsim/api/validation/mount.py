"""Rules for how containers mount volumes, or use them as devices.

ValidateVolumeMounts, ValidateVolumeDevices
"""

from __future__ import annotations

from .field import Errors, Object, child, forbidden, invalid, items, not_found, not_supported, required
from .volume import Volumes, descending_path

PROPAGATIONS = ("Bidirectional", "HostToContainer", "None")
RECURSIVE_READ_ONLY = ("Disabled", "Enabled", "IfPossible")


def volume_mounts(path: str, container: Object, known: Volumes) -> Errors:
    """volumeMounts of a container."""
    devices = {device.get("name"): device.get("devicePath") for _, device in items(container, "volumeDevices", path)}
    list_path, mounted = child(path, "volumeMounts"), set()
    for at, mount in items(container, "volumeMounts", path):
        name, mount_path = mount.get("name") or "", mount.get("mountPath") or ""
        if not name:
            yield required(child(at, "name"))
        if name not in known:
            yield not_found(child(at, "name"), name)
        if not mount_path:
            yield required(child(at, "mountPath"))
        if mount_path in mounted:
            yield invalid(child(at, "mountPath"), mount_path, "must be unique")
        mounted.add(mount_path)
        if name in devices:
            yield invalid(child(at, "name"), name, "must not already exist in volumeDevices")
        if mount_path in devices.values():
            yield invalid(child(at, "mountPath"), mount_path, "must not already exist as a path in volumeDevices")
        yield from _sub_paths(at, list_path, mount)
        yield from _propagation(child(list_path, "mountPropagation"), mount, container)
        yield from _recursive_read_only(child(list_path, "recursiveReadOnly"), mount)


def volume_devices(path: str, container: Object, known: Volumes) -> Errors:
    """volumeDevices of a container."""
    mounts = {mount.get("name"): mount.get("mountPath") for _, mount in items(container, "volumeMounts", path)}
    taken: set[str] = set()
    paths: set[str] = set()
    for at, device in items(container, "volumeDevices", path):
        name, device_path = device.get("name") or "", device.get("devicePath") or ""
        checks = (
            (name in taken, "name", "must be unique"),
            (
                name in known and not {"persistentVolumeClaim", "ephemeral"} & known[name].keys(),
                "name",
                "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode",
            ),
            (name not in known, "name", ""),
            (not device_path, "devicePath", ""),
            (device_path in paths, "devicePath", "must be unique"),
            (".." in device_path.split("/"), "devicePath", "can not contain backsteps ('..')"),
            (name in mounts, "name", "must not already exist in volumeMounts"),
            (device_path in mounts.values(), "devicePath", "must not already exist as a path in volumeMounts"),
        )
        if not name:
            yield required(child(at, "name"))
        for broken, field, detail in checks:
            if broken and detail:
                yield invalid(child(at, field), name if field == "name" else device_path, detail)
            elif broken:
                yield not_found(child(at, field), name) if field == "name" else required(child(at, field))
        taken |= {name} - {""}
        paths |= set() if ".." in device_path.split("/") else {device_path}


def _sub_paths(path: str, list_path: str, mount: Object) -> Errors:
    sub_path, expression = mount.get("subPath"), mount.get("subPathExpr")
    if sub_path:
        yield from descending_path(child(list_path, "subPath"), sub_path)
    if expression:
        if sub_path:
            yield invalid(child(path, "subPathExpr"), expression, "subPathExpr and subPath are mutually exclusive")
        yield from descending_path(child(list_path, "subPathExpr"), expression)


def _propagation(path: str, mount: Object, container: Object) -> Errors:
    propagation = mount.get("mountPropagation")
    if propagation is not None and propagation not in PROPAGATIONS:
        yield not_supported(path, propagation, PROPAGATIONS)
    if propagation == "Bidirectional" and not (container.get("securityContext") or {}).get("privileged"):
        yield forbidden(path, "Bidirectional mount propagation is available only to privileged containers")


def _recursive_read_only(path: str, mount: Object) -> Errors:
    mode = mount.get("recursiveReadOnly")
    if mode is None or mode == "Disabled":
        return
    if mode not in RECURSIVE_READ_ONLY:
        yield not_supported(path, mode, RECURSIVE_READ_ONLY)
        return
    if not mount.get("readOnly"):
        yield forbidden(path, "may only be specified when readOnly is true")
    if mount.get("mountPropagation") not in (None, "None"):
        yield forbidden(path, "may only be specified when mountPropagation is None or not specified")
