"""One probe tick: what is counted, what is stored."""

from __future__ import annotations

from typing import Any

import pytest
from pytest import approx

from podsim.cluster.kubelet import probing, spec
from podsim.cluster.kubelet.probing import Tally
from podsim.cluster.kubelet.spec import Probe
from podsim.cluster.scenario import Window
from tests.cluster.kubelet.told import row_at, story


def probe(kind: str, **fields: object) -> Probe:
    container = {"name": "app", "image": "app:1", f"{kind}Probe": {"httpGet": {"path": "/healthz", "port": "web"}, **fields}}
    pod = {"metadata": {"name": "web", "uid": "u"}, "spec": {"containers": [{**container, "ports": [{"name": "web", "containerPort": 8080}]}]}}
    return spec.read(pod).regular[0].probes[kind]  # type: ignore[index]


def stored(kind: str, answers: str, **fields: object) -> list[str | None]:
    """What is stored after each answer; `f` is a failure, `s` a success."""
    tally, found = Tally(), []
    for answer in answers:
        tally, value = probing.count(tally, probe(kind, **fields), "Failure" if answer == "f" else "Success")
        found.append(value)
    return found


@pytest.mark.parametrize(
    ("kind", "answers", "fields", "expected"),
    [
        ("readiness", "fff", {}, [None, None, "Failure"]),
        ("readiness", "ffsff", {}, [None, None, "Success", None, None]),  # only failures in a row count
        ("readiness", "sss", {"successThreshold": 3}, [None, None, "Success"]),
        ("liveness", "f", {"failureThreshold": 1}, ["Failure"]),
    ],
)
def test_thresholds_count_in_a_row(kind: str, answers: str, fields: dict[str, int], expected: list[str | None]):
    assert stored(kind, answers, **fields) == expected


def test_a_failed_liveness_probe_goes_on_hold_with_its_count_at_zero():
    tally, _ = probing.count(Tally("Failure", 2), probe("liveness"), "Failure")
    assert tally == Tally("Failure", 0, on_hold=True)


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ("fail", "HTTP probe failed with statuscode: 503"),
        ("refused", 'Get "http://10.0.0.9:8080/healthz": dial tcp 10.0.0.9:8080: connect: connection refused'),
        ("timeout", 'Get "http://10.0.0.9:8080/healthz": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'),
    ],
)
def test_messages_are_the_kubelets(result: str, message: str):
    container = spec.read(
        {"metadata": {"name": "web"}, "spec": {"containers": [{"name": "app", "ports": [{"name": "web", "containerPort": 8080}]}]}}
    ).regular[0]
    found = probing.answer(probe("readiness"), container, "10.0.0.9", Window(result))  # type: ignore[arg-type]
    assert (found.value, found.message) == ("Failure", message)


def test_a_probe_may_ask_another_host_than_the_pod():
    container = {"name": "app", "image": "app:1", "readinessProbe": {"tcpSocket": {"host": "db", "port": 5432}}}
    read = spec.read({"metadata": {"name": "web"}, "spec": {"containers": [container]}}).regular[0]
    found = probing.answer(read.probes["readiness"], read, "10.0.0.9", Window("refused"))
    assert found.message == "dial tcp db:5432: connect: connection refused"


def test_a_port_name_that_no_port_has_counts_as_nothing():
    container = spec.read({"metadata": {"name": "web"}, "spec": {"containers": [{"name": "app"}]}}).regular[0]
    assert probing.answer(probe("readiness"), container, "10.0.0.9", None).error


@pytest.mark.parametrize(
    ("handler", "message", "waits", "error"),
    [
        ({"tcpSocket": {"port": 80}}, "dial tcp 10.0.0.9:80: connect: connection refused", False, False),
        ({"grpc": {"port": 80}}, 'timeout: failed to connect service "10.0.0.9:80" within 1s: context deadline exceeded', True, False),
        ({"exec": {"command": ["check"]}}, "rpc error: code = Unknown desc = failed to exec in container: container is in CONTAINER_EXITED state", False, True),
    ],
)
def test_where_the_process_has_ended_nobody_listens_and_nothing_can_be_run(handler: dict[str, Any], message: str, waits: bool, error: bool):
    container = spec.read({"metadata": {"name": "web"}, "spec": {"containers": [{"name": "app", "readinessProbe": handler}]}}).regular[0]
    found = probing.answer(container.probes["readiness"], container, "10.0.0.9", probing.GONE)
    assert (found.message, found.waits, found.error) == (message, waits, error)


@pytest.mark.parametrize(
    ("handler", "period", "timeout", "window", "asked"),
    [
        ({"grpc": {"port": 9000}}, 3, 1, {"from": 0, "to": 6, "result": "refused"}, [0.68, 1.68, 4.68, 7.68]),  # the trigger of the next look waits for the first
        ({"exec": {"command": ["check"]}}, 2, 3, {"from": 5, "to": 7, "result": "timeout"}, [0.67, 2.67, 4.67, 6.67, 9.67, 10.67, 12.67]),  # the ticks keep their beat
    ],
)
def test_when_a_probe_that_takes_its_time_is_asked(handler: dict[str, Any], period: int, timeout: int, window: dict[str, Any], asked: list[float]):
    probed = {"readinessProbe": {**handler, "periodSeconds": period, "timeoutSeconds": timeout}}
    world = {"containers": {"app": {"probes": {"readiness": [window]}}}, "kubelet": {"relist": 0.9}}
    history = story({"containers": [{"name": "app", **probed}]}, world, until=13)
    assert [p.t / 1000 for p in history.record.probes][: len(asked)] == approx(asked, abs=0.05)


def test_a_replaced_container_is_not_ready_while_the_new_image_is_pulled():
    probed = {"readinessProbe": {"httpGet": {"port": 80}, "periodSeconds": 2, "failureThreshold": 2}}
    change = {"patch": {"spec": {"containers": [{"name": "app", "image": "new:1"}]}}}
    history = story({"containers": [{"name": "app", **probed}]}, {"images": {"new:1": {"pull": 10}}, "actions": [{"at": 5, **change}]}, until=30)
    assert [row_at(history, t) for t in (6, 14, 20)] == ["1/1 Running 0", "0/1 Running 0", "1/1 Running 1"]


def test_a_window_holds_from_its_start_to_before_its_end_and_for_its_run():
    windows = (Window("fail", 8, 16, run=0), Window("refused", 12, None))
    times = [(7.9, 0), (8, 0), (12, 1), (16, 0), (11, 1)]
    found = [probing.window_at(windows, t, run) for t, run in times]
    assert [w and w.result for w in found] == [None, "fail", "refused", "refused", None]
