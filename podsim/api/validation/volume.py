"""Rules for volumes and their sources.

ValidateVolumes, validateVolumeSource
"""

from __future__ import annotations

from collections.abc import Callable

from podsim.api.quantity import Quantity

from . import names
from .claim import claim_template
from .env import field_selector, resource_field_selector
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
    not_supported,
    one_of,
    required,
)

FILE_MODE = "must be a number between 0 and 0777 (octal), both inclusive"
EMPTY_DIR_MODE = "must be a number between 0 and 01777 (octal), both inclusive"
HOST_PATH_TYPES = ("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket")
DOWNWARD_FIELDS = ("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid")
PULL_POLICIES = ("Always", "IfNotPresent", "Never")
MIN_TOKEN_SECONDS, MAX_TOKEN_SECONDS = 10 * 60, 2**32
KEY_TYPES = ("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519")

Volumes = dict[str, Object]
Source = Callable[[str, Object], Errors]


def volumes(path: str, spec: Object, pod_name: str | None, valid: Volumes) -> Errors:
    """volumes of a pod; the good ones are added to `valid`, by name.

    `pod_name` (None in a template) tells the names of claims made for ephemeral volumes.
    """
    ephemeral = {
        f"{pod_name}-{v.get('name')}" for _, v in items(spec, "volumes", path) if v.get("ephemeral") and pod_name
    }
    for at, volume in items(spec, "volumes", path):
        name = volume.get("name") or ""
        errors = [*_source(at, volume, pod_name), *named(child(at, "name"), name, "dns1123label")]
        if name in valid:
            errors.append(duplicate(child(at, "name"), name))
        if not errors:
            valid[name] = volume
        yield from errors
        claim = (volume.get("persistentVolumeClaim") or {}).get("claimName")
        if claim in ephemeral:
            detail = "must not reference a PVC that gets created for an ephemeral volume"
            yield invalid(f"{at}.persistentVolumeClaim.claimName", claim, detail)


def descending_path(path: str, value: str) -> Errors:
    """A relative path that stays below where it starts.                           validateLocalDescendingPath"""
    if value.startswith("/"):
        yield invalid(path, value, "must be a relative path")
    yield from _no_backsteps(path, value)


def _no_backsteps(path: str, value: str) -> Errors:
    if ".." in value.split("/"):
        yield invalid(path, value, "must not contain '..'")


def _file_path(path: str, value: str) -> Errors:
    """The path of a file in a volume.                                             ValidateLocalNonReservedPath"""
    yield from descending_path(path, value)
    if value.startswith("..") and not value.startswith("../"):
        yield invalid(path, value, "must not start with '..'")


def _mode(path: str, mode: int | None, highest: int = 0o777, detail: str = FILE_MODE) -> Errors:
    if mode is not None and not 0 <= mode <= highest:
        yield invalid(path, mode, detail)


def _user(path: str, user: int | None) -> Errors:
    if user is not None:
        yield from conforms(path, user, "userid")


def _source(path: str, volume: Object, pod_name: str | None) -> Errors:
    given = [kind for kind in _SOURCES if volume.get(kind) is not None]
    if not given:
        yield required(path, "must specify a volume type")
    for number, kind in enumerate(given):
        if number:
            yield forbidden(
                child(path, "downwarAPI" if kind == "downwardAPI" else kind), "may not specify more than 1 volume type"
            )
        else:
            yield from _SOURCES[kind](child(path, kind), volume[kind])
    if given[:1] == ["ephemeral"] and pod_name and volume.get("name"):
        claim = f"{pod_name}-{volume['name']}"
        for message in names.check("dns1123subdomain", claim):
            yield invalid(child(path, "name"), volume["name"], f'PVC name "{claim}": {message}')


def _needs(*fields: str) -> Source:
    """A source where nothing but the presence of some fields is checked."""

    def rule(path: str, source: Object) -> Errors:
        for field in fields:
            if not source.get(field):
                yield required(child(path, field))

    return rule


def _empty_dir(path: str, source: Object) -> Errors:
    if (limit := source.get("sizeLimit")) is not None and Quantity(limit) < Quantity("0"):
        yield forbidden(child(path, "sizeLimit"), "SizeLimit field must be a valid resource quantity")
    yield from _mode(child(path, "mode"), source.get("mode"), 0o1777, EMPTY_DIR_MODE)


def _host_path(path: str, source: Object) -> Errors:
    if not source.get("path"):
        yield required(child(path, "path"))
        return
    yield from _no_backsteps(child(path, "path"), source["path"])
    if (kind := source.get("type")) is not None and kind not in HOST_PATH_TYPES:
        yield not_supported(child(path, "type"), kind, HOST_PATH_TYPES)


def _nfs(path: str, source: Object) -> Errors:
    yield from _needs("server", "path")(path, source)
    if not (source.get("path") or "").startswith("/"):
        yield invalid(child(path, "path"), source.get("path") or "", "must be an absolute path")


def _files_of(name_field: str) -> Source:
    """A secret or a configMap as files."""

    def rule(path: str, source: Object) -> Errors:
        if not source.get(name_field):
            yield required(child(path, name_field))
        yield from _mode(child(path, "defaultMode"), source.get("defaultMode"))
        yield from _user(child(path, "defaultUser"), source.get("defaultUser"))
        for at, item in items(source, "items", path):
            yield from _key_to_path(at, item)

    return rule


def _key_to_path(path: str, item: Object) -> Errors:
    yield from _needs("key", "path")(path, item)
    yield from _file_path(child(path, "path"), item.get("path") or "")
    yield from _mode(child(path, "mode"), item.get("mode"))
    yield from _user(child(path, "user"), item.get("user"))


def _downward_file(path: str, item: Object) -> Errors:
    field, resource = item.get("fieldRef"), item.get("resourceFieldRef")
    if not item.get("path"):
        yield required(child(path, "path"))
    yield from _file_path(child(path, "path"), item.get("path") or "")
    if field is not None:
        yield from field_selector(child(path, "fieldRef"), field, DOWNWARD_FIELDS)
        if resource is not None:
            yield invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
    elif resource is not None:
        yield from resource_field_selector(child(path, "resourceFieldRef"), resource, volume=True)
    else:
        yield required(path, "one of fieldRef and resourceFieldRef is required")
    yield from _mode(child(path, "mode"), item.get("mode"))
    yield from _user(child(path, "user"), item.get("user"))


def _downward_api(path: str, source: Object) -> Errors:
    yield from _mode(child(path, "defaultMode"), source.get("defaultMode"))
    yield from _user(child(path, "defaultUser"), source.get("defaultUser"))
    for _, item in items(source, "items", path):  # the server leaves out the index
        yield from _downward_file(path, item)


def _projected(path: str, source: Object) -> Errors:
    yield from _mode(child(path, "defaultMode"), source.get("defaultMode"))
    yield from _user(child(path, "defaultUser"), source.get("defaultUser"))
    seen: set[str] = set()
    for at, projection in items(source, "sources", path):
        given = [kind for kind in _PROJECTIONS if projection.get(kind) is not None]
        for kind in given:
            yield from _PROJECTIONS[kind](child(at, kind), path, projection[kind], seen)
        if len(given) > 1:
            yield forbidden(at, "may not specify more than 1 volume type per source")


def _once(path: str, file: str, seen: set[str], shown: str | None = None) -> Errors:
    if file in seen:
        yield invalid(path, file if shown is None else shown, "conflicting duplicate paths")
    seen.add(file)


def _projected_keys(path: str, volume_path: str, source: Object, seen: set[str]) -> Errors:
    if not source.get("name"):
        yield required(child(path, "name"))
    for at, item in items(source, "items", path):
        yield from _key_to_path(at, item)
        if item.get("path"):
            yield from _once(volume_path, item["path"], seen, source.get("name") or "")


def _projected_downward_api(path: str, volume_path: str, source: Object, seen: set[str]) -> Errors:
    for _, item in items(source, "items", path):
        yield from _downward_file(path, item)
        if item.get("path"):
            yield from _once(volume_path, item["path"], seen)


def _projected_token(path: str, volume_path: str, source: Object, _seen: set[str]) -> Errors:
    seconds = source.get("expirationSeconds")
    if seconds is None:
        yield required(child(path, "expirationSeconds"))
    elif seconds < MIN_TOKEN_SECONDS:
        yield invalid(child(path, "expirationSeconds"), seconds, "may not specify a duration less than 10 minutes")
    elif seconds > MAX_TOKEN_SECONDS:
        yield invalid(child(path, "expirationSeconds"), seconds, "may not specify a duration larger than 2^32 seconds")
    if not source.get("path"):
        yield required(child(volume_path, "path"))
    else:
        yield from _file_path(child(volume_path, "path"), source["path"])
    yield from _user(child(path, "user"), source.get("user"))


def _projected_trust_bundle(path: str, volume_path: str, source: Object, seen: set[str]) -> Errors:
    if source.get("name") is None and source.get("signerName") is None:
        yield required(path, "either name or signerName must be specified")
    yield from _needs("path")(path, source)
    yield from _user(child(path, "user"), source.get("user"))
    yield from _file_path(child(path, "path"), source.get("path") or "")
    yield from _once(volume_path, source.get("path") or "", seen)


def _projected_certificate(path: str, volume_path: str, source: Object, seen: set[str]) -> Errors:
    if source.get("keyType") not in KEY_TYPES:
        yield not_supported(child(path, "keyType"), source.get("keyType") or "", KEY_TYPES)
    given = [field for field in ("credentialBundlePath", "keyPath", "certificateChainPath") if source.get(field)]
    for field in given:
        yield from _file_path(child(path, field), source[field])
        yield from _once(volume_path, source[field], seen)
    if not given:
        yield required(path, "specify at least one of credentialBundlePath, keyPath, and certificateChainPath")


def _csi(path: str, source: Object) -> Errors:
    driver, secret = source.get("driver") or "", source.get("nodePublishSecretRef")
    if not driver:
        yield required(child(path, "driver"))
    for message in names.check("dns1123subdomain", driver.lower()) if driver else ():
        yield invalid(child(path, "driver"), driver, message)
    if secret is not None:
        if not secret.get("name"):
            yield required(f"{path}.nodePublishSecretRef.name")
        else:
            yield from conforms(child(path, "name"), secret["name"], "dns1123subdomain")


def _ephemeral(path: str, source: Object) -> Errors:
    template = source.get("volumeClaimTemplate")
    if template is None:
        yield required(child(path, "volumeClaimTemplate"))
    else:
        yield from claim_template(child(path, "volumeClaimTemplate"), template)


def _image(path: str, source: Object) -> Errors:
    yield from _needs("reference")(path, source)
    yield from one_of(child(path, "pullPolicy"), source.get("pullPolicy"), PULL_POLICIES)


_PROJECTIONS: dict[str, Callable[[str, str, Object, set[str]], Errors]] = {
    "secret": _projected_keys,
    "configMap": _projected_keys,
    "downwardAPI": _projected_downward_api,
    "serviceAccountToken": _projected_token,
    "clusterTrustBundle": _projected_trust_bundle,
    "podCertificate": _projected_certificate,
}

# In the order in which the server looks at them. Retired plug-ins are checked for missing fields only.
_SOURCES: dict[str, Source] = {
    "emptyDir": _empty_dir,
    "hostPath": _host_path,
    "gitRepo": _needs("repository"),
    "gcePersistentDisk": _needs("pdName"),
    "awsElasticBlockStore": _needs("volumeID"),
    "secret": _files_of("secretName"),
    "nfs": _nfs,
    "iscsi": _needs("targetPortal", "iqn"),
    "glusterfs": _needs("endpoints", "path"),
    "flocker": _needs("datasetName"),
    "persistentVolumeClaim": _needs("claimName"),
    "rbd": _needs("monitors", "image"),
    "cinder": _needs("volumeID"),
    "cephfs": _needs("monitors"),
    "quobyte": _needs("registry", "volume"),
    "downwardAPI": _downward_api,
    "fc": _needs(),
    "flexVolume": _needs("driver"),
    "configMap": _files_of("name"),
    "azureFile": _needs("secretName", "shareName"),
    "vsphereVolume": _needs("volumePath"),
    "photonPersistentDisk": _needs("pdID"),
    "portworxVolume": _needs("volumeID"),
    "azureDisk": _needs("diskName", "diskURI"),
    "storageos": _needs("volumeName"),
    "projected": _projected,
    "scaleIO": _needs("gateway", "system", "volumeName"),
    "csi": _csi,
    "ephemeral": _ephemeral,
    "image": _image,
}
