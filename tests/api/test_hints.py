"""What podsim adds to kubectl's words: each repaired text is one that the API server takes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podsim import Cluster
from podsim.api import hints, manifest
from podsim.api.errors import Rejected
from podsim.kubectl.command import Result

KUBIA = """\
apiVersion: v1
kind: Pod
metadata:
  name: kubia-manual
spec:
  containers:
  - name: kubia-container
    image: khk9346/kubia
    ports:
    - containerPort: 8080
      protocol: TCP
"""
FLAT = "\n".join(line.strip() for line in KUBIA.splitlines()) + "\n"
AS_PASTED = """\
apiVersion: v1
kind: Pod
metadata:
name: kubia-manual
spec:
containers:
- name: kubia-container
    image: khk9346/kubia
    ports:
    - containerPort: 8080
    protocol: TCP
"""
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  restartPolicy: Always
  containers:
  - name: app
    image: nginx:1.27
    ports:
    - containerPort: 8080
      name: http
    resources:
      requests: {cpu: 100m, memory: 64Mi}
      limits: {cpu: 200m, memory: 128Mi}
    env:
    - name: MODE
      value: test
    volumeMounts:
    - name: data
      mountPath: /data
  volumes:
  - name: data
    emptyDir: {}
"""
DEPLOY = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: app
        image: nginx:1.27
"""
JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: pi
        image: perl:5.34
"""


def create(text: str) -> Result:
    return Cluster().kubectl("create -f m.yaml", files={"m.yaml": text})


def refusal(text: str) -> str | None:
    """What the server says of a text; None if it takes it."""
    result = create(text)
    return result.stderr if result.returncode else None


def refused(text: str) -> Rejected | None:
    """The exception behind a refusal: hints know more of it than of its text."""
    try:
        Cluster().simulation.server.create(manifest.parse(text)[0].object)
    except Rejected as error:
        return error
    return None


@pytest.mark.parametrize("text", [FLAT, AS_PASTED])
def test_lost_indentation_is_rebuilt(text: str) -> None:
    assert [hint.fixed_text for hint in create(text).hints] == [KUBIA]


def test_kubectls_own_error_stays_as_it_is() -> None:
    stderr = Cluster().kubectl("apply -f pod.yaml", files={"pod.yaml": AS_PASTED}).stderr
    assert stderr == "error: error parsing pod.yaml: error converting YAML to JSON: yaml: line 8: mapping values are not allowed in this context\n"


# manifest, what is right in it, what was written instead, the hint with its line and column
MISTAKES = [
    (POD, "    image: nginx", "\t  image: nginx", "11:1: YAML is indented with blanks, not with tabs"),
    (POD, "  name: web\n  labels:\n    app: web", "\tname: web\n\tlabels:\n\t\tapp: web", "4:1: YAML is indented with blanks, not with tabs"),
    (POD, "  name: web\n  lab", "  name:web\n  lab", "4:8: a blank is missing behind the colon"),
    (POD, "image: nginx:1.27", 'image: "nginx:1.27', "11:12: a quote is opened and not closed"),
    (POD, "    image: nginx:1.27\n", "    image: nginx:1.27\n    args: [a, b\n", "12:11: a bracket is opened and not closed"),
    (POD, "requests: {cpu: 100m, memory: 64Mi}", "requests: {cpu: 100m, memory: 64Mi", "16:17: a bracket is opened and not closed"),
    (POD, "value: test", "value: a: b", "20:14: YAML gives these characters a meaning of their own: put the value into quotes"),
    (POD, "nginx:1.27", "nginx: 1.27", "11:12: a blank in the middle of the name of an image"),
    (POD, "value: test", "value: @home", "20:14: YAML gives these characters a meaning of their own: put the value into quotes"),
    (POD, "value: test", "value: *.log", "20:14: YAML gives these characters a meaning of their own: put the value into quotes"),
    (POD, "value: test", "value: %d", "20:14: YAML gives these characters a meaning of their own: put the value into quotes"),
    (POD, "value: test", "value: {{ mode }}", "20:14: YAML gives these characters a meaning of their own: put the value into quotes"),
    (POD, "value: test", "value: {{ .Values.mode }}", "20:14: YAML gives these characters a meaning of their own: put the value into quotes"),
    (POD, "value: test", "value: `x`", "20:14: YAML gives these characters a meaning of their own: put the value into quotes"),
    (POD, "    image: nginx:1.27", "     image: nginx:1.27", "11:6: indented by 5 blanks: the lines beside it by 4"),
    (POD, "    ports:\n    - containerPort", "   ports:\n    - containerPort", "12:4: indented by 3 blanks: the lines beside it by 4"),
    (POD, "app: web", "app: “web”", "6:5: a label's value is letters, digits, -, _ and .: write web"),
    (DEPLOY, "      - name: app\n        image", "        name: app\n        image", "15:7: a list is wanted here: write [{name: app, image: 'nginx:1.27'}]"),
    (POD, "  labels:\n    app: web", "  labels: [app=web]", "5:3: a map is wanted here: write {app: web}"),
    (POD, "  labels:\n    app: web", "  labels:\n  - app: web\n  - tier: x", "5:3: a map is wanted here: write {app: web, tier: x}"),
    (POD, "  labels:\n    app: web", "  labels: app=web", "5:11: a map is wanted here: write {app: web}"),
    (POD, "    image: nginx:1.27\n", "    image: nginx:1.27\n    command: sleep 10\n", "12:14: a list is wanted here: write [sleep, '10']"),
    (POD, "    image: nginx:1.27\n", "    image: nginx:1.27\n    args: [sleep, 10]\n", "12:19: YAML reads this as a number: put it into quotes"),
    (POD, "value: test", "value: true", "20:14: YAML reads this as a boolean: put it into quotes"),
    (POD, "value: test", "value: 1.0", "20:14: YAML reads this as a number: put it into quotes"),
    (POD, "    app: web", "    app: yes", "6:10: YAML reads this as a boolean: put it into quotes"),
    (POD, "  labels:", "  annotations: {a: 1}\n  labels:", "5:20: YAML reads this as a number: put it into quotes"),
    (POD, "containerPort: 8080", 'containerPort: "8080"', "13:22: a number is wanted here: write it without quotes"),
    (POD, "mountPath: /data", 'mountPath: /data\n      readOnly: "yes"', "24:17: a boolean is wanted here: write true or false, without quotes"),
    (POD, "    image: nginx:1.27\n", "    image: nginx:1.27\n    livenessProbe: {tcpSocket: {port: 8080}, periodSeconds: 5s}\n", "12:61: the field counts in seconds: write 5"),
    (POD, "    env:\n    - name: MODE\n      value: test", "    env:\n      MODE: test\n      DEBUG: true", "18:5: a list is wanted here: write [{name: MODE, value: test}, {name: DEBUG, value: 'true'}]"),
    (POD, "    env:\n    - name: MODE\n      value: test", "    env: [MODE=test]", "18:11: a map is wanted here: write {name: MODE, value: test}"),
    (POD, "    ports:\n    - containerPort: 8080\n      name: http", "    ports: [8080]", "12:13: a map is wanted here: write {containerPort: 8080}"),
    (POD, "    - name: data\n      mountPath: /data", "    - data:/data", "22:7: a map is wanted here: write {name: data, mountPath: /data}"),
    (POD, "  - name: app\n", "    name: app\n", "9:3: a list is wanted here: write [{name: app, image: 'nginx:1.27', ports: [{containerPort:…"),
    (POD, "    resources:\n      requests: {cpu: 100m, memory: 64Mi}\n      limits: {cpu: 200m, memory: 128Mi}", "    resources:\n    - requests: {cpu: 100m, memory: 64Mi}\n    - limits: {cpu: 200m, memory: 128Mi}", "15:5: a map is wanted here: write {requests: {cpu: 100m, memory: 64Mi}, limits: {cpu: 200m,…"),
    (POD, "memory: 128Mi", "memory: 1GB", '17:35: "1GB" is no quantity: write 1G'),
    (POD, "cpu: 200m", "cpu: 500 m", '17:21: "500 m" is no quantity: write 500m'),
    (POD, "memory: 64Mi", "memory: 64mb", '16:37: "64mb" is no quantity: write 64M'),
    (POD, "cpu: 100m", 'cpu: "0,1"', '16:23: "0,1" is no quantity: write 0.1'),
    (POD, "memory: 128Mi", "memory: 1gi", '17:35: "1gi" is no quantity: write 1Gi'),
    (POD, "Always", "always", '8:18: write "Always", not "always"'),
    (POD, "restartPolicy: Always", "restartPolicy: OnFail", '8:18: did you mean "OnFailure"?'),
    (POD, "    image: nginx:1.27\n", "    image: nginx:1.27\n    imagePullPolicy: ifnotpresent\n", '12:22: write "IfNotPresent", not "ifnotpresent"'),
    (POD, "      name: http", "      name: http\n      protocol: tcp", '15:17: write "TCP", not "tcp"'),
    (POD, "  name: web\n  lab", "  name: My_Web\n  lab", "4:9: a name here is small letters, digits, - and .: write my-web"),
    (POD, "name: app", "name: My_App", "10:11: a name here is small letters, digits and -: write my-app"),
    (POD, "app: web", "app: my web", "6:5: a label's value is letters, digits, -, _ and .: write my-web"),
    (POD, "app: web", "my app: web", "6:5: a key is letters, digits, -, _ and .: write my-app"),
    (POD, "name: http", "name: HTTP", "14:13: the name of a port is small letters, digits and -: write http"),
    (POD, "name: http", "name: a-very-long-port-name", "14:13: too long: at most 15 characters, for example a-very-long-por"),
    (POD, "name: app\n", "name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", "10:11: too long: at most 63 characters, for example aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    (POD, "image: nginx:1.27", 'image: " nginx:1.27"', "11:12: blanks around the name of the image"),
    (POD, "cpu: 100m", "cpu: 300m", "16:18: requests.cpu 300m is more than limits.cpu 200m: raise the limit or lower the request"),
    (POD, "    volumeMounts", "  - name: app\n    image: busybox\n    volumeMounts", '21:11: the name "app" is taken: every one needs its own, for example app-2'),
    (POD, "      name: http", "      name: http\n    - containerPort: 9090\n      name: http", '16:13: the name "http" is taken: every one needs its own, for example http-2'),
    (POD, "    emptyDir: {}", "    emptyDir: {}\n  - name: data\n    emptyDir: {}", '27:11: the name "data" is taken: every one needs its own, for example data-2'),
    (POD, "      mountPath: /data", "      mountPath: /data\n    - name: data\n      mountPath: /data", "25:18: /data stands here a second time"),
    (POD, "    image: nginx:1.27\n", "    image: nginx:1.27\n    livenessProbe:\n      periodSeconds: 5\n", "12:5: a handler is missing: exec, httpGet, tcpSocket or grpc, for example tcpSocket"),
    (DEPLOY, "        image: nginx:1.27", "        image: nginx:1.27\n        livenessProbe: {periodSeconds: 5}", "18:9: a handler is missing: exec, httpGet, tcpSocket or grpc, for example exec"),
    (POD, "    image: nginx:1.27\n", "    image: nginx:1.27\n    livenessProbe:\n      tcpSocket: {port: 80}\n      httpGet: {port: 80}\n", "13:7: one handler is enough: keep one of them and drop tcpSocket"),
    (POD, "  volumes:\n  - name: data\n    emptyDir: {}\n", "", '22:13: no volume "data" under spec.volumes: name it there, for example as emptyDir'),
    (POD, "    volumeMounts:\n    - name: data", "    volumeMounts:\n    - name: dta", '22:13: no volume "dta": did you mean "data"?'),
    (POD, "  - name: app\n    image", "  - image", "10:5: a name is missing, for example nginx"),
    (POD, "  name: web\n", "", "3:1: a name is missing, for example pod"),
    (DEPLOY, "    spec:\n      containers", "    spec:\n      restartPolicy: Never\n      containers", '15:22: write "Always", not "Never"'),
    (JOB, "      restartPolicy: Never\n", "", "7:5: the pods of a Job end: write restartPolicy: Never or OnFailure"),
    (DEPLOY, "      labels:\n        app: web", "      labels:\n        app: other", "12:7: the selector does not select the pods of the template: give them its labels"),
    (DEPLOY, "    metadata:\n      labels:\n        app: web\n", "", "10:3: the selector does not select the pods of the template: give them its labels"),
    (DEPLOY, "  selector:\n    matchLabels:\n      app: web\n", "", "5:1: a selector is missing: it names the labels of the template"),
    (DEPLOY, "    matchLabels:\n      app: web\n", "    app: web\n", '8:5: "app" belongs into spec.selector.matchLabels, not here'),
    (DEPLOY, "apps/v1", "v1", "1:13: a Deployment belongs to apiVersion apps/v1"),
    (DEPLOY, "apps/v1", "extensions/v1beta1", "1:13: a Deployment belongs to apiVersion apps/v1"),
    (POD, "apiVersion: v1", "apiVersion: apps/v1", "1:13: a Pod belongs to apiVersion v1"),
    (POD, "kind: Pod", "kind: pod", '2:7: no kind "pod": did you mean "Pod"?'),
    (DEPLOY, "kind: Deployment", "kind: Deploymnet", '2:7: no kind "Deploymnet": did you mean "Deployment"?'),
    (POD, "apiVersion: v1\n", "", "1:1: apiVersion is missing: a Pod belongs to v1"),
    (POD, "kind: Pod\n", "", "1:1: kind is missing: this looks like a Pod"),
    (POD, "    image:", "    imgae:", '11:5: no field "imgae" here: did you mean "image"?'),
    (POD, "restartPolicy", "restartpolicy", '8:3: no field "restartpolicy" here: did you mean "restartPolicy"?'),
    (POD, "restartPolicy", "restart_policy", '8:3: no field "restart_policy" here: did you mean "restartPolicy"?'),
    (POD, "  containers:", "  container:", '9:3: no field "container" here: did you mean "containers"?'),
    (POD, "    env:", "    environment:", '18:5: no field "environment" here: did you mean "env"?'),
    (POD, "containerPort", "port", '13:7: no field "port" here: did you mean "containerPort"?'),
    (POD, "    ports:", "    terminationGracePeriodSeconds: 5\n    ports:", '12:5: "terminationGracePeriodSeconds" belongs into spec, not here'),
    (POD, "  restartPolicy: Always", "  livenessProbe:\n    tcpSocket:\n      port: 80\n  restartPolicy: Always", '8:3: "livenessProbe" belongs into spec.containers[0], not here'),
    (POD, "  name: web\n  lab", "  nodeName: node1\n  name: web\n  lab", '4:3: "nodeName" belongs into spec, not here'),
    (POD, "  restartPolicy: Always", "  labels: {tier: x}\n  restartPolicy: Always", '8:3: "labels" belongs into metadata, not here'),
    (POD, "      requests: {cpu: 100m, memory: 64Mi}\n      limits: {cpu: 200m, memory: 128Mi}", "      cpu: 100m", '16:7: "cpu" belongs into spec.containers[0].resources.requests, not here'),
    (POD, "    image: nginx:1.27\n", "    image: nginx:1.27\n    preStop:\n      exec: {command: [sleep, '5']}\n", '12:5: "preStop" belongs into spec.containers[0].lifecycle, not here'),
    (DEPLOY, "spec:\n  replicas: 2\n", "replicas: 2\nspec:\n", '5:1: "replicas" belongs into spec, not here'),
    (POD, "      value: test", "      value: test\n      valueFrom: {fieldRef: {fieldPath: metadata.name}}", "21:7: value and valueFrom exclude each other: drop one of them"),
    (POD, "    emptyDir: {}", "    configMap: {name: kube-root-ca.crt, defaultMode: 644}", "26:54: a mode is octal: write 0644"),
    (POD, "    image: nginx:1.27\n", "    image: nginx:1.27\n    livenessProbe: {tcpSocket: {port: 80}, successThreshold: 2}\n", "12:62: only 1 is allowed here"),
    (POD, "  labels:\n    app: web", "  labels: {app: web, x: 5}", "5:25: YAML reads this as a number: put it into quotes"),
    (POD, "      value: test", "      valu: test", '20:7: no field "valu" here: did you mean "value"?'),
    (POD, "      value: test", "      value: test\n      zzz: 1", '21:7: no field "zzz" in EnvVar'),
    (POD, "  restartPolicy: Always", "  hostNetwork: 'true'", "8:16: a boolean is wanted here: write true or false, without quotes"),
    (POD, "    image: nginx:1.27\n", "    image: nginx:1.27\n    livenessProbe: {httpGet: /health}\n", "12:30: a map is wanted here: write {path: /health, port: 8080}"),
    (POD, "  restartPolicy: Always", "  nodeSelector: disk=ssd", "8:17: a map is wanted here: write {disk: ssd}"),
    (DEPLOY, "replicas: 2", "replicas: '2'", "6:13: a number is wanted here: write it without quotes"),
    (DEPLOY, "replicas: 2", "replicas: -2", "6:13: 0 or more"),
    (DEPLOY, "  replicas: 2", "  strategy: {type: recreate}", '6:3: write "Recreate", not "recreate"'),
    (DEPLOY, "  replicas: 2", "  strategy: Recreate", "6:13: a map is wanted here: write {type: Recreate}"),
]  # fmt: skip


@pytest.mark.parametrize(("base", "right", "wrong", "words"), MISTAKES)
def test_a_hint_says_where_and_what_and_its_repair_is_taken(base: str, right: str, wrong: str, words: str) -> None:
    assert right in base
    result = create(base.replace(right, wrong, 1))
    assert [str(hint) for hint in result.hints] == [f"m.yaml:{words}"]
    fixed = result.hints[0].fixed_text
    assert fixed is not None
    assert create(fixed).stderr == ""


@pytest.mark.parametrize(("base", "right", "wrong", "words"), [
    (POD, "containerPort: 8080", "containerPort: http", '13:22: a number is wanted here, "http" is a text'),
    (POD, "memory: 128Mi", "memory: lots", '17:35: "lots" is no quantity: write a number with a suffix such as m, Ki, Mi, Gi, k, M or G'),
    (POD, "Always", "Sometimes", '8:18: "Sometimes" is not allowed here: choose one of Always, OnFailure, Never'),
    (POD, "    image: nginx:1.27\n", "", "10:5: image is missing here"),
    (POD, "spec:\n", "restartPolicy: Never\nspec:\n", '7:1: "restartPolicy" belongs into spec, not here'),
    (DEPLOY, "  replicas: 2\n", "  replicas: 2\n  containers: []\n", '7:3: "containers" belongs into spec.template.spec, not here'),
    (POD, "8080", "80800", "13:22: a number from 1 to 65535"),
])  # fmt: skip
def test_where_the_meaning_is_open_a_hint_leaves_the_text_alone(base: str, right: str, wrong: str, words: str) -> None:
    assert [(str(hint), hint.fixed_text) for hint in create(base.replace(right, wrong, 1)).hints] == [(f"m.yaml:{words}", None)]


def test_several_mistakes_are_repaired_one_after_the_other() -> None:
    wrong = POD.replace("restartPolicy: Always", "restartpolicy: always").replace("containerPort: 8080", 'port: "8080"').replace("64Mi", "64MB")
    wrong = wrong.replace("    image: nginx:1.27\n", "    image: nginx:1.27\n    livenessProbe:\n      path: /\n      port: 80\n").replace("name: web", "name: My_Web")
    fixed = hints.repaired(wrong, refused)
    assert refusal(fixed) is None
    assert "httpGet:\n        path: /\n        port: 80" in fixed


def test_the_second_document_and_an_item_of_a_list_have_their_own_lines() -> None:
    two = f"{DEPLOY}---\n{POD.replace('    image:', '    imgae:')}"
    assert [str(hint) for hint in create(two).hints] == ['m.yaml:29:5: no field "imgae" here: did you mean "image"?']
    listed = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n  spec: {containers: [{name: a, imag: nginx}]}\n"
    hint = create(listed).hints[0]
    assert str(hint) == 'm.yaml:7:33: no field "imag" here: did you mean "image"?'
    assert create(hint.fixed_text or "").stdout == "pod/a created\n"


def test_json_stays_json() -> None:
    wrong = json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"restartPolicy": "never", "containers": [{"name": "a", "image": "nginx"}]}})
    fixed = create(wrong).hints[0].fixed_text
    assert json.loads(fixed or "")["spec"]["restartPolicy"] == "Never"


def test_the_rest_of_the_text_is_left_as_it_is() -> None:
    commented = POD.replace("spec:\n", "# what runs\nspec:  # see above\n").replace("    image: nginx:1.27\n", "    imgae: nginx:1.27   # the newest\n")
    fixed = create(commented).hints[0].fixed_text
    assert fixed == commented.replace("imgae", "image")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([POD, DEPLOY, JOB]), st.integers(0, 600), st.sampled_from(["", " ", ":", "- ", "{", "[", '"', "\n", "\t", "x: ", "&a ", "*a", "!!x ", "null", "|", "\x00", "é", "#"]), st.integers(0, 12))
def test_no_text_ends_in_a_traceback(base: str, at: int, inserted: str, dropped: int) -> None:
    text = base[:at] + inserted + base[at + dropped :]
    for hint in create(text).hints:
        assert hint.message


def test_hints_are_few_and_for_texts_that_people_write() -> None:
    def many(count: int) -> str:
        return POD[: POD.index("  - name: app")] + "".join(f"  - {{name: c{i}, imgae: nginx}}\n" for i in range(count))

    assert len(create(many(100)).hints) == hints.MOST_HINTS
    assert create(many(2000)).hints == ()
