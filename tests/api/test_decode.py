"""How the server reads JSON, against Go's decoder."""

from __future__ import annotations

import json

import pytest

from podsim.api import decode
from podsim.api.errors import Rejected

REFUSED = [  # what apimachinery's strict serializer says of k8s.io/api's types
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"image":1,"name":"c"}]}}', "json: cannot unmarshal number into Go struct field Container.spec.containers.image of type string"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"image":true,"name":2}]}}', "json: cannot unmarshal bool into Go struct field Container.spec.containers.image of type string"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"name":"c","ports":{}}]}}', "json: cannot unmarshal object into Go struct field Container.spec.containers.ports of type []v1.ContainerPort"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"name":"c","ports":[1]}]}}', "json: cannot unmarshal number into Go struct field Container.spec.containers.ports of type v1.ContainerPort"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"name":"c","ports":[{"containerPort":"80"}]}]}}', "json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"name":"c","ports":[{"containerPort":2147483648}]}]}}', "json: cannot unmarshal number 2147483648 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"name":"c","ports":[{"containerPort":80.5}]}]}}', "json: cannot unmarshal number 80.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"image":1,"name":"c","resources":{"limits":{"cpu":"x"}}}]}}', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"image":1,"livenessProbe":{"httpGet":{"port":true}},"name":"c"}]}}', "json: cannot unmarshal bool into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"livenessProbe":{"httpGet":{"port":2147483648}},"name":"c"}]}}', "json: cannot unmarshal number 2147483648 into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"livenessProbe":{"httpGet":{"port":1.5}},"name":"c"}]}}', "json: cannot unmarshal number 1.5 into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"name":"c","resources":{"limits":[]}}]}}', "json: cannot unmarshal array into Go struct field ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"name":"c","resources":{"limits":{"cpu":true}}}]}}', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"command":"x","name":"c"}]}}', "json: cannot unmarshal string into Go struct field Container.spec.containers.command of type []string"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"command":["x",1],"name":"c"}]}}', "json: cannot unmarshal number into Go struct field Container.spec.containers.command of type string"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"env":["A=1"],"name":"c"}]}}', "json: cannot unmarshal string into Go struct field Container.spec.containers.env of type v1.EnvVar"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"containers":[{"env":[{"name":"A","value":1}],"name":"c"}]}}', "json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"creationTimestamp":"x","name":"web"},"spec":{}}', 'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"'),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"creationTimestamp":"2024-13-01T00:00:00Z","name":"web"},"spec":{}}', 'parsing time "2024-13-01T00:00:00Z": month out of range'),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"creationTimestamp":"2024-02-30T00:00:00Z","name":"web"},"spec":{}}', 'parsing time "2024-02-30T00:00:00Z": day out of range'),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"creationTimestamp":"2024-01-01","name":"web"},"spec":{}}', 'parsing time "2024-01-01" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"'),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"creationTimestamp":"2024-01-01T00:00:00Zx","name":"web"},"spec":{}}', 'parsing time "2024-01-01T00:00:00Zx": extra text: "x"'),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"creationTimestamp":"2024-01-01T25:00:00Z","name":"web"},"spec":{}}', 'parsing time "2024-01-01T25:00:00Z": hour out of range'),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"creationTimestamp":1,"name":"web"},"spec":{}}', "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.creationTimestamp of type string"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"creationTimestamp":"2024-01-01T00:00:00","name":"web"},"spec":{}}', 'parsing time "2024-01-01T00:00:00" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00"'),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"creationTimestamp":"","name":"web"},"spec":{}}', 'parsing time "" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "2006"'),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"labels":[],"name":"web"},"spec":{}}', "json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"labels":{"a":1},"name":"web"},"spec":{}}', "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","uid":[]},"spec":{}}', "json: cannot unmarshal array into Go struct field ObjectMeta.metadata.uid of type types.UID"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":[]}', "json: cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":"x"}', "json: cannot unmarshal string into Go struct field Pod.metadata of type v1.ObjectMeta"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"terminationGracePeriodSeconds":"30"}}', "json: cannot unmarshal string into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"hostNetwork":"true"}}', "json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"securityContext":{"sysctls":{}}}}', "json: cannot unmarshal object into Go struct field PodSecurityContext.spec.securityContext.sysctls of type []v1.Sysctl"),
    ('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"spec":{"volumes":[{"hostPath":"/x","name":"v"}]}}', "json: cannot unmarshal string into Go struct field Volume.spec.volumes.VolumeSource.hostPath of type v1.HostPathVolumeSource"),
    ('{"apiVersion":"v1","data":{"a":"x"},"kind":"Secret","metadata":{"name":"s"}}', "illegal base64 data at input byte 0"),
    ('{"apiVersion":"v1","data":{"a":1},"kind":"Secret","metadata":{"name":"s"}}', "json: cannot unmarshal number into Go struct field Secret.data of type []uint8"),
    ('{"apiVersion":"v1","data":{"a":"eA=="},"immutable":"x","kind":"Secret","metadata":{"name":"s"}}', "json: cannot unmarshal string into Go struct field Secret.immutable of type bool"),
    ('{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"replicas":"3","strategy":{"rollingUpdate":{"maxSurge":false}}}}', "json: cannot unmarshal bool into Go struct field RollingUpdateDeployment.spec.strategy.rollingUpdate.maxSurge of type int32"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "problem"), REFUSED)
def test_the_first_value_of_a_wrong_type(text: str, problem: str) -> None:
    with pytest.raises(Rejected) as caught:
        decode.read(json.loads(text))
    assert caught.value.errors == (problem,)


def test_unknown_fields_are_told_in_the_order_of_their_keys() -> None:
    text = '{"apiVersion":"v1","kind":"Pod","metadata":{"foo":1,"name":"web"},"spec":{"bar":1,"containers":[{"imgae":"x","name":"c"}]},"zoo":1}'
    decoded, unknown = decode.read(json.loads(text))
    assert unknown == tuple(f'unknown field "{path}"' for path in ("metadata.foo", "spec.bar", "spec.containers[0].imgae", "zoo"))
    assert decoded == {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": [{"name": "c"}]}}
