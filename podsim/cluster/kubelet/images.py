"""Whether a container's image is there, and how it gets there.                     kubelet images/image_manager.go"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import simpy

from podsim.api import image as names
from podsim.cluster.kubelet import backoff, timing
from podsim.cluster.kubelet.backoff import BackOff
from podsim.cluster.kubelet.spec import Container, PodSpec

if TYPE_CHECKING:
    from podsim.cluster.kubelet.runtime import Runtime
    from podsim.cluster.simulation import Simulation

Steps = Generator[simpy.Event, Any, Any]
Action = Literal["use", "pull", "refuse"]
IMAGE_BYTES = 52_428_800  # of every image: the recordings' size


class StartFailed(Exception):  # noqa: N818 - what happened, not a fault of the program
    """A container could not be started: what the status shows as waiting reason and message."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


def decide(policy: str, present: bool) -> Action:
    """What to do about an image.                                             image_manager.go shouldPullImage"""
    if policy == "Always":
        return "pull"
    if present:
        return "use"
    return "refuse" if policy == "Never" else "pull"


def go_duration(milliseconds: int) -> str:
    """A Go duration cut to milliseconds: `500ms`, `8s`, `1m2.5s`."""
    if milliseconds < timing.SECOND:
        return f"{milliseconds}ms" if milliseconds else "0s"
    minutes, rest = divmod(milliseconds, 60 * timing.SECOND)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest / timing.SECOND:.3f}".rstrip("0").rstrip(".") + "s"
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "") + seconds


def registry_error(text: str) -> str:
    """A pull error as it comes out of the runtime's interface: an error that ends in `not found` has that code."""
    return f"rpc error: code = {'NotFound' if text.endswith('not found') else 'Unknown'} desc = {text}"


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a pull ended: an error, or None."""

    error: str | None
    seconds: float


class Images:
    """The images of one node and its pulls, one at a time (serializeImagePulls)."""

    def __init__(self, simulation: Simulation, runtime: Runtime, tell: Callable[..., None]) -> None:
        self._simulation = simulation
        self._tell = tell
        self._runtime = runtime
        self._puller = simpy.Resource(simulation.env, capacity=1)
        self._pulled: set[str] = set()
        self._attempts: dict[str, int] = {}
        self._backoff: dict[tuple[str, str], BackOff] = {}
        self._errors: dict[tuple[str, str], str] = {}

    def ensure(self, pod: PodSpec, container: Container, cause: int | None) -> Steps:
        """EnsureImageExists; `cause` is the fact for which the container is started. Raises StartFailed."""
        ref = container.image
        try:
            names.parse(ref)
        except ValueError as error:
            self._fail_name(pod, container, cause, str(error))
        action = decide(container.pull_policy, self._present(ref))
        if action == "use":
            self._event(pod, container, "Normal", "Pulled", f'Container image "{ref}" already present on machine and can be accessed by the pod')
            self._fact("image-present", pod, container, cause=cause)
        elif action == "refuse":
            message = f'Container image "{ref}" is not present with pull policy of Never'
            self._event(pod, container, "Warning", "ErrImageNeverPull", message)
            self._fact("image-missing", pod, container, cause=cause)
            raise StartFailed("ErrImageNeverPull", message)
        else:
            yield from self._pull(pod, container, cause)

    def _pull(self, pod: PodSpec, container: Container, cause: int | None) -> Steps:
        ref, key = container.image, (pod.uid, container.image)
        now = self._simulation.clock.now
        entry = self._backoff.get(key)
        wait = backoff.remaining(entry, entry.updated, now) if entry else 0
        if entry and wait:
            self._event(pod, container, "Normal", "BackOff", f'Back-off pulling image "{ref}"')
            self._fact("pull-refused", pod, container, wait=entry.delay / timing.SECOND, remaining=wait / timing.SECOND)
            raise StartFailed("ImagePullBackOff", f'Back-off pulling image "{ref}": ErrImagePull: {self._errors[key]}')
        self._event(pod, container, "Normal", "Pulling", f'Pulling image "{ref}"')
        self._fact("pull-started", pod, container, cause=cause, policy=container.pull_policy)
        with self._puller.request() as turn:
            yield turn
            start = self._simulation.clock.now
            attempt = self._next_attempt(ref)
            yield self._simulation.env.timeout(round(attempt.seconds * timing.SECOND))
        end = self._simulation.clock.now
        failed = {"error": attempt.error} if attempt.error else {}
        self._runtime.note(start, "PullImage", pod, image=ref, **failed)
        if attempt.error:
            self._backoff[key] = backoff.following(entry, entry.updated if entry else end, end)
            self._errors[key] = attempt.error
            self._event(pod, container, "Warning", "Failed", f'Failed to pull image "{ref}": {attempt.error}')
            self._fact("pull-failed", pod, container, error=attempt.error)
            raise StartFailed("ErrImagePull", attempt.error)
        took, waited = go_duration(end - start), go_duration(end - now)
        self._event(
            pod, container, "Normal", "Pulled",
            f'Successfully pulled image "{ref}" in {took} ({waited} including waiting). Image size: {IMAGE_BYTES} bytes.',
        )
        self._fact("pull-finished", pod, container, seconds=(end - start) / timing.SECOND)
        self._pulled.add(ref)

    def _present(self, ref: str) -> bool:
        return ref in self._pulled or self._simulation.scenario.image(ref).present

    def _next_attempt(self, ref: str) -> Attempt:
        known = self._simulation.scenario.image(ref)
        number = self._attempts.get(ref, 0)
        self._attempts[ref] = number + 1
        error = known.error[min(number, len(known.error) - 1)] if isinstance(known.error, tuple) else known.error
        return Attempt(registry_error(error) if error else None, known.seconds(self._present(ref)))

    def _fail_name(self, pod: PodSpec, container: Container, cause: int | None, why: str) -> None:
        ref = container.image
        message = f'Failed to apply default image tag "{ref}": {why}'
        self._event(pod, container, "Warning", "InspectFailed", message)
        self._fact("image-name-invalid", pod, container, cause=cause, error=why)
        raise StartFailed("InvalidImageName", message)

    def _event(self, pod: PodSpec, container: Container, type_: str, reason: str, message: str) -> None:
        self._tell(pod.source, type_, reason, message, container.field_path)

    def _fact(self, kind: str, pod: PodSpec, container: Container, **details: Any) -> None:
        self._simulation.history.fact(kind, pod.subject, container=container.name, image=container.image, **details)
