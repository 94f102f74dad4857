"""What the simulation does with each field of a pod and of a workload's spec, by type and field of the schema.

SIMULATED: the field changes the story. INERT: on a real cluster it would not change the story either, as long as the
world is in order, for the reason given. NOTED: it may change the story there and does not here; the key of the sentence
that says so. A field whose own type is not simulated stands for everything below it.
"""

from __future__ import annotations


def _table(text: str) -> dict[str, frozenset[str]]:
    """`Type: field field …` per line."""
    pairs = (line.split(":") for line in text.strip().splitlines())
    return {name.strip(): frozenset(fields.split()) for name, fields in pairs}


SIMULATED = _table("""
    Pod: apiVersion kind metadata spec
    ObjectMeta: name generateName namespace resourceVersion labels annotations ownerReferences finalizers
    OwnerReference: kind name uid controller
    PodSpec: volumes initContainers containers ephemeralContainers restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds nodeSelector serviceAccountName serviceAccount automountServiceAccountToken nodeName hostNetwork securityContext affinity schedulerName tolerations priorityClassName priority readinessGates preemptionPolicy overhead topologySpreadConstraints schedulingGates resources
    Container: name image ports envFrom env resources resizePolicy restartPolicy restartPolicyRules volumeMounts livenessProbe readinessProbe startupProbe lifecycle terminationMessagePolicy imagePullPolicy securityContext
    EphemeralContainer: name image envFrom env resources volumeMounts terminationMessagePolicy imagePullPolicy securityContext
    ContainerPort: name hostPort protocol hostIP
    EnvFromSource: configMapRef secretRef
    ConfigMapEnvSource: name optional
    SecretEnvSource: name optional
    EnvVar: valueFrom
    EnvVarSource: configMapKeyRef secretKeyRef
    ConfigMapKeySelector: name key optional
    SecretKeySelector: name key optional
    ResourceRequirements: requests limits
    ContainerResizePolicy: resourceName restartPolicy
    ContainerRestartRule: action exitCodes
    ContainerRestartRuleOnExitCodes: operator values
    VolumeMount: name readOnly recursiveReadOnly mountPath
    Probe: exec httpGet tcpSocket grpc initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold terminationGracePeriodSeconds
    ExecAction: command
    HTTPGetAction: path port host scheme
    TCPSocketAction: port host
    GRPCAction: port
    Lifecycle: postStart preStop
    LifecycleHandler: exec httpGet tcpSocket sleep
    SleepAction: seconds
    SecurityContext: runAsUser runAsGroup runAsNonRoot
    PodSecurityContext: runAsUser runAsGroup runAsNonRoot supplementalGroups fsGroup
    Volume: name hostPath emptyDir secret configMap projected persistentVolumeClaim
    SecretVolumeSource: secretName items optional
    ConfigMapVolumeSource: name items optional
    KeyToPath: key
    ProjectedVolumeSource: sources
    VolumeProjection: secret configMap
    SecretProjection: name items optional
    ConfigMapProjection: name items optional
    PersistentVolumeClaimVolumeSource: claimName
    Affinity: nodeAffinity podAffinity podAntiAffinity
    NodeAffinity: requiredDuringSchedulingIgnoredDuringExecution preferredDuringSchedulingIgnoredDuringExecution
    NodeSelector: nodeSelectorTerms
    NodeSelectorTerm: matchExpressions matchFields
    NodeSelectorRequirement: key operator values
    PreferredSchedulingTerm: weight preference
    PodAffinity: requiredDuringSchedulingIgnoredDuringExecution preferredDuringSchedulingIgnoredDuringExecution
    PodAntiAffinity: requiredDuringSchedulingIgnoredDuringExecution preferredDuringSchedulingIgnoredDuringExecution
    WeightedPodAffinityTerm: weight podAffinityTerm
    PodAffinityTerm: labelSelector namespaces topologyKey namespaceSelector
    LabelSelector: matchLabels matchExpressions
    LabelSelectorRequirement: key operator values
    Toleration: key operator value effect tolerationSeconds
    TopologySpreadConstraint: maxSkew topologyKey whenUnsatisfiable labelSelector minDomains nodeAffinityPolicy nodeTaintsPolicy matchLabelKeys
    PodReadinessGate: conditionType
    PodSchedulingGate: name
    PodTemplateSpec: metadata spec
    DeploymentSpec: replicas selector template strategy minReadySeconds revisionHistoryLimit paused progressDeadlineSeconds
    DeploymentStrategy: type rollingUpdate
    RollingUpdateDeployment: maxUnavailable maxSurge
    ReplicaSetSpec: replicas minReadySeconds selector template
    ReplicationControllerSpec: replicas minReadySeconds selector template
    JobSpec: parallelism completions activeDeadlineSeconds podFailurePolicy successPolicy backoffLimit backoffLimitPerIndex maxFailedIndexes selector manualSelector template ttlSecondsAfterFinished completionMode suspend podReplacementPolicy
    PodFailurePolicy: rules
    PodFailurePolicyRule: action onExitCodes onPodConditions
    PodFailurePolicyOnExitCodesRequirement: containerName operator values
    PodFailurePolicyOnPodConditionsPattern: type status
    SuccessPolicy: rules
    SuccessPolicyRule: succeededIndexes succeededCount
    StatefulSetSpec: replicas selector template volumeClaimTemplates serviceName podManagementPolicy ordinals
    StatefulSetOrdinals: start
    DaemonSetSpec: selector template
    CronJobSpec: jobTemplate
    JobTemplateSpec: metadata spec
""")

# why -> fields that a cluster in order would not show in the story either
INERT: dict[str, dict[str, frozenset[str]]] = {
    "what a process does stands in the scenario": _table("""
        Container: command args workingDir stdin stdinOnce tty terminationMessagePath
        EphemeralContainer: command args workingDir stdin stdinOnce tty terminationMessagePath targetContainerName
        EnvFromSource: prefix
        EnvVar: name value
        EnvVarSource: fieldRef resourceFieldRef
        PodSpec: enableServiceLinks hostPID hostIPC shareProcessNamespace
        SecurityContext: capabilities privileged seLinuxOptions windowsOptions readOnlyRootFilesystem allowPrivilegeEscalation procMount seccompProfile appArmorProfile
        PodSecurityContext: seLinuxOptions windowsOptions supplementalGroupsPolicy fsGroupChangePolicy seccompProfile appArmorProfile seLinuxChangePolicy
    """),
    "what is in a volume is seen by its processes alone": _table("""
        Volume: downwardAPI
        HostPathVolumeSource: path
        EmptyDirVolumeSource: medium mode
        SecretVolumeSource: defaultMode defaultUser
        ConfigMapVolumeSource: defaultMode defaultUser
        ProjectedVolumeSource: defaultMode defaultUser
        KeyToPath: path mode user
        VolumeProjection: downwardAPI serviceAccountToken
        PersistentVolumeClaimVolumeSource: readOnly
        VolumeMount: subPath mountPropagation bindMountOptions
    """),
    "names are resolved by processes alone": _table("""
        PodSpec: hostname subdomain hostAliases dnsPolicy dnsConfig setHostnameAsFQDN hostnameOverride
    """),
    "the scenario says what answers": _table("""
        ContainerPort: containerPort
        HTTPGetAction: httpHeaders protocol
        GRPCAction: service mode
    """),
    "the controller reference alone counts": _table("""
        OwnerReference: apiVersion blockOwnerDeletion
    """),
    "the server writes its own": _table("""
        Pod: status
        ObjectMeta: selfLink uid generation creationTimestamp deletionTimestamp deletionGracePeriodSeconds managedFields
    """),
    "the API server drops it or refuses it there": _table("""
        Lifecycle: stopSignal
        EphemeralContainer: ports resizePolicy restartPolicy restartPolicyRules livenessProbe readinessProbe startupProbe lifecycle
    """),
}  # fmt: skip

# field, or a key of a map below it -> the sentence's key
NOTED: dict[str, str] = {
    "PodSpec.imagePullSecrets": "credentials",
    "PodSpec.runtimeClassName": "runtime-class",
    "PodSpec.os": "operating-system",
    "PodSpec.hostUsers": "user-namespaces",
    "PodSpec.resourceClaims": "devices",
    "PodSpec.schedulingGroup": "pod-groups",
    "PodSpec.evictionResponders": "eviction-responders",
    "Container.volumeDevices": "block-devices",
    "EphemeralContainer.volumeDevices": "block-devices",
    "ContainerPort.hostPort": "host-ports",
    "EnvVarSource.fileKeyRef": "environment-files",
    "ResourceRequirements.limits.memory": "memory",
    "ResourceRequirements.limits.cpu": "cpu",
    "ResourceRequirements.limits.ephemeral-storage": "storage",
    "ResourceRequirements.claims": "devices",
    "VolumeMount.subPathExpr": "sub-path-expressions",
    "PodSecurityContext.sysctls": "sysctls",
    "PodAffinityTerm.matchLabelKeys": "label-keys",
    "PodAffinityTerm.mismatchLabelKeys": "label-keys",
    "HostPathVolumeSource.type": "host-path",
    "EmptyDirVolumeSource.sizeLimit": "storage",
    "Volume.image": "volumes",
    "Volume.ephemeral": "volumes",
    "Volume.persistentVolumeClaim": "volumes",
    "VolumeProjection.clusterTrustBundle": "projections",
    "VolumeProjection.podCertificate": "projections",
    **dict.fromkeys(
        (f"Volume.{source}" for source in ["gcePersistentDisk", "awsElasticBlockStore", "gitRepo", "nfs", "iscsi", "glusterfs", "rbd", "flexVolume", "cinder", "cephfs", "flocker", "fc", "azureFile", "vsphereVolume", "quobyte", "azureDisk", "photonPersistentDisk", "portworxVolume", "scaleIO", "storageos", "csi"]),
        "volumes",
    ),
    "JobSpec.managedBy": "managed-by",
    "JobSpec.scheduling": "pod-groups",
    **dict.fromkeys((f"StatefulSetSpec.{f}" for f in ("updateStrategy", "revisionHistoryLimit", "minReadySeconds", "persistentVolumeClaimRetentionPolicy")), "StatefulSet"),
    **dict.fromkeys((f"DaemonSetSpec.{f}" for f in ("updateStrategy", "revisionHistoryLimit", "minReadySeconds")), "DaemonSet"),
    **dict.fromkeys((f"CronJobSpec.{f}" for f in (
        "schedule", "timeZone", "startingDeadlineSeconds", "concurrencyPolicy", "suspend", "successfulJobsHistoryLimit", "failedJobsHistoryLimit",
    )), "CronJob"),
}  # fmt: skip
# noted field -> values that ask for nothing special
ORDINARY: dict[str, tuple[object, ...]] = {
    "PodSpec.os": ({"name": "linux"},),
    "PodSpec.hostUsers": (True,),
    "HostPathVolumeSource.type": ("DirectoryOrCreate", "FileOrCreate"),
}
# kinds that are stored while nothing, or not everything of theirs, acts on pods -> the sentence's key
KINDS = frozenset({
    "Service", "Ingress", "NetworkPolicy", "HorizontalPodAutoscaler", "PodDisruptionBudget", "PersistentVolumeClaim", "StatefulSet", "DaemonSet", "CronJob",
})  # fmt: skip
