"""explain: kubectl's form, the schema's facts, podsim's sentences."""

from __future__ import annotations

import pytest

from podsim import Cluster
from podsim.api import schema
from podsim.kubectl.explaining import _sentences

POLICY = """\
KIND:       Pod
VERSION:    v1

FIELD: restartPolicy <string>
ENUM:
    Always
    Never
    OnFailure

DESCRIPTION:
    Whether the kubelet starts a container again that has ended. Always unless
    written.
    

"""  # noqa: W293 - as kubectl prints it
STRATEGY = """\
GROUP:      apps
KIND:       Deployment
VERSION:    v1

FIELD: strategy <DeploymentStrategy>


DESCRIPTION:
    How old Pods give way to new ones.
    
FIELDS:
  rollingUpdate	<RollingUpdateDeployment>
    How far a rolling update may go at once.

  type	<string>
  enum: Recreate, RollingUpdate
    RollingUpdate or Recreate; RollingUpdate unless written.


"""  # noqa: W293
DESCRIBED = (
    "PodSpec", "Container", "ContainerPort", "EnvVar", "ResourceRequirements", "Lifecycle", "LifecycleHandler", "Probe", "ExecAction", "HTTPGetAction",
    "TCPSocketAction", "GRPCAction", "SleepAction", "VolumeMount", "Toleration", "PodStatus", "PodCondition", "ContainerStatus", "ContainerState",
    "ContainerStateWaiting", "ContainerStateRunning", "ContainerStateTerminated", "DeploymentSpec", "DeploymentStatus", "ObjectMeta", "OwnerReference",
)  # fmt: skip


def explained(words: str) -> str:
    result = Cluster(nodes=[]).kubectl(f"explain {words}")
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def test_a_field_with_its_values() -> None:
    assert explained("pod.spec.restartPolicy") == POLICY


def test_a_field_with_fields() -> None:
    assert explained("deployment.spec.strategy") == STRATEGY


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("pods", "  spec\t<PodSpec>"),
        ("po.spec", "  containers\t<[]Container> -required-"),
        ("pod.spec.containers", "FIELD: containers <[]Container>"),
        ("pod.spec.containers.resources", "  limits\t<map[string]Quantity>"),
        ("deployments.apps.spec", "  template\t<PodTemplateSpec> -required-"),
        ("pod.metadata", "  creationTimestamp\t<string>"),
        ("pod --recursive", "    containers\t<[]Container> -required-"),
        ("pod.spec.containers.livenessProbe --recursive", "  httpGet\t<HTTPGetAction>"),
        ("pod.spec.containers.livenessProbe --recursive", "    port\t<IntOrString> -required-"),
        ("pod.spec.containers", "  enum: Always, IfNotPresent, Never"),
    ],
)
def test_lines(words: str, line: str) -> None:
    assert line in explained(words).splitlines()


@pytest.mark.parametrize(
    ("words", "stdout", "stderr"),
    [
        ("pod.spec.nope", "KIND:       Pod\nVERSION:    v1\n\n", 'error: field "nope" does not exist\n'),
        ("nope", "", 'the server doesn\'t have a resource type "nope"\n'),
        ("", "", 'error: You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.\n'),
        ("pods services", "", "error: We accept only this format: explain RESOURCE\n"),
        ("leases", "", "error: podsim does not describe the fields of leases: it knows pods and the workloads that make them\n"),
    ],
)
def test_what_cannot_be_explained(words: str, stdout: str, stderr: str) -> None:
    result = Cluster(nodes=[]).kubectl(f"explain {words}")
    assert (result.returncode, result.stdout, result.stderr) == (1, stdout, stderr)


@pytest.mark.parametrize("type_", DESCRIBED)
def test_every_field_of_a_pods_life_has_its_sentence(type_: str) -> None:
    assert [name for name in ("", *schema.types()[type_]) if name not in _sentences()[type_]] == []


def test_no_sentence_is_about_a_field_that_is_not_there() -> None:
    wrong = [(type_, name) for type_, found in _sentences().items() for name in found if name and name not in schema.types()[type_]]
    assert wrong == []
