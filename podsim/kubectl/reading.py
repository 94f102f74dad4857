"""The verbs that read: get, describe and events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from podsim.api.kinds import Kind
from podsim.kubectl import describe as describers
from podsim.kubectl import events as event_tables
from podsim.kubectl import files
from podsim.kubectl import output as outputs
from podsim.kubectl.call import Call, Object, full_name, typed
from podsim.kubectl.failures import CommandError, is_missing, usage
from podsim.kubectl.printer import Options, TablePrinter
from podsim.kubectl.resources import Found, Info, Query, filter_of, find, kind_named, query_of

SUGGESTION = 'Use "kubectl api-resources" for a complete list of supported resources.'
AMBIGUOUS = {"ev": 'short name "ev" could also match lower priority resource events.events.k8s.io'}
DEPRECATED = {"Endpoints": "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"}


def get(call: Call) -> None:
    """`kubectl get`.                                                                            pkg/cmd/get/get.go"""
    given = call.arguments
    output, watching = given["output"], given["watch"] or given["watch-only"]
    if not given.words and not given["filename"] and not watching:
        call.err.append(f"You must specify the type of resource to get. {SUGGESTION}\n\n")
        hint = 'Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).'
        raise usage("get", f"Required resource not specified.\n{hint}")
    if watching and given["sort-by"]:
        call.err.append("warning: --watch or --watch-only requested, --sort-by will be ignored\n")
    if given["show-labels"] and output not in ("", "wide"):
        raise CommandError(f"--show-labels option cannot be used with {output} printer")
    if given["output-watch-events"] and not watching:
        raise usage("get", "--output-watch-events option can only be used with --watch or --watch-only")
    outputs.check(output, "get")
    query = query_of(call, everything=True)
    if watching:
        return _watch(call, query)
    found = files.meant(call, given.words, query)
    call.warn([AMBIGUOUS[word] for word in given.words if word in AMBIGUOUS])
    call.warn([DEPRECATED[kind.kind] for kind in found.kinds if kind.kind in DEPRECATED])
    call.errors += [error for error in found.errors if not (given["ignore-not-found"] and is_missing(error))]
    if given["sort-by"]:
        found.infos = [info for _, group in groupby(found.infos, attrgetter("kind")) for info in _sorted(list(group), given["sort-by"])]
    return _tables(call, found) if output in ("", "wide") else _generic(call, found, output)


def _sorted(infos: list[Info], path: str) -> list[Info]:
    field = outputs.relaxed(path)
    keys = [next(iter(outputs.values(field, info.obj)), None) for info in infos]
    if all(key is None for key in keys):
        raise CommandError(f'couldn\'t find any field with path "{field}" in the list of objects')
    order = sorted(range(len(infos)), key=lambda i: outputs.sort_key(keys[i]))
    return [infos[i] for i in order]


def _options(call: Call, kind: Kind, *, show_kind: bool) -> Options:
    return Options(
        wide=call.arguments["output"] == "wide",
        show_labels=call.arguments["show-labels"],
        all_namespaces=call.arguments["all-namespaces"] and kind.namespaced,
        no_headers=call.arguments["no-headers"],
        show_kind=show_kind,
        label_columns=call.arguments["label-columns"],
    )


def _tables(call: Call, found: Found) -> None:
    asked = found.kinds if found.listed else {info.kind for info in found.infos}
    show_kind = call.arguments["show-kind"] or len(asked) > 1
    texts = []
    for kind, group in groupby(found.infos, attrgetter("kind")):
        printer = TablePrinter(kind.kind, _options(call, kind, show_kind=show_kind), prefix=typed(kind))
        texts.append(printer.text([info.obj for info in group], call.now))
    call.print(("" if call.arguments["no-headers"] else "\n").join(texts))
    if not found.infos and not call.errors and not call.arguments["ignore-not-found"]:
        call.nothing_found(everywhere=call.arguments["all-namespaces"] or not all(kind.namespaced for kind in found.kinds))


def _generic(call: Call, found: Found, output: str) -> None:
    if (found.single and call.errors) or (not found.infos and call.arguments["ignore-not-found"]):
        return
    items = [info.obj for info in found.infos]
    whole = items[0] if found.single else {"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}}
    _print(call, output, whole, found.infos)


def _print(call: Call, output: str, whole: Object, infos: Sequence[Info]) -> None:
    names = [full_name(info.kind, info.name) for info in infos]
    headers = not call.arguments["no-headers"] and not (call.printed_objects and call.arguments["watch"])
    call.print_object(output, whole, names, [info.obj for info in infos], headers=headers)


def _watch(call: Call, query: Query) -> None:
    """Prints what is there, then every change until the watch ends; time passes."""
    words = call.arguments.words
    if words and ("," in words[0] or words[0] == "all" or len({word.partition("/")[0] for word in words if "/" in word}) > 1):
        raise CommandError("you may only specify a single resource type")
    found = files.meant(call, words, query)
    if found.errors:
        call.errors += found.errors
        return
    kind = found.kinds[0]
    names = None if found.listed else {info.name for info in found.infos}
    selected = filter_of(kind, query)
    printer = TablePrinter(kind.kind, _options(call, kind, show_kind=call.arguments["show-kind"]), prefix=typed(kind))
    if not call.arguments["watch-only"]:
        for info in found.infos:
            _print_change(call, printer, info, "ADDED", call.simulation.clock.now)
    for change, at, obj in _changes(call, kind.kind, None if query.all_namespaces or not kind.namespaced else call.namespace):
        meta = obj["metadata"]
        if selected(obj) and (names is None or meta["name"] in names):
            _print_change(call, printer, Info(kind, meta.get("namespace", ""), meta["name"], obj), change, at)


def _changes(call: Call, kind: str, namespace: str | None) -> Iterator[tuple[str, int, Object]]:
    """(type, ms, object) of every revision of a kind while the watch lasts."""
    start = len(call.simulation.store.revisions)
    call.watch()
    for revision in call.simulation.store.revisions[start:]:
        if revision.object["kind"] == kind and namespace in (None, revision.object["metadata"].get("namespace", "")):
            yield revision.type, revision.t, revision.object


def _print_change(call: Call, printer: TablePrinter, info: Info, change: str, at: int) -> None:
    output = call.arguments["output"]
    event = change if call.arguments["output-watch-events"] else None
    if output in ("", "wide"):
        call.print(printer.text([info.obj], call.simulation.clock.wall(at), event))
    else:
        _print(call, output, {"object": info.obj, "type": change} if event and output in ("json", "yaml") else info.obj, [info])


def describe(call: Call) -> None:
    """`kubectl describe`.                                                            pkg/cmd/describe/describe.go"""
    words, given = call.arguments.words, call.arguments
    if not words and not given["filename"]:
        raise CommandError(f"You must specify the type of resource to describe. {SUGGESTION}")
    found = files.meant(call, words, query_of(call, everything=True))
    infos, missing, apart = found.infos, found.errors, "\n\n"
    only = len(infos) == 1 and not missing
    if missing and len(words) == 2 and "," not in words[0]:
        infos, apart = _beginning_with(call, words[0], words[1]), "\n"
        missing = [] if infos else missing
    call.errors += missing
    show_events = given["show-events"] and (only or "show-events" in given.given)
    store = call.simulation.store
    texts = [describers.text_of(store, one.kind.kind, one.obj, call.now, show_events=show_events) for one in infos]
    call.print(apart.join(texts) + ("\n" if apart == "\n" and texts else ""))
    if not infos and not call.errors:
        call.nothing_found(everywhere=given["all-namespaces"])


def _beginning_with(call: Call, spelling: str, prefix: str) -> list[Info]:
    """`describe pod web` without a pod `web` describes those whose names begin so.         DescribeMatchingResources"""
    every = find(call, [spelling], Query(everything=True))
    return [info for info in every.infos if info.name.startswith(prefix)]


def events(call: Call) -> None:
    """`kubectl events`.                                                                  pkg/cmd/events/events.go"""
    everywhere, output = call.arguments["all-namespaces"], call.arguments["output"]
    namespace = None if everywhere else call.namespace
    is_wanted = _events_wanted(call)
    outputs.check(output)
    printer = event_tables.EventPrinter(everywhere, call.arguments["no-headers"])
    have = filter(is_wanted, call.simulation.store.list("Event", namespace))
    if call.arguments["watch"]:
        for event in have:
            _print_event(call, printer, event, call.simulation.clock.now)
        for change, at, event in _changes(call, "Event", namespace):
            if change != "DELETED" and is_wanted(event):
                _print_event(call, printer, event, at)
        return
    found = event_tables.by_time(sorted(have, key=lambda event: str(event["metadata"]["name"])))
    if not found:
        call.err.append("No events found.\n" if everywhere else f"No events found in {namespace} namespace.\n")
    elif output:
        names = [f"event/{event['metadata']['name']}" for event in found]
        call.print_object(output, {"apiVersion": "v1", "items": found, "kind": "EventList", "metadata": {}}, names, [])
    else:
        call.print(printer.text(found, call.now))


def _events_wanted(call: Call) -> Callable[[Mapping[str, Any]], bool]:
    """Whether an event is of a type and about an object that the flags name."""
    asked = call.arguments["for"]
    spelling, slash, name = asked.partition("/")
    if asked and not slash:
        raise CommandError("--for must be in resource/name form")
    if "/" in name:
        raise CommandError("arguments in resource/name form may not have more than one slash")
    wanted = (kind_named(spelling).kind, name) if name else None
    types = {one.lower() for one in call.arguments["types"] if one}
    if types - {"normal", "warning"}:
        raise CommandError("valid --types are Normal or Warning")

    def is_wanted(event: Mapping[str, Any]) -> bool:
        about = event.get("involvedObject", {})
        return (wanted is None or (about.get("kind"), about.get("name")) == wanted) and (not types or event.get("type", "").lower() in types)

    return is_wanted


def _print_event(call: Call, printer: event_tables.EventPrinter, event: Object, at: int) -> None:
    output = call.arguments["output"]
    if output:
        call.print_object(output, event, [f"event/{event['metadata']['name']}"], [event])
    else:
        call.print(printer.text([event], call.simulation.clock.wall(at)))
