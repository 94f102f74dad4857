"""Rules for Services.        ValidateService"""

from __future__ import annotations

from typing import Any

from .field import Errors, Object, child, conforms, duplicate, forbidden, invalid, items, named, not_supported, one_of, required
from .internal import render
from .metadata import labels, object_meta
from .probe import port_number_or_name

TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
AFFINITIES = ("ClientIP", "None")
PROTOCOLS = ("SCTP", "TCP", "UDP")
FAMILIES = ("IPv4", "IPv6")
CHOICES = {  # fields of spec with a fixed set of values
    "ipFamilyPolicy": ("PreferDualStack", "RequireDualStack", "SingleStack"),
    "internalTrafficPolicy": ("Cluster", "Local"),
    "trafficDistribution": ("PreferClose", "PreferSameNode", "PreferSameZone"),
}
TRAFFIC_POLICIES = ("Cluster", "Local")
MAX_AFFINITY_SECONDS = 86400
KUBELET_PORT = 10250
ONLY_BALANCED = "may only be used when `type` is 'LoadBalancer'"


def service(value: Object) -> Errors:
    """A Service, before it has its addresses and ports."""
    spec = value.get("spec") or {}
    ports, kind = spec.get("ports") or (), spec.get("type")
    addresses = spec.get("clusterIPs") or [address for address in [spec.get("clusterIP")] if address]
    headless = addresses[:1] == ["None"]
    yield from object_meta(value.get("metadata") or {}, "dns1123label")
    if not ports and not headless and kind != "ExternalName":
        yield required("spec.ports")
    yield from _of_type(spec, kind, addresses, headless=headless)
    taken: set[str] = set()
    for at, port in items(spec, "ports", "spec"):
        yield from _port(at, port, taken, alone=len(ports) == 1)
    yield from labels("spec.selector", spec.get("selector"))
    yield from _affinity("spec.sessionAffinity", spec)
    yield from _addresses(spec, addresses)
    for at, address in items(spec, "externalIPs", "spec"):
        yield from conforms(at, address, "legacyip")
    yield from one_of("spec.type", kind, TYPES)
    yield from _doubled_ports(spec)
    yield from _balancing(spec, kind)
    yield from _traffic(spec, kind)


def _of_type(spec: Object, kind: Any, addresses: list[Any], *, headless: bool) -> Errors:
    if kind == "LoadBalancer":
        for at, port in items(spec, "ports", "spec"):
            if port.get("port") == KUBELET_PORT:
                yield invalid(at, KUBELET_PORT, f"may not expose port {KUBELET_PORT} externally since it is used by kubelet")
    if kind in ("LoadBalancer", "NodePort") and headless:
        yield invalid("spec.clusterIPs[0]", "None", f"may not be set to 'None' for {kind} services")
    if kind == "ExternalName":
        for field, given in (("clusterIPs", addresses), ("ipFamilies", spec.get("ipFamilies")), ("ipFamilyPolicy", spec.get("ipFamilyPolicy"))):
            if given:
                yield forbidden(f"spec.{field}", "may not be set for ExternalName services")
        yield from named("spec.externalName", (spec.get("externalName") or "").removesuffix("."), "dns1123subdomain")


def _port(path: str, port: Object, taken: set[str], *, alone: bool) -> Errors:
    name = port.get("name") or ""
    if name or not alone:
        yield from named(child(path, "name"), name, "dns1123label")
    if name and name in taken:
        yield duplicate(child(path, "name"), name)
    taken.add(name)
    yield from conforms(child(path, "port"), port.get("port") or 0, "portnum")
    yield from one_of(child(path, "protocol"), port.get("protocol"), PROTOCOLS)
    yield from port_number_or_name(child(path, "targetPort"), port.get("targetPort"))
    if (protocol := port.get("appProtocol")) is not None:
        yield from conforms(child(path, "appProtocol"), protocol, "qualifiedname")


def _affinity(path: str, spec: Object) -> Errors:
    affinity, config = spec.get("sessionAffinity"), spec.get("sessionAffinityConfig")
    yield from one_of(path, affinity, AFFINITIES)
    path = f"{path}Config"
    if affinity == "None" and config is not None:
        yield forbidden(path, "must not be set when session affinity is None")
    if affinity != "ClientIP":
        return
    client = (config or {}).get("clientIP")
    seconds = (client or {}).get("timeoutSeconds")
    for part, suffix in ((config, ""), (client, ".clientIP"), (seconds, ".clientIP.timeoutSeconds")):
        if part is None:
            yield required(path + suffix, "when session affinity type is ClientIP")
            return
    if seconds is not None and not 0 < seconds <= MAX_AFFINITY_SECONDS:
        yield invalid(f"{path}.clientIP.timeoutSeconds", seconds, f"must be greater than 0 and less than {MAX_AFFINITY_SECONDS}")


def _addresses(spec: Object, addresses: list[Any]) -> Errors:
    """ValidateServiceClusterIPsRelatedFields"""
    if spec.get("type") == "ExternalName":
        return
    seen: set[str] = set()
    for at, family in items(spec, "ipFamilies", "spec"):
        if family not in FAMILIES:
            yield not_supported(at, family, FAMILIES)
        if family in seen:
            yield duplicate(at, family)
        seen.add(family)
    yield from _choice(spec, "ipFamilyPolicy")
    for number, address in enumerate(addresses):
        if address != "None":
            yield from conforms(f"spec.clusterIPs[{number}]", address, "legacyip")
        elif number or len(addresses) > 1:
            yield invalid("spec.clusterIPs", list(addresses), "'None' must be the first and only value")


def _doubled_ports(spec: Object) -> Errors:
    if spec.get("type") == "ClusterIP":
        for at, port in items(spec, "ports", "spec"):
            if port.get("nodePort"):
                yield forbidden(child(at, "nodePort"), "may not be used when `type` is 'ClusterIP'")
    for field in ("nodePort", "port"):
        taken: set[tuple[Any, Any]] = set()
        for at, port in items(spec, "ports", "spec"):
            key = (port.get("protocol"), port.get(field))
            if key in taken and field == "port":
                yield duplicate(at, render("ServicePort", {"protocol": key[0], "port": key[1]}))
            elif key in taken and key[1]:
                yield duplicate(child(at, field), key[1])
            taken.add(key)


def _balancing(spec: Object, kind: Any) -> Errors:
    ranges = spec.get("loadBalancerSourceRanges") or ()
    if ranges and kind != "LoadBalancer":
        yield forbidden("spec.LoadBalancerSourceRanges", ONLY_BALANCED)
    for number, text in enumerate(ranges):
        yield from conforms(f"spec.LoadBalancerSourceRanges[{number}]", text, "legacycidr")
    if kind != "LoadBalancer" and spec.get("allocateLoadBalancerNodePorts") is not None:
        yield forbidden("spec.allocateLoadBalancerNodePorts", ONLY_BALANCED)
    if (given := spec.get("loadBalancerClass")) is not None:
        if kind != "LoadBalancer":
            yield forbidden("spec.loadBalancerClass", ONLY_BALANCED)
        else:
            yield from conforms("spec.loadBalancerClass", given, "qualifiedname")


def _traffic(spec: Object, kind: Any) -> Errors:
    policy = spec.get("externalTrafficPolicy") or ""
    outside = kind in ("LoadBalancer", "NodePort") or (kind == "ClusterIP" and spec.get("externalIPs"))
    if outside and not policy:
        yield required("spec.externalTrafficPolicy")
    elif outside and policy not in TRAFFIC_POLICIES:
        yield not_supported("spec.externalTrafficPolicy", policy, TRAFFIC_POLICIES)
    elif policy and not outside:
        yield invalid("spec.externalTrafficPolicy", policy, "may only be set for externally-accessible services")
    if (port := spec.get("healthCheckNodePort")) and not (kind == "LoadBalancer" and policy == "Local"):
        detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        yield invalid("spec.healthCheckNodePort", port, detail)
    for field in ("internalTrafficPolicy", "trafficDistribution"):
        yield from _choice(spec, field)


def _choice(spec: Object, field: str) -> Errors:
    if (value := spec.get(field)) is not None and value not in CHOICES[field]:
        yield not_supported(f"spec.{field}", value, CHOICES[field])
