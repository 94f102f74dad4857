"""delete: graceful, forced, waited for.                                                   pkg/cmd/delete/delete.go"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from podsim.cluster.server import Propagation
from podsim.kubectl import files
from podsim.kubectl.call import Call, DryRun, typed
from podsim.kubectl.failures import CommandError, is_missing, not_found, with_source
from podsim.kubectl.resources import Found, Info, find, query_of

IMMEDIATE = (
    "Immediate deletion does not wait for confirmation that the running resource has been terminated. "
    "The resource may continue to run on the cluster indefinitely."
)
CASCADES: dict[str, Propagation] = {  # --cascade                                                     cmdutil.GetCascadingStrategy
    "background": "Background", "true": "Background", "foreground": "Foreground", "orphan": "Orphan", "false": "Orphan",
}  # fmt: skip
CLUSTER_SCOPED = "deleting cluster-scoped resources, not scoped to the provided namespace"
_SUFFIX: dict[DryRun, str] = {"none": "", "client": " (dry run)", "server": " (server dry run)"}


@dataclass(frozen=True, slots=True)
class Manner:
    """How to delete: `grace` in seconds (None: as the object says), how long to wait for the end, what becomes of what it has."""

    grace: int | None
    force: bool
    wait: bool
    timeout: float | None
    propagation: Propagation

    @classmethod
    def of(cls, call: Call, *, default_force: bool = True) -> Manner:
        """What the flags say; CommandError for two that contradict each other."""
        grace, force = call.arguments["grace-period"], call.arguments["force"]
        if call.arguments.values.get("now"):
            if grace != -1:
                raise CommandError("--now and --grace-period cannot be specified together")
            grace = 1
        if grace == 0 and not force:
            grace = 1
        if force and grace < 0 and default_force:
            grace = 0
        if force and grace > 0:
            raise CommandError("--force and --grace-period greater than 0 cannot be specified together")
        timeout, cascade = call.arguments["timeout"] or None, call.arguments["cascade"]
        if cascade not in CASCADES:
            raise CommandError(f'invalid cascade value ({cascade}). Must be "background", "foreground", or "orphan"')
        return cls(None if grace < 0 else grace, force, call.arguments.values.get("wait", True), timeout, CASCADES[cascade])

    @property
    def immediate(self) -> bool:
        """Whether nobody waits for the containers."""
        return self.force and self.grace == 0


def delete(call: Call) -> None:
    """`kubectl delete`."""
    given = call.arguments
    manner, dry_run = Manner.of(call), call.dry_run
    query = query_of(call)
    if given["filename"] and given.words:
        raise CommandError(files.NO_WORDS_WITH_FILES)
    found = _from_files(call) if given["filename"] else find(call, given.words, query)
    if given["output"] not in ("", "name"):
        raise CommandError(f"unexpected -o output mode: {given['output']}. We only support '-o name'")
    for flag in ("selector", "field-selector"):
        if given["all"] and given[flag]:
            raise CommandError(f"cannot set --all and --{flag} at the same time")
    if "namespace" in given.given and any(not info.kind.namespaced for info in found.infos):
        call.warn([CLUSTER_SCOPED])
    if manner.immediate:
        call.warn([IMMEDIATE])
    ignored = given["ignore-not-found"] or (query.selects and "ignore-not-found" not in given.given)
    call.errors += [error for error in found.errors if not (ignored and is_missing(error))]
    if not found.infos and not call.errors:
        return call.print("No resources found\n") if not found.errors else None
    return delete_infos(call, found.infos, manner, dry_run)


def _from_files(call: Call) -> Found:
    found = Found()
    for one in files.objects(call):
        if isinstance(one, Exception):
            found.errors.append(one)
        elif call.dry_run == "none" and call.simulation.store.get(one.kind.kind, one.namespace, one.name) is None:
            found.errors.append(with_source(not_found(one.kind.resource, one.name), "deleting", one.source))
        else:
            found.infos.append(one)
    return found


def delete_infos(call: Call, infos: Iterable[Info], manner: Manner, dry_run: DryRun = "none") -> None:
    """Deletes objects one after the other, reports each, then waits for all of them."""
    deleted: list[tuple[Info, str]] = []
    for info in infos:
        live = call.simulation.store.get(info.kind.kind, info.namespace, info.name)
        if live is None and dry_run == "none":
            call.errors.append(not_found(info.kind.resource, info.name))
            continue
        if dry_run == "none":
            call.attempt(_request, call, info, manner)
        _report(call, info, manner, dry_run)
        deleted.append((info, live["metadata"].get("uid", "") if live else ""))
    if manner.wait and dry_run == "none":
        _await_end(call, deleted, manner)


def _request(call: Call, info: Info, manner: Manner) -> None:
    call.simulation.server.delete(
        info.kind.kind, info.namespace, info.name, grace=manner.grace, force=manner.immediate, propagation=manner.propagation
    )


def _report(call: Call, info: Info, manner: Manner, dry_run: DryRun) -> None:
    if call.command == "delete" and call.arguments["output"] == "name":
        return call.print(f"{typed(info.kind)}/{info.name}\n")
    how = "force deleted" if manner.grace == 0 and call.command == "delete" else "deleted"
    where = f" from {info.namespace} namespace" if info.kind.namespaced else ""
    return call.print(f'{typed(info.kind)} "{info.name}" {how}{where}{_SUFFIX[dry_run]}\n')


def _await_end(call: Call, deleted: list[tuple[Info, str]], manner: Manner) -> None:
    """Waits for one object after the other; the time that is allowed holds for all of them together."""
    end = None if manner.timeout is None else call.simulation.clock.now + round(manner.timeout * 1000)
    for info, uid in deleted:
        left = None if end is None else max(0, end - call.simulation.clock.now) / 1000
        if not call.wait(partial(_gone, call, info, uid), left):
            text = f"timed out waiting for the condition on {info.kind.plural}/{info.name}"
            call.errors.append(CommandError(text))


def _gone(call: Call, info: Info, uid: str) -> bool:
    live = call.simulation.store.get(info.kind.kind, info.namespace, info.name)
    return live is None or live["metadata"].get("uid", "") != uid
