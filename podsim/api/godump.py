"""A pod template as Go prints it: the text whose hash names ReplicaSets.

apimachinery/pkg/util/dump ForHash: go-spew's `%#v`. Every field of every struct appears, with its Go name and type, in the
order of the declarations; an empty list or map is nil, as protobuf hands it to the controllers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from podsim.api.quantity import Quantity
from podsim.api.schema import Field, types

Json = Mapping[str, Any]
GO_TYPES = {
    "string": "string", "boolean": "bool", "int32": "int32", "int64": "int64",
    "quantity": "resource.Quantity", "IntOrString": "intstr.IntOrString", "Time": "v1.Time",
}  # fmt: skip
# JSON names whose Go name is not just capitalised
GO_NAMES = {
    "apiGroup": "APIGroup", "apiVersion": "APIVersion", "awsElasticBlockStore": "AWSElasticBlockStore", "cephfs": "CephFS",
    "chapAuthDiscovery": "DiscoveryCHAPAuth", "chapAuthSession": "SessionCHAPAuth", "csi": "CSI", "diskURI": "DataDiskURI",
    "dnsConfig": "DNSConfig", "dnsPolicy": "DNSPolicy", "fc": "FC", "fsGroup": "FSGroup", "fsGroupChangePolicy": "FSGroupChangePolicy",
    "fsType": "FSType", "gcePersistentDisk": "GCEPersistentDisk", "gmsaCredentialSpec": "GMSACredentialSpec",
    "gmsaCredentialSpecName": "GMSACredentialSpecName", "grpc": "GRPC", "httpGet": "HTTPGet", "httpHeaders": "HTTPHeaders",
    "ip": "IP", "iqn": "IQN", "iscsi": "ISCSI", "iscsiInterface": "ISCSIInterface", "metadata": "ObjectMeta", "nfs": "NFS", "os": "OS",
    "pdID": "PdID", "pdName": "PDName", "rbd": "RBD", "seLinuxChangePolicy": "SELinuxChangePolicy", "seLinuxOptions": "SELinuxOptions",
    "serviceAccount": "DeprecatedServiceAccount", "sslEnabled": "SSLEnabled", "storageos": "StorageOS", "targetWWNs": "TargetWWNs",
    "tcpSocket": "TCPSocket", "tty": "TTY", "uid": "UID", "wwids": "WWIDs",
}  # fmt: skip
NAMES_OF_TYPE = {  # the same, in one type only
    "GlusterfsVolumeSource": {"endpoints": "EndpointsName"},
    "RBDVolumeSource": {"image": "RBDImage", "monitors": "CephMonitors", "pool": "RBDPool", "user": "RadosUser"},
}
NO_TIME = "{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}"
SUFFIX_SCALES = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}  # powers of 10
BINARY_EXPONENTS = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}  # powers of 2


def pod_template(template: Json) -> str:
    """The dump of a v1.PodTemplateSpec."""
    return f"(v1.PodTemplateSpec){_struct('PodTemplateSpec', template)}"


def _struct(type_: str, value: Json) -> str:
    parts: list[str] = []
    embedded: dict[str, list[str]] = {}
    for field in types()[type_].values():
        text = f"{_go_name(type_, field.name)}:{_field(field, value.get(field.name))}"
        if not field.embedded:
            parts.append(text)
        elif field.embedded in embedded:
            embedded[field.embedded].append(text)
        else:
            embedded[field.embedded] = [text]
            parts.append(field.embedded)
    return "{" + " ".join(f"{p}:(v1.{p}){{{' '.join(embedded[p])}}}" if p in embedded else p for p in parts) + "}"


def _go_name(type_: str, name: str) -> str:
    special = NAMES_OF_TYPE.get(type_, {}).get(name) or GO_NAMES.get(name)
    return special or name[0].upper() + name[1:]


def _field(field: Field, value: Any) -> str:
    one = GO_TYPES.get(field.type, f"v1.{field.type}")
    go = field.go or {"array": "[]", "map": "map[string]"}.get(field.container, "") + one
    if field.pointer:
        return f"(*{go})" + ("<nil>" if value is None else _value(field.type, value))
    if not field.container:
        return f"({go})" + _value(field.type, value)
    if not value:
        return f"({go})<nil>"
    if field.container == "array":
        return f"({go})[" + " ".join(_value(field.type, item) for item in value) + "]"
    return f"({go})map[" + " ".join(f"{key}:{_value(field.type, value[key])}" for key in sorted(value)) + "]"


def _value(type_: str, value: Any) -> str:
    match type_:
        case "string":
            return value or ""
        case "boolean":
            return "true" if value else "false"
        case "int32" | "int64":
            return str(value or 0)
        case "Time":
            return NO_TIME
        case "quantity":
            return _quantity(value)
        case "IntOrString":
            is_text = isinstance(value, str)
            return f"{{Type:(intstr.Type){is_text:d} IntVal:(int32){0 if is_text else value or 0} StrVal:(string){value if is_text else ''}}}"
        case _:
            return _struct(type_, value or {})


def _quantity(value: Any) -> str:
    """The parts that ParseQuantity's fast path makes of a canonical text; it keeps the text only where that is surely canonical."""
    if value is None:
        return _amount(0, 0, "", "")
    text = str(Quantity(str(value)))
    if text == "0":
        return _amount(0, 0, text, "")
    digits = text.rstrip("".join((*SUFFIX_SCALES, "i")))
    suffix = text[len(digits) :]
    number, _, exponent = digits.partition("e")
    if suffix in BINARY_EXPONENTS:
        return _amount(int(number) << BINARY_EXPONENTS[suffix], 0, text if int(number) & 7 else "", "BinarySI")
    scale = int(exponent) if exponent else SUFFIX_SCALES[suffix]
    return _amount(int(number), scale, "" if number.endswith("000") else text, "DecimalExponent" if exponent else "DecimalSI")


def _amount(value: int, scale: int, text: str, form: str) -> str:
    return (
        f"{{i:(resource.int64Amount){{value:(int64){value} scale:(resource.Scale){scale}}} "
        f"d:(resource.infDecAmount){{Dec:(*inf.Dec)<nil>}} s:(string){text} Format:(resource.Format){form}}}"
    )
