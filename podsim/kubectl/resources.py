"""Which objects the words `pods web`, `deploy/web`, `-l app=web` or `--all` mean.    cli-runtime resource/builder.go"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from podsim.api import kinds
from podsim.api.errors import Rejected
from podsim.api.kinds import Kind
from podsim.kubectl import selectors
from podsim.kubectl.call import Call, Object
from podsim.kubectl.failures import CommandError, PlainError, not_found

ALL_CATEGORY = ("Pod", "Service", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet", "CronJob", "Job")
MIXED_ARGUMENTS = (
    "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form "
    "(e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'"
)
MISSING_RESOURCE = (
    "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n"
    "   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'"
)


@dataclass(frozen=True, slots=True)
class Info:
    """One object that a command is about; `source` is the file that it came from."""

    kind: Kind
    namespace: str
    name: str
    obj: Object
    source: str = ""


@dataclass(slots=True)
class Found:
    """The objects meant, what was not found, whether exactly one was named, and whether whole types were asked for."""

    infos: list[Info] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    single: bool = False
    listed: bool = False
    kinds: list[Kind] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Query:
    """What selects objects besides their names; `everything` takes a bare type for all of its objects."""

    everything: bool = False
    label: str | None = None
    field: str | None = None
    all_namespaces: bool = False

    @property
    def selects(self) -> bool:
        """Whether there is a selector."""
        return self.label is not None or self.field is not None


def query_of(call: Call, *, everything: bool = False) -> Query:
    """The query that the flags of a command make."""
    values = call.arguments.values
    return Query(
        everything=everything or bool(values.get("all")),
        label=values.get("selector") or ("" if values.get("all") else None),
        field=values.get("field-selector") or None,
        all_namespaces=bool(values.get("all-namespaces")),
    )


def find(call: Call, words: Sequence[str], query: Query) -> Found:
    """The objects that words and selectors mean. Raises CommandError or Rejected where kubectl does not even look."""
    pairs = _combined(words)
    if pairs is not None:
        return _by_pairs(call, pairs, query)
    types = _split(words[0]) if words else []
    names = list(words[1:])
    if query.selects or (query.everything and len(words) == 1):
        if names:
            raise CommandError("name cannot be provided when a selector is specified")
        if not types:
            raise CommandError("at least one resource must be specified to use a selector")
        return _by_selector(call, [one for name in types for one in kinds_of(name)], query)
    if names:
        return _by_pairs(call, [(types[0], name) for name in names], query)
    if types:
        for name in types:
            kinds_of(name)
        raise CommandError("resource(s) were provided, but no name was specified")
    raise CommandError(MISSING_RESOURCE)


def kinds_of(spelling: str) -> list[Kind]:
    """The kinds that a word names; `all` is a category. CommandError with kubectl's text for an unknown one."""
    if spelling == "all":
        return [kinds.kind_of(name) for name in ALL_CATEGORY]
    found = kinds.find(spelling)
    if found is None:
        resource, _, group = spelling.partition(".")
        raise CommandError(f'the server doesn\'t have a resource type "{resource}"' + (f' in group "{group}"' if group else ""))
    return [found]


def kind_named(spelling: str) -> Kind:
    """The kind that a word names where kubectl does not put `error: ` before its complaint.            NoResourceMatchError"""
    try:
        return kinds_of(spelling)[0]
    except CommandError as error:
        raise PlainError(str(error)) from None


def _split(word: str) -> list[str]:
    return list(dict.fromkeys(word.split(",")))


def _combined(words: Sequence[str]) -> list[tuple[str, str]] | None:
    """TYPE/NAME words as pairs; None for any other form."""
    if len(words) >= 2 and len(_split(words[0])) > 1:
        words = [f"{kind}/{name}" for kind in _split(words[0]) for name in words[1:]]
    slashes = ["/" in word for word in words]
    if not any(slashes):
        return None
    if not all(slashes):
        raise CommandError(MIXED_ARGUMENTS)
    return [_pair(word) for word in words]


def _pair(word: str) -> tuple[str, str]:
    parts = word.split("/")
    if len(parts) != 2:
        raise CommandError("arguments in resource/name form may not have more than one slash")
    if not all(parts) or "," in parts[0]:
        raise CommandError("arguments in resource/name form must have a single resource and name")
    return parts[0], parts[1]


def _by_pairs(call: Call, pairs: Sequence[tuple[str, str]], query: Query) -> Found:
    if query.selects:
        raise CommandError("selectors and the all flag cannot be used when passing resource/name arguments")
    named = [(kinds_of(spelling)[0], name) for spelling, name in pairs]
    if query.all_namespaces and any(kind.namespaced for kind, _ in named):
        raise CommandError("a resource cannot be retrieved by name across all namespaces")
    found = Found(single=len(pairs) == 1, kinds=list(dict.fromkeys(kind for kind, _ in named)))
    for kind, name in named:
        namespace = call.namespace if kind.namespaced else ""
        obj = call.simulation.store.get(kind.kind, namespace, name)
        if obj is None:
            found.errors.append(not_found(kind.resource, name))
        else:
            found.infos.append(Info(kind, namespace, name, obj))
    return found


def _by_selector(call: Call, wanted: Iterable[Kind], query: Query) -> Found:
    found = Found(listed=True, kinds=list(dict.fromkeys(wanted)))
    for kind in found.kinds:
        holds = filter_of(kind, query)
        namespace = call.namespace if kind.namespaced and not query.all_namespaces else None
        objects = call.simulation.store.list(kind.kind, namespace)
        for obj in sorted(filter(holds, objects), key=_place):
            meta = obj["metadata"]
            found.infos.append(Info(kind, meta.get("namespace", ""), meta["name"], obj))
    return found


def _place(obj: Mapping[str, Any]) -> tuple[str, str]:
    return obj["metadata"].get("namespace", ""), obj["metadata"]["name"]


def filter_of(kind: Kind, query: Query) -> Callable[[Mapping[str, Any]], bool]:
    """Whether an object is selected. Rejected BadRequest for a selector that the server cannot read."""
    label, fields = query.label or "", query.field or ""
    try:
        requirements = selectors.parse(label)
        wanted = [_field_term(kind, term) for term in fields.split(",") if term]
    except ValueError as error:
        group_version = f"{kind.group}/{kind.version}"
        raise Rejected(
            "BadRequest", f'Unable to find "{group_version}, Resource={kind.plural}" that match label selector "{label}", field selector "{fields}": {error}'
        ) from None
    return lambda obj: (
        selectors.matches(requirements, obj["metadata"].get("labels")) and all((_field(obj, path) == value) is equal for path, value, equal in wanted)
    )


_METADATA_FIELDS = ("metadata.name", "metadata.namespace")
_FIELDS: dict[str, tuple[str, ...]] = {
    "Pod": ("spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
            "status.phase", "status.podIP", "status.podIPs", "status.nominatedNodeName"),
    "Event": ("involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
              "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
              "reportingComponent", "source", "type"),
    "Node": ("spec.unschedulable",), "Namespace": ("status.phase",), "Secret": ("type",), "Job": ("status.successful",),
    "ReplicaSet": ("status.replicas",),
}  # fmt: skip


def _field_term(kind: Kind, term: str) -> tuple[str, str, bool]:
    """Path, value, and whether they are to be equal."""
    for operator in ("!=", "==", "="):
        path, found, value = term.partition(operator)
        if found:
            break
    else:
        raise ValueError(f"invalid selector: '{term}'; can't understand '{term}'")
    if path not in (*_METADATA_FIELDS, *_FIELDS.get(kind.kind, ())):
        if kind.kind in _FIELDS:
            raise ValueError(f"field label not supported: {path}")
        raise ValueError(f'"{path}" is not a known field selector: only "metadata.name", "metadata.namespace"')
    return path, value, operator != "!="


def _field(obj: Mapping[str, Any], path: str) -> str:
    value: Any = obj
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if path == "source" and isinstance(value, Mapping):
        value = value.get("component")
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
