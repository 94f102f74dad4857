"""The addresses and ports that a Service is given.                        registry/core/service/storage/alloc.go"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Address
from itertools import count
from typing import Any

Json = dict[str, Any]
FIRST_ADDRESS = IPv4Address("10.96.0.10")  # of 10.96.0.0/12, kubeadm's service network; handed out in order
NODE_PORTS = range(30000, 32768)
FAMILIES = ("IPv4", "IPv6")


def allocated(service: Json, others: Iterable[Mapping[str, Any]]) -> Json:
    """The Service with its cluster IP, IP families and node ports; `others` are all Services that have theirs."""
    spec = service["spec"]
    if spec.get("type") == "ExternalName":
        return service
    taken = [other["spec"] for other in others]
    addresses = {address for other in taken for address in other.get("clusterIPs") or ()}
    address = spec.get("clusterIP") or next(str(FIRST_ADDRESS + n) for n in count() if str(FIRST_ADDRESS + n) not in addresses)
    made = {**spec, "clusterIP": address, "clusterIPs": [address], **_families(spec)}
    wanted = spec["type"] == "NodePort" or (spec["type"] == "LoadBalancer" and spec.get("allocateLoadBalancerNodePorts", True))
    if wanted:
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
