"""Volumes in a description: one table of sources, few exceptions.                describe.go printXVolumeSource"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from podsim.api.quantity import Quantity
from podsim.kubectl.describe.sections import LONGEST_ANNOTATION, NONE, Object, go_value

# source: what it is, and its fields: label, key, what an absent value prints
_PLAIN: dict[str, tuple[str, str]] = {
    "hostPath": ("HostPath (bare host directory volume)", "Path path|HostPathType type <none>"),
    "gcePersistentDisk": (
        "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
        "PDName pdName|FSType fsType|Partition partition 0|ReadOnly readOnly false",
    ),
    "awsElasticBlockStore": (
        "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
        "VolumeID volumeID|FSType fsType|Partition partition 0|ReadOnly readOnly false",
    ),
    "gitRepo": ("GitRepo (a volume that is pulled from git when the pod is created)", "Repository repository|Revision revision"),
    "secret": ("Secret (a volume populated by a Secret)", "SecretName secretName|Optional optional false"),
    "configMap": ("ConfigMap (a volume populated by a ConfigMap)", "Name name|Optional optional false"),
    "nfs": ("NFS (an NFS mount that lasts the lifetime of a pod)", "Server server|Path path|ReadOnly readOnly false"),
    "glusterfs": ("Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)", "EndpointsName endpoints|Path path|ReadOnly readOnly false"),
    "persistentVolumeClaim": (
        "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        "ClaimName claimName|ReadOnly readOnly false",
    ),
    "quobyte": ("Quobyte (a Quobyte mount on the host that shares a pod's lifetime)", "Registry registry|Volume volume|ReadOnly readOnly false"),
    "vsphereVolume": ("vSphereVolume (a Persistent Disk resource in vSphere)", "VolumePath volumePath|FSType fsType|StoragePolicyName storagePolicyName"),
    "photonPersistentDisk": ("PhotonPersistentDisk (a Persistent Disk resource in photon platform)", "PdID pdID|FSType fsType"),
    "portworxVolume": ("PortworxVolume (a Portworx Volume resource)", "VolumeID volumeID"),
    "storageos": (
        "StorageOS (a StorageOS Persistent Disk resource)",
        "VolumeName volumeName|VolumeNamespace volumeNamespace|FSType fsType|ReadOnly readOnly false",
    ),
    "azureDisk": (
        "AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)",
        "DiskName diskName|DiskURI diskURI|Kind kind|FSType fsType|CachingMode cachingMode|ReadOnly readOnly false",
    ),
    "azureFile": (
        "AzureFile (an Azure File Service mount on the host and bind mount to the pod)",
        "SecretName secretName|ShareName shareName|ReadOnly readOnly false",
    ),
    "flocker": ("Flocker (a Flocker volume mounted by the Flocker agent)", "DatasetName datasetName|DatasetUUID datasetUUID"),
    "image": ("Image (a container image or OCI artifact)", "Reference reference|PullPolicy pullPolicy"),
}


def volumes(found: Sequence[Object] | None, indent: str = "") -> list[str]:
    """The Volumes section.                                                                         describeVolumes"""
    if not found:
        return [f"{indent}Volumes:\t{NONE}"]
    lines = [f"{indent}Volumes:"]
    for volume in found:
        lines.append(f"  {' ' if indent else ''}{volume['name']}:")
        source = next((key for key in (*_SPECIAL, *_PLAIN) if volume.get(key) is not None), None)
        if source is None:
            lines.append("  <unknown>")
        elif source in _SPECIAL:
            lines += [f"    {line}" for line in _SPECIAL[source](volume[source])]
        else:
            title, fields = _PLAIN[source]
            lines += [f"    {line}" for line in [f"Type:\t{title}", *_fields(volume[source], fields)]]
    return lines


def _fields(source: Object, fields: str) -> list[str]:
    """`LABEL KEY DEFAULT|…` with the values of a source."""
    words = [[*field.split(" "), ""][:3] for field in fields.split("|")]
    return [f"{label}:\t{go_value(source.get(key, absent))}" for label, key, absent in words]


def _empty_dir(source: Object) -> list[str]:
    limit = source.get("sizeLimit")
    shown = str(limit) if limit is not None and Quantity(str(limit)) > Quantity("0") else "<unset>"
    title = "Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)"
    return [title, f"Medium:\t{source.get('medium', '')}", f"SizeLimit:\t{shown}"]


def _projected(source: Object) -> list[str]:
    lines = ["Type:\tProjected (a volume that contains injected data from multiple sources)"]
    for one in source.get("sources") or ():
        if "secret" in one:
            lines += _fields(one["secret"], "SecretName name|Optional optional false")
        elif "downwardAPI" in one:
            lines.append("DownwardAPI:\ttrue")
        elif "configMap" in one:
            lines += _fields(one["configMap"], "ConfigMapName name|Optional optional false")
        elif "serviceAccountToken" in one:
            lines.append(f"TokenExpirationSeconds:\t{one['serviceAccountToken'].get('expirationSeconds', 3600)}")
    return lines


def _downward_api(source: Object) -> list[str]:
    lines = ["Type:\tDownwardAPI (a volume populated by information about the pod)", "Items:"]
    for item in source.get("items") or ():
        for ref, key in (("fieldRef", "fieldPath"), ("resourceFieldRef", "resource")):
            if ref in item:
                lines.append(f"  {item[ref][key]} -> {item.get('path', '')}")
    return lines


def _csi(source: Object) -> list[str]:
    attributes = [f"{key}={value}" for key, value in sorted((source.get("volumeAttributes") or {}).items())]
    shown = [text[:LONGEST_ANNOTATION] + "..." if len(text) > LONGEST_ANNOTATION else text for text in attributes]
    title = "Type:\tCSI (a Container Storage Interface (CSI) volume source)"
    return [
        title,
        *_fields(source, "Driver driver|FSType fsType|ReadOnly readOnly false"),
        *(_nested("VolumeAttributes", shown) if shown else [f"VolumeAttributes:\t{NONE}"]),
    ]


def _nested(title: str, values: Sequence[str]) -> list[str]:
    """Values behind a title; the real writer repeats its prefix before every piece of the line."""
    return [f"{title}:\t    {values[0] if values else NONE}", *(f"    \t    {value}" for value in values[1:])]


def _ephemeral(source: Object) -> list[str]:
    title = "Type:\tEphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)"
    template = source.get("volumeClaimTemplate")
    if template is None:
        return [title]
    meta, spec = template.get("metadata", {}), template.get("spec", {})
    labels, notes = sorted((meta.get("labels") or {}).items()), sorted((meta.get("annotations") or {}).items())
    mode = spec.get("volumeMode")
    return [
        title,
        f"StorageClass:\t{spec.get('storageClassName', '')}",
        f"Volume:\t{spec.get('volumeName', '')}",
        *_nested("Labels", [f"{key}={value}" for key, value in labels]),
        *_nested("Annotations", [f"{key}: {value}" for key, value in notes]),
        "Capacity:\t",
        "Access Modes:\t",
        *([f"VolumeMode:\t{mode}"] if mode else []),
    ]


_SPECIAL: dict[str, Callable[[Object], list[str]]] = {
    "emptyDir": _empty_dir,
    "projected": _projected,
    "downwardAPI": _downward_api,
    "csi": _csi,
    "ephemeral": _ephemeral,
}
