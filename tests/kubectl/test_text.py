"""Columns, selectors, JSON and JSONPath."""

from __future__ import annotations

from typing import Any

import pytest

from podsim.kubectl import jsonpath, jsontext, selectors
from podsim.kubectl.columns import align

POD = {
    "metadata": {"name": "web", "labels": {"app": "web", "a.b/c": "d"}},
    "spec": {"containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "y"}]},
    "status": {"ready": True, "count": 3},
}


def test_a_column_is_a_run_of_lines_that_have_it() -> None:
    assert align("a\tb\nlong\tc\n\nx\ty\n") == "a     b\nlong  c\n\nx  y\n"


def test_remembered_columns_only_grow() -> None:
    widths: list[int] = []
    assert align("NAME\tX\n", minimum=6, padding=3, remembered=widths) == "NAME   X\n"
    assert align("longer\tX\n", minimum=6, padding=3, remembered=widths) == "longer   X\n"
    assert align("a\tX\n", minimum=6, padding=3, remembered=widths) == "a        X\n"


@pytest.mark.parametrize(
    ("text", "labels", "matched"),
    [
        ("app=web", {"app": "web"}, True),
        ("app==web", {"app": "db"}, False),
        ("app!=web", {}, True),
        ("tier in (a, b)", {"tier": "b"}, True),
        ("tier notin (a,b)", {"tier": "b"}, False),
        ("app", {"app": ""}, True),
        ("!app", {"app": ""}, False),
        ("app=web,!old", {"app": "web"}, True),
        ("", {}, True),
    ],
)
def test_label_selectors(text: str, labels: dict[str, str], matched: bool) -> None:
    assert selectors.matches(selectors.parse(text), labels) is matched


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("app=a=b", "found '=', expected: ',' or 'end of string'"),
        ("=a", "found '=', expected: !, identifier, or 'end of string'"),
        ("a,", "found '', expected: identifier after ','"),
    ],
)
def test_label_selectors_that_cannot_be_read(text: str, message: str) -> None:
    with pytest.raises(selectors.SelectorError) as caught:
        selectors.parse(text)
    assert str(caught.value) == message


def test_selector_objects_as_text() -> None:
    selector = {"matchLabels": {"b": "1"}, "matchExpressions": [{"key": "a", "operator": "In", "values": ["y", "x"]}]}
    assert selectors.text_of(selector) == "a in (x,y),b=1"
    assert selectors.text_of({}) == selectors.labels_text(None) == "<none>"


def test_json_escapes_what_html_would_read() -> None:
    assert jsontext.compact({"b": "<&>", "a": []}) == '{"a":[],"b":"\\u003c\\u0026\\u003e"}'


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{.metadata.name}", "web"),
        ("{$.metadata.name} {@.status.count}", "web 3"),
        ("{.spec.containers[*].name}", "a b"),
        ("{.spec.containers[-1].name}", "b"),
        ("{.spec.containers[0:1].image}", "x"),
        (r"{.metadata.labels.a\.b/c}", "d"),
        ("{.metadata.labels['a.b/c']}", "d"),
        ('{.spec.containers[?(@.name=="b")].image}', "y"),
        ('{range .spec.containers[*]}{.name}={.image}{"\\n"}{end}', "a=x\nb=y\n"),
        ("{..image}", "x y"),
        ("{.status}", '{"count":3,"ready":true}'),
        ("{.status.ready}", "true"),
        ("{.nope.deeper}", ""),
        ("plain", "plain"),
    ],
)
def test_jsonpath(template: str, text: str) -> None:
    assert jsonpath.render(template, POD) == text


@pytest.mark.parametrize("template", ["{.a", "{.spec.containers[7]}", "{.spec.containers[0:7]}", "{.spec[0]}", "{end}", "{.metadata[x]}", "{.spec[?(", "{%}"])
def test_jsonpath_that_does_not_fit(template: str) -> None:
    with pytest.raises(jsonpath.JSONPathError):
        jsonpath.render(template, POD)


def test_find_is_lenient() -> None:
    found: list[Any] = jsonpath.find(".metadata.nope", POD)
    assert found == []
