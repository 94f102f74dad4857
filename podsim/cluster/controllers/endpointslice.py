"""The EndpointSlice controller: which pods a Service sends traffic to.              endpointslice/{reconciler,utils}.go

One slice for each Service, however many endpoints it has; addresses are IPv4.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from podsim.cluster.controllers.ownership import owns, reference
from podsim.cluster.controllers.plan import Create, Plan, Related, Update
from podsim.cluster.controllers.pods import FINISHED, is_ready, phase
from podsim.cluster.history import subject_of
from podsim.cluster.selectors import selected
from podsim.cluster.store import Object, Revision, Store

SERVICE_LABEL = "kubernetes.io/service-name"
MANAGER = {"endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"}
HEADLESS = {"service.kubernetes.io/headless": ""}


def conditions(pod: Object, *, publish_not_ready: bool = False) -> dict[str, bool] | None:
    """ready, serving and terminating of a pod as an endpoint; None where it is none.       podToEndpoint, ShouldPodBeInEndpoints

    Finished pods and those without an address are none; a terminating pod is never ready unless `publish_not_ready`.
    """
    status = pod.get("status") or {}
    if phase(pod) in FINISHED or not status.get("podIP"):
        return None
    serving, terminating = is_ready(pod), "deletionTimestamp" in pod["metadata"]
    return {"ready": publish_not_ready or (serving and not terminating), "serving": serving, "terminating": terminating}


def selects(service: Object, pod: Object) -> bool:
    """Whether the pod is one of the Service's: same namespace, and its selector, if it has one, takes the labels."""
    selector = service["spec"].get("selector")
    same = service["metadata"]["namespace"] == pod["metadata"]["namespace"]
    return same and bool(selector) and selected({"matchLabels": selector}, pod["metadata"].get("labels") or {})


class EndpointSlices:
    """Remembers of every pod what matters for endpoints, as the controller does: other changes ask for nothing."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Any, ...]] = {}  # what of a pod matters, and the version in which it was so
        self._pods: dict[str, Object] = {}

    def concerned(self, store: Store, _kind: str, revision: Revision) -> list[Object]:
        """The Services that have to be looked at after a change of a pod.                      GetPodServiceMembershipUpdate"""
        pod, subject = revision.object, subject_of(revision.object)
        before = self._pods.get(subject)
        matters = (_endpoint_of(pod), pod["metadata"].get("labels"), revision.type == "DELETED")
        if self._known.get(subject) == matters:
            return []
        self._known[subject], self._pods[subject] = matters, pod
        services = store.list("Service", pod["metadata"]["namespace"])
        return [s for s in services if selects(s, pod) or (before is not None and selects(s, before))]

    @staticmethod
    def related(store: Store, service: Object) -> Related:
        """Its slices, and the pods of its namespace."""
        namespace = service["metadata"]["namespace"]
        slices = [s for s in store.list("EndpointSlice", namespace) if owns(service, s)]
        return {"EndpointSlice": slices, "Pod": store.list("Pod", namespace)}

    @staticmethod
    def reconcile(service: Object, related: Related, now: datetime) -> Plan:
        """Makes the slice, or brings it up to date: known endpoints keep their place, new ones follow."""
        del now
        if not service["spec"].get("selector") or service["spec"].get("type") == "ExternalName":
            return Plan()
        pods = [p for p in related["Pod"] if selects(service, p)]
        endpoints = {p["metadata"]["uid"]: e for p in pods if (e := _endpoint(service, p)) is not None}
        old = next(iter(related["EndpointSlice"]), None)
        known = [e["targetRef"]["uid"] for e in (old or {}).get("endpoints") or ()]
        ordered = [endpoints[uid] for uid in (*known, *(u for u in endpoints if u not in known)) if uid in endpoints]
        first = next((p for p in pods if p["metadata"]["uid"] in endpoints), None)
        body = {"endpoints": ordered, "ports": _ports(service, first) if first else []}
        if old is None:
            return Plan((Create(_slice(service, body)),))
        if {k: old.get(k) for k in body} == body:
            return Plan()
        meta = {**old["metadata"], "generation": old["metadata"].get("generation", 1) + 1}
        return Plan((Update({**old, **body, "metadata": meta}),))


def _endpoint_of(pod: Object) -> tuple[Any, ...]:
    """What of a pod its endpoint shows; its phase is not among it.                                     podEndpointsChanged"""
    status, spec = pod.get("status") or {}, pod["spec"]
    return status.get("podIP"), is_ready(pod), "deletionTimestamp" in pod["metadata"], spec.get("nodeName"), spec.get("hostname")


def _endpoint(service: Object, pod: Object) -> Object | None:
    shown = conditions(pod, publish_not_ready=bool(service["spec"].get("publishNotReadyAddresses")))
    if shown is None:
        return None
    meta, spec = pod["metadata"], pod["spec"]
    named = spec.get("hostname") and spec.get("subdomain") == service["metadata"]["name"]
    return {
        "addresses": [pod["status"]["podIP"]], "conditions": shown, **({"hostname": spec["hostname"]} if named else {}),
        "nodeName": spec.get("nodeName"),
        "targetRef": {"kind": "Pod", "name": meta["name"], "namespace": meta["namespace"], "uid": meta["uid"]},
    }  # fmt: skip


def _ports(service: Object, pod: Object) -> list[Object]:
    """The Service's ports as this pod has them; one whose name the pod does not know is left out.         getEndpointPorts"""
    names = {p["name"]: p["containerPort"] for c in pod["spec"]["containers"] for p in c.get("ports") or () if p.get("name")}
    found: list[Object] = []
    for port in service["spec"].get("ports") or ():
        target = port.get("targetPort", port["port"])
        number = names.get(target) if isinstance(target, str) else target
        if number is not None:
            extra: Mapping[str, Any] = {"appProtocol": port["appProtocol"]} if port.get("appProtocol") else {}
            found.append({"name": port.get("name", ""), "port": number, "protocol": port.get("protocol", "TCP"), **extra})
    return found


def _slice(service: Object, body: Object) -> Object:
    meta = service["metadata"]
    headless = HEADLESS if service["spec"].get("clusterIP") == "None" else {}
    return {
        "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4", **body,
        "metadata": {
            "generateName": f"{meta['name']}-", "generation": 1, "namespace": meta["namespace"], "ownerReferences": [reference(service)],
            "labels": {**(meta.get("labels") or {}), **MANAGER, SERVICE_LABEL: meta["name"], **headless},
        },
    }  # fmt: skip
