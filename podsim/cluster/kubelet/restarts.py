"""Whether a container may run (again): policies and rules.                              kubelet container/helpers.go"""

from __future__ import annotations

from podsim.cluster.kubelet.runtime import Record
from podsim.cluster.kubelet.spec import Container, PodSpec

RESTART_ALL = "RestartAllContainers"


def by_exit(container: Container, pod_policy: str, exit_code: int) -> bool:
    """Whether a container that ended with `exit_code` runs again.         ShouldContainerBeRestarted, the last part

    Its own rules decide first, then its own policy, then the pod's.
    """
    for rule in container.restart_rules:
        if rule.matches(exit_code):
            return True
    policy = container.restart_policy or pod_policy
    return policy == "Always" or (policy == "OnFailure" and exit_code != 0)


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


def restarts_all(container: Container, newest: Record | None) -> bool:
    """Whether the last exit asks for a restart of the whole pod in place."""
    if newest is None or newest.state != "exited":
        return False
    first = next((r for r in container.restart_rules if r.matches(newest.exit_code)), None)
    return first is not None and first.action == RESTART_ALL
