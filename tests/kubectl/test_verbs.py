"""What the verbs print, line by line; texts are those of kubectl's source."""

from __future__ import annotations

import json
from typing import Any

import pytest

from podsim import Cluster

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  containers:
  - {name: app, image: 'nginx:1.26'}
  - {name: side, image: 'busybox:1.36'}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: dep}
spec:
  replicas: 2
  selector: {matchLabels: {app: dep}}
  template:
    metadata: {labels: {app: dep}}
    spec: {containers: [{name: app, image: 'nginx:1.26'}]}
"""
FILES = {"m.yaml": POD, "d.yaml": DEPLOYMENT, "two.yaml": f"{POD}---\n{DEPLOYMENT}", "p.yaml": "metadata: {labels: {tier: back}}\n"}
NO_SUCH_PATH = "Error from server (NotFound): the server could not find the requested resource\n"
NO_SELECTOR = 'Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "a in b", field selector "": '
FORMATS = "go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,yaml"
REFUSED = "The request is invalid: the server rejected our request due to an error in our request\n"


@pytest.fixture
def cluster() -> Cluster:
    made = Cluster()
    made.kubectl("apply -f m.yaml -f d.yaml", files=FILES)
    made.run(until=5)
    return made


DONE = [
    ("patch pod web --patch-file p.yaml", "pod/web patched\n"),
    ("patch pod web -p 'metadata: {labels: {app: web}}'", "pod/web patched (no change)\n"),
    ("""patch pod web --type=json -p '[{"op": "replace", "path": "/spec/containers/0/image", "value": "nginx:1.28"}]'""", "pod/web patched\n"),
    ("""patch deploy dep --type=merge -p '{"spec": {"replicas": 5}}' --dry-run=server -o jsonpath={.spec.replicas}""", "5"),
    ("""patch deploy dep -p '{"spec": {"replicas": 2}}' --dry-run=client""", "deployment.apps/dep patched (no change) (dry run)\n"),
    ("label deploy --all t=1 -o name", "deployment.apps/dep\n"),
    ("label -f m.yaml a=b app-", "pod/web label(s) changed\n"),
    ("label pod/web deploy/dep a=b", "pod/web labeled\ndeployment.apps/dep labeled\n"),
    ("label pod web app=web x-", 'label "x" not found.\npod/web not labeled\n'),
    ("label deploy,pod -l app=web a=b --dry-run=server", "pod/web labeled (server dry run)\n"),
    ("label pod web --list", "app=web\n"),
    ("annotate deploy dep kubernetes.io/change-cause=one", "deployment.apps/dep annotated\n"),
    ("annotate pod web note-", "pod/web annotated\n"),
    ("scale deploy/dep --replicas=3 --current-replicas=2", "deployment.apps/dep scaled\n"),
    ("scale deploy dep --replicas=3 -o jsonpath={.spec.replicas}", "3"),
    ("scale -f d.yaml --replicas=3 --timeout=1m", "deployment.apps/dep scaled\n"),
    ("set image deploy/dep app=nginx:1.27", "deployment.apps/dep image updated\n"),
    ("set image deploy dep *=nginx:1.26", ""),
    ("set image -f two.yaml app=nginx:1.27 --dry-run=client", "pod/web image updated (dry run)\ndeployment.apps/dep image updated (dry run)\n"),
    ("set resources deploy dep --limits=cpu=1,memory=1Gi -c=a*", "deployment.apps/dep resource requirements updated\n"),
    ("set resources deploy dep --limits=cpu=1000m --requests=cpu=0.5 -o jsonpath={.spec.template.spec.containers[0].resources}", '{"limits":{"cpu":"1"},"requests":{"cpu":"500m"}}'),
    ("set resources -f m.yaml --requests=cpu=1 -c side --dry-run=client", "pod/web resource requirements updated (dry run)\n"),
    ("rollout status deploy/dep", 'deployment "dep" successfully rolled out\n'),
    ("rollout restart deploy -o name", "deployment.apps/dep\n"),
    ("apply -f two.yaml --dry-run=client", "pod/web unchanged (dry run)\ndeployment.apps/dep unchanged (dry run)\n"),
    ("apply -f two.yaml -o jsonpath={.items[*].kind}", "Pod Deployment"),
    ("create -f two.yaml --dry-run=client -o name", "pod/web\ndeployment.apps/dep\n"),
    ("replace --force -f m.yaml", 'pod "web" deleted from default namespace\npod/web replaced\n'),
    ("delete pod nope --ignore-not-found", ""),
    ("delete pods -l app=none", "No resources found\n"),
    ("delete -f two.yaml --wait=false", 'pod "web" deleted from default namespace\ndeployment.apps "dep" deleted from default namespace\n'),
    ("delete pod/web deploy/dep -o name --wait=false", "pod/web\ndeployment.apps/dep\n"),
    ("get pods --sort-by=.metadata.name -o name -l app!=dep", "pod/web\n"),
    ("get deploy,pod -o custom-columns=N:.metadata.name,R:.spec.replicas,X:nope -l app!=dep", "N     R        X\ndep   2        <none>\nweb   <none>   <none>\n"),
    ("""get pods -o 'jsonpath={.items[?(@.metadata.name=="web")].spec.containers[*].name}'""", "app side"),
    ("get pod web -o jsonpath={.nothing.here}", ""),
    ("get -f two.yaml -o name", "pod/web\ndeployment.apps/dep\n"),
    ("get pod nope --ignore-not-found", ""),
    ("events --for pod/web --types=Normal --no-headers -o jsonpath={.items[0].reason}", "Pulled"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "stdout"), DONE)
def test_what_is_done(cluster: Cluster, line: str, stdout: str) -> None:
    result = cluster.kubectl(line, files=FILES)
    assert (result.returncode, result.stdout, result.stderr) == (0, stdout, "")


REFUSALS = [
    ("patch pod web", "error: must specify --patch or --patch-file containing the contents of the patch\n"),
    ("patch pod web -p {} --patch-file p.yaml", "error: cannot specify --patch and --patch-file together\n"),
    ("patch pod web --patch-file nope.yaml", "error: unable to read patch file: open nope.yaml: no such file or directory\n"),
    ("patch pod web -p {} --type=nope", 'error: --type must be one of [json merge strategic], not "nope"\n'),
    ("patch pod web -p '['", 'error: unable to parse "[": yaml: line 1: did not find expected node content\n'),
    ("patch pod web -p '{'", "Error from server (BadRequest): unexpected end of JSON input\n"),
    ("patch pod web --type=merge -p '{}x'", "Error from server (BadRequest): error decoding patch: invalid character 'x' after top-level value\n"),
    ("patch pod web -p text", "Error from server (BadRequest): json: cannot unmarshal string into Go value of type map[string]interface {}\n"),
    ("patch pod web --type=json -p {}", "Error from server (BadRequest): json: cannot unmarshal object into Go value of type jsonpatch.Patch\n"),
    ("""patch pod web --type=json -p '[{"op": "remove", "path": "/spec/nope"}]'""", REFUSED),
    ("patch deploy dep --subresource=scale -p {}", NO_SUCH_PATH),
    ("label pod web", "error: at least one label update is required\n"),
    ("label pod web a=b=c", "error: invalid label spec: a=b=c\n"),
    ("label pod web a=1 a-", "error: can not both modify and remove a label in the same command\n"),
    ("label pod web a=b pods", "error: all resources must be specified before label changes: pods\n"),
    ("label pods --all -l a=b c=d", "error: cannot set --all and --selector at the same time\n"),
    ("label pods --all a=b --resource-version=1", "error: --resource-version may only be used with a single resource\n"),
    ("label pod web --list -o yaml", "error: --list and --output may not be specified together\n"),
    ("label pod web app=x", "error: 'app' already has a value (web), and --overwrite is false\n"),
    ("annotate pod web a=1 a-", "error: can not both modify and remove the following annotation(s) in the same command: a\n"),
    ("annotate pod web a=1 -o nope", f'error: unable to match a printer suitable for the output format "nope", allowed formats are: {FORMATS}\n'),
    ("scale deploy/dep --replicas=4 --current-replicas=9", "error: Expected replicas to be 9, was 2\n"),
    ("scale deploy dep --replicas=-1", "error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0\n"),
    ("scale pod web --replicas=1", NO_SUCH_PATH),
    ("set image deploy dep nope=nginx", 'error: unable to find container named "nope"\n'),
    ("set image deploy dep *=a app=b", "error: all containers are already specified by *, but saw more than one container_name=container_image pairs\n"),
    ("set resources deploy dep", "error: you must specify an update to requests or limits (in the form of --requests/--limits)\n"),
    ("set resources deploy dep --limits=cpu", "error: Invalid argument syntax cpu, expected <resource>=<value>\n"),
    ("set resources deploy dep --limits=cpu=x", "error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'\n"),
    ("set resources deploy dep --limits=cpu=1 -c nope", "error: unable to find container named nope\n"),
    ("set resources deploy --all -l a=b --limits=cpu=1", "error: cannot set --all and --selector at the same time\n"),
    ("""patch pod web -p '{"metadata": {"name": "other"}}'""", "Error from server (BadRequest): the name of the object (other) does not match the name on the URL (web)\n"),
    ("""patch pod web -p '{"spec": {"containers": [{"image": "x"}]}}'""", "Error from server: map: map[image:x] does not contain declared merge key: name\n"),
    ("""patch pod web -p '{"spec": {"nodeName": 1}}'""", 'The request is invalid: patch: Invalid value: "map[spec:map[nodeName:1]]": cannot convert int64 to string\n'),
    ("rollout status pod web", "error: no status viewer has been implemented for Pod\n"),
    ("rollout status deploy dep --revision=7", "error: desired revision (7) is different from the running revision (1)\n"),
    ("rollout restart pod web", 'error: pods "web" restarting is not supported\n'),
    ("rollout nope", "error: unknown command \"nope\"\nSee 'kubectl rollout -h' for help and examples\n"),
    ("create nope", "error: Unexpected args: [nope]\nSee 'kubectl create -h' for help and examples\n"),
    ("delete pods --all -l a=b", "error: cannot set --all and --selector at the same time\n"),
    ("delete -f m.yaml pods", "error: when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well\n"),
    ("delete pod web -o yaml", "error: unexpected -o output mode: yaml. We only support '-o name'\n"),
    ("delete pod web --cascade=nope", 'error: invalid cascade value (nope). Must be "background", "foreground", or "orphan"\n'),
    ("get pods --sort-by=.status.nope", "error: couldn't find any field with path \"{.status.nope}\" in the list of objects\n"),
    ("get pods -o custom-columns=A", "error: unexpected custom-columns spec: A, expected <header>:<json-path-expr>\n"),
    ("get pods -o jsonpath={.a", "error: error parsing jsonpath {.a, unclosed action\n"),
    ("get pods --output-watch-events", "error: --output-watch-events option can only be used with --watch or --watch-only\nSee 'kubectl get -h' for help and examples\n"),
    ("get pods,deploy -w", "error: you may only specify a single resource type\n"),
    ("get pods -l 'a in b'", f"{NO_SELECTOR}unable to parse requirement: found 'b' expected: '('\n"),
    ("logs web --tail=-2", "error: --tail must be greater than or equal to -1\n"),
    ("logs web --all-containers -c app", "error: --all-containers=true should not be specified with container name app\n"),
    ("events --for nope/web", 'the server doesn\'t have a resource type "nope"\n'),
    ("events --types=Odd", "error: valid --types are Normal or Warning\n"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "stderr"), REFUSALS)
def test_what_is_refused(cluster: Cluster, line: str, stderr: str) -> None:
    result = cluster.kubectl(line, files=FILES)
    assert (result.returncode, result.stdout, result.stderr) == (1, "", stderr)


@pytest.mark.parametrize(
    "line", ["rollout undo deploy/dep", "set env deploy/dep A=b", "exec web -- ls", "create deployment x --image=y", "apply -k .", "get pods -o go-template={{.x}}", "delete pods --all -i"]
)
def test_what_only_kubectl_has_is_one_line(cluster: Cluster, line: str) -> None:
    result = cluster.kubectl(line, files=FILES)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert result.stderr.startswith("error: podsim ")


def test_a_rollout_of_every_kind_is_followed_to_its_end() -> None:
    cluster = Cluster()
    sets = DEPLOYMENT.replace("Deployment", "StatefulSet").replace("replicas: 2", "replicas: 2\n  serviceName: dep")
    daemons = DEPLOYMENT.replace("Deployment", "DaemonSet").replace("  replicas: 2\n", "")
    cluster.kubectl("apply -f s.yaml -f d.yaml", files={"s.yaml": sets, "d.yaml": daemons})
    assert cluster.kubectl("rollout status sts/dep").stdout.splitlines()[-1] == "partitioned roll out complete: 2 new pods have been updated..."
    assert cluster.kubectl("rollout status ds/dep").stdout.splitlines()[-1] == 'daemon set "dep" successfully rolled out'
    assert 0 < cluster.now < 5


def test_scale_waits_for_the_new_size() -> None:
    cluster = Cluster()
    cluster.kubectl("apply -f d.yaml", files=FILES)
    assert cluster.kubectl("scale deploy dep --replicas=3 --timeout=30s").returncode == 0
    assert cluster.kubectl("get deploy dep -o jsonpath={.status.replicas}").stdout == "3"


def test_unknown_fields_are_refused_warned_of_or_dropped() -> None:
    cluster = Cluster(nodes=[])
    files = {"m.yaml": POD.replace("spec:", "spec:\n  restartpolicy: Never")}
    assert 'strict decoding error: unknown field "spec.restartpolicy"' in cluster.kubectl("create -f m.yaml", files=files).stderr
    warned = cluster.kubectl("create -f m.yaml --validate=warn", files=files)
    assert (warned.stdout, warned.stderr) == ("pod/web created\n", 'Warning: unknown field "spec.restartpolicy"\n')
    assert cluster.kubectl("replace -f m.yaml --validate=false --force", files=files).stderr == ""
    patched = cluster.kubectl("""patch pod web -p '{"spec": {"nope": 1}}'""")
    assert (patched.stdout, patched.stderr) == ("pod/web patched (no change)\n", 'Warning: unknown field "spec.nope"\n')


TWICE = POD.replace("name: app,", "name: app, env: [{name: A}, {name: A}],")
DUPLICATE = 'Warning: spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply\n'


@pytest.mark.parametrize(
    ("line", "text", "warned", "refused"),
    [
        ("create --validate=warn", POD.replace("spec:", "spec:\n  restartPolicy: x\n  nope: 1"), 'Warning: unknown field "spec.nope"\n', 'The Pod "web" is invalid: '),
        ("create", TWICE, DUPLICATE, "Error from server (AlreadyExists): "),
        ("replace --validate=warn", POD.replace("spec:", "spec:\n  nodeName: a\n  nope: 1"), 'Warning: unknown field "spec.nope"\n', 'The Pod "web" is invalid: '),
        ("apply --validate=warn", POD.replace("spec:", "spec:\n  nodeName: a\n  nope: 1"), 'Warning: unknown field "spec.nope"\n', 'The Pod "web" is invalid: '),
    ],
)  # fmt: skip
def test_a_request_that_is_refused_warns_too(cluster: Cluster, line: str, text: str, warned: str, refused: str) -> None:
    result = cluster.kubectl(f"{line} -f m.yaml", files={"m.yaml": text})
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(warned + refused), result.stderr


def test_a_pod_that_is_deleted_is_told_of_when_it_is_applied(cluster: Cluster) -> None:
    cluster.kubectl("delete pod web --wait=false")
    result = cluster.kubectl("apply -f m.yaml", files=FILES)
    assert result.stderr == "Warning: Detected changes to resource web which is currently being deleted.\n"
    assert result.stdout == "pod/web unchanged\n"


def test_the_annotation_of_apply_is_kept_up_to_date(cluster: Cluster) -> None:
    """By the server for a server-side apply, and by create and replace where a manifest has it."""
    image = POD.replace("nginx:1.26", "nginx:1.27")
    cluster.kubectl("apply --server-side -f m.yaml", files={"m.yaml": image})
    assert _applied(cluster, "web")["spec"]["containers"][0]["image"] == "nginx:1.27"
    assert "annotations" not in _applied(cluster, "web")["metadata"]
    cluster.kubectl("create -f m.yaml", files={"m.yaml": POD.replace("name: web\n", "name: new\n  annotations: {kubectl.kubernetes.io/last-applied-configuration: old}\n", 1)})
    assert _applied(cluster, "new")["metadata"] == {"annotations": {}, "labels": {"app": "web"}, "name": "new", "namespace": "default"}


def _applied(cluster: Cluster, name: str) -> dict[str, Any]:
    text = cluster.kubectl(f"get pod {name} -o jsonpath={{.metadata.annotations}}").stdout
    found: dict[str, Any] = json.loads(json.loads(text)["kubectl.kubernetes.io/last-applied-configuration"])
    return found


VERSIONED = POD.replace("  name: web", '  name: web\n  resourceVersion: "1"')


def test_an_object_with_a_version_is_not_created_and_replaces_that_version_only(cluster: Cluster) -> None:
    files = {"m.yaml": VERSIONED, "new.yaml": VERSIONED.replace("name: web", "name: new")}
    said = 'Error from server: error when creating "new.yaml": resourceVersion should not be set on objects to be created\n'
    assert cluster.kubectl("create -f new.yaml", files=files).stderr == said
    conflict = 'Operation cannot be fulfilled on pods "web": the object has been modified; please apply your changes to the latest version and try again'
    assert cluster.kubectl("replace -f m.yaml", files=files).stderr == f'Error from server (Conflict): error when replacing "m.yaml": {conflict}\n'


def test_what_a_deleted_deployment_has_goes_first_later_or_stays(cluster: Cluster) -> None:
    cluster.kubectl("delete deploy dep --cascade=orphan")
    cluster.run(until=10)
    assert cluster.kubectl("get deploy").stderr.startswith("No resources found")
    assert len(cluster.kubectl("get rs,pods -l app=dep -o name").stdout.splitlines()) == 3
    cluster.kubectl("apply -f d.yaml", files=FILES)
    cluster.run(until=15)
    assert len(cluster.kubectl("get rs -o name").stdout.splitlines()) == 1  # adopted
    cluster.kubectl("delete deploy dep --cascade=foreground --wait=false")
    assert cluster.kubectl("get deploy dep -o jsonpath={.metadata.finalizers}").stdout == '["foregroundDeletion"]'
    cluster.run(until=15.1)
    assert cluster.kubectl("get deploy,rs -o jsonpath={.items[*].metadata.finalizers}").stdout == '["foregroundDeletion"] ["foregroundDeletion"]'
    cluster.run(until=20)
    assert cluster.kubectl("get deploy,rs,pods -l app=dep").stdout == ""


@pytest.mark.parametrize(("items", "kind"), [("y", "bool"), ("no", "bool"), ("text", "string"), ("5", "number"), ("{a: b}", "object")])
def test_the_items_of_a_list_are_a_list(items: str, kind: str) -> None:
    result = Cluster().kubectl("apply -f -", stdin=f"apiVersion: v1\nkind: List\nitems: {items}\n")
    wrong = f"json: cannot unmarshal {kind} into Go struct field decodeList.items of type []json.RawMessage"
    assert (result.returncode, result.stderr) == (1, f'error: unable to decode "STDIN": {wrong}\n')
