"""The addresses and ports that a Service is given.                        registry/core/service/storage/alloc.go"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network, ip_address
from itertools import count
from typing import Any

from podsim.api.errors import FieldError
from podsim.api.validation.goformat import plain

Json = dict[str, Any]
NETWORK = IPv4Network("10.96.0.0/12")  # kubeadm's service network
FIRST_ADDRESS = IPv4Address("10.96.0.10")  # the addresses are handed out in order
NODE_PORTS = range(30000, 32768)
FAMILIES = ("IPv4", "IPv6")


def carried(new: Json, old: Mapping[str, Any]) -> Json:
    """A changed Service with what it was given before, and without what its new type has no use for.

    registry/core/service/storage patchAllocatedValues, normalizeClusterIPs; strategy.go dropTypeDependentFields
    """
    spec, before = dict(new["spec"]), old["spec"]
    if _has_address(before) and _has_address(spec):
        spec.setdefault("clusterIP", before.get("clusterIP"))
        if not spec.get("clusterIPs") or (spec["clusterIPs"] == before.get("clusterIPs") and spec["clusterIP"] != before.get("clusterIP")):
            spec["clusterIPs"] = [spec["clusterIP"]]
    gone = [] if _has_address(spec) else ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]
    gone += [] if _is_outside(spec) else ["externalTrafficPolicy"]
    gone += [] if spec.get("type") == "LoadBalancer" else ["allocateLoadBalancerNodePorts", "loadBalancerClass"]
    spec = {key: value for key, value in spec.items() if key not in gone or value != before.get(key)}
    ports, known = spec.get("ports") or [], before.get("ports") or []
    if _has_node_ports(before) and _has_node_ports(spec):
        used = {port.get("nodePort") for port in ports} & {port.get("nodePort") for port in known}
        by_name = {port.get("name"): port.get("nodePort") for port in known if port.get("nodePort") not in used}
        spec["ports"] = [{**port, "nodePort": by_name[port.get("name")]} if not port.get("nodePort") and by_name.get(port.get("name")) else port for port in ports]
    elif _has_node_ports(before) and [port.get("nodePort") for port in ports] == [port.get("nodePort") for port in known]:
        spec["ports"] = [{key: value for key, value in port.items() if key != "nodePort"} for port in ports]
    return {**new, "spec": spec}


def _has_address(spec: Mapping[str, Any]) -> bool:
    return spec.get("type") != "ExternalName"


def _has_node_ports(spec: Mapping[str, Any]) -> bool:
    return spec.get("type") == "NodePort" or (spec.get("type") == "LoadBalancer" and bool(spec.get("allocateLoadBalancerNodePorts", True)))


def _is_outside(spec: Mapping[str, Any]) -> bool:
    return spec.get("type") in ("NodePort", "LoadBalancer") or (_has_address(spec) and bool(spec.get("externalIPs")))


def refusals(service: Json, others: Iterable[Mapping[str, Any]]) -> list[FieldError]:
    """What is wrong with the first address or port that the Service asks for itself and cannot have."""
    spec, taken = service["spec"], [other["spec"] for other in others]
    address = spec.get("clusterIP") or "None"
    if address != "None" and _has_address(spec):
        problem = "provided IP is already allocated" if any(other.get("clusterIP") == address for other in taken) else ""
        if ip_address(address) not in NETWORK:
            problem = f"the provided IP ({address}) is not in the valid range. The range of valid IPs is {NETWORK}"
        if problem:
            return [FieldError("spec.clusterIPs", f"Invalid value: {plain([address])}: failed to allocate IP {address}: {problem}")]
    used = {(port.get("protocol"), port["nodePort"]) for other in taken for port in other.get("ports") or () if port.get("nodePort")}
    for number, port in enumerate(spec.get("ports") or ()):
        if wanted := port.get("nodePort"):
            problem = "provided port is already allocated" if (port.get("protocol"), wanted) in used else ""
            if wanted not in NODE_PORTS:
                problem = f"provided port is not in the valid range. The range of valid ports is {NODE_PORTS[0]}-{NODE_PORTS[-1]}"
            if problem:
                return [FieldError(f"spec.ports[{number}].nodePort", f"Invalid value: {wanted}: {problem}")]
    return []


def allocated(service: Json, others: Iterable[Mapping[str, Any]]) -> Json:
    """The Service with its cluster IP, IP families and node ports; `others` are all Services that have theirs."""
    spec = service["spec"]
    if not _has_address(spec):
        return service
    taken = [other["spec"] for other in others]
    addresses = {address for other in taken for address in other.get("clusterIPs") or ()}
    address = spec.get("clusterIP") or next(str(FIRST_ADDRESS + n) for n in count() if str(FIRST_ADDRESS + n) not in addresses)
    made = {**spec, "clusterIP": address, "clusterIPs": [address], **_families(spec)}
    if _has_node_ports(spec):
        used = {port.get("nodePort") for other in (*taken, spec) for port in other.get("ports") or ()}
        free = (number for number in NODE_PORTS if number not in used)
        made["ports"] = list(_with_node_ports(spec.get("ports") or (), free))
    return {**service, "spec": made}


def _families(spec: Mapping[str, Any]) -> Json:
    """A cluster of one family; a headless Service without a selector may point to both.     initIPFamilyFields"""
    both = spec.get("clusterIP") == "None" and not spec.get("selector")
    policy = spec.get("ipFamilyPolicy") or ("RequireDualStack" if both else "SingleStack")
    families = list(spec.get("ipFamilies") or FAMILIES[:1])
    if both and policy != "SingleStack":
        families += [family for family in FAMILIES if family not in families]
    return {"ipFamilies": families, "ipFamilyPolicy": policy}


def _with_node_ports(ports: Iterable[Json], free: Iterator[int]) -> Iterator[Json]:
    """Ports that differ in their protocol alone share a number."""
    given: dict[int, int] = {}
    for port in ports:
        number = port.get("nodePort") or given.get(port["port"]) or next(free)
        given[port["port"]] = number
        yield {**port, "nodePort": number}
