"""The verbs that read: get, describe and events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from podsim.api.errors import Rejected
from podsim.api.kinds import Kind
from podsim.kubectl import describe as describers
from podsim.kubectl import editing, files, jsonpath, jsontext
from podsim.kubectl import events as event_tables
from podsim.kubectl.call import Call, Object, full_name, typed
from podsim.kubectl.columns import align
from podsim.kubectl.failures import CommandError
from podsim.kubectl.printer import MINIMUM_WIDTH, PADDING, Options, TablePrinter
from podsim.kubectl.resources import Found, Info, Query, filter_of, find, kinds_of, query_of

SUGGESTION = 'Use "kubectl api-resources" for a complete list of supported resources.'
FORMATS = (
    "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml"
)
AMBIGUOUS = {"ev": 'short name "ev" could also match lower priority resource events.events.k8s.io'}
DEPRECATED = {"Endpoints": "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"}


def get(call: Call) -> None:
    """`kubectl get`.                                                                            pkg/cmd/get/get.go"""
    output, watching = call.arguments["output"], call.arguments["watch"] or call.arguments["watch-only"]
    if not call.arguments.words and not files.names(call) and not watching:
        call.err.append(f"You must specify the type of resource to get. {SUGGESTION}\n\n")
        hint = 'Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).'
        raise CommandError(f"Required resource not specified.\n{hint}\nSee 'kubectl get -h' for help and examples")
    _check_format(output)
    if call.arguments["show-labels"] and output not in ("", "wide"):
        raise CommandError(f"--show-labels option cannot be used with {output} printer")
    if call.arguments["output-watch-events"] and not watching:
        raise CommandError("--output-watch-events option can only be used with --watch or --watch-only")
    query = query_of(call, everything=True)
    if watching:
        return _watch(call, query)
    found = _from_files(call) if files.names(call) else find(call, call.arguments.words, query)
    for word in call.arguments.words:
        call.warn([AMBIGUOUS[word]] if word in AMBIGUOUS else [])
    call.warn([DEPRECATED[kind.kind] for kind in found.kinds if kind.kind in DEPRECATED])
    ignored = call.arguments["ignore-not-found"]
    call.errors += [e for e in found.errors if not (ignored and isinstance(e, Rejected) and e.reason == "NotFound")]
    if call.arguments["sort-by"]:
        found.infos = _sorted(found.infos, call.arguments["sort-by"])
    if output in ("", "wide"):
        return _tables(call, found)
    return _generic(call, found, output)


def _check_format(output: str) -> None:
    name, _, template = output.partition("=")
    if name in ("jsonpath", "jsonpath-as-json", "custom-columns"):
        if not template:
            what = (
                "custom-columns format specified but no custom columns given"
                if name == "custom-columns"
                else ("template format specified but no template given")
            )
            raise CommandError(what)
    elif name in ("go-template", "template", "jsonpath-file", "go-template-file", "templatefile", "custom-columns-file", "kyaml"):
        raise CommandError(f"podsim does not have -o {name}: use -o jsonpath=TEMPLATE, json or yaml")
    elif output not in ("", "wide", "json", "yaml", "name"):
        raise CommandError(f'unable to match a printer suitable for the output format "{output}", allowed formats are: {FORMATS}')


def _from_files(call: Call) -> Found:
    """The stored objects that the files name."""
    found = editing.targets(call, (), Query())
    return replace(found, errors=[], single=len(found.infos) + len(found.errors) == 1)


def _sorted(infos: Sequence[Info], path: str) -> list[Info]:
    def key(info: Info) -> tuple[bool, bool, Any]:
        value = next(iter(_values(path, info.obj)), None)
        return value is not None, isinstance(value, str), value if isinstance(value, int | float | str) else ""

    return sorted(infos, key=key)


def _values(path: str, obj: Object) -> list[Any]:
    try:
        return jsonpath.find(path, obj)
    except jsonpath.JSONPathError as error:
        raise CommandError(str(error)) from None


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
    texts: list[str] = []
    groups: list[list[Info]] = []
    for info in found.infos:
        if not groups or groups[-1][0].kind != info.kind:
            groups.append([])
        groups[-1].append(info)
    for group in groups:
        kind = group[0].kind
        printer = TablePrinter(kind.kind, _options(call, kind, show_kind=show_kind), prefix=typed(kind))
        texts.append(printer.text([info.obj for info in group], call.now))
    call.print(("" if call.arguments["no-headers"] else "\n").join(texts))
    if not found.infos and not call.errors and not call.arguments["ignore-not-found"]:
        namespaced = not call.arguments["all-namespaces"] and all(kind.namespaced for kind in found.kinds)
        call.err.append(f"No resources found in {call.namespace} namespace.\n" if namespaced else "No resources found\n")


def _generic(call: Call, found: Found, output: str) -> None:
    if found.single and call.errors:
        return None
    if not found.infos and call.arguments["ignore-not-found"]:
        return None
    if found.single:
        return _print(call, found.infos[0].obj, found.infos, output)
    items = [info.obj for info in found.infos]
    whole: Object = {"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}}
    return _print(call, whole, found.infos, output)


def _print(call: Call, obj: Object, infos: Iterable[Info], output: str) -> None:
    name, _, template = output.partition("=")
    if name == "name":
        return call.print("".join(f"{full_name(info.kind, info.name)}\n" for info in infos))
    if name == "custom-columns":
        return call.print(_custom_columns(template, infos, headers=not call.arguments["no-headers"]))
    if name in ("yaml", "json"):
        return call.print_object(obj, name)
    try:
        if name == "jsonpath-as-json":
            return call.print(jsontext.indented(jsonpath.find(template, obj)) + "\n")
        return call.print(jsonpath.render(template, obj))
    except jsonpath.JSONPathError as error:
        raise CommandError(
            f'error executing jsonpath "{template}": Error executing template: {error}. '
            "Printing more information for debugging the template:\n"
            f"\ttemplate was:\n\t\t{template}\n\tobject given to jsonpath engine was:\n\t\t{_go_syntax(obj)}\n\n"
        ) from None


def _custom_columns(spec: str, infos: Iterable[Info], *, headers: bool) -> str:
    pairs = [part.partition(":") for part in spec.split(",")]
    if not all(path for _, _, path in pairs):
        raise CommandError(f"unexpected custom-columns spec: {next(header for header, _, path in pairs if not path)}, expected <header>:<json-path-expr>")
    rows = [[name for name, _, _ in pairs]] if headers else []
    for info in infos:
        found = [_values(path, info.obj) for _, _, path in pairs]
        rows.append([",".join(map(_column_text, values)) or "<none>" for values in found])
    return align("".join("\t".join(row) + "\n" for row in rows), minimum=MINIMUM_WIDTH, padding=PADDING)


def _column_text(value: Any) -> str:
    return describers.go_value(value)


def _go_syntax(value: Any) -> str:
    """A value as Go's `%#v` prints it."""
    if isinstance(value, dict):
        inner = ", ".join(f"{jsontext.compact(key)}:{_go_syntax(item)}" for key, item in sorted(value.items()))
        return f"map[string]interface {{}}{{{inner}}}"
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(map(_go_syntax, value))}}}"
    if value is None:
        return "interface {}(nil)"
    return jsontext.compact(value, escape=False)


def _watch(call: Call, query: Query) -> None:
    """Prints what is there, then every change until the watch ends; time passes."""
    words = call.arguments.words
    if not words:
        raise CommandError(f"You must specify the type of resource to get. {SUGGESTION}")
    if "," in words[0] or words[0] == "all" or len({word.partition("/")[0] for word in words if "/" in word}) > 1:
        raise CommandError("you may only specify a single resource type")
    found = find(call, words, query)
    if found.errors:
        call.errors += found.errors
        return
    kind = found.kinds[0]
    names = {info.name for info in found.infos} if len(words) > 1 or "/" in words[0] else None
    namespace = None if query.all_namespaces or not kind.namespaced else call.namespace
    selected = filter_of(kind, query)
    printer = TablePrinter(kind.kind, _options(call, kind, show_kind=call.arguments["show-kind"]), prefix=typed(kind))
    if not call.arguments["watch-only"]:
        for info in found.infos:
            _print_change(call, printer, info.obj, "ADDED", call.simulation.clock.now)
    start = len(call.simulation.store.revisions)
    call.watch()
    for revision in call.simulation.store.revisions[start:]:
        obj = revision.object
        meta = obj["metadata"]
        if obj["kind"] != kind.kind or namespace not in (None, meta.get("namespace", "")) or not selected(obj):
            continue
        if names is None or meta["name"] in names:
            _print_change(call, printer, obj, revision.type, revision.t)


def _print_change(call: Call, printer: TablePrinter, obj: Object, change: str, at: int) -> None:
    output = call.arguments["output"]
    event = change if call.arguments["output-watch-events"] else None
    if output in ("", "wide"):
        call.print(printer.text([obj], call.simulation.clock.wall(at), event))
    else:
        info = Info(kinds_of(obj["kind"])[0], obj["metadata"].get("namespace", ""), obj["metadata"]["name"], obj)
        _print(call, {"object": obj, "type": change} if event and output in ("json", "yaml") else obj, [info], output)


def describe(call: Call) -> None:
    """`kubectl describe`.                                                            pkg/cmd/describe/describe.go"""
    words = call.arguments.words
    if not words and not files.names(call):
        raise CommandError(f"You must specify the type of resource to describe. {SUGGESTION}")
    found = _from_files(call) if files.names(call) else find(call, words, query_of(call, everything=True))
    infos, missing, apart = found.infos, found.errors, "\n\n"
    only = len(infos) == 1 and not missing
    if missing and len(words) == 2 and "," not in words[0]:
        infos = _beginning_with(call, words[0], words[1])
        missing, apart = ([] if infos else missing), "\n"
    call.errors += missing
    show_events = call.arguments["show-events"] and (only or "show-events" in call.arguments.given)
    store = call.simulation.store
    texts = [describers.text_of(store, one.kind.kind, one.obj, call.now, show_events=show_events) for one in infos]
    call.print(apart.join(texts) + ("\n" if apart == "\n" and texts else ""))
    if not infos and not call.errors:
        everywhere = call.arguments["all-namespaces"]
        call.err.append("No resources found\n" if everywhere else f"No resources found in {call.namespace} namespace.\n")


def _beginning_with(call: Call, spelling: str, prefix: str) -> list[Info]:
    """`describe pod web` without a pod `web` describes those whose names begin so.         DescribeMatchingResources"""
    every = find(call, [spelling], Query(everything=True))
    return [info for info in every.infos if info.name.startswith(prefix)]


def events(call: Call) -> None:
    """`kubectl events`.                                                                  pkg/cmd/events/events.go"""
    everywhere = call.arguments["all-namespaces"]
    wanted = _events_for(call)
    types = [one for one in call.arguments["types"] if one]
    for one in types:
        if one.lower() not in ("normal", "warning"):
            raise CommandError("valid --types are Normal or Warning")
    namespace = None if everywhere else call.namespace
    printer = event_tables.EventPrinter(everywhere, call.arguments["no-headers"])
    if call.arguments["watch"]:
        return _watch_events(call, printer, namespace, types, wanted)
    found = [e for e in event_tables.of_types(call.simulation.store.list("Event", namespace), types) if _is_about(e, wanted)]
    if not found:
        call.err.append("No events found.\n" if everywhere else f"No events found in {call.namespace} namespace.\n")
        return None
    return call.print(printer.text(event_tables.by_time(sorted(found, key=lambda event: str(event["metadata"]["name"]))), call.now))


def _events_for(call: Call) -> tuple[str, str] | None:
    asked = call.arguments["for"]
    if not asked:
        return None
    spelling, slash, name = asked.partition("/")
    if not slash or not name:
        raise CommandError("--for must be in resource/name form")
    return kinds_of(spelling)[0].kind, name


def _is_about(event: Mapping[str, Any], wanted: tuple[str, str] | None) -> bool:
    about = event.get("involvedObject", {})
    return wanted is None or (about.get("kind"), about.get("name")) == wanted


def _watch_events(call: Call, printer: event_tables.EventPrinter, namespace: str | None, types: Sequence[str], wanted: tuple[str, str] | None) -> None:
    have = [e for e in event_tables.of_types(call.simulation.store.list("Event", namespace), types) if _is_about(e, wanted)]
    for event in have:
        call.print(printer.text([event], call.now))
    start = len(call.simulation.store.revisions)
    call.watch()
    for revision in call.simulation.store.revisions[start:]:
        event = revision.object
        here = event["kind"] == "Event" and namespace in (None, event["metadata"].get("namespace"))
        if here and revision.type != "DELETED" and _is_about(event, wanted) and event_tables.of_types([event], types):
            call.print(printer.text([event], call.simulation.clock.wall(revision.t)))
