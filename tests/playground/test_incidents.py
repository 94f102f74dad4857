"""Every example shows its symptom at its instant, and is what a diagnosis of it finds first."""

from __future__ import annotations

import pytest

from podsim.playground import incidents
from podsim.playground.diagnosis import diagnose
from podsim.playground.incidents import Incident
from podsim.playground.playing import play

EVERY = list(incidents.load().items())
OBJECT = {"quota": "deployments"}  # where there is no pod to look at


@pytest.mark.parametrize(("incident_id", "incident"), EVERY, ids=[name for name, _ in EVERY])
def test_the_symptom_and_its_diagnosis(incident_id: str, incident: Incident):
    look = {"at": incident.at, "line": f"kubectl get {OBJECT.get(incident_id, 'pods')} -o yaml"}
    story = incident.session
    answer = play({**story, "until": incident.at, "commands": [*story["commands"], look]})
    assert [p for p in answer["problems"] if p["severity"] == "error"] == []
    rows = answer["run"]["kubectl"]["get"] if answer["run"] else [(0, "", "")]
    assert rows[-1][2] == incident.status
    watched = incident.pod or (answer["run"] or {}).get("pod")
    assert (answer["run"] or {}).get("pod") == watched
    found = diagnose(answer["transcript"][-1]["stdout"])
    assert found["problems"] == []
    pod = next(one for one in found["pods"] if watched in (None, one["name"]))
    first = pod["hypotheses"][0]
    assert first["incident"] == incident_id
    assert first["evidence"]
    assert first["next"]


@pytest.mark.parametrize(("incident_id", "incident"), EVERY, ids=[name for name, _ in EVERY])
def test_to_its_end_nothing_is_cut_off(incident_id: str, incident: Incident):
    answer = play(incident.session)
    assert answer["stopped"] is None
    assert answer["end"] == incident.until >= incident.at


def test_there_are_enough_of_every_kind_in_both_languages():
    assert len(EVERY) >= 24
    assert {one.group for _, one in EVERY} == set(incidents.GROUPS)
    for _, one in EVERY:
        for text in (one.title, one.symptom, one.look):
            assert {"en", "ko"} <= set(text)
        assert one.symptom["en"].endswith(".")
    assert [one["id"] for one in incidents.listed("ko")] == [name for name, _ in EVERY]
    assert incidents.listed("ko")[0]["title"] == EVERY[0][1].title["ko"]
