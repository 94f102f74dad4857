"""Command lines against a cluster: what is printed, and that no input ends in a traceback."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podsim import Cluster
from podsim.kubectl.command import GROUPS, VERBS, Result

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  containers:
  - name: app
    image: nginx:1.26
"""
TWO = POD + "---\n" + POD.replace("name: web", "name: db")
TALKER = {"containers": {"app": {"runs": [{"logs": [{"at": 1, "text": "one"}, {"at": 3, "text": "two"}, {"at": 5, "text": "three"}]}]}}}


def run(cluster: Cluster, line: str, manifest: str = POD, timeout: float | None = None) -> Result:
    """One command, with the manifest as m.yaml."""
    return cluster.kubectl(line, files={"m.yaml": manifest}, timeout=timeout)


def said(cluster: Cluster, line: str, manifest: str = POD) -> str:
    """What a command that succeeds prints."""
    result = run(cluster, line, manifest)
    assert result.returncode == 0, result.stderr
    return result.stdout


def refused(cluster: Cluster, line: str, manifest: str = POD) -> str:
    """What a command that fails says."""
    result = run(cluster, line, manifest)
    assert result.returncode == 1
    return result.stderr


def test_apply_tells_what_it_did() -> None:
    cluster = Cluster()
    assert said(cluster, "apply -f m.yaml") == "pod/web created\n"
    assert said(cluster, "apply -f m.yaml") == "pod/web unchanged\n"
    assert said(cluster, "apply -f m.yaml", POD.replace("1.26", "1.27")) == "pod/web configured\n"
    assert said(cluster, "get pod web -o jsonpath={.spec.containers[0].image}") == "nginx:1.27"


def test_apply_on_a_created_object_warns() -> None:
    cluster = Cluster()
    said(cluster, "create -f m.yaml")
    result = run(cluster, "apply -f m.yaml")
    assert result.stdout == "pod/web configured\n"
    assert result.stderr.startswith("Warning: resource pods/web is missing the kubectl.kubernetes.io/last-applied-configuration annotation")


def test_apply_keeps_what_others_wrote_and_drops_what_the_manifest_dropped() -> None:
    cluster = Cluster()
    said(cluster, "apply -f m.yaml", POD.replace("{app: web}", "{app: web, old: x}"))
    said(cluster, "label pod web foreign=yes")
    said(cluster, "apply -f m.yaml")
    assert said(cluster, "get pod web -o jsonpath={.metadata.labels}") == '{"app":"web","foreign":"yes"}'


def test_dry_runs_change_nothing() -> None:
    cluster = Cluster()
    assert said(cluster, "apply -f m.yaml --dry-run=client") == "pod/web created (dry run)\n"
    assert said(cluster, "create -f m.yaml --dry-run=server") == "pod/web created (server dry run)\n"
    assert run(cluster, "get pods").stderr == "No resources found in default namespace.\n"
    said(cluster, "create -f m.yaml")
    assert said(cluster, "delete pod web --dry-run=client") == 'pod "web" deleted from default namespace (dry run)\n'
    assert said(cluster, "get pods -o name") == "pod/web\n"


def test_one_bad_document_does_not_stop_the_others() -> None:
    cluster = Cluster()
    said(cluster, "create -f m.yaml")
    result = run(cluster, "create -f m.yaml", TWO)
    assert result.stdout == "pod/db created\n"
    assert result.stderr == 'Error from server (AlreadyExists): error when creating "m.yaml": pods "web" already exists\n'


def test_standard_input_is_a_file_named_stdin() -> None:
    cluster = Cluster()
    assert cluster.kubectl("apply -f -", stdin=POD).stdout == "pod/web created\n"
    assert 'error when creating "STDIN"' in cluster.kubectl("create -f -", stdin=POD).stderr


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ("kind: Pod\n", "apiVersion not set"),
        ("metadata: {}\n", "[apiVersion not set, kind not set]"),
        ("apiVersion: v1\nkind: 7\n", "kind isn't string type"),
        ("apiVersion: a/b/c\nkind: X\n", "unexpected GroupVersion string: a/b/c"),
        ("- a\n", "invalid object to validate"),
    ],
)
def test_the_shape_of_an_object_is_checked_first(manifest: str, message: str) -> None:
    tail = "if you choose to ignore these errors, turn validation off with --validate=false"
    expected = f'error: error validating "m.yaml": error validating data: {message}; {tail}\n'
    assert refused(Cluster(), "apply -f m.yaml", manifest) == expected


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ("bad", "string into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta"),
        ("{name: 1}", "number into Go struct field ObjectMeta.metadata.name of type string"),
        ("{labels: [a]}", "array into Go struct field ObjectMeta.metadata.labels of type map[string]string"),
        ("{labels: {a: true}}", "bool into Go struct field ObjectMeta.metadata.labels of type string"),
    ],
)
def test_then_the_types_of_metadata(metadata: str, message: str) -> None:
    text = refused(Cluster(), "apply -f m.yaml", f"apiVersion: v1\nkind: Pood\nmetadata: {metadata}\n")
    assert text == f'error: unable to decode "m.yaml": json: cannot unmarshal {message}\n'


def test_then_the_kind() -> None:
    one = "apiVersion: v1\nkind: Pood\nmetadata: {name: bad}\n"
    block = (
        'resource mapping not found for name: "bad" namespace: "" from "m.yaml": no matches for kind "Pood" in version "v1"\nensure CRDs are installed first\n'
    )
    assert refused(Cluster(), "apply -f m.yaml", one) == f"error: {block}"
    assert refused(Cluster(), "apply -f m.yaml", f"{one}---\n{one}") == block * 2


def test_apply_needs_a_name() -> None:
    text = refused(Cluster(), "apply -f m.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {generateName: gen-}\n")
    assert text == "error: from gen-: cannot use generate name with apply\n"
    assert "resource name may not be empty" in refused(Cluster(), "apply -f m.yaml", "apiVersion: v1\nkind: Pod\n")


def test_delete_waits_until_the_pod_is_gone() -> None:
    cluster = Cluster(scenario={"containers": {"app": {"on_term": {"after": 5, "exit": 0}}}})
    said(cluster, "apply -f m.yaml")
    cluster.run(until=10)
    assert said(cluster, "delete pod web") == 'pod "web" deleted from default namespace\n'
    assert 15 < cluster.now < 17.5
    assert refused(cluster, "get pod web") == 'Error from server (NotFound): pods "web" not found\n'


def test_delete_gives_up_waiting_after_its_timeout() -> None:
    cluster = Cluster(scenario={"containers": {"app": {"on_term": {"ignore": True}}}})
    said(cluster, "apply -f m.yaml")
    cluster.run(until=10)
    assert refused(cluster, "delete pod web --timeout=2s") == "error: timed out waiting for the condition on pods/web\n"
    assert cluster.now == 12
    assert said(cluster, "delete pod web --force") == 'pod "web" force deleted from default namespace\n'


def test_delete_flags_that_contradict_each_other() -> None:
    cluster = Cluster()
    assert refused(cluster, "delete pod web --now --grace-period=3") == "error: --now and --grace-period cannot be specified together\n"
    assert "--force and --grace-period greater than 0" in refused(cluster, "delete pod web --force --grace-period=3")
    assert said(cluster, "delete pods --all") == "No resources found\n"


def test_a_watch_prints_every_revision_and_lets_time_pass() -> None:
    cluster = Cluster()
    said(cluster, "apply -f m.yaml")
    result = run(cluster, "get pods -w", timeout=5)
    assert (result.returncode, cluster.now) == (0, 5)
    header, *rows = result.stdout.splitlines()
    assert header.split() == ["NAME", "READY", "STATUS", "RESTARTS", "AGE"]
    assert rows[0].split()[2] == "Pending"
    assert rows[-1].split()[1:3] == ["1/1", "Running"]


def test_logs_are_cut_followed_and_stamped() -> None:
    cluster = Cluster(scenario=TALKER)
    said(cluster, "apply -f m.yaml")
    cluster.run(until=5)
    assert said(cluster, "logs web") == "one\ntwo\n"
    assert said(cluster, "logs web --tail=1") == "two\n"
    assert said(cluster, "logs web --since=2s --prefix") == "[pod/web/app] two\n"
    assert said(cluster, "logs web --timestamps").startswith("2026-01-01T00:00:01.")
    assert run(cluster, "logs -f web", timeout=3).stdout == "one\ntwo\nthree\n"
    assert refused(cluster, "logs web -c x") == "error: container x is not valid for pod web out of: app\n"
    assert refused(cluster, "logs web -p") == 'Error from server (BadRequest): previous terminated container "app" in pod "web" not found\n'


def test_labels_and_annotations() -> None:
    cluster = Cluster()
    said(cluster, "apply -f m.yaml")
    assert said(cluster, "label pod web app=web") == "pod/web not labeled\n"
    assert refused(cluster, "label pod web app=x") == "error: 'app' already has a value (web), and --overwrite is false\n"
    assert said(cluster, "label pod web app=x --overwrite") == "pod/web labeled\n"
    assert said(cluster, "label pod web app- nope-") == 'label "nope" not found.\npod/web unlabeled\n'
    assert said(cluster, "annotate pod web note=a") == "pod/web annotated\n"
    assert said(cluster, "patch pod web -p {}") == "pod/web patched (no change)\n"
    assert refused(cluster, "set image pod/web x=nginx") == 'error: unable to find container named "x"\n'
    assert said(cluster, "set image pod/web *=nginx:1.27") == "pod/web image updated\n"


def test_kinds_are_named_where_several_are_asked_for() -> None:
    cluster = Cluster()
    said(cluster, "apply -f m.yaml")
    cluster.run(until=3)
    assert said(cluster, "get pods,nodes -o name") == "pod/web\nnode/node1\n"
    tables = said(cluster, "get pods,nodes")
    assert [line.split()[0] for line in tables.splitlines() if line] == ["NAME", "pod/web", "NAME", "node/node1"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("gte pods", 'error: unknown command "gte" for "kubectl"\n\nDid you mean this?\n\tget\n'),
        ("getpods", 'error: unknown command "getpods" for "kubectl"\n'),
        ("get pods --nope", "error: unknown flag: --nope\nSee 'kubectl get --help' for usage.\n"),
        ("get nope", 'error: the server doesn\'t have a resource type "nope"\n'),
        ("get pods/", "error: arguments in resource/name form must have a single resource and name\n"),
        ("get pods web -l a=b", "error: name cannot be provided when a selector is specified\n"),
        ("delete pod", "error: resource(s) were provided, but no name was specified\n"),
        ("apply -f nope.yaml", 'error: the path "nope.yaml" does not exist\n'),
        ("apply -f a -f b", 'the path "a" does not exist\nthe path "b" does not exist\n'),
        ("get pods a b", 'Error from server (NotFound): pods "a" not found\nError from server (NotFound): pods "b" not found\n'),
        ("scale", 'error: required flag(s) "replicas" not set\n'),
    ],
)
def test_mistakes_on_the_command_line(line: str, message: str) -> None:
    assert refused(Cluster(), line) == message


WORDS = st.sampled_from([*VERBS, *GROUPS, *shlex.split(
    "pods pod/web web deploy -f m.yaml -o yaml jsonpath={.items[0]} custom-columns=A -w -l app=web a=b- --all --force -n other -p "
    "'{\"spec\":1}' --type=json [] -A --replicas=2 -c --tail=1 --dry-run --grace-period=x --sort-by={ -- - --field-selector x = '' "
    "--help restart image *=x"
)])  # fmt: skip


MANIFESTS = st.sampled_from([POD, TWO, "", "a: [", "kind: List\nitems: [1]\napiVersion: v1\n", "null", "\x00"])


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=6), MANIFESTS)
def test_no_command_line_ends_in_a_traceback(words: list[str], manifest: str) -> None:
    cluster = Cluster(nodes=[])
    said(cluster, "create -f m.yaml")
    line = " ".join(word if word in VERBS else shlex.quote(word) for word in words)
    result = run(cluster, line, manifest, timeout=0.5)
    assert result.returncode in (0, 1)
    assert bool(result.stderr) or result.returncode == 0
