"""What pages and notebooks ask, and what they are told."""

from __future__ import annotations

import json

import pytest

from podsim import explorers
from podsim.explorers.calls import answer
from podsim.explorers.declared import DeclarationError
from podsim.explorers.widget import ExplorerWidget


def test_an_evaluation_is_the_same_by_name() -> None:
    values = {"run-length": 9}
    told = answer("evaluate", json.dumps({"id": "crash-loop", "parameters": values, "language": "ko"}))
    assert json.loads(told) == json.loads(json.dumps(explorers.evaluate("crash-loop", values, "ko")))


def test_a_draft_leaves_out_what_only_opened_parts_show() -> None:
    whole, draft = (json.loads(answer("evaluate", json.dumps({"id": "crash-loop", "parameters": {}, "draft": draft}))) for draft in (False, True))
    left_out = {"kubectl": {"describe"}, "manifest": {"stored", "origins", "by", "kept"}}
    for part in whole.keys() - left_out.keys():
        assert draft[part] == whole[part]
    for part, names in left_out.items():
        assert {name for name in whole[part] if draft[part][name] != whole[part][name]} == names


def test_a_call_that_there_is_not_is_named() -> None:
    with pytest.raises(DeclarationError, match="'imagine' is not allowed"):
        answer("imagine", "{}")


def test_a_widget_answers_each_request_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    widget = ExplorerWidget("crash-loop")
    sent: list[dict[str, object]] = []
    monkeypatch.setattr(widget, "send", sent.append)
    for request, value in ((7, 9), (8, "long")):
        widget._handle_custom_msg({"request": request, "call": "evaluate", "arguments": {"id": "crash-loop", "parameters": {"run-length": value}}}, [])
    good, bad = sent
    assert (good["request"], json.loads(str(good["result"]))["parameters"]["run-length"]) == (7, 9)
    assert bad["request"] == 8
    assert "'long' is not allowed" in str(bad["failure"])
