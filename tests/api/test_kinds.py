"""What the server says of objects of the smaller kinds, and of pods where admission has a say."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from podsim import Cluster

HEADS = {
    "Service": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: ",
    "LimitRange": "apiVersion: v1\nkind: LimitRange\nmetadata: {name: l}\nspec: ",
    "ResourceQuota": "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q}\nspec: ",
    "Pod": "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: ",
    "ConfigMap": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n",
    "Secret": "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n",
}


def create(kind: str, rest: str, cluster: Cluster | None = None) -> str:
    result = (cluster or Cluster()).kubectl("create -f m.yaml", files={"m.yaml": HEADS[kind] + rest})
    return result.stderr.removeprefix('Error from server (Forbidden): error when creating "m.yaml": ').removeprefix(f"The {kind} ").rstrip("\n")


SERVICES = [
    ("{ports: [{port: 80}]}", ""),
    ("{}", "spec.ports: Required value"),
    ("{type: ExternalName}", "spec.externalName: Required value"),
    ("{type: NodePort, clusterIP: None, ports: [{port: 80}]}", "spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services"),
    ("{ports: [{port: 80, nodePort: 5}]}", "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"),
    ("{ports: [{port: 80, name: a}, {port: 80, name: b}]}", 'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}'),
    ("{type: NodePort, ports: [{port: 80, nodePort: 80}]}", "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767"),
    ("{clusterIP: x, ports: [{port: 80}]}", 'spec.clusterIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
    ("{clusterIP: 1.2.3.4, ports: [{port: 80}]}", 'spec.clusterIPs: Invalid value: ["1.2.3.4"]: failed to allocate IP 1.2.3.4: the provided IP (1.2.3.4) is not in the valid range. The range of valid IPs is 10.96.0.0/12'),
    ("{ports: [{port: 80}], externalTrafficPolicy: Local}", 'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services'),
    ("{ports: [{port: 80}], ipFamilies: [IPv5]}", 'spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6"'),
    ("{ports: [{port: 80}], sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}}", "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than 86400"),
    ("{ports: [{port: 80}], loadBalancerClass: a}", "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'"),
    ("{type: LoadBalancer, ports: [{port: 80}], loadBalancerSourceRanges: [x]}", 'spec.LoadBalancerSourceRanges[0]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'),
]  # fmt: skip
LIMIT_RANGES = [
    ("{limits: [{type: Foo}]}", 'spec.limits[0].type: Invalid value: "Foo": must be a standard limit type or fully qualified'),
    ("{limits: [{type: Pod, default: {cpu: 1}}]}", "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'"),
    ("{limits: [{type: PersistentVolumeClaim}]}", "spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided"),
    ("{limits: [{type: Container, maxLimitRequestRatio: {cpu: 0.5}}]}", 'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1'),
    ("{limits: [{type: Pod, max: {cpu: 2}, min: {cpu: 1}, maxLimitRequestRatio: {cpu: 3}}]}", 'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000'),
    ("{limits: [{type: Pod, max: {cpu: 1}, min: {cpu: 2}}]}", 'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1'),
]  # fmt: skip
QUOTAS = [
    ("{hard: {count/pods: 1, a.b/c: 1, requests.nvidia.com/gpu: 2}}", ""),
    ("{hard: {pods: 1.5}}", 'spec.hard[pods]: Invalid value: "1500m": must be an integer'),
    ("{hard: {storage: 1}}", 'spec.hard[storage]: Invalid value: "storage": must be a standard resource for quota'),
    ("{hard: {cpu: 1}, scopes: [BestEffort]}", 'spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource'),
    ("{hard: {pods: 1}, scopes: [Foo]}", 'spec.scopes: Invalid value: ["Foo"]: unsupported scope'),
    ("{hard: {pods: 1}, scopes: [BestEffort, NotBestEffort]}", 'spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes'),
]  # fmt: skip
DATA = [
    ("ConfigMap", "data: {a: x}\nbinaryData: {a: eA==}", 'data[a]: Invalid value: "a": duplicate of key present in binaryData'),
    ("ConfigMap", f"data: {{a: {'x' * 1048577}}}", "[]: Too long: may not be more than 1048576 bytes"),
    ("Secret", "type: kubernetes.io/dockerconfigjson\nstringData: {.dockerconfigjson: x}", 'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": invalid character \'x\' looking for beginning of value'),
    ("Secret", "type: kubernetes.io/basic-auth\nstringData: {username: x}", ""),
    ("Secret", "type: kubernetes.io/service-account-token", "metadata.annotations[kubernetes.io/service-account.name]: Required value"),
]  # fmt: skip
TABLE = [*(("Service", *row) for row in SERVICES), *(("LimitRange", *row) for row in LIMIT_RANGES), *(("ResourceQuota", *row) for row in QUOTAS), *DATA]


@pytest.mark.parametrize(("kind", "rest", "refusal"), TABLE)
def test_what_is_wrong_with_a_new_object(kind: str, rest: str, refusal: str) -> None:
    name = {"Service": "web", "LimitRange": "l", "ResourceQuota": "q", "ConfigMap": "c", "Secret": "s"}[kind]
    assert create(kind, rest) == (f'"{name}" is invalid: {refusal}' if refusal else "")


ONE = "{containers: [{name: c, image: nginx}]}"
BIG = "{containers: [{name: c, image: nginx, resources: {limits: {cpu: 3, memory: 2Gi}, requests: {cpu: 1}}}]}"
ADMISSION = [
    ("ResourceQuota", "{hard: {pods: 0}}", ONE, "exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0"),
    ("ResourceQuota", "{hard: {requests.cpu: 1}}", ONE, "failed quota: q: must specify requests.cpu for: c"),
    ("ResourceQuota", "{hard: {limits.memory: 1Gi, limits.cpu: 4}}", BIG, "exceeded quota: q, requested: limits.memory=2Gi, used: limits.memory=0, limited: limits.memory=1Gi"),
    ("ResourceQuota", "{hard: {pods: 0}, scopes: [NotBestEffort]}", ONE, ""),
    ("LimitRange", "{limits: [{type: Container, max: {cpu: 2}}]}", BIG, "maximum cpu usage per Container is 2, but limit is 3"),
    ("LimitRange", "{limits: [{type: Container, min: {memory: 1Gi}}]}", ONE, ""),
    ("LimitRange", "{limits: [{type: Pod, min: {memory: 1Gi}}]}", ONE, "minimum memory usage per Pod is 1Gi.  No request is specified"),
    ("LimitRange", "{limits: [{type: Container, maxLimitRequestRatio: {cpu: 2}}]}", BIG, "cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "limit", "pod", "refusal"), ADMISSION)
def test_what_a_namespace_allows(kind: str, limit: str, pod: str, refusal: str) -> None:
    cluster = Cluster()
    assert create(kind, limit, cluster) == ""
    assert create("Pod", pod, cluster) == (f'pods "web" is forbidden: {refusal}' if refusal else "")


RUNTIME_CLASS = "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: rc}\nhandler: h\noverhead: {podFixed: {cpu: 100m}}\nscheduling: {nodeSelector: {a: b}}\n"
RUNTIME = [
    ("{runtimeClassName: rc, overhead: {cpu: 0.1}, containers: [{name: c, image: x}]}", ""),
    ("{runtimeClassName: rc, overhead: {cpu: 1}, containers: [{name: c, image: x}]}", "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead"),
    ("{runtimeClassName: rc, nodeSelector: {a: c}, containers: [{name: c, image: x}]}", "conflict: runtimeClass.scheduling.nodeSelector[a] = b; pod.spec.nodeSelector[a] = c"),
    ("{runtimeClassName: nope, containers: [{name: c, image: x}]}", 'pod rejected: RuntimeClass "nope" not found'),
    ("{overhead: {cpu: 1}, containers: [{name: c, image: x}]}", "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"),
]  # fmt: skip


@pytest.mark.parametrize(("pod", "refusal"), RUNTIME)
def test_what_a_runtime_class_allows(pod: str, refusal: str) -> None:
    cluster = Cluster()
    assert cluster.kubectl("create -f rc.yaml", files={"rc.yaml": RUNTIME_CLASS}).returncode == 0
    assert create("Pod", pod, cluster) == (f'pods "web" is forbidden: {refusal}' if refusal else "")


POLICIES = [
    ("baseline", "{hostNetwork: true, containers: [{name: c, image: x, ports: [{containerPort: 80, hostPort: 80}]}]}", 'violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true), hostPort (container "c" uses hostPort 80)'),
    ("baseline", "{containers: [{name: c, image: x, securityContext: {privileged: true, capabilities: {add: [NET_ADMIN]}}}]}", 'violates PodSecurity "baseline:latest": non-default capabilities (container "c" must not include "NET_ADMIN" in securityContext.capabilities.add), privileged (container "c" must not set securityContext.privileged=true)'),
    ("baseline", "{volumes: [{name: v, hostPath: {path: /}}], containers: [{name: c, image: x}]}", 'violates PodSecurity "baseline:latest": hostPath volumes (volume "v")'),
    ("restricted", "{securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}, containers: [{name: c, image: x, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}", ""),
]  # fmt: skip


@pytest.mark.parametrize(("level", "pod", "refusal"), POLICIES)
def test_what_pod_security_allows(level: str, pod: str, refusal: str) -> None:
    cluster = Cluster()
    cluster.kubectl(f"label namespace default pod-security.kubernetes.io/enforce={level}")
    assert create("Pod", pod, cluster) == (f'pods "web" is forbidden: {refusal}' if refusal else "")


def test_a_service_keeps_its_address_and_port() -> None:
    cluster = Cluster()

    def apply(spec: str) -> dict[str, Any]:
        result = cluster.kubectl("apply -f m.yaml", files={"m.yaml": HEADS["Service"] + spec})
        assert result.returncode == 0, result.stderr
        found: dict[str, Any] = json.loads(cluster.kubectl("get service web -o json").stdout)["spec"]
        return found

    first = apply("{type: NodePort, ports: [{port: 80}]}")
    second = apply("{type: NodePort, ports: [{port: 81}]}")
    assert (second["clusterIP"], second["ports"][0]["nodePort"]) == (first["clusterIP"], first["ports"][0]["nodePort"])
    third = apply("{ports: [{port: 81}]}")
    assert third["clusterIP"] == first["clusterIP"]
    assert not {"nodePort", "externalTrafficPolicy"} & {*third, *third["ports"][0]}
    assert "clusterIP" not in apply("{type: ExternalName, externalName: example.com}")


ODD: tuple[Any, ...] = (None, {}, [], "", "x", 0, -1, 2**63, 1.5, True, [None], [[]], [{}], {"a": None}, {"": ""}, "..", "a" * 300, {"$patch": "delete"})


def _places(value: Any) -> list[tuple[Any, Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, part in list(inner) for place in ((value, key), *_places(part))]


@pytest.mark.parametrize("seed", range(5))
def test_no_object_ends_in_a_traceback(seed: int) -> None:
    """Whatever stands where something else belongs."""
    chance = random.Random(seed)  # noqa: S311 not for secrets
    cluster = Cluster()
    for _ in range(100):
        spec = {"replicas": 1, "selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "b"}}, "spec": _pod_spec()}}
        kind, version, body = chance.choice([("Pod", "v1", _pod_spec()), ("Deployment", "apps/v1", spec), ("Job", "batch/v1", {"template": spec["template"]})])
        obj = {"apiVersion": version, "kind": kind, "metadata": {"name": "web", "labels": {"a": "b"}}, "spec": body}
        for _ in range(chance.randint(1, 3)):
            parent, key = chance.choice(_places(obj))
            parent[key] = json.loads(json.dumps(chance.choice(ODD)))
        for command in ("create --validate=false -f m.json", "apply -f m.json"):
            assert cluster.kubectl(command, files={"m.json": json.dumps(obj)}).returncode in (0, 1)
        cluster.kubectl(["patch", "pod", "web", "-p", json.dumps({"spec": obj.get("spec")})])


def _pod_spec() -> dict[str, Any]:
    probe = {"httpGet": {"path": "/", "port": 80}}
    container = {
        "name": "c",
        "image": "nginx",
        "env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}],
        "ports": [{"containerPort": 80, "name": "http"}],
        "resources": {"limits": {"cpu": "1"}, "requests": {"cpu": "1"}},
        "livenessProbe": probe,
        "lifecycle": {"preStop": {"exec": {"command": ["x"]}}},
        "volumeMounts": [{"name": "v", "mountPath": "/v"}],
        "securityContext": {"runAsUser": 1},
    }
    affinity = {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "a", "labelSelector": {"matchLabels": {"a": "b"}}}]}}
    return {
        "containers": [container],
        "initContainers": [{"name": "i", "image": "x", "restartPolicy": "Always"}],
        "volumes": [{"name": "v", "configMap": {"name": "m", "items": [{"key": "k", "path": "p"}]}}],
        "tolerations": [{"key": "a", "operator": "Exists"}],
        "affinity": affinity,
        "restartPolicy": "Never",
        "securityContext": {"fsGroup": 1},
    }
