"""Manifests and worlds for the laws: small ones, of everything that can meet in a pod's life."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
UNTIL = 150
NAMES = {"init": "setup", "sidecar": "proxy", "second": "schema", "regular": "app", "other": "web"}
seconds = st.floats(0, 60, allow_nan=False).map(lambda t: round(t, 2))
whole = st.integers(1, 10)


def some(required: dict[str, Any], **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({k: v if isinstance(v, st.SearchStrategy) else st.just(v) for k, v in required.items()}, optional=optional)


# ---- the manifest

handler = st.sampled_from([{"httpGet": {"port": 80}}, {"tcpSocket": {"port": 80}}, {"exec": {"command": ["check"]}}, {"httpGet": {"port": "no-such-port"}}])
timing = some({"periodSeconds": whole, "failureThreshold": st.integers(1, 3)}, initialDelaySeconds=whole, timeoutSeconds=st.integers(1, 3))
probe = st.tuples(handler, timing).map(lambda both: {**both[0], **both[1]})
probes = some({}, livenessProbe=probe, readinessProbe=probe, startupProbe=probe)
hook = st.sampled_from([{"exec": {"command": ["hook"]}}, {"sleep": {"seconds": 1}}, {"httpGet": {"port": 80}}])
rule = some({"action": st.sampled_from(["Restart", "RestartAllContainers"]), "exitCodes": some({"operator": st.sampled_from(["In", "NotIn"]), "values": st.just([1])})})
settings = st.just([{"configMapRef": {"name": "settings"}}])


@st.composite
def containers(draw: st.DrawFn, name: str, policies: tuple[str, ...] = ("Always", "OnFailure", "Never"), *, hooks: bool = True) -> Json:
    made: Json = {"name": name, "image": draw(st.sampled_from([f"{name}:1", "shared:1", "Not/An:Image"]) if draw(st.integers(0, 9)) == 0 else st.just(f"{name}:1"))}
    policy = draw(st.none() | st.sampled_from(policies))
    if policy:
        made["restartPolicy"] = policy
        made |= draw(some({}, restartPolicyRules=st.lists(rule, min_size=1, max_size=2)))
    if hooks:
        made |= draw(probes) | draw(some({}, lifecycle=some({}, postStart=hook, preStop=hook)))
    made |= draw(some({}, resources=st.sampled_from([{"requests": {"cpu": "100m"}}, {"requests": {"cpu": "12"}}])))
    return made | draw(some({}, imagePullPolicy=st.sampled_from(["Always", "Never"]), envFrom=settings) if draw(st.integers(0, 3)) == 0 else st.just({}))


sidecar = containers(NAMES["sidecar"], ("Always",)).map(lambda c: {**c, "restartPolicy": "Always"})
init = st.lists(st.sampled_from(["init", "sidecar", "second"]), unique=True, max_size=3).flatmap(
    lambda kinds: st.tuples(*(sidecar if k == "sidecar" else containers(NAMES[k], ("OnFailure", "Never"), hooks=False) for k in kinds))
)


@st.composite
def pod_specs(draw: st.DrawFn) -> Json:
    regular = [draw(containers(NAMES["regular"])), *draw(st.lists(containers(NAMES["other"]), max_size=1))]
    first = draw(init)
    return {
        "containers": regular,
        **({"initContainers": list(first)} if first else {}),
        **draw(some(
            {"restartPolicy": st.sampled_from(["Always", "OnFailure", "Never"])},
            terminationGracePeriodSeconds=st.sampled_from([0, 1, 5]),
            activeDeadlineSeconds=st.integers(1, 60),
            readinessGates=st.just([{"conditionType": "example.com/gate"}]),
        )),
    }  # fmt: skip


@st.composite
def pods(draw: st.DrawFn, name: str = "p") -> Json:
    extra = draw(some({}, finalizers=st.just(["example.com/hold"])))
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, **extra}, "spec": draw(pod_specs())}


def fit(spec: Json, policies: tuple[str, ...]) -> Json:
    """The spec as a template of a workload that allows these policies only."""
    policy = spec["restartPolicy"] if spec["restartPolicy"] in policies else policies[0]
    return {**{k: v for k, v in spec.items() if k != "activeDeadlineSeconds"}, "restartPolicy": policy}


@st.composite
def workloads(draw: st.DrawFn) -> Json:
    spec, labels = draw(pod_specs()), {"app": "w"}
    if draw(st.booleans()):
        job = draw(some({}, completions=st.integers(1, 3), parallelism=st.integers(1, 2), backoffLimit=st.integers(0, 2)))
        return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "w"}, "spec": {**job, "template": {"spec": fit(spec, ("Never", "OnFailure"))}}}
    selector = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": fit(spec, ("Always",))}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "w"}, "spec": {"replicas": draw(st.integers(1, 3)), **selector}}


manifests = st.one_of(pods().map(lambda p: [p]), st.tuples(pods(), pods("q")).map(list), workloads().map(lambda w: [w]))

# ---- the world

short = st.sampled_from([0, 0.3, 1, 3.7, 8, 21, 45])
ends = some({"for": short, "exit": st.sampled_from([0, 1, 137])}, oom=st.booleans())
run = st.one_of(ends, ends, st.just({}), st.sampled_from([{"start_error": "no such file"}, {"create_error": "no space"}]))
window = some({"from": short, "to": st.none() | seconds, "result": st.sampled_from(["fail", "timeout", "refused", "ok"])}, run=st.integers(0, 1))
hooks = some({"takes": short, "fails": st.booleans()})
script = some(
    {
        "runs": st.lists(run, min_size=1, max_size=3),
        "on_term": st.sampled_from([{}, {"ignore": True}, {"after": 3, "exit": 0}]),
        "probes": some({k: st.lists(window, max_size=2) for k in ("readiness", "liveness", "startup")}),
        "hooks": some({"postStart": hooks, "preStop": hooks}),
    }
)
image = some({"pull": short}, error=st.just("not found") | st.just([None, "timeout"]), present=st.booleans())
gate = st.sampled_from(["True", "False"]).map(lambda s: {"patch_status": {"status": {"conditions": [{"type": "example.com/gate", "status": s}]}}})
debug = {"patch_ephemeral": {"spec": {"ephemeralContainers": [{"name": "debug", "image": "debug:1"}]}}}
on_pod = st.one_of(
    gate,
    st.sampled_from([
        {"delete": {}}, {"delete": {"gracePeriodSeconds": 2}}, {"force_delete": True}, debug,
        {"patch": {"metadata": {"labels": {"a": "b"}}}}, {"patch": {"metadata": {"finalizers": None}}},
        {"patch": {"spec": {"containers": [{"name": "app", "image": "app:2"}]}}}, {"patch": {"spec": {"activeDeadlineSeconds": 20}}},
        {"evict": {}}, {"pressure": {"resource": "memory"}},
        {"patch_resize": {"spec": {"containers": [{"name": "app", "resources": {"requests": {"memory": "1Gi"}}}]}}},
    ]),
)  # fmt: skip
on_cluster = st.sampled_from([
    {"create": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "b"}}},
    {"kubectl": "scale deployment w --replicas=0"}, {"kubectl": "set image deployment/w app=app:2"}, {"kubectl": "delete pod q --wait=false"},
    {"patch_node_status": {"status": {"allocatable": {"cpu": "32"}}}}, {"kubectl": "cordon node1"}, {"kubectl": "uncordon node1"},
])  # fmt: skip
action = st.tuples(some({"at": seconds}), on_pod | on_cluster).map(lambda both: both[0] | both[1])
worlds = some(
    {
        "containers": some(dict.fromkeys(NAMES.values(), script)),
        "images": some({}, **dict.fromkeys([*(f"{n}:1" for n in NAMES.values()), "app:2", "shared:1"], image)),
        "actions": st.lists(action, max_size=3),
    },
    seed=st.integers(0, 99),
    nodes=st.sampled_from([
        [{"name": "node1", "unschedulable": True}], [{"name": "node1", "cpu": "1"}, {"name": "node2", "pods": 1}],
        [{"name": "node1", "silent": [{"from": 5, "to": 80}]}, {"name": "node2"}],
    ]),
)  # fmt: skip
