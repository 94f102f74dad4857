"""Hashes of what is told: the same on every Python. The last line is the value, as Pyodide wants it."""

import hashlib
import json

import yaml

from podsim import explorers, simulate
from podsim.timeline import timeline

STORIES = """
init and sidecars:
  pod:
    initContainers: [{name: setup, image: setup}, {name: proxy, image: proxy, restartPolicy: Always, startupProbe: {tcpSocket: {port: 80}, periodSeconds: 2}}]
    containers: [{name: app, image: app}]
  world: {containers: {setup: {runs: [{for: 2, exit: 1}, {for: 3}]}, proxy: {runs: [{for: 20, exit: 1}, {}], probes: {startup: [{to: 3, result: refused}]}}}}
probes:
  pod: {containers: [{name: app, image: app, readinessProbe: {httpGet: {port: 80}, periodSeconds: 3}, livenessProbe: {exec: {command: [check]}, periodSeconds: 5}}]}
  world: {images: {app: {pull: 4.2}}, containers: {app: {probes: {readiness: [{from: 9, to: 21, result: fail}], liveness: [{from: 30, result: timeout, run: 0}]}}}}
hooks and a slow end:
  pod: {terminationGracePeriodSeconds: 6, containers: [{name: app, image: app, lifecycle: {postStart: {exec: {command: [warm]}}, preStop: {sleep: {seconds: 3}}}}]}
  world: {containers: {app: {on_term: {ignore: true}, hooks: {postStart: {takes: 1.5}}}}, actions: [{at: 20, delete: {}}]}
deadline:
  pod: {activeDeadlineSeconds: 25, restartPolicy: OnFailure, containers: [{name: app, image: app}, {name: web, image: web}]}
  world: {containers: {app: {runs: [{for: 4.4, exit: 3}]}}, images: {web: {error: [timeout, null]}}}
rules:
  pod:
    restartPolicy: Never
    containers:
      - {name: app, image: app, restartPolicy: Never, restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In, values: [9]}}]}
      - {name: web, image: web, envFrom: [{configMapRef: {name: settings}}]}
  world:
    containers: {app: {runs: [{for: 7, exit: 9}, {for: 9, exit: 1}]}}
    actions: [{at: 12, create: {apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {a: b}}}]
dice:
  pod: {containers: [{name: app, image: app}]}
  world: {seed: 7, containers: {app: {runs: [{for: 1.1, exit: 1}]}}, nodes: [{name: a}, {name: b}, {name: c}]}
a rollout:
  workload:
    {apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 3, minReadySeconds: 2, selector: {matchLabels: {a: b}},
     template: {metadata: {labels: {a: b}}, spec: {containers: [{name: app, image: "app:1", readinessProbe: {httpGet: {port: 80}}}]}}}}
  world: {actions: [{at: 20, kubectl: "set image deployment/web app=app:2"}, {at: 50, kubectl: "scale deployment web --replicas=1"}]}
a job:
  workload: {apiVersion: batch/v1, kind: Job, metadata: {name: sums}, spec: {completions: 3, parallelism: 2, template: {spec: {restartPolicy: Never, containers: [{name: app, image: app}]}}}}
  world: {containers: {app: {pods: [[{for: 3, exit: 1}], [{for: 5}]]}}}
"""


def answers() -> dict[str, str]:
    """Explorer -> hash of its own run and of one run with every preset's values; story -> hash of all there is to it."""
    found = {}
    for entry in explorers.catalog():
        runs = [{}, *(preset["set"] for preset in entry["presets"])]
        found[entry["id"]] = _hash([explorers.evaluate(entry["id"], values) for values in runs])
    for name, story in yaml.safe_load(STORIES).items():
        manifest = story.get("workload") or {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": story["pod"]}
        record = simulate(json.dumps(manifest), story["world"], until=90).record
        facts = [[f.t, f.kind, f.subject, dict(f.details), f.cause] for f in record.facts]
        objects = [[r.t, r.type, r.object] for r in (*record.revisions, *record.events)]
        found[name] = _hash([objects, facts, [timeline.of(record, pod) for pod in record.pods()]])
    return found


def _hash(told: object) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


json.dumps(answers())
