"""Whether a container may run (again): policies and rules.                              kubelet container/helpers.go"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from podsim.cluster.kubelet.runtime import Record
from podsim.cluster.kubelet.spec import Container, PodSpec, RestartRule

RESTART_ALL = "RestartAllContainers"
SWEPT = "RestartingAllContainers"  # the reason of a container that such a restart removed


def by_exit(container: Container, pod_policy: str, exit_code: int) -> bool:
    """Whether a container that ended with `exit_code` runs again.         ShouldContainerBeRestarted, the last part

    Its own rules decide first, then its own policy, then the pod's.
    """
    if rule_for(container, exit_code):
        return True
    policy = container.restart_policy or pod_policy
    return policy == "Always" or (policy == "OnFailure" and exit_code != 0)


def rule_for(container: Container, exit_code: int) -> RestartRule | None:
    """The first rule of the container that speaks of this exit code."""
    return next((r for r in container.restart_rules if r.matches(exit_code)), None)


def reason(container: Container, pod_policy: str, exit_code: int) -> dict[str, Any]:
    """What decides about a restart: the action of a rule, or a policy."""
    rule = rule_for(container, exit_code)
    return {"rule": rule.action} if rule else {"policy": container.restart_policy or pod_policy}


def should_start(container: Container, pod: PodSpec, newest: Record | None) -> bool:
    """Whether the container is to be started now.                                        ShouldContainerBeRestarted"""
    if pod.deleting:
        return False
    if newest is None or newest.state == "created":
        return True
    if newest.state == "running":
        return False
    return by_exit(container, pod.restart_policy, newest.exit_code)


def after_kill(container: Container, pod_policy: str) -> bool:
    """Whether the kubelet starts a container again that it killed for a probe.       shouldRestartOnFailure: no rules"""
    return (container.restart_policy or pod_policy) != "Never"


def all_restart(pod: PodSpec, exits: Mapping[str, int]) -> bool:
    """Whether one of `exits` (container: exit code) asks for a restart of the whole pod.     ShouldAllContainersRestart"""
    rules = (rule_for(c, exits[c.name]) for c in (*pod.init, *pod.regular) if c.name in exits)
    return any(rule is not None and rule.action == RESTART_ALL for rule in rules)
