"""When a pod is synced again without being asked, before jitter."""

from __future__ import annotations

import pytest

from podsim.cluster.kubelet.starting import Failure
from podsim.cluster.kubelet.worker import Outcome, requeue_after


def refused(until: int) -> Failure:
    return Failure("CrashLoopBackOff", "", until)


@pytest.mark.parametrize(
    ("outcome", "seconds"),
    [
        (Outcome(), 60),
        (Outcome(waiting=True), 10),
        (Outcome(failures=(Failure("ErrImagePull", ""),)), 10),
        (Outcome(failures=(refused(135_000),)), 35),
        (Outcome(failures=(refused(135_000), refused(107_000), Failure("ErrImagePull", ""))), 7),
        (Outcome(failures=(refused(400_000),)), 60),
        (Outcome(failures=(refused(99_000),)), 0),  # the back-off ran out while the sync went on with another container
    ],
)
def test_the_earliest_end_of_a_back_off_counts_from_the_end_of_the_sync(outcome: Outcome, seconds: int):
    assert requeue_after(outcome, 100_000) == seconds * 1000
