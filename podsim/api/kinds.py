"""The kinds of objects that the store knows by name, and every way to spell them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of the API."""

    kind: str
    group: str
    plural: str
    short_names: tuple[str, ...] = ()
    namespaced: bool = True
    version: str = "v1"

    @property
    def api_version(self) -> str:
        """`v1`, `apps/v1`."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def resource(self) -> str:
        """`pods`, `deployments.apps`: as the server names it."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def qualified(self) -> str:
        """`Pod`, `Deployment.apps`: as the server's messages name it."""
        return f"{self.kind}.{self.group}" if self.group else self.kind


KINDS: dict[str, Kind] = {
    k.kind: k
    for k in (
        Kind("Pod", "", "pods", ("po",)),
        Kind("ConfigMap", "", "configmaps", ("cm",)),
        Kind("Secret", "", "secrets"),
        Kind("Service", "", "services", ("svc",)),
        Kind("ServiceAccount", "", "serviceaccounts", ("sa",)),
        Kind("Endpoints", "", "endpoints", ("ep",)),
        Kind("Event", "", "events", ("ev",)),
        Kind("LimitRange", "", "limitranges", ("limits",)),
        Kind("ResourceQuota", "", "resourcequotas", ("quota",)),
        Kind("PersistentVolumeClaim", "", "persistentvolumeclaims", ("pvc",)),
        Kind("PodTemplate", "", "podtemplates"),
        Kind("ReplicationController", "", "replicationcontrollers", ("rc",)),
        Kind("Namespace", "", "namespaces", ("ns",), namespaced=False),
        Kind("Node", "", "nodes", ("no",), namespaced=False),
        Kind("PersistentVolume", "", "persistentvolumes", ("pv",), namespaced=False),
        Kind("Deployment", "apps", "deployments", ("deploy",)),
        Kind("ReplicaSet", "apps", "replicasets", ("rs",)),
        Kind("StatefulSet", "apps", "statefulsets", ("sts",)),
        Kind("DaemonSet", "apps", "daemonsets", ("ds",)),
        Kind("ControllerRevision", "apps", "controllerrevisions"),
        Kind("Job", "batch", "jobs"),
        Kind("CronJob", "batch", "cronjobs", ("cj",)),
        Kind("HorizontalPodAutoscaler", "autoscaling", "horizontalpodautoscalers", ("hpa",), version="v2"),
        Kind("PodDisruptionBudget", "policy", "poddisruptionbudgets", ("pdb",)),
        Kind("EndpointSlice", "discovery.k8s.io", "endpointslices"),
        Kind("Ingress", "networking.k8s.io", "ingresses", ("ing",)),
        Kind("NetworkPolicy", "networking.k8s.io", "networkpolicies", ("netpol",)),
        Kind("PriorityClass", "scheduling.k8s.io", "priorityclasses", ("pc",), namespaced=False),
        Kind("RuntimeClass", "node.k8s.io", "runtimeclasses", namespaced=False),
        Kind("StorageClass", "storage.k8s.io", "storageclasses", ("sc",), namespaced=False),
        Kind("Lease", "coordination.k8s.io", "leases"),
        Kind("Role", "rbac.authorization.k8s.io", "roles"),
        Kind("RoleBinding", "rbac.authorization.k8s.io", "rolebindings"),
        Kind("ClusterRole", "rbac.authorization.k8s.io", "clusterroles", namespaced=False),
        Kind("ClusterRoleBinding", "rbac.authorization.k8s.io", "clusterrolebindings", namespaced=False),
    )
}
_BY_WORD = {word: k for k in KINDS.values() for word in (k.plural, k.kind.lower(), *k.short_names)}


def kind_of(kind: str) -> Kind:
    """The kind of that name; a name that is not known is a namespaced kind of the core group."""
    return KINDS.get(kind) or Kind(kind, "", kind.lower() + "s")


def find(spelling: str) -> Kind | None:
    """The kind that a person means: `po`, `Pods`, `deployments.apps`, `deploy.v1.apps`."""
    word, _, rest = spelling.lower().partition(".")
    kind = _BY_WORD.get(word)
    if kind is None or not rest:
        return kind
    version, _, group = rest.partition(".")
    return kind if rest == kind.group or (version == kind.version and group == kind.group) else None


def by_version(api_version: str, kind: str) -> Kind | None:
    """The kind of that apiVersion; the name in lower case is found too, as kubectl's mapper does."""
    found = KINDS.get(kind) or _BY_WORD.get(kind.lower() if kind == kind.lower() else "")
    return found if found is not None and found.api_version == api_version else None
