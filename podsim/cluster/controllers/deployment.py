"""The Deployment controller: one ReplicaSet per template, and the way from one to the next.

controller/deployment/{deployment_controller,rolling,recreate,sync,progress}.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from podsim.api.workloads import template_hash
from podsim.cluster.clock import read_stamp
from podsim.cluster.controllers.ownership import FINISHED, condition, owned, reference
from podsim.cluster.controllers.queue import Queue
from podsim.cluster.controllers.rollout import Sets, fenceposts, new_size, old_sizes
from podsim.cluster.store import Object

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

DELAY = 8  # ms
SOURCE = "deployment-controller"
REVISION = "deployment.kubernetes.io/revision"
DESIRED = "deployment.kubernetes.io/desired-replicas"
MAXIMUM = "deployment.kubernetes.io/max-replicas"
HASH_LABEL = "pod-template-hash"


class Deployments:
    """Rolls Deployments out."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        Queue(simulation, "Deployment", ("ReplicaSet",), DELAY, self._reconcile)

    def _reconcile(self, namespace: str, name: str) -> float | None:
        store = self._simulation.store
        deployment = store.get("Deployment", namespace, name)
        if deployment is None:
            return None
        sets = sorted(owned(store, "ReplicaSet", deployment), key=revision_of)
        new = next((s for s in sets if _bare(s["spec"]["template"]) == deployment["spec"]["template"]), None)
        old = [s for s in sets if s is not new]
        if deployment["spec"].get("paused"):
            return self._write_status(deployment, new, old)
        if new is None:
            new = self._create(deployment, old)
            if new is None:
                return None
        elif revision_of(new) < max(map(revision_of, old), default=0):
            new = self._renumber(new, max(map(revision_of, old)) + 1)
        self._note_revision(deployment, new)
        if not self._scale(deployment, new, old):
            self._clean_up(deployment, old)
        return self._write_status(store.get("Deployment", namespace, name) or deployment, store.get("ReplicaSet", namespace, new["metadata"]["name"]), old)

    def _create(self, deployment: Object, old: list[Object]) -> Object | None:
        """A ReplicaSet for the template; with Recreate only when no old pod runs any more."""
        replicas, surge, _ = self._limits(deployment)
        if recreates(deployment):
            if sum(self._shrink(deployment, s, 0) for s in old) or self._pods_left(old):
                return None
            size = replicas
        else:
            size = new_size(replicas, surge, 0, sum(s["spec"]["replicas"] for s in old))
        template, meta = deployment["spec"]["template"], deployment["metadata"]
        digest = template_hash(template)
        labels = {**(template["metadata"].get("labels") or {}), HASH_LABEL: digest}
        selector = deployment["spec"]["selector"]
        selector = {**selector, "matchLabels": {**(selector.get("matchLabels") or {}), HASH_LABEL: digest}}
        number = max(map(revision_of, old), default=0) + 1
        annotations = {**_inherited(meta), DESIRED: str(replicas), MAXIMUM: str(replicas + surge), REVISION: str(number)}
        least = {"minReadySeconds": deployment["spec"]["minReadySeconds"]} if deployment["spec"].get("minReadySeconds") else {}
        made = self._simulation.server.create({
            "apiVersion": "apps/v1", "kind": "ReplicaSet",
            "metadata": {
                "annotations": annotations, "labels": labels, "name": f"{meta['name']}-{digest}",
                "namespace": meta["namespace"], "ownerReferences": [reference(deployment)],
            },
            "spec": {**least, "replicas": size, "selector": selector, "template": {**template, "metadata": {**template["metadata"], "labels": labels}}},
        }).object  # fmt: skip
        if size:
            self._tell(deployment, f"Scaled up replica set {made['metadata']['name']} from 0 to {size}")
        return made

    def _scale(self, deployment: Object, new: Object, old: list[Object]) -> bool:
        """One step of the rollout; whether anything was scaled."""
        replicas, surge, unavailable = self._limits(deployment)
        if recreates(deployment):
            if sum(self._shrink(deployment, s, 0) for s in old) or self._pods_left(old):
                return True
            return self._resize(deployment, new, replicas)
        active_old = [s for s in old if s["spec"]["replicas"] > 0]
        if not active_old:
            return self._resize(deployment, new, replicas)
        size = new["spec"]["replicas"]
        total = size + sum(s["spec"]["replicas"] for s in active_old)
        wanted = replicas if size > replicas else new_size(replicas, surge, size, total)
        if self._resize(deployment, new, wanted):
            return True
        sizes = old_sizes(replicas, unavailable, _counts(new), [_counts(s) for s in active_old])
        return sum(self._shrink(deployment, s, sizes[s["metadata"]["name"]]) for s in active_old) > 0

    def _shrink(self, deployment: Object, replica_set: Object, size: int) -> bool:
        return self._resize(deployment, replica_set, min(size, replica_set["spec"]["replicas"]))

    def _resize(self, deployment: Object, replica_set: Object, size: int) -> bool:
        before, store = replica_set["spec"]["replicas"], self._simulation.store
        if before == size:
            return False
        meta = replica_set["metadata"]
        replicas, surge, _ = self._limits(deployment)
        annotations = {**(meta.get("annotations") or {}), DESIRED: str(replicas), MAXIMUM: str(replicas + surge)}
        meta = {**meta, "annotations": annotations, "generation": meta.get("generation", 1) + 1}
        store.update({**replica_set, "metadata": meta, "spec": {**replica_set["spec"], "replicas": size}})
        word = "up" if size > before else "down"
        self._tell(deployment, f"Scaled {word} replica set {meta['name']} from {before} to {size}")
        return True

    def _limits(self, deployment: Object) -> tuple[int, int, int]:
        """Replicas, surge, unavailable."""
        replicas = int(deployment["spec"].get("replicas", 1))
        if recreates(deployment):
            return replicas, 0, 0
        rolling = deployment["spec"]["strategy"]["rollingUpdate"]
        surge, unavailable = fenceposts(rolling["maxSurge"], rolling["maxUnavailable"], replicas)
        return replicas, surge, min(unavailable, replicas)

    def _pods_left(self, old: list[Object]) -> bool:
        store = self._simulation.store
        return any(p["status"].get("phase") not in FINISHED for s in old for p in owned(store, "Pod", s))

    def _clean_up(self, deployment: Object, old: list[Object]) -> None:
        """Forgets old ReplicaSets beyond revisionHistoryLimit."""
        limit = int(deployment["spec"].get("revisionHistoryLimit", 10))
        empty = [s for s in old if s["spec"]["replicas"] == 0 and not (s.get("status") or {}).get("replicas")]
        for one in empty[: max(len(empty) - limit, 0)]:
            self._simulation.server.delete("ReplicaSet", one["metadata"]["namespace"], one["metadata"]["name"])

    def _renumber(self, replica_set: Object, number: int) -> Object:
        meta = replica_set["metadata"]
        annotations = {**(meta.get("annotations") or {}), REVISION: str(number)}
        return self._simulation.store.update({**replica_set, "metadata": {**meta, "annotations": annotations}})

    def _note_revision(self, deployment: Object, new: Object) -> None:
        meta, number = deployment["metadata"], str(revision_of(new))
        if (meta.get("annotations") or {}).get(REVISION) != number:
            annotations = {**(meta.get("annotations") or {}), REVISION: number}
            current = self._simulation.store.get("Deployment", meta["namespace"], meta["name"]) or deployment
            self._simulation.store.update({**current, "metadata": {**current["metadata"], "annotations": annotations}})

    def _tell(self, deployment: Object, message: str) -> None:
        self._simulation.recorder.event(deployment, "Normal", "ScalingReplicaSet", message, SOURCE)

    def _write_status(self, deployment: Object, new: Object | None, old: list[Object]) -> float | None:
        """Status and conditions; gives the ms until the progress deadline."""
        every = [*old, *([new] if new else [])]
        total = {k: sum((s.get("status") or {}).get(k, 0) for s in every) for k in ("replicas", "readyReplicas", "availableReplicas", "terminatingReplicas")}
        replicas, _, unavailable = self._limits(deployment)
        counts = {
            **total, "updatedReplicas": ((new or {}).get("status") or {}).get("replicas", 0),
            "unavailableReplicas": max(total["replicas"] - total["availableReplicas"], 0) or max(replicas - total["availableReplicas"], 0),
            "observedGeneration": deployment["metadata"].get("generation", 1),
        }  # fmt: skip
        status = {k: v for k, v in counts.items() if v or k in ("terminatingReplicas", "observedGeneration")}
        conditions = list((deployment.get("status") or {}).get("conditions") or ())
        self._set(conditions, "Available", *_availability(total["availableReplicas"], replicas - unavailable))
        wait = self._progress(deployment, conditions, counts, new)
        if conditions:
            status["conditions"] = conditions
        meta = deployment["metadata"]
        self._simulation.server.update_status("Deployment", meta["namespace"], meta["name"], lambda _: dict(sorted(status.items())))
        return wait

    def _progress(self, deployment: Object, conditions: list[Object], counts: dict[str, Any], new: Object | None) -> float | None:
        limit = deployment["spec"].get("progressDeadlineSeconds")
        if limit is None or new is None:
            return None
        name, replicas = new["metadata"]["name"], int(deployment["spec"].get("replicas", 1))
        known = next((c for c in conditions if c["type"] == "Progressing"), None)
        done = counts["updatedReplicas"] == replicas == counts["replicas"] == counts["availableReplicas"]
        if done:
            self._set(conditions, "Progressing", "True", "NewReplicaSetAvailable", f'ReplicaSet "{name}" has successfully progressed.')
            return None
        before = deployment.get("status") or {}
        moved = any(counts[k] != before.get(k, 0) for k in ("updatedReplicas", "readyReplicas", "availableReplicas")) or counts["replicas"] < before.get("replicas", 0)
        if known is None:
            self._set(conditions, "Progressing", "True", "NewReplicaSetCreated", f'Created new replica set "{name}"')
        elif (moved and known["reason"] != "NewReplicaSetAvailable") or (known["reason"] == "NewReplicaSetAvailable" and counts["updatedReplicas"] < replicas):
            self._set(conditions, "Progressing", "True", "ReplicaSetUpdated", f'ReplicaSet "{name}" is progressing.', renew=True)
        known = next(c for c in conditions if c["type"] == "Progressing")
        if known["reason"] in ("NewReplicaSetAvailable", "ProgressDeadlineExceeded"):
            return None
        left = (read_stamp(known["lastUpdateTime"]) - self._simulation.clock.wall()).total_seconds() + limit + 1
        if left <= 0:
            self._set(conditions, "Progressing", "False", "ProgressDeadlineExceeded", f'ReplicaSet "{name}" has timed out progressing.')
            return None
        return float(left * 1000)

    def _set(self, conditions: list[Object], type_: str, status: str, reason: str, message: str, *, renew: bool = False) -> None:
        """Replaces a condition; a changed one moves to the end of the list."""
        old = condition({"status": {"conditions": conditions}}, type_)
        if old and [old["status"], old["reason"]] == [status, reason] and not renew:
            return
        stamp = self._simulation.clock.stamp()
        since = old["lastTransitionTime"] if old and old["status"] == status else stamp
        conditions[:] = [c for c in conditions if c["type"] != type_]
        conditions.append({"lastTransitionTime": since, "lastUpdateTime": stamp, "message": message, "reason": reason, "status": status, "type": type_})


def recreates(deployment: Object) -> bool:
    """Whether the strategy is Recreate."""
    return bool(deployment["spec"]["strategy"]["type"] == "Recreate")


def revision_of(obj: Object) -> int:
    """The revision that a ReplicaSet is annotated with."""
    return int((obj["metadata"].get("annotations") or {}).get(REVISION, "0"))


def _availability(available: int, least: int) -> tuple[str, str, str]:
    if available >= least:
        return "True", "MinimumReplicasAvailable", "Deployment has minimum availability."
    return "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability."


def _bare(template: Object) -> Object:
    """A ReplicaSet's template without the hash that the Deployment's has not."""
    labels = {k: v for k, v in (template["metadata"].get("labels") or {}).items() if k != HASH_LABEL}
    return {**template, "metadata": {**template["metadata"], "labels": labels}}


def _inherited(meta: Object) -> dict[str, str]:
    """The Deployment's annotations that its ReplicaSets share."""
    own = (REVISION, DESIRED, MAXIMUM, "kubectl.kubernetes.io/last-applied-configuration")
    return {k: v for k, v in (meta.get("annotations") or {}).items() if k not in own}


def _counts(replica_set: Object) -> Sets:
    status = replica_set.get("status") or {}
    return Sets(
        replica_set["metadata"]["name"], replica_set["spec"]["replicas"], status.get("replicas", 0),
        status.get("readyReplicas", 0), status.get("availableReplicas", 0),
    )  # fmt: skip
