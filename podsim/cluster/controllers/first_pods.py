"""StatefulSet, DaemonSet and CronJob make their first pods; what they would do later is not simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from podsim.api.workloads import revision_hash, template_hash
from podsim.cluster.controllers.ownership import is_ready, owned, pod_of
from podsim.cluster.controllers.queue import Queue
from podsim.cluster.scheduler.filters import World, node_affinity, tolerated
from podsim.cluster.store import Object

if TYPE_CHECKING:
    from podsim.cluster.simulation import Simulation

DELAY = 8  # ms
# what a DaemonSet's pods tolerate; the last only with hostNetwork            controller/daemon/util AddOrUpdateDaemonPodTolerations
DAEMON_TAINTS = (
    ("node.kubernetes.io/not-ready", "NoExecute"), ("node.kubernetes.io/unreachable", "NoExecute"),
    ("node.kubernetes.io/disk-pressure", "NoSchedule"), ("node.kubernetes.io/memory-pressure", "NoSchedule"),
    ("node.kubernetes.io/pid-pressure", "NoSchedule"), ("node.kubernetes.io/unschedulable", "NoSchedule"),
    ("node.kubernetes.io/network-unavailable", "NoSchedule"),
)  # fmt: skip


class StatefulSets:
    """Makes the pods of StatefulSets in order, each when the one before is ready."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        Queue(simulation, "StatefulSet", ("Pod",), DELAY, self._reconcile)

    def _reconcile(self, namespace: str, name: str) -> float | None:
        simulation = self._simulation
        stateful_set = simulation.store.get("StatefulSet", namespace, name)
        if stateful_set is None:
            return None
        pods = {p["metadata"]["name"]: p for p in owned(simulation.store, "Pod", stateful_set)}
        spec = stateful_set["spec"]
        first = (spec.get("ordinals") or {}).get("start", 0)
        for ordinal in range(first, first + spec["replicas"]):
            pod = pods.get(f"{name}-{ordinal}")
            if pod is None:
                self._create(stateful_set, ordinal)
            if spec["podManagementPolicy"] == "OrderedReady" and (pod is None or not is_ready(pod)):
                break
        now = owned(simulation.store, "Pod", stateful_set)
        ready = sum(map(is_ready, now))
        revision = f"{name}-{revision_hash(spec['template'])}"
        status = {
            "availableReplicas": ready, "collisionCount": 0, "currentReplicas": len(now), "currentRevision": revision, "observedGeneration": 1,
            **({"readyReplicas": ready} if ready else {}), "replicas": len(now), "updateRevision": revision, "updatedReplicas": len(now),
        }  # fmt: skip
        simulation.server.update_status("StatefulSet", namespace, name, lambda _: status)
        return None

    def _create(self, stateful_set: Object, ordinal: int) -> None:
        name, spec = stateful_set["metadata"]["name"], stateful_set["spec"]
        pod = f"{name}-{ordinal}"
        body = pod_of(spec["template"], stateful_set, pod, generated=False)
        labels = {
            **(body["metadata"].get("labels") or {}), "apps.kubernetes.io/pod-index": str(ordinal),
            "controller-revision-hash": f"{name}-{revision_hash(spec['template'])}", "statefulset.kubernetes.io/pod-name": pod,
        }  # fmt: skip
        own = {"hostname": pod, **({"subdomain": spec["serviceName"]} if spec.get("serviceName") else {})}
        claims = [{"name": c["metadata"]["name"], "persistentVolumeClaim": {"claimName": f"{c['metadata']['name']}-{pod}"}} for c in spec.get("volumeClaimTemplates") or ()]
        volumes = [*claims, *(body["spec"].get("volumes") or ())]
        body = {**body, "metadata": {**body["metadata"], "labels": labels}, "spec": {**body["spec"], **own, **({"volumes": volumes} if volumes else {})}}
        self._simulation.server.create(body)
        self._simulation.recorder.event(
            stateful_set, "Normal", "SuccessfulCreate", f"Create Pod {pod} in StatefulSet {name} successful", "statefulset-controller"
        )


class DaemonSets:
    """Makes one pod for every node that may have one."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        Queue(simulation, "DaemonSet", ("Pod",), DELAY, self._reconcile)

    def _reconcile(self, namespace: str, name: str) -> float | None:
        simulation = self._simulation
        daemon_set = simulation.store.get("DaemonSet", namespace, name)
        if daemon_set is None:
            return None
        nodes = [n for n in simulation.store.list("Node") if self._wanted(daemon_set, n)]
        have = {_target(p) for p in owned(simulation.store, "Pod", daemon_set)}
        for node in nodes:
            if node["metadata"]["name"] not in have:
                self._create(daemon_set, node["metadata"]["name"])
        pods = owned(simulation.store, "Pod", daemon_set)
        ready = sum(map(is_ready, pods))
        status = {
            "currentNumberScheduled": len(pods), "desiredNumberScheduled": len(nodes), "numberAvailable": ready, "numberMisscheduled": 0,
            "numberReady": ready, "numberUnavailable": len(nodes) - ready, "observedGeneration": 1, "updatedNumberScheduled": len(pods),
        }  # fmt: skip
        zero = ("currentNumberScheduled", "desiredNumberScheduled", "numberMisscheduled", "numberReady")
        simulation.server.update_status("DaemonSet", namespace, name, lambda _: {k: v for k, v in status.items() if v or k in zero})
        return None

    def _wanted(self, daemon_set: Object, node: Object) -> bool:
        pod = {"metadata": {}, "spec": _daemon_spec(daemon_set["spec"]["template"]["spec"])}
        if node_affinity(pod, node, World([node])) is not None:
            return False
        return all(tolerated(t, pod) for t in node["spec"].get("taints") or () if t.get("effect") in ("NoSchedule", "NoExecute"))

    def _create(self, daemon_set: Object, node: str) -> None:
        template, name = daemon_set["spec"]["template"], daemon_set["metadata"]["name"]
        body = pod_of(template, daemon_set, f"{name}-")
        labels = {**(body["metadata"].get("labels") or {}), "controller-revision-hash": template_hash(template), "pod-template-generation": "1"}
        term = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": [node]}]}
        required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}
        affinity = {**(body["spec"].get("affinity") or {}), "nodeAffinity": required}
        spec = {**_daemon_spec(body["spec"]), "affinity": affinity}
        made = self._simulation.server.create({**body, "metadata": {**body["metadata"], "labels": labels}, "spec": spec}).object
        message = f"Created pod: {made['metadata']['name']}"
        self._simulation.recorder.event(daemon_set, "Normal", "SuccessfulCreate", message, "daemonset-controller")


def _daemon_spec(spec: Object) -> Object:
    added = [{"effect": effect, "key": key, "operator": "Exists"} for key, effect in DAEMON_TAINTS if key != DAEMON_TAINTS[-1][0] or spec.get("hostNetwork")]
    own = list(spec.get("tolerations") or ())
    return {**spec, "tolerations": [*own, *(t for t in added if t not in own)]}


def _target(pod: Object) -> str:
    terms = pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    return str(terms[0]["matchFields"][0]["values"][0])
