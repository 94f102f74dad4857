"""`kubectl describe` of what Pods use and where they are: Services, ConfigMaps, Secrets, Namespaces, and the rest in short."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime

from podsim.kubectl import selectors
from podsim.kubectl.describe.sections import NONE, Object, aligned, annotation_lines, events, label_lines

MOST_ENDPOINTS = 3
UNSET = "<unset>"
# what a LimitRange and a ResourceQuota say, as a table of a Namespace has it
LIMITS = ("min", "max", "defaultRequest", "default", "maxLimitRequestRatio")


def head(obj: Object) -> list[str]:
    """Name, namespace, labels and annotations."""
    meta = obj["metadata"]
    lines = [f"Name:\t{meta['name']}"]
    lines += [f"Namespace:\t{meta['namespace']}"] if meta.get("namespace") else []
    return lines + label_lines("Labels", meta.get("labels")) + annotation_lines("Annotations", meta.get("annotations"))


def service(obj: Object, slices: Sequence[Object], found: Sequence[Object] | None, now: datetime) -> str:
    """`slices` are its EndpointSlices.                                                               describeService"""
    spec, status = obj["spec"], obj.get("status") or {}
    ingress = (status.get("loadBalancer") or {}).get("ingress") or ()
    lines = [
        *head(obj),
        f"Selector:\t{selectors.labels_text(spec.get('selector'))}",
        f"Type:\t{spec.get('type', '')}",
        *_given({"IP Family Policy": spec.get("ipFamilyPolicy")}),
        f"IP Families:\t{','.join(spec.get('ipFamilies') or ()) or NONE}",
        f"IP:\t{spec.get('clusterIP', '')}",
        f"IPs:\t{','.join(spec.get('clusterIPs') or ()) or NONE}",
        *_given({
            "External IPs": ",".join(spec.get("externalIPs") or ()),
            "Desired LoadBalancer IP": spec.get("loadBalancerIP"),
            "External Name": spec.get("externalName"),
            "LoadBalancer Ingress": ", ".join(_ingress(one) for one in ingress),
        }),
    ]  # fmt: skip
    for port in spec.get("ports") or ():
        lines += _port(port, slices)
    lines.append(f"Session Affinity:\t{spec.get('sessionAffinity', '')}")
    lines += _given({
        "External Traffic Policy": spec.get("externalTrafficPolicy"),
        "Internal Traffic Policy": spec.get("internalTrafficPolicy"),
        "HealthCheck NodePort": spec.get("healthCheckNodePort"),
        "LoadBalancer Source Ranges": ",".join(spec.get("loadBalancerSourceRanges") or ()),
        "Traffic Distribution": spec.get("trafficDistribution"),
    })  # fmt: skip
    return aligned(lines + events(found, now))


def _given(values: Mapping[str, object]) -> list[str]:
    return [f"{title}:\t{value}" for title, value in values.items() if value]


def _ingress(one: Object) -> str:
    mode = f" ({one['ipMode']})" if one.get("ipMode") else ""
    return f"{one['ip']}{mode}" if one.get("ip") else str(one.get("hostname", ""))


def _port(port: Object, slices: Sequence[Object]) -> list[str]:
    name, protocol = port.get("name") or UNSET, port.get("protocol", "TCP")
    return [
        f"Port:\t{name}\t{port['port']}/{protocol}",
        f"TargetPort:\t{port.get('targetPort', 0)}/{protocol}",
        *([f"NodePort:\t{name}\t{port['nodePort']}/{protocol}"] if port.get("nodePort") else []),
        f"Endpoints:\t{_endpoints(slices, port.get('name', ''))}",
    ]


def _endpoints(slices: Sequence[Object], name: str) -> str:
    """The ready ones behind the port of that name.                                              formatEndpointSlices"""
    if not slices:
        return NONE
    ready = [
        f"{endpoint['addresses'][0]}:{port['port']}"
        for one in slices
        for port in one.get("ports") or ()
        if port.get("name", "") == name
        for endpoint in one.get("endpoints") or ()
        if (endpoint.get("conditions") or {}).get("ready", True)
    ]
    more = len(ready) - MOST_ENDPOINTS
    return ",".join(ready[:MOST_ENDPOINTS]) + (f" + {more} more..." if more > 0 else "")


def config_map(obj: Object, found: Sequence[Object] | None, now: datetime) -> str:
    """describeConfigMap"""
    lines = [*head(obj), "", "Data", "===="]
    for key, text in sorted((obj.get("data") or {}).items()):
        lines += [f"{key}:", "----", text, ""]
    lines += ["", "BinaryData", "===="]
    lines += [f"{key}: {_size(text)} bytes" for key, text in sorted((obj.get("binaryData") or {}).items())]
    return aligned([*lines, "", *events(found, now)])


def secret(obj: Object) -> str:
    """Sizes only.                                                                                   describeSecret"""
    sizes = [f"{key}:\t{_size(text)} bytes" for key, text in sorted((obj.get("data") or {}).items())]
    return aligned([*head(obj), "", f"Type:\t{obj.get('type', '')}", "", "Data", "====", *sizes])


def _size(encoded: str) -> int:
    return len(base64.b64decode(encoded))


def namespace(obj: Object, quotas: Sequence[Object], ranges: Sequence[Object]) -> str:
    """`quotas` and `ranges` are the ResourceQuotas and LimitRanges in it.                           describeNamespace"""
    lines = [*head(obj), f"Status:\t{(obj.get('status') or {}).get('phase', '')}", ""]
    lines += ["Resource Quotas"] if quotas else ["No resource quota."]
    for quota in quotas:
        status = quota.get("status") or {}
        lines += [f"  Name:\t{quota['metadata']['name']}", "  Resource\tUsed\tHard", "  --------\t---\t---"]
        lines += [f"  {name}\t{(status.get('used') or {}).get(name, '0')}\t{hard}" for name, hard in sorted((status.get("hard") or {}).items())]
    lines.append("")
    if not ranges:
        return aligned([*lines, "No LimitRange resource."])
    lines += ["Resource Limits", " Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio"]
    lines.append(" ----\t--------\t---\t---\t---------------\t-------------\t-----------------------")
    for item in (item for one in ranges for item in one["spec"].get("limits") or ()):
        for name in sorted({name for column in LIMITS for name in item.get(column) or ()}):
            lines.append("\t".join([f" {item['type']}", name, *((item.get(column) or {}).get(name, "-") for column in LIMITS)]))
    return aligned(lines)


def brief(obj: Object, found: Sequence[Object] | None, now: datetime) -> str:
    """A kind that podsim has no description of."""
    return aligned([*head(obj), *events(found, now)])
