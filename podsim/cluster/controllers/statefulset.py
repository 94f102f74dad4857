"""The StatefulSet controller: pods with ordinals, one after the other; scaling down and updates are not simulated.

controller/statefulset/{stateful_set_control,stateful_set_utils}.go
"""

from __future__ import annotations

from datetime import datetime

from podsim.api.workloads import revision_hash
from podsim.cluster.controllers.ownership import claim, pod_of
from podsim.cluster.controllers.plan import Action, Create, Event, Plan, Related, WriteStatus
from podsim.cluster.controllers.pods import is_ready
from podsim.cluster.store import Object

BURST = 500  # at once; the first of them ask for the others


def reconcile(stateful_set: Object, related: Related, now: datetime) -> Plan:
    """Creates the pods that are missing; with OrderedReady each when the one before is ready."""
    del now
    mine, updates = claim(stateful_set, related["Pod"])
    pods = {p["metadata"]["name"]: p for p in mine}
    spec, name = stateful_set["spec"], stateful_set["metadata"]["name"]
    first = (spec.get("ordinals") or {}).get("start", 0)
    have = {c["metadata"]["name"] for c in related["PersistentVolumeClaim"]}
    created: list[Action] = []
    for ordinal in range(first, first + spec["replicas"]):
        pod = pods.get(f"{name}-{ordinal}")
        if pod is None:
            created += _claims(stateful_set, ordinal, have)
            told = Event("SuccessfulCreate", f"Create Pod {name}-{ordinal} in StatefulSet {name} successful")
            created.append(Create(_pod(stateful_set, ordinal), told))
        if spec["podManagementPolicy"] == "OrderedReady" and (pod is None or not is_ready(pod)):
            break
        if len(created) >= BURST:
            break
    new = sum(isinstance(a, Create) and a.object["kind"] == "Pod" for a in created)
    status = _status(stateful_set, len(mine) + new, sum(map(is_ready, mine)))
    return Plan((*updates, *created, WriteStatus(status)))


def _status(stateful_set: Object, count: int, ready: int) -> Object:
    revision = _revision(stateful_set)
    return {
        "availableReplicas": ready, "collisionCount": 0, "currentReplicas": count, "currentRevision": revision,
        "observedGeneration": stateful_set["metadata"].get("generation", 1), **({"readyReplicas": ready} if ready else {}),
        "replicas": count, "updateRevision": revision, "updatedReplicas": count,
    }  # fmt: skip


def _revision(stateful_set: Object) -> str:
    return f"{stateful_set['metadata']['name']}-{revision_hash(stateful_set['spec']['template'])}"


def _claims(stateful_set: Object, ordinal: int, have: set[str]) -> list[Create]:
    """The claims of an ordinal that do not exist yet.                                  getPersistentVolumeClaims"""
    meta, spec = stateful_set["metadata"], stateful_set["spec"]
    pod = f"{meta['name']}-{ordinal}"
    made: list[Create] = []
    for template in spec.get("volumeClaimTemplates") or ():
        name = f"{template['metadata']['name']}-{pod}"
        labels = {**(template["metadata"].get("labels") or {}), **(spec["selector"].get("matchLabels") or {})}
        claim = {**template, "apiVersion": "v1", "kind": "PersistentVolumeClaim"}
        claim["metadata"] = {**template["metadata"], "labels": labels, "name": name, "namespace": meta["namespace"]}
        if name not in have:
            told = f"create Claim {name} Pod {pod} in StatefulSet {meta['name']} success"
            made.append(Create({k: v for k, v in claim.items() if k != "status"}, Event("SuccessfulCreate", told)))
    return made


def _pod(stateful_set: Object, ordinal: int) -> Object:
    """The pod of an ordinal, with its identity and its claims' volumes.                      newStatefulSetPod"""
    spec, name = stateful_set["spec"], f"{stateful_set['metadata']['name']}-{ordinal}"
    pod = pod_of(spec["template"], stateful_set, name, generated=False)
    labels = {
        **(pod["metadata"].get("labels") or {}), "apps.kubernetes.io/pod-index": str(ordinal),
        "controller-revision-hash": _revision(stateful_set), "statefulset.kubernetes.io/pod-name": name,
    }  # fmt: skip
    claims = [
        {"name": c["metadata"]["name"], "persistentVolumeClaim": {"claimName": f"{c['metadata']['name']}-{name}"}}
        for c in spec.get("volumeClaimTemplates") or ()
    ]
    volumes = [*claims, *(pod["spec"].get("volumes") or ())]
    identity = {"hostname": name, **({"subdomain": spec["serviceName"]} if spec.get("serviceName") else {})}
    body = {**pod["spec"], **identity, **({"volumes": volumes} if volumes else {})}
    return {**pod, "metadata": {**pod["metadata"], "labels": labels}, "spec": body}
