"""Hints about values that the API refuses: a pattern of the server's words, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from podsim.api.hints.model import Complaint, Hint, Look, shown
from podsim.api.yamltypes import Path

Advice = tuple[str, str | None]  # what to do, and the whole text with it done
SIMILAR = 0.5
CURLY = str.maketrans({"“": "", "”": "", "‘": "", "’": "", "„": ""})


def of(look: Look) -> Iterator[Hint]:
    """A hint for every refused field of which something is known."""
    for complaint in look.complaints:
        if not complaint.path:
            continue
        steps = look.steps(complaint.path)
        for pattern, rule in RULES:
            if (match := re.search(pattern, complaint.text)) and (advice := rule(look, steps, match)):
                yield _placed(look, steps, complaint, *advice)
                break


def places(look: Look) -> Iterator[Hint]:
    """Where the refused fields are written."""
    for complaint in look.complaints:
        steps = look.steps(complaint.path)
        if steps in look.written.positions:
            yield look.at_key(steps, f"{complaint.path} is written here")


def _placed(look: Look, steps: Path, complaint: Complaint, message: str, fixed: str | None) -> Hint:
    if steps not in look.written.positions or "Required value" in complaint.text:
        return look.at_key(steps, message, fixed)
    if isinstance(look.value(steps), dict) and (match := re.search(r'Invalid value: "([^"]*)"', complaint.text)):
        inner = next((k for k, v in look.value(steps).items() if match[1] in (k, v)), None)
        return look.at_key((*steps, inner) if inner is not None else steps, message, fixed)
    return look.at_value(steps, message, fixed)


def _enum(look: Look, path: Path, match: re.Match[str]) -> Advice | None:
    """`Unsupported value: "always": supported values: "Always", "Never"`"""
    allowed = re.findall(r'"([^"]*)"', match[2])
    same = [one for one in allowed if one.lower() == match[1].lower()]
    close = same or get_close_matches(match[1], allowed, 1, SIMILAR) or (allowed if len(allowed) == 1 else [])
    if not close:
        return f'"{match[1]}" is not allowed here: choose one of {", ".join(allowed)}', None
    word = "write" if same or len(allowed) == 1 else "did you mean"
    return f'{word} "{close[0]}"' + ("?" if word == "did you mean" else f', not "{match[1]}"'), look.written.with_text(path, close[0])


def _renaming(change: Callable[[str], str], what: str) -> Callable[[Look, Path, re.Match[str]], Advice | None]:
    """A rule for texts that are names of some kind."""

    def rule(look: Look, path: Path, _: re.Match[str]) -> Advice | None:
        value = look.value(path)
        if isinstance(value, Mapping):
            return _in_map(look, path, value, change, what)
        if not isinstance(value, str):
            return None
        new = change(value.translate(CURLY))
        return (f"{what}: write {new}", look.written.with_text(path, new)) if new and new != value else (what, None)

    return rule


def _in_map(look: Look, path: Path, entries: Mapping[str, Any], change: Callable[[str], str], what: str) -> Advice | None:
    """The entry of a map of labels whose value, or key, is no name."""
    for key, value in entries.items():
        if isinstance(value, str) and change(value) != value and what.startswith("a label"):
            return f"{what}: write {change(value)}", look.written.with_text((*path, key), change(value))
        if change(key) != key and not what.startswith("a label"):
            return f"{what}: write {change(key)}", look.written.renamed((*path, key), change(key))
    return None


def _lower(allowed: str) -> Callable[[str], str]:
    return lambda text: re.sub(rf"[^a-z0-9{allowed}]+", "-", text.lower()).strip("-.")


def _label(text: str) -> str:
    return re.sub(r"[^-A-Za-z0-9_.]+", "-", text.translate(CURLY))[:63].strip("-_.")


def _key(text: str) -> str:
    prefix, slash, name = text.rpartition("/")
    return prefix.lower() + slash + _label(name)


def _shorter(look: Look, path: Path, match: re.Match[str]) -> Advice | None:
    value = look.value(path)
    if not isinstance(value, str):
        return None
    new = value[: int(match[1])].strip("-_.")
    return f"too long: at most {match[1]} characters, for example {new}", look.written.with_text(path, new)


def _no_blanks(look: Look, path: Path, _: re.Match[str]) -> Advice | None:
    value = look.value(path)
    return ("blanks around the name of the image", look.written.with_text(path, value.strip())) if isinstance(value, str) else None


def _limit(look: Look, path: Path, match: re.Match[str]) -> Advice | None:
    """A request above its limit: the limit is raised."""
    resource, resources = match[2], path[:-1] if path[-1] in ("requests", "limits") else path[:-2]
    place, limits = (*resources, "requests", resource), (*resources, "limits", resource)
    if look.value(place) is None or look.value(limits) is None:
        return None
    fixed = look.written.with_raw(limits, look.written.raw(place))
    return f"requests.{resource} {match[1]} is more than limits.{resource} {match[3]}: raise the limit or lower the request", fixed


def _labels_of_template(look: Look, path: Path, _: re.Match[str]) -> Advice | None:
    """Labels of a template that its workload's selector does not select."""
    wanted = look.value(("spec", "selector", "matchLabels"))
    if not isinstance(wanted, dict):
        return None
    have = look.value(path)
    fixed = look.written.with_value(path, {**have, **wanted}) if have and isinstance(have, dict) else look.written.with_entry(path, wanted)
    return "the selector does not select the pods of the template: give them its labels", fixed


def _selector(look: Look, path: Path, _: re.Match[str]) -> Advice | None:
    labels = look.value((*path[:-1], "template", "metadata", "labels"))
    if path[-1:] != ("selector",) or not isinstance(labels, dict) or look.value(path) not in (None, {}):
        return None
    fixed = (
        look.written.with_entry((*path, "matchLabels"), labels)
        if path not in look.written.positions
        else look.written.with_value(path, {"matchLabels": labels})
    )
    return "a selector is missing: it names the labels of the template", fixed


def _duplicate(look: Look, path: Path, _: re.Match[str]) -> Advice | None:
    value = look.value(path)
    parent = path[:-1]
    if not isinstance(value, str) or path[-1] != "name" or not isinstance(parent[-1], int):
        return f"{value} stands here a second time", look.written.removed(path if isinstance(path[-1], int) else parent) if parent else None
    taken = {str(one.get(path[-1])) for one in look.items(parent[:-1])}
    new = next(f"{value}-{n}" for n in range(2, len(taken) + 3) if f"{value}-{n}" not in taken)
    return f'the name "{value}" is taken: every one needs its own, for example {new}', look.written.with_text(path, new)


def _handler(look: Look, path: Path, _: re.Match[str]) -> Advice | None:
    """A probe without a handler gets the one that asks least."""
    port = look.port(path)
    handler: dict[str, Any] = {"tcpSocket": {"port": port}} if port else {"exec": {"command": ["true"]}}
    name = next(iter(handler))
    fixed = look.written.with_entry((*path, name), handler[name])
    return f"a handler is missing: exec, httpGet, tcpSocket or grpc, for example {name}", fixed


def _one_handler(look: Look, path: Path, _: re.Match[str]) -> Advice | None:
    return f"one handler is enough: keep one of them and drop {path[-1]}", look.written.removed(path)


def _volume(look: Look, path: Path, match: re.Match[str]) -> Advice | None:
    """A mount of a volume that is not there."""
    spec = path[: next((i for i, step in enumerate(path) if step in ("containers", "initContainers")), 0)]
    names = [str(one.get("name")) for one in look.items((*spec, "volumes"))]
    if match[1] in names:
        return None
    close = get_close_matches(match[1], names, 1, SIMILAR)
    if close:
        return f'no volume "{match[1]}": did you mean "{close[0]}"?', look.written.with_text(path, close[0])
    volume: dict[str, Any] = {"name": match[1], "emptyDir": {}}
    fixed = (
        look.written.with_value((*spec, "volumes"), [*look.items((*spec, "volumes")), volume])
        if names
        else look.written.with_entry((*spec, "volumes"), [volume])
    )
    return f'no volume "{match[1]}" under {shown((*spec, "volumes"))}: name it there, for example as emptyDir', fixed


def _no_source(look: Look, path: Path, _: re.Match[str]) -> Advice | None:
    return "a volume needs a source, for example emptyDir: {}", look.written.with_entry((*path, "emptyDir"), {})


def _name(look: Look, path: Path, _: re.Match[str]) -> Advice | None:
    """A name that is missing: of a container after its image, of an object after its kind."""
    if path == ("metadata", "name"):
        base = str(look.object.get("kind", "app")).lower()
    elif path[-1] == "name" and isinstance((image := look.value((*path[:-1], "image"))), str):
        base = re.split("[:@]", image.rpartition("/")[2])[0]
    else:
        return None
    base = _lower("")(base) or "app"
    return f"a name is missing, for example {base}", look.written.with_entry(path, base)


def _restart_policy(look: Look, path: Path, _: re.Match[str]) -> Advice | None:
    if path[-1] != "restartPolicy":
        return None
    fixed = look.written.with_raw(path, "Never") if look.value(path) is not None else look.written.with_entry(path, "Never")
    return "the pods of a Job end: write restartPolicy: Never or OnFailure", fixed


def _both(look: Look, path: Path, _: re.Match[str]) -> Advice | None:
    return "value and valueFrom exclude each other: drop one of them", look.written.removed((*path[:-1], "value"))


def _octal(look: Look, path: Path, _: re.Match[str]) -> Advice | None:
    digits = str(look.value(path))
    fits = re.fullmatch("[0-7]{3}", digits)
    return f"a mode is octal: write 0{digits}" if fits else "a mode is octal: 0 to 0777", look.written.with_raw(path, f"0{digits}") if fits else None


def _exactly(look: Look, path: Path, match: re.Match[str]) -> Advice | None:
    return f"only {match[1]} is allowed here", look.written.with_raw(path, match[1]) if look.value(path) is not None else None


def _at_least(look: Look, path: Path, match: re.Match[str]) -> Advice | None:
    return f"{match[1]} or more", look.written.with_raw(path, match[1]) if look.value(path) is not None else None


def _between(_look: Look, _path: Path, match: re.Match[str]) -> Advice | None:
    return f"a number from {match[1]} to {match[2]}", None


def _missing(_look: Look, path: Path, _match: re.Match[str]) -> Advice | None:
    return f"{path[-1]} is missing here" if path else "a value is missing", None


RULES: tuple[tuple[str, Callable[[Look, Path, re.Match[str]], Advice | None]], ...] = (
    (r'Unsupported value: "([^"]*)": supported values: (.+)', _enum),
    (r'Unsupported value: \{"Type":"([^"]*)".*?\}: supported values: (.+)', lambda look, path, match: _enum(look, (*path, "type"), match)),
    (r"(?:must be|must not be) (?:no|longer|more) .*?(\d+) (?:characters|bytes)", _shorter),
    (r"RFC 1123 label", _renaming(_lower(""), "a name here is small letters, digits and -")),
    (r"RFC 1123 subdomain|a DNS-1035 label", _renaming(_lower("."), "a name here is small letters, digits, - and .")),
    (
        r"must contain only alpha-numeric characters|must contain at least one letter",
        _renaming(_lower(""), "the name of a port is small letters, digits and -"),
    ),
    (r"a valid label must", _renaming(_label, "a label's value is letters, digits, -, _ and .")),
    (r"name part must|prefix part ", _renaming(_key, "a key is letters, digits, -, _ and .")),
    (r"environment variable name", _renaming(lambda text: re.sub(r"\W+", "_", text), "a variable's name is letters, digits and _")),
    (r"leading or trailing whitespace", _no_blanks),
    (r'Invalid value: "?([^":]*)"?: must be less than or equal to (\S+) limit(?: of (\S+))?', _limit),
    (r"`selector` does not match template `labels`|does not match template", _labels_of_template),
    (r"empty selector|Required value|label selector", _selector),
    (r'Duplicate value: "?([^"]*)"?|must be unique', _duplicate),
    (r"must specify a handler type", _handler),
    (r"may not specify more than 1 handler type", _one_handler),
    (r'Not found: "([^"]*)"', _volume),
    (r"must specify a volume type", _no_source),
    (r"Required value: valid values: |Required value.*OnFailure", _restart_policy),
    (r"Required value", _name),
    (r"may not be specified when `value` is not empty", _both),
    (r"0777", _octal),
    (r"must be (\d+)$", _exactly),
    (r"must be greater than or equal to (\d+)", _at_least),
    (r"must be (?:between|in the range) (\d+) (?:and|to) (\d+)", _between),
    (r"Required value", _missing),
)
