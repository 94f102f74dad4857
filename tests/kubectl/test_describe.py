"""`kubectl describe` of what is around Pods, as recorded from a real cluster."""

from __future__ import annotations

import pytest

from podsim import Cluster

WEB = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {b: two, a: "1"}
---
apiVersion: v1
kind: Secret
metadata: {name: token}
stringData: {key: s3cret}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers:
  - {name: app, image: nginx:1.27, resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: 500m, memory: 256Mi}}}
"""
SERVICE = """\
Name:                     web
Namespace:                default
Labels:                   <none>
Annotations:              <none>
Selector:                 app=web
Type:                     ClusterIP
IP Family Policy:         SingleStack
IP Families:              IPv4
IP:                       10.96.0.10
IPs:                      10.96.0.10
Port:                     <unset>  80/TCP
TargetPort:               80/TCP
Endpoints:                10.244.0.2:80
Session Affinity:         None
Internal Traffic Policy:  Cluster
Events:                   <none>
"""
CONFIG_MAP = """\
Name:         settings
Namespace:    default
Labels:       <none>
Annotations:  <none>

Data
====
a:
----
1

b:
----
two


BinaryData
====

Events:  <none>
"""
OPAQUE = """\
Name:         token
Namespace:    default
Labels:       <none>
Annotations:  <none>

Type:  Opaque

Data
====
key:  6 bytes
"""
NAMESPACE = """\
Name:         default
Labels:       kubernetes.io/metadata.name=default
Annotations:  <none>
Status:       Active

No resource quota.

No LimitRange resource.
"""
NODE = """\
  Kubelet Version:            v1.37.2
Non-terminated Pods:          (1 in total)
  Namespace                   Name    CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------                   ----    ------------  ----------  ---------------  -------------  ---
  default                     web     100m (0%)     500m (3%)   128Mi (0%)       256Mi (0%)     5s
Allocated resources:
  (Total limits may be over 100 percent, i.e., overcommitted.)
  Resource           Requests    Limits
  --------           --------    ------
  cpu                100m (0%)   500m (3%)
  memory             128Mi (0%)  256Mi (0%)
  ephemeral-storage  0 (0%)      0 (0%)
Events:              <none>
"""
TEMPLATE = "spec: {containers: [{name: pg, image: 'postgres:17'}]}"
STATEFUL_SET = (
    "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec: {serviceName: db, selector: {matchLabels: {app: db}},"
    f" template: {{metadata: {{labels: {{app: db}}}}, {TEMPLATE}}}}}"
)
DAEMON_SET = (
    "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent}\nspec: {selector: {matchLabels: {app: agent}},"
    f" template: {{metadata: {{labels: {{app: agent}}}}, {TEMPLATE}}}}}"
)
CRON_JOB = (
    "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: tick}\nspec: {schedule: '0 3 * * *', jobTemplate: {spec: {template:"
    " {spec: {restartPolicy: Never, containers: [{name: tick, image: 'busybox:1.36'}]}}}}}"
)
SETS = [
    (STATEFUL_SET, "sts db", """\
Service Name:           db
Pod Management Policy:  OrderedReady
Replicas:               1 desired | 1 total
Update Strategy:        RollingUpdate
  Partition:            0
  MaxUnavailable:       1
Persistent Volume Claim Retention Policy:
  WhenDeleted:  Retain
  WhenScaled:   Retain
Pods Status:    1 Running / 0 Waiting / 0 Succeeded / 0 Failed
Pod Template:
"""),
    (DAEMON_SET, "ds agent", """\
Selector:       app=agent
Node-Selector:  <none>
Labels:         <none>
Annotations:    deprecated.daemonset.template.generation: 1
Desired Number of Nodes Scheduled: 1
Current Number of Nodes Scheduled: 1
Number of Nodes Scheduled with Up-to-date Pods: 1
Number of Nodes Scheduled with Available Pods: 1
Number of Nodes Misscheduled: 0
Pods Status:  1 Running / 0 Waiting / 0 Succeeded / 0 Failed
Pod Template:
"""),
    (CRON_JOB, "cronjob tick", """\
Schedule:                      0 3 * * *
Concurrency Policy:            Allow
Suspend:                       False
Time Zone:                     <unset>
Successful Job History Limit:  3
Failed Job History Limit:      1
Starting Deadline Seconds:     <unset>
Selector:                      <unset>
Parallelism:                   <unset>
Completions:                   <unset>
Pod Template:
"""),
]  # fmt: skip


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    made = Cluster()
    made.kubectl("create -f m.yaml", files={"m.yaml": WEB})
    made.run(until=5)
    return made


@pytest.mark.parametrize(("what", "text"), [("svc web", SERVICE), ("cm settings", CONFIG_MAP), ("secret token", OPAQUE), ("ns default", NAMESPACE)])
def test_an_object_around_pods_is_described_whole(cluster: Cluster, what: str, text: str) -> None:
    assert cluster.kubectl(f"describe {what}").stdout == text


def test_a_node_shows_its_pods_and_what_they_take(cluster: Cluster) -> None:
    assert cluster.kubectl("describe node").stdout.endswith(NODE)
    assert cluster.kubectl("get nodes --no-headers").stdout == "node1   Ready   <none>   5s    v1.37.2\n"


@pytest.mark.parametrize(("manifest", "what", "text"), SETS, ids=lambda one: one.split()[0])
def test_a_set_of_pods_is_described_with_their_states(manifest: str, what: str, text: str) -> None:
    cluster = Cluster()
    cluster.kubectl("create -f m.yaml", files={"m.yaml": manifest})
    cluster.run(until=5)
    assert text in cluster.kubectl(f"describe {what}").stdout


def test_endpoints_beyond_three_are_counted() -> None:
    cluster = Cluster()
    cluster.kubectl("create -f m.yaml", files={"m.yaml": WEB})
    for number in range(4):
        pod = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p{number}, labels: {{app: web}}}}\nspec: {{containers: [{{name: a, image: a:1}}]}}"
        cluster.kubectl("create -f -", stdin=pod)
    cluster.run(until=5)
    endpoints = next(line for line in cluster.kubectl("describe svc web").stdout.splitlines() if line.startswith("Endpoints:"))
    assert endpoints.endswith(" + 2 more...")
    assert endpoints.count(":80") == 3
