"""Every prediction of the catalog is true of its run, and claims mean what they say."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest
import yaml

import podsim
from podsim import explorers
from podsim.explorers import claims, declarations
from podsim.explorers.claims import Claim, Json, Occasion
from podsim.explorers.declared import DeclarationError, read
from podsim.explorers.model import parse
from podsim.explorers.predictions import play, run_of, truth
from tests.explorers.test_model import changed

CATALOG = [(load, prediction) for load in map(declarations.load, declarations.ids()) for prediction in load.predictions]


@cache
def crash_loop(_pod: str | None) -> Json:
    """Starts at 0.7, 6.0, 23.6 and 54.6 s, each for 5 s; `CrashLoopBackOff` at 23.5 and 54.5 s."""
    return explorers.evaluate("crash-loop", {}, until=60)


@cache
def life(_pod: str | None) -> Json:
    """Ready from 9.7 s, but from 39.7 to 54.7 s; deleted at 75 s, TERM at 80 s, gone at 82.9 s."""
    return explorers.evaluate("life", {})


@pytest.mark.parametrize(("explorer", "prediction"), CATALOG, ids=[p.id for _, p in CATALOG])
def test_what_is_declared_is_what_happens(explorer: Any, prediction: Any) -> None:
    choice, t = truth(prediction, run_of(explorer, prediction))
    if prediction.marker:
        assert t == pytest.approx(prediction.answer, abs=prediction.marker.tolerance)
        assert prediction.from_ < t <= (prediction.until or explorer.until)
    else:
        assert choice == prediction.answer


@pytest.mark.parametrize(("explorer", "prediction"), CATALOG, ids=[p.id for _, p in CATALOG])
def test_the_lanes_that_are_drawn_covered_and_claimed_are_there(explorer: Any, prediction: Any) -> None:
    timeline = explorers.evaluate(explorer.id, {}, pod=explorer.pod)["timeline"]
    played = play(prediction.id)["result"]["timeline"]
    known = {"world", "events", "probes", "ending", "backoff", "service"}
    for one in (timeline, played):
        known |= {lane[key] for lane in one["lanes"] for key in ("id", "group")} | set(one["ticks"])  # type: ignore[literal-required]
    own = [claim.lane for option in prediction.choices for claim in option.when if not claim.pod]
    named = [*(prediction.lanes or ()), *(prediction.hide or ()), *own]
    assert [lane for lane in named if lane not in known and not lane.startswith(("get/", "field/"))] == []


def test_an_id_names_one_prediction() -> None:
    assert [name for name, count in Counter(p.id for _, p in CATALOG).items() if count > 1] == []


@pytest.mark.parametrize(("run", "said", "true"), [
    (crash_loop, "lane: status, shows: CrashLoopBackOff", True),
    (crash_loop, "lane: status, shows: Completed", False),
    (crash_loop, "lane: status, shows: Completed, holds: false", True),
    (crash_loop, "lane: status, shows: CrashLoopBackOff, until: 20", False),
    (crash_loop, "lane: status, shows: Error, at: 12", True),
    (crash_loop, "lane: status, shows: Error, at: 24", False),
    (crash_loop, "lane: status, shows: Error | CrashLoopBackOff, nth: 2, lasts: [11, 12]", True),
    (crash_loop, "lane: status, shows: Error, nth: 2, lasts: [11, 11.5]", False),
    (crash_loop, "lane: phase, shows: Running, from: 1, always: true", True),
    (crash_loop, "lane: phase, shows: Running, always: true", False),
    (crash_loop, "lane: container/app, shows: running, times: 4", True),
    (crash_loop, "lane: container/app, shows: running, until: 54, times: 3", True),
    (crash_loop, "lane: container/app, shows: running, nth: 2, begins: [5.9, 6.1]", True),
    (crash_loop, "lane: container/app, shows: running, nth: -1, begins: [54, null]", True),
    (crash_loop, "lane: container/app, shows: running, nth: 5, begins: [0, null]", False),
    (crash_loop, "lane: container/app, shows: terminated*, nth: 1, ends: [null, 6.1]", True),
    (crash_loop, "lane: backoff/app, shows: wait 20s", True),
    (crash_loop, "lane: backoff/app, nth: 2, lasts: [25, 27]", True),
    (crash_loop, "lane: get/RESTARTS, shows: '2', at: 30", True),
    (crash_loop, "lane: events, shows: Started, times: 4", True),
    (crash_loop, "lane: events, shows: BackOff, message: '*container app in*', times: [2, null]", True),
    (crash_loop, "lane: events, shows: BackOff, message: '*container db in*', holds: false", True),
    (crash_loop, "lane: 'field/spec.containers[0].imagePullPolicy', shows: IfNotPresent, always: true", True),
    (crash_loop, "lane: 'field/status.containerStatuses[0].ready', shows: 'true', at: 3", True),
    (crash_loop, "lane: field/spec.hostNetwork, holds: false", True),
    (crash_loop, "lane: world, shows: app exits 1, times: 1", True),
    (life, "lane: condition/Ready, shows: 'True', at: 78", True),
    (life, "lane: condition/Ready, shows: 'False', nth: 2, begins: [39, 40]", True),
    (life, "lane: condition/Ready, shows: 'True', from: 56, until: 82, always: true", True),
    (life, "lane: status, shows: Terminating, before: {lane: condition/Ready, shows: 'False', nth: -1}", True),
    (life, "lane: condition/Ready, shows: 'False', nth: -1, before: {lane: status, shows: Terminating}", False),
    (life, "lane: status, shows: Terminating, before: {lane: status, shows: Unknown}", True),
    (life, "lane: ending/kubia-container, shows: TERM, begins: [80, 80.1]", True),
    (life, "lane: ending/kubia-container, shows: KILL, holds: false", True),
    (life, "lane: ending/kubia-container, shows: preStop, lasts: [4.9, 5.1]", True),
    (life, "lane: probe/kubia-container/readiness, shows: fail, times: 6", True),
    (life, "lane: probe/kubia-container/readiness, shows: ok, from: 75, times: 1", True),
    (life, "lane: probe/kubia-container/readiness, message: '*503', nth: 3, begins: [39, 40]", True),
    (life, "lane: phase, shows: '*', from: 82.2, always: true", True),
])  # fmt: skip
def test_claims(run: Any, said: str, true: bool) -> None:
    claim = read(Claim, yaml.safe_load(f"{{{said}}}"))
    claims.check(claim, "when")
    assert claims.holds(claim, run) is true


def test_neighbours_are_one_stretch_but_runs_in_a_row_are_not() -> None:
    both = read(Occasion, {"lane": "status", "shows": "Error|CrashLoopBackOff"})
    assert claims.stretches(both, crash_loop) == [(5.909, 6.016), (11.909, 23.618), (28.909, 54.618), (59.909, 60.0)]
    quick: Json = {"timeline": {"lanes": [{"id": "container/app", "segs": [(0, 1, "up", "running", ""), (1, 2, "up", "running", "")]}], "marks": [], "gone": None, "horizon": 2}}
    assert claims.stretches(Occasion("container/app"), lambda _pod: quick) == [(0, 1), (1, 2)]


ASKED: dict[str, Any] = {
    "id": "which", "misconception": 8, "question": "Which?", "answer": "a", "because": "So.", "source": "x.go f",
    "choices": [{"id": "a", "text": "A", "when": [{"lane": "status"}]}, {"id": "b", "text": "B", "when": [{"lane": "status", "holds": False}]}],
}  # fmt: skip
MARKED = {**{k: v for k, v in ASKED.items() if k != "choices"}, "marker": {"label": "x", "when": {"lane": "phase"}, "tolerance": 1}, "answer": 3}


def choice(**claim: Any) -> dict[str, Any]:
    return {"choices": [{**ASKED["choices"][0], "when": [claim]}, ASKED["choices"][1]]}


@pytest.mark.parametrize(("keys", "message"), [
    ({"misconception": 26}, r"predictions\[0\].misconception: 26 is not allowed; give a number from 1 to 25"),
    ({"choices": []}, r"predictions\[0\]: give `choices` or a `marker`"),
    ({"answer": "c"}, r"predictions\[0\].answer: 'c' is not allowed; give the id of one of two or more choices"),
    ({"from": 60}, r"predictions\[0\].from: 60.0 is not allowed; give seconds from `since` \(0\) to the end of the run \(60\)"),
    ({"from": 70, "until": 60}, r"predictions\[0\].from: 70"),
    ({"since": 9, "from": 8}, r"predictions\[0\].from: 8.0 is not allowed; give seconds from `since` \(9\)"),
    ({"set": {"four": 4}}, r"predictions\[0\].set.four: 4 is not allowed; give values for restart-policy, for only"),
    ({"set": {"for": 99}}, r"predictions\[0\].set.for: 99 is not allowed; give a number from 1 to 9"),
    (choice(lane="statis"), r"choices\[0\].when\[0\].lane: 'statis' is not allowed; give one of phase, status,"),
    (choice(lane="get/AGE"), r"choices\[0\].when\[0\].lane: 'get/AGE' is not allowed"),
    (choice(lane="status", at=3, times=1), r"choices\[0\].when\[0\]: 'at and times' is not allowed; give one of them"),
    (choice(lane="status", times="two"), r"times: 'two' is not allowed; give a number, or \[least, most\]"),
    (choice(lane="status", nth=0, begins=1), r"when\[0\].nth: 0 is not allowed"),
    (choice(lane="status", before={"lane": "x"}), r"when\[0\].before.lane: 'x' is not allowed"),
    (choice(lane="status", shows=True), r"when\[0\].shows: True is not allowed; give a string"),
    ({**MARKED, "choices": [], "answer": "a"}, r"predictions\[0\].answer: 'a' is not allowed; give seconds"),
])  # fmt: skip
def test_what_is_wrong_with_a_prediction_is_named(keys: dict[str, Any], message: str) -> None:
    parse(changed(predictions=[ASKED, MARKED]), "one.yaml")
    with pytest.raises(DeclarationError, match=message):
        parse(changed(predictions=[{**ASKED, **keys}]), "one.yaml")


def test_two_true_choices_are_an_error() -> None:
    explorer = declarations.load("crash-loop")
    first = explorer.predictions[0]
    twice = read(type(first), {**ASKED, "choices": [ASKED["choices"][0], {**ASKED["choices"][0], "id": "b"}]})
    with pytest.raises(DeclarationError, match="which: one choice has to be true, not a and b"):
        truth(twice, run_of(explorer, first))


def test_the_question_tells_nothing_and_the_answer_everything(capsys: pytest.CaptureFixture[str]) -> None:
    podsim.predict("exit-zero")
    asked = capsys.readouterr().out
    assert asked.startswith("The process does its work in 5 s and ends with exit code 0.")
    assert "- `Completed`, and the process waits for its next start" in asked
    assert "CrashLoopBackOff" not in asked
    podsim.predict("exit-zero", reveal=True)
    told = capsys.readouterr().out
    assert told.startswith("`Completed`, and the process waits for its next start\n\nUnder `Always`")
    assert "STATUS Completed → CrashLoopBackOff" in told
    podsim.predict("deleted-and-ready", "ko")
    assert "74s부터 90s 사이의 몇 초일까?" in capsys.readouterr().out


def test_a_catalog_entry_asks_without_answering() -> None:
    entry = next(e for e in explorers.catalog() if e["id"] == "life")
    asked = next(p for p in entry["predictions"] if p["id"] == "deleted-and-ready")
    assert (asked["from"], asked["view"], asked["marker"]["tolerance"]) == (74.0, [60.0, 90.0], 1.0)
    assert not {"answer", "because"} & set(asked)
    assert explorers.play("deleted-and-ready")["answer"]["t"] == pytest.approx(82.1, abs=0.1)
    with pytest.raises(DeclarationError, match=r"prediction: 'nothing' is not allowed; give one of .*deleted-and-ready"):
        explorers.play("nothing")
