"""Volumes that need an object of the API: a pod waits for them before its sandbox is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from podsim.cluster.kubelet.spec import PodSpec
from podsim.cluster.store import Object, Store


@dataclass(frozen=True, slots=True)
class Lack:
    """What a volume or a container needs and does not find; `object` is `Kind/namespace/name`, "" if none is at fault."""

    error: str
    object: str = ""


def missing(pod: PodSpec, store: Store) -> list[tuple[str, Lack]]:
    """(volume, lack) of every volume whose Secret or ConfigMap, or a key of it that the volume names, is not there and not optional.

    volume/secret, volume/configmap SetUpAt
    """
    found: list[tuple[str, Lack]] = []
    for volume in pod.source["spec"].get("volumes") or ():
        for kind, name, keys in _needed(volume):
            held = store.get(kind, pod.namespace, name)
            absent = next((k for k in keys if held and k not in _keys(held)), None)
            if held is None:
                found.append((volume["name"], _lacks(pod, kind, name)))
            elif absent is not None:
                word = "config" if kind == "ConfigMap" else "secret"
                found.append((volume["name"], Lack(f"references non-existent {word} key: {absent}", f"{kind}/{pod.namespace}/{name}")))
    return found


def _keys(held: Object) -> set[str]:
    return {*(held.get("data") or ()), *(held.get("binaryData") or ())}


def _needed(volume: dict[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    """Kind, name and keys of each object that must be there."""
    sources = [volume, *((volume.get("projected") or {}).get("sources") or ())]
    for source in sources:
        secret, config_map = source.get("secret"), source.get("configMap")
        if secret and not secret.get("optional"):
            yield "Secret", secret.get("secretName") or secret.get("name", ""), [i["key"] for i in secret.get("items") or ()]
        if config_map and not config_map.get("optional"):
            yield "ConfigMap", config_map.get("name", ""), [i["key"] for i in config_map.get("items") or ()]


def config_error(pod: PodSpec, container: Mapping[str, Any], name: str, store: Store) -> Lack | None:
    """Why the container's configuration cannot be made, or None.        kubelet_pods.go makeEnvironmentVariables

    Environment from missing objects or keys, and runAsNonRoot with an image that runs as root.
    """
    for entry in container.get("envFrom") or ():
        for key, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            ref = entry.get(key)
            if ref and not ref.get("optional") and store.get(kind, pod.namespace, ref.get("name", "")) is None:
                return _lacks(pod, kind, ref.get("name", ""))
    for variable in container.get("env") or ():
        for key, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
            ref = (variable.get("valueFrom") or {}).get(key)
            error = _key_error(pod, kind, ref, store) if ref and not ref.get("optional") else None
            if error:
                return error
    return _root_error(pod, container, name)


def _lacks(pod: PodSpec, kind: str, name: str) -> Lack:
    return Lack(f'{kind.lower()} "{name}" not found', f"{kind}/{pod.namespace}/{name}")


def _key_error(pod: PodSpec, kind: str, ref: dict[str, Any], store: Store) -> Lack | None:
    held = store.get(kind, pod.namespace, ref.get("name", ""))
    if held is None:
        return _lacks(pod, kind, ref.get("name", ""))
    if ref["key"] not in _keys(held):
        where = f"{pod.namespace}/{ref.get('name', '')}"
        return Lack(f"couldn't find key {ref['key']} in {kind} {where}", f"{kind}/{where}")
    return None


def _root_error(pod: PodSpec, container: Mapping[str, Any], name: str) -> Lack | None:
    """kuberuntime/security_context.go verifyRunAsNonRoot; every image here runs as root unless told otherwise."""
    shared, own = pod.source["spec"].get("securityContext") or {}, container.get("securityContext") or {}
    if not own.get("runAsNonRoot", shared.get("runAsNonRoot")):
        return None
    uid = own.get("runAsUser", shared.get("runAsUser"))
    if uid is None:
        return Lack(f'container has runAsNonRoot and image will run as root (pod: "{pod.long_name}", container: {name})')
    if uid == 0:
        return Lack(f"container's runAsUser breaks non-root policy (pod: \"{pod.long_name}\", container: {name})")
    return None
