"""The API server: every write passes decoding, defaulting, admission and validation before it is stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from podsim.api import admission, decode, defaults, patch, services, strategy, validation, warnings
from podsim.api.collecting import paused
from podsim.api.errors import FieldError, Rejected
from podsim.api.kinds import kind_of
from podsim.api.validation.goformat import quote
from podsim.cluster import unmodelled
from podsim.cluster.clock import Clock
from podsim.cluster.history import History, subject_of
from podsim.cluster.names import Names
from podsim.cluster.store import Object, Store

FieldValidation = Literal["Strict", "Warn", "Ignore"]
PatchType = Literal["strategic", "merge", "json"]
Propagation = Literal["Background", "Foreground", "Orphan"]
FINALIZERS: dict[Propagation, str] = {"Foreground": "foregroundDeletion", "Orphan": "orphan"}
FINISHED = ("Succeeded", "Failed")
NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")
SYSTEM_PRIORITIES = {"system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}
CONFIG_MAP_OF_EVERY_NAMESPACE = "kube-root-ca.crt"
VERSION_ON_CREATE = "resourceVersion should not be set on objects to be created"
OTHER_VERSION = "the object has been modified; please apply your changes to the latest version and try again"
DROPPED_METADATA = ("resourceVersion", "selfLink", "managedFields", "deletionTimestamp", "deletionGracePeriodSeconds")
SERVER_METADATA = ("uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds")


@dataclass(frozen=True, slots=True)
class Response:
    """The object as stored (or as it would be, in a dry run) and the server's warnings."""

    object: Object
    warnings: tuple[str, ...] = ()


class Server:
    """The write side of the API; reading is `store`."""

    def __init__(self, clock: Clock, store: Store, history: History, names: Names) -> None:
        self._clock = clock
        self._names = names
        self.store = store
        self.history = history

    def furnish(self) -> None:
        """What is there from the start; nobody asked for it, so nothing is checked."""
        for name in NAMESPACES:
            self._make({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
            self._furnish(name)
        for name, value in SYSTEM_PRIORITIES.items():
            self._make({"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name}, "value": value})

    @paused()
    def create(self, obj: Object, *, field_validation: FieldValidation = "Strict", dry_run: bool = False, cause: int | None = None) -> Response:
        """Stores a new object.                                   apiserver registry/generic/registry/store.go Create

        Raises Rejected: BadRequest, NotFound (namespace), Forbidden, Invalid, AlreadyExists, Unknown (a resourceVersion).
        """
        decoded, unknown = self._decoded(obj, field_validation)
        with _telling(unknown) as told:
            return self._created(decoded, told, dry_run=dry_run, cause=cause)

    def _created(self, decoded: Object, told: list[str], *, dry_run: bool, cause: int | None) -> Response:
        sent = defaults.apply(self._stamped(decoded))
        self._require_namespace(sent)
        admitted = self._named(admission.admit(sent, self.store, self._names.suffix))
        created = strategy.prepare(admitted)
        self._refuse_invalid(created, validation.validate(created))
        told += (*warnings.of_profiles(admitted), *warnings.of(created))
        told += admission.check(created, self.store)
        kind, namespace, name = created["kind"], created["metadata"].get("namespace", ""), created["metadata"]["name"]
        if kind == "Service":
            created = self._with_addresses(created)
        if not dry_run and _version(decoded):
            raise Rejected("Unknown", VERSION_ON_CREATE)
        if self.store.get(kind, namespace, name) is not None:
            raise Rejected("AlreadyExists", f'{_resource(created)} "{name}" already exists')
        if dry_run:
            return Response(created, tuple(told))
        if kind == "Pod":
            owner = next((f"{o['kind']} {o['name']}" for o in created["metadata"].get("ownerReferences") or () if o.get("controller")), "")
            self.history.fact("created", subject_of(created), cause=cause, owner=owner)
        self.history.notes.update(unmodelled.notes(created))
        stored = self.store.create(created)
        if kind == "Namespace":
            self._furnish(name)
        return Response(stored, tuple(told))

    def update(self, obj: Object, *, field_validation: FieldValidation = "Strict", dry_run: bool = False) -> Response:
        """Replaces an object; its status stays.                 apiserver registry/generic/registry/store.go Update

        Raises Rejected: BadRequest, NotFound, Conflict (another resourceVersion), Invalid.
        """
        decoded, unknown = self._decoded(obj, field_validation)
        old = self.read(obj["kind"], obj["metadata"].get("namespace", ""), obj["metadata"]["name"])
        with _telling(unknown) as told:
            return self._replaced(decoded, old, told, dry_run=dry_run)

    def _replaced(self, decoded: Object, old: Object, told: list[str], *, dry_run: bool) -> Response:
        if _version(decoded) not in ("", old["metadata"]["resourceVersion"]):
            raise Rejected("Conflict", f'Operation cannot be fulfilled on {_resource(old)} "{old["metadata"]["name"]}": {OTHER_VERSION}')
        new = admission.readmit(defaults.apply(decoded), old)
        meta = {**new["metadata"], **{k: old["metadata"][k] for k in SERVER_METADATA if k in old["metadata"]}}
        new = {**new, "metadata": meta, **({"status": old["status"]} if "status" in old else {})}
        if new.get("spec") != old.get("spec") and "generation" in meta:
            meta["generation"] += 1
        if new["kind"] == "Service":
            new = services.carried(new, old)
        self._refuse_invalid(new, validation.validate_update(new, old))
        told += warnings.of_update(new, old)
        told += admission.check(new, self.store, old)
        if new["kind"] == "Service":
            new = self._with_addresses(new)
        if dry_run:
            return Response(new, tuple(told))
        cause = None
        if new["kind"] == "Pod" and new != old:
            cause = self._changed(new, old)
        self.history.notes.update(unmodelled.notes(new))
        return Response(self.release(new, cause), tuple(told))

    def _changed(self, new: Object, old: Object) -> int:
        """Records that somebody changed a pod."""
        subject, opened = subject_of(new), old["spec"].get("schedulingGates") and not new["spec"].get("schedulingGates")
        if opened:
            return self.history.fact("gates-removed", subject).id
        return self.history.fact("patched", subject, what="spec" if new["spec"] != old["spec"] else "metadata").id

    def patch(
        self,
        kind: str,
        namespace: str,
        name: str,
        change: Any,
        type_: PatchType = "strategic",
        *,
        field_validation: FieldValidation = "Warn",
        dry_run: bool = False,
    ) -> Response:
        """Applies a patch to the object as it is now.                       apiserver endpoints/handlers/patch.go

        Raises Rejected, and ValueError for a JSON patch that does not fit.
        """
        old = self.read(kind, namespace, name)
        try:
            merged, shown = patch.apply_and_tell(old, change, type_)
        except patch.BadPatchError as error:
            raise Rejected(error.reason, str(error)) from None
        merged |= {key: old[key] for key in ("apiVersion", "kind")}
        decoded, problem, unknown = decode.restore(merged, converted=type_ == "strategic")
        if unknown and not problem and field_validation == "Strict":
            problem = decode.strict_error(unknown)
        if problem:
            sent = patch.printed(shown) if type_ == "strategic" else json.dumps(merged, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            refusal = FieldError("patch", f"Invalid value: {quote(sent)}: {problem}")
            raise Rejected("Invalid", f' "" is invalid: {refusal}', (refusal,))
        meta = decoded.get("metadata") or {}
        if (named := meta.get("name", "")) != name:
            raise Rejected("BadRequest", f"the name of the object ({named}) does not match the name on the URL ({name})")
        if (found := meta.get("namespace", namespace)) != namespace:
            raise Rejected("BadRequest", f"the namespace of the object ({found}) does not match the namespace on the request ({namespace})")
        with _telling(unknown if field_validation == "Warn" else ()) as told:
            return self._replaced(decoded, old, told, dry_run=dry_run)

    def update_status(
        self, kind: str, namespace: str, name: str, change: Callable[[Object], Object], *, as_of: int | None = None
    ) -> Object | None:
        """Writes the `status` subresource: `change` gets the status as it is now. None if the object is gone.

        `as_of`: the status was made before the fact of that id.
        """
        old = self.store.get(kind, namespace, name)
        if old is None:
            return None
        self.history.as_of = as_of
        new = self.store.update({**old, "status": change(old.get("status", {}))})
        self.history.as_of = None
        return new

    def patch_subresource(self, namespace: str, name: str, subresource: str, change: Any) -> Object:
        """Patches `status`, `ephemeralcontainers` or `resize` of a pod. Raises Rejected NotFound, Invalid."""
        old = self.read("Pod", namespace, name)
        new = patch.apply(old, change, "strategic")
        if subresource == "status":
            self.history.fact("status-patched", subject_of(old))
            return self.store.update({**old, "status": new["status"]})
        new = {**defaults.apply(new), "status": old["status"]}
        if subresource == "resize":
            self._refuse_invalid(new, validation.validate_resize(new, old))
        if new["spec"] == old["spec"]:
            return old
        self.history.fact("patched", subject_of(old), what=subresource)
        self.history.notes.update(unmodelled.notes(new))
        meta = {**old["metadata"], "generation": old["metadata"]["generation"] + 1}
        return self.store.update({**old, "metadata": meta, "spec": new["spec"]})

    def bind(self, namespace: str, name: str, node: str) -> Object | None:
        """The `binding` subresource: nodeName and PodScheduled True.            registry/core/pod/storage BindingREST"""
        pod = self.store.get("Pod", namespace, name)
        if pod is None:
            return None
        condition = {"type": "PodScheduled", "status": "True", "lastProbeTime": None, "lastTransitionTime": self._clock.stamp()}
        conditions = [c for c in pod["status"].get("conditions", ()) if c["type"] != "PodScheduled"] + [condition]
        return self.store.update(
            {**pod, "spec": {**pod["spec"], "nodeName": node}, "status": {**pod["status"], "conditions": conditions}}
        )

    def delete(
        self,
        kind: str,
        namespace: str,
        name: str,
        *,
        grace: int | None = None,
        force: bool = False,
        cause: int | None = None,
        propagation: Propagation = "Background",
    ) -> Object:
        """Deletes an object, a pod gracefully.            registry/core/pod/strategy.go CheckGracefulDelete

        `grace` in seconds; None: what the pod's spec says. `propagation`: what becomes of the objects that this one has.
        Raises Rejected NotFound.
        """
        old = self.read(kind, namespace, name)
        if kind != "Pod":
            return self._deleted(_held(old, FINALIZERS.get(propagation)), None)
        seconds = graceful_seconds(old, grace)
        meta = old["metadata"]
        known = meta.get("deletionGracePeriodSeconds")
        if known is not None and 0 < known <= seconds:
            return old
        if known is None or force:
            self.history.fact("delete-requested", subject_of(old), cause=cause, grace=seconds, force=force)
        return self._deleted(old, seconds)

    def disrupt(
        self, namespace: str, name: str, reason: str, message: str, *, grace: int | None = None, cause: int | None = None
    ) -> None:
        """Deletes a pod after it got the condition that says why.          registry/core/pod/storage addConditionAndDeletePod

        Raises Rejected NotFound.
        """
        pod = self.read("Pod", namespace, name)
        mark = {
            "type": "DisruptionTarget", "observedGeneration": pod["metadata"].get("generation", 1), "status": "True",
            "lastProbeTime": None, "lastTransitionTime": self._clock.stamp(), "reason": reason, "message": message,
        }  # fmt: skip
        others = [c for c in pod["status"].get("conditions") or () if c["type"] != "DisruptionTarget"]
        self.store.update({**pod, "status": {**pod["status"], "conditions": [*others, mark]}})
        self.delete("Pod", namespace, name, grace=grace, cause=cause)

    def evict(self, namespace: str, name: str, grace: int | None = None) -> None:
        """The `eviction` subresource: a deletion that says so.              registry/core/pod/storage/eviction.go Create

        Raises Rejected NotFound.
        """
        pod = self.read("Pod", namespace, name)
        fact = self.history.fact("evicted", subject_of(pod), by="api")
        self.disrupt(namespace, name, "EvictionByEvictionAPI", "Eviction API: evicting", grace=grace, cause=fact.id)

    def finish_deletion(self, namespace: str, name: str, uid: str) -> None:
        """The kubelet's last word on a deleted pod: nothing of it is left on the node."""
        pod = self.store.get("Pod", namespace, name)
        if pod is not None and pod["metadata"]["uid"] == uid and "deletionTimestamp" in pod["metadata"]:
            self._deleted(pod, 0)

    def release(self, obj: Object, cause: int | None = None) -> Object:
        """Stores a changed object; a deleted one that nothing holds any more goes instead, let go of by the fact `cause`.

        apiserver registry/generic/registry/store.go deleteWithoutFinalizers
        """
        return obj if self._goes(obj, cause) else self.store.update(obj)

    def read(self, kind: str, namespace: str, name: str) -> Object:
        """The stored object. Raises Rejected NotFound."""
        found = self.store.get(kind, namespace, name)
        if found is None:
            raise Rejected("NotFound", f'{kind_of(kind).resource} "{name}" not found')
        return found

    def _deleted(self, old: Object, grace: int | None) -> Object:
        meta = old["metadata"]
        after = timedelta(seconds=grace or 0)
        marks: dict[str, Any] = {"deletionTimestamp": (self._clock.wall() + after).strftime("%Y-%m-%dT%H:%M:%SZ")}
        if grace is not None:
            marks["deletionGracePeriodSeconds"] = grace
        if "deletionTimestamp" not in meta and "generation" in meta:
            marks["generation"] = meta["generation"] + 1
        marked = {**old, "metadata": {**meta, **marks}}
        if grace is None and not meta.get("finalizers"):
            self.store.remove(old["kind"], meta.get("namespace", ""), meta["name"])
            return marked
        stored = self.store.update(marked)
        self._goes(stored)
        return stored

    def _goes(self, obj: Object, cause: int | None = None) -> bool:
        """Removes a deleted object that nothing holds any more; whether it did."""
        meta = obj["metadata"]
        if "deletionTimestamp" not in meta or meta.get("finalizers") or meta.get("deletionGracePeriodSeconds"):
            return False
        if obj["kind"] == "Pod":
            self.history.fact("removed", subject_of(obj), cause=cause)
        self.store.remove(obj["kind"], meta.get("namespace", ""), meta["name"])
        return True

    def _decoded(self, obj: Object, field_validation: FieldValidation) -> tuple[Object, tuple[str, ...]]:
        """The object as decoded, and the warnings about unknown fields."""
        decoded, unknown = (decode.decode(obj), ()) if field_validation == "Strict" else decode.read(obj)
        meta = {k: v for k, v in (decoded.get("metadata") or {}).items() if v is not None}
        if kind_of(decoded["kind"]).namespaced:
            meta = {**meta, "namespace": meta.get("namespace") or "default"}
        return {**decoded, "metadata": meta}, unknown if field_validation == "Warn" else ()

    def _named(self, obj: Object) -> Object:
        meta = obj["metadata"]
        if meta.get("name") or not meta.get("generateName"):
            return obj
        return {**obj, "metadata": {**meta, "name": meta["generateName"] + self._names.suffix()}}

    def _require_namespace(self, obj: Object) -> None:
        namespace = obj["metadata"].get("namespace", "")
        if namespace and self.store.get("Namespace", "", namespace) is None:
            raise Rejected("NotFound", f'namespaces "{namespace}" not found')

    def _stamped(self, obj: Object) -> Object:
        meta = {k: v for k, v in obj["metadata"].items() if k not in DROPPED_METADATA}
        return {**obj, "metadata": {**meta, "creationTimestamp": self._clock.stamp(), "uid": self._names.uid()}}

    def _with_addresses(self, service: Object) -> Object:
        others = [other for other in self.store.list("Service") if other["metadata"]["uid"] != service["metadata"].get("uid")]
        self._refuse_invalid(service, services.refusals(service, others))
        return services.allocated(service, others)

    def _refuse_invalid(self, obj: Object, errors: list[FieldError]) -> None:
        if errors:
            text = str(errors[0]) if len(errors) == 1 else "[" + ", ".join(map(str, errors)) + "]"
            name = obj["metadata"].get("name", "")
            raise Rejected("Invalid", f'{kind_of(obj["kind"]).qualified} "{name}" is invalid: {text}', tuple(errors))

    def _furnish(self, namespace: str) -> None:
        """What the controllers put into every namespace; here at once."""
        for obj in (
            {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": namespace}},
            {"apiVersion": "v1", "data": {"ca.crt": "…"}, "kind": "ConfigMap",
             "metadata": {"name": CONFIG_MAP_OF_EVERY_NAMESPACE, "namespace": namespace}},
        ):
            self._make(obj)

    def _make(self, obj: Object) -> None:
        self.store.create(strategy.prepare(defaults.apply(self._stamped(obj))))


@contextmanager
def _telling(unknown: Iterable[str]) -> Iterator[list[str]]:
    """The warnings of a request, which a refusal carries too.                         apiserver pkg/warning AddWarning"""
    told = [*unknown]
    try:
        yield told
    except Rejected as refusal:
        refusal.warnings = tuple(told)
        raise


def graceful_seconds(pod: Object, asked: int | None) -> int:
    """The grace period (s) that a DELETE gives.       registry/core/pod/strategy.go CheckGracefulDelete

    What was asked for, else the spec's; none for a pod that no node has or that has finished; a negative one is 1.
    """
    seconds = pod["spec"].get("terminationGracePeriodSeconds", 30) if asked is None else asked
    if not pod["spec"].get("nodeName") or pod["status"].get("phase") in FINISHED:
        return 0
    return 1 if seconds < 0 else int(seconds)


def _held(obj: Object, finalizer: str | None) -> Object:
    """The object with a finalizer that keeps it until the garbage collector is done with what it has."""
    meta = obj["metadata"]
    marks = [*(meta.get("finalizers") or ()), *([finalizer] if finalizer else [])]
    return {**obj, "metadata": {**meta, "finalizers": list(dict.fromkeys(marks))}} if marks else obj


def _version(obj: Object) -> str:
    """The version that a request insists on, "" for any."""
    version = str(obj["metadata"].get("resourceVersion") or "")
    return "" if version == "0" else version


def _resource(obj: Mapping[str, Any]) -> str:
    return str(kind_of(obj["kind"]).resource)
