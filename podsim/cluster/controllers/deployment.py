"""The Deployment controller: one ReplicaSet per template, and the way from one to the next.

controller/deployment/{deployment_controller,sync,rolling,recreate}.go
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from podsim.api.workloads import template_hash
from podsim.cluster.controllers import deployment_status, rollout
from podsim.cluster.controllers.deployment_status import Limits, replicas_of
from podsim.cluster.controllers.ownership import claim, reference
from podsim.cluster.controllers.plan import Action, Create, Delete, Event, Plan, Related, Update, WriteStatus
from podsim.cluster.controllers.pods import FINISHED, phase
from podsim.cluster.controllers.rollout import Resize, Size
from podsim.cluster.store import Object

REVISION = "deployment.kubernetes.io/revision"
DESIRED = "deployment.kubernetes.io/desired-replicas"
MAXIMUM = "deployment.kubernetes.io/max-replicas"
HASH_LABEL = "pod-template-hash"
OWN_ANNOTATIONS = (REVISION, DESIRED, MAXIMUM, "kubectl.kubernetes.io/last-applied-configuration")


def reconcile(deployment: Object, related: Related, now: datetime) -> Plan:
    """One step of the rollout, and the status as it is before that step shows."""
    mine, updates = claim(deployment, related["ReplicaSet"])
    sync = _Sync(deployment, sorted(mine, key=revision_of), related.get("Pod", ()), now, [*updates])
    sync.note_pause()
    if deployment["spec"].get("paused") or sync.was_scaled():
        return sync.scale_only()
    return sync.recreate() if sync.limits.recreates else sync.roll()


def revision_of(obj: Object) -> int:
    """The revision that an object is annotated with; 0: none."""
    return int((obj["metadata"].get("annotations") or {}).get(REVISION, "0"))


@dataclass(slots=True)
class _Sync:
    """One pass over a Deployment: what it decides gathers in `actions`, and `sets` shows it at once.

    The status tells of the sets as they were `seen`, before they were sized.
    """

    deployment: Object
    sets: list[Object]
    pods: Sequence[Object]
    now: datetime
    actions: list[Action]
    limits: Limits = field(init=False)
    seen: list[Object] = field(init=False)

    def __post_init__(self) -> None:
        self.seen = list(self.sets)
        self.limits = Limits.of(self.deployment)

    @property
    def new(self) -> Object | None:
        """The ReplicaSet of the present template, the oldest if there are several.          FindNewReplicaSet"""
        template = self.deployment["spec"]["template"]
        return next((s for s in _by_age(self.sets) if _without_hash(s["spec"]["template"]) == template), None)

    @property
    def old(self) -> list[Object]:
        """The other ReplicaSets, oldest first."""
        new = self.new
        return [s for s in _by_age(self.sets) if s is not new]

    def note_pause(self) -> None:
        """The condition that tells of a pause or its end.                             checkPausedConditions"""
        self.deployment = deployment_status.paused(self.deployment, self.now)

    def was_scaled(self) -> bool:
        """Whether a ReplicaSet was sized for another number of replicas.                     isScalingEvent"""
        wanted = str(self.limits.replicas)
        return any(replicas_of(s) and _annotation(s, DESIRED) not in (None, wanted) for s in self.sets)

    def scale_only(self) -> Plan:
        """While paused, or after a change of replicas: sizes follow, nothing else.                    sync"""
        if self.new is not None:
            self._adjust_new()
        active = [s for s in self.sets if replicas_of(s)]
        one = active[0] if len(active) == 1 else None if active else self.new or next(iter(self.old), None)
        if one is not None:
            self._resize([Resize(_name(one), replicas_of(one), self.limits.replicas)])
        elif self._new_is_saturated():
            self._resize(Resize(_name(s), replicas_of(s), 0) for s in self.old if replicas_of(s))
        elif active and not self.limits.recreates:
            newest_first = [_size(s) for s in reversed(_by_age(active))]
            counted = (self.deployment.get("status") or {}).get("replicas", 0)
            self._resize(rollout.spread(self.limits.replicas, self.limits.surge, counted, newest_first))
        status = deployment_status.counted(self.deployment, self.seen, self.new, self.limits, self.now)
        return Plan((*self.actions, WriteStatus(status)))

    def roll(self) -> Plan:
        """RollingUpdate: the new one up; if that changed nothing, old ones down.                  rolloutRolling"""
        self._ensure_new()
        new = self._known_new()
        wanted = rollout.new_size(self.limits.replicas, self.limits.surge, replicas_of(new), sum(map(replicas_of, self.sets)))
        if not self._resize([Resize(_name(new), replicas_of(new), wanted)]):
            old = [_size(s) for s in self.old if replicas_of(s)]
            steps = rollout.shrink_old(self.limits.replicas, self.limits.unavailable, _size(new), old)
            if not self._resize(steps):
                self._clean_up()
        return self._finish()

    def recreate(self) -> Plan:
        """Recreate: the old ones to 0; the new one when none of their pods runs any more.      rolloutRecreate"""
        if self.new is not None:
            self._adjust_new()
        if self._resize(Resize(_name(s), replicas_of(s), 0) for s in self.old if replicas_of(s)) or self._old_pods_run():
            return self._finish()
        self._ensure_new()
        new = self._known_new()
        if not self._resize([Resize(_name(new), replicas_of(new), self.limits.replicas)]):
            self._clean_up()
        return self._finish()

    def _finish(self) -> Plan:
        status = deployment_status.rolled(self.deployment, self.seen, self.new, self.limits, self.now)
        wait = deployment_status.until_deadline({**self.deployment, "status": status}, self.limits, self.now)
        return Plan((*self.actions, WriteStatus(status)), again=wait)

    def _known_new(self) -> Object:
        new = self.new
        if new is None:
            raise AssertionError("the new ReplicaSet is made before it is sized")
        return new

    def _ensure_new(self) -> None:
        if self.new is not None:
            self._adjust_new()
            return
        made = self._new_set()
        name, size = _name(made), replicas_of(made)
        self.actions.append(Create(made))
        self.sets.append(made)
        self.seen.append(made)
        if size:
            self.actions.append(Event("ScalingReplicaSet", f"Scaled up replica set {name} from 0 to {size}"))
        self._annotate(deployment_status.created(self.deployment, name, self.now), revision_of(made))

    def _adjust_new(self) -> None:
        """The new ReplicaSet carries the newest revision; the Deployment carries it, too."""
        new = self._known_new()
        latest = max(map(revision_of, self.old), default=0) + 1
        if revision_of(new) < latest:
            annotations = {**(new["metadata"].get("annotations") or {}), **_inherited(self.deployment), REVISION: str(latest)}
            self._replace(new, {**new, "metadata": {**new["metadata"], "annotations": annotations}})
        self._annotate(deployment_status.found(self.deployment, _name(new), self.now), revision_of(self._known_new()))

    def _annotate(self, deployment: Object, revision: int) -> None:
        meta = deployment["metadata"]
        annotations = {**(meta.get("annotations") or {}), REVISION: str(revision)}
        changed = {**deployment, "metadata": {**meta, "annotations": annotations}}
        if changed != self.deployment:
            self.actions.append(Update(changed))
        self.deployment = changed

    def _new_set(self) -> Object:
        deployment, replicas, surge = self.deployment, self.limits.replicas, self.limits.surge
        template, meta, spec = deployment["spec"]["template"], deployment["metadata"], deployment["spec"]
        digest = template_hash(template)
        labels = {**(template["metadata"].get("labels") or {}), HASH_LABEL: digest}
        selector = {**spec["selector"], "matchLabels": {**(spec["selector"].get("matchLabels") or {}), HASH_LABEL: digest}}
        size = replicas if self.limits.recreates else rollout.new_size(replicas, surge, 0, sum(map(replicas_of, self.sets)))
        number = max(map(revision_of, self.sets), default=0) + 1
        return {
            "apiVersion": "apps/v1", "kind": "ReplicaSet",
            "metadata": {
                "annotations": {**_inherited(deployment), DESIRED: str(replicas), MAXIMUM: str(replicas + surge), REVISION: str(number)},
                "labels": labels, "name": f"{meta['name']}-{digest}", "namespace": meta["namespace"], "ownerReferences": [reference(deployment)],
            },
            "spec": {
                **({"minReadySeconds": spec["minReadySeconds"]} if spec.get("minReadySeconds") else {}), "replicas": size,
                "selector": selector, "template": {**template, "metadata": {**template["metadata"], "labels": labels}},
            },
        }  # fmt: skip

    def _resize(self, steps: Iterable[Resize]) -> bool:
        """Whether any size changed; what a set is sized for is noted even if not.                 scaleReplicaSet"""
        sized_for = {DESIRED: str(self.limits.replicas), MAXIMUM: str(self.limits.replicas + self.limits.surge)}
        changed = False
        for step in steps:
            one = next(s for s in self.sets if _name(s) == step.name)
            meta = {**one["metadata"], "annotations": {**(one["metadata"].get("annotations") or {}), **sized_for}}
            if step.after != step.before:
                meta["generation"] = meta.get("generation", 1) + 1
            sized = {**one, "metadata": meta, "spec": {**one["spec"], "replicas": step.after}}
            if sized != one:
                self._replace(one, sized)
            if step.after != step.before:
                changed = True
                way = "up" if step.after > step.before else "down"
                self.actions.append(Event("ScalingReplicaSet", f"Scaled {way} replica set {step.name} from {step.before} to {step.after}"))
        return changed

    def _replace(self, before: Object, after: Object) -> None:
        self.sets[self.sets.index(before)] = after
        self.actions.append(Update(after))

    def _new_is_saturated(self) -> bool:
        """Whether the new ReplicaSet has all the pods that were wanted before.                      IsSaturated"""
        new = self.new
        if new is None:
            return False
        wanted = self.limits.replicas
        available = (new.get("status") or {}).get("availableReplicas", 0)
        return replicas_of(new) == wanted == available and _annotation(new, DESIRED) == str(wanted)

    def _old_pods_run(self) -> bool:
        owners = {s["metadata"]["uid"] for s in self.old}
        return any(phase(p) not in FINISHED and owners & {r["uid"] for r in p["metadata"].get("ownerReferences") or ()} for p in self.pods)

    def _clean_up(self) -> None:
        """Forgets the oldest revisions beyond revisionHistoryLimit once the rollout is complete.  cleanupDeployment"""
        if not deployment_status.is_complete(self.deployment, self.deployment.get("status") or {}):
            return
        old = sorted(self.old, key=revision_of)
        surplus = max(len(old) - int(self.deployment["spec"].get("revisionHistoryLimit", 10)), 0)
        idle = (s for s in old[:surplus] if not replicas_of(s) and not (s.get("status") or {}).get("replicas"))
        self.actions += [Delete(s) for s in idle]


def _name(replica_set: Object) -> str:
    return str(replica_set["metadata"]["name"])


def _annotation(obj: Object, key: str) -> str | None:
    return (obj["metadata"].get("annotations") or {}).get(key)


def _size(replica_set: Object) -> Size:
    available = (replica_set.get("status") or {}).get("availableReplicas", 0)
    return Size(_name(replica_set), replicas_of(replica_set), available, int(_annotation(replica_set, MAXIMUM) or 0))


def _by_age(sets: Iterable[Object]) -> list[Object]:
    return sorted(sets, key=lambda s: str(s["metadata"].get("creationTimestamp", "9")))


def _without_hash(template: Object) -> Object:
    labels = {k: v for k, v in (template["metadata"].get("labels") or {}).items() if k != HASH_LABEL}
    return {**template, "metadata": {**template["metadata"], "labels": labels}}


def _inherited(deployment: Object) -> dict[str, str]:
    """The Deployment's annotations that its ReplicaSets share.                      SetNewReplicaSetAnnotations"""
    return {k: v for k, v in (deployment["metadata"].get("annotations") or {}).items() if k not in OWN_ANNOTATIONS}
