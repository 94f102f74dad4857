"""Rules for Job and CronJob.        k8s.io/kubernetes/pkg/apis/batch/validation/validation.go"""

from __future__ import annotations

import re

from . import metadata, names, schedule
from .field import (
    Errors,
    Object,
    child,
    conforms,
    duplicate,
    invalid,
    invalid_whole,
    items,
    not_negative,
    not_supported,
    one_of,
    required,
    too_long,
    too_many,
)
from .goformat import quote
from .internal import render
from .metadata import object_meta
from .pod import pod_template
from .workload import MISMATCH

COMPLETION_MODES = ("NonIndexed", "Indexed")
CONCURRENCY_POLICIES = ("Allow", "Forbid", "Replace")
REPLACEMENT_POLICIES = ("Failed", "TerminatingOrFailed")
FAILURE_ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
OPERATORS = ("In", "NotIn")
STATUSES = ("False", "True", "Unknown")
MAX_INDEXED, MANY_INDEXED = 100_000, 10_000
MAX_RULES, MAX_EXIT_CODES, MAX_PATTERNS = 20, 255, 20
MAX_MANAGED_BY, MAX_CRON_JOB_NAME = 63, 52
COUNTS = (
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
)


def job(value: Object) -> Errors:
    """A Job whose selector and labels the server has made already (if it has a uid)."""
    meta, spec = value.get("metadata") or {}, value.get("spec") or {}
    selector, labels = spec.get("selector"), ((spec.get("template") or {}).get("metadata") or {}).get("labels")
    yield from object_meta(meta)
    yield from _generated_selector(meta, spec)
    yield from _spec("spec", spec)
    if meta.get("uid"):
        if selector is None:
            yield required("spec.selector")
        yield from metadata.label_selector("spec.selector", selector)
        if metadata.matches(selector, labels) is False:
            yield invalid("spec.template.metadata.labels", labels, MISMATCH)
    if spec.get("completionMode") == "Indexed" and (spec.get("completions") or 0) > 0:
        hostname = f"{meta.get('name', '')}-{spec['completions'] - 1}"
        if names.check("dns1123label", hostname):
            detail = f"will not able to create pod with invalid DNS label: {hostname}"
            yield invalid("metadata.name", meta.get("name") or "", detail)


def cron_job(value: Object) -> Errors:
    """A CronJob."""
    meta, spec = value.get("metadata") or {}, value.get("spec") or {}
    template = spec.get("jobTemplate") or {}
    job_spec = template.get("spec") or {}
    yield from object_meta(meta)
    if text := spec.get("schedule"):
        yield from _schedule("spec.schedule", text)
    yield from not_negative("spec.startingDeadlineSeconds", spec.get("startingDeadlineSeconds"))
    yield from _time_zone("spec.timeZone", spec.get("timeZone"))
    yield from one_of("spec.concurrencyPolicy", spec.get("concurrencyPolicy"), CONCURRENCY_POLICIES)
    yield from _spec("spec.jobTemplate.spec", job_spec)
    if (selector := job_spec.get("selector")) is not None:
        shown = render("LabelSelector", selector)
        yield invalid("spec.jobTemplate.spec.selector", shown, "`selector` will be auto-generated")
    if job_spec.get("manualSelector"):
        yield not_supported("spec.jobTemplate.spec.manualSelector", job_spec["manualSelector"], ("nil", "false"))
    for field in ("successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        yield from not_negative(f"spec.{field}", spec.get(field))
    if len(meta.get("name") or "") > MAX_CRON_JOB_NAME:
        yield invalid("metadata.name", meta["name"], f"must be no more than {MAX_CRON_JOB_NAME} characters")
    if not spec.get("schedule"):  # a declarative rule, which the server adds at the end
        yield required("spec.schedule")


def _generated_selector(meta: Object, spec: Object) -> Errors:
    selector, uid, name = spec.get("selector"), meta.get("uid"), meta.get("name") or ""
    if spec.get("manualSelector") or selector is None or not uid:
        return
    labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels") or {}
    made = {
        "controller-uid": uid,
        "job-name": name,
        "batch.kubernetes.io/controller-uid": uid,
        "batch.kubernetes.io/job-name": name,
    }
    for key, expected in made.items():
        path = f"spec.template.metadata.labels[{key}]"
        if key not in labels:
            yield required(path, f"must be '{expected}'")
        elif labels[key] != expected:
            yield invalid(path, dict(sorted(labels.items())), f"must be '{expected}'")
    if metadata.matches(selector, made) is False:
        yield invalid("spec.selector", render("LabelSelector", selector), "`selector` not auto-generated")


def _spec(path: str, spec: Object) -> Errors:
    for field in COUNTS:
        yield from not_negative(child(path, field), spec.get(field))
    if spec.get("maxFailedIndexes") is not None and spec.get("backoffLimitPerIndex") is None:
        yield required(child(path, "backoffLimitPerIndex"), "when maxFailedIndexes is specified")
    if (manager := spec.get("managedBy")) is not None:
        yield from _managed_by(child(path, "managedBy"), manager)
    yield from _completion_mode(path, spec)
    if (policy := spec.get("podFailurePolicy")) is not None:
        yield from _failure_policy(child(path, "podFailurePolicy"), policy, spec)
    yield from _replacement_policy(child(path, "podReplacementPolicy"), spec)
    template = spec.get("template") or {}
    yield from pod_template(child(path, "template"), template)
    restart, restart_path = (
        (template.get("spec") or {}).get("restartPolicy") or "",
        f"{path}.template.spec.restartPolicy",
    )
    if restart in ("", "Always"):
        yield required(restart_path, 'valid values: "OnFailure", "Never"')
    elif restart not in ("OnFailure", "Never"):
        yield not_supported(restart_path, restart, ("OnFailure", "Never"))
    elif policy is not None and restart != "Never":
        yield invalid(restart_path, restart, 'only "Never" is supported when podFailurePolicy is specified')


def _managed_by(path: str, manager: str) -> Errors:
    domain, slash, rest = manager.partition("/")
    if not manager:
        yield required(path)
    elif not (domain and slash and rest):
        yield invalid(path, manager, 'must be a domain-prefixed path (such as "acme.io/foo")')
    else:
        yield from conforms(path, domain, "dns1123subdomain")
    if len(manager) > MAX_MANAGED_BY:
        yield too_long(path, MAX_MANAGED_BY)


def _completion_mode(path: str, spec: Object) -> Errors:
    mode = spec.get("completionMode")
    if mode is not None and mode not in COMPLETION_MODES:
        yield not_supported(child(path, "completionMode"), mode, COMPLETION_MODES)
    if mode == "Indexed":
        yield from _indexed(path, spec)
    elif mode in (None, "NonIndexed"):
        for field in ("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"):
            if (value := spec.get(field)) is not None:
                yield invalid(child(path, field), value, "requires indexed completion mode")


def _indexed(path: str, spec: Object) -> Errors:
    completions, parallelism, failed = (spec.get(field) for field in ("completions", "parallelism", "maxFailedIndexes"))
    if completions is None:
        yield required(child(path, "completions"), "when completion mode is Indexed")
    if (parallelism or 0) > MAX_INDEXED:
        detail = f"must be less than or equal to {MAX_INDEXED} when completion mode is Indexed"
        yield invalid(child(path, "parallelism"), parallelism, detail)
    if completions is not None and (failed or 0) > completions:
        yield invalid(child(path, "maxFailedIndexes"), failed, "must be less than or equal to completions")
    if (failed or 0) > MAX_INDEXED:
        yield invalid(child(path, "maxFailedIndexes"), failed, f"must be less than or equal to {MAX_INDEXED}")
    if (completions or 0) > MAX_INDEXED and spec.get("backoffLimitPerIndex") is not None:
        yield from _many_indexed(path, spec)


def _many_indexed(path: str, spec: Object) -> Errors:
    if spec.get("maxFailedIndexes") is None:
        yield required(child(path, "maxFailedIndexes"), f"must be specified when completions is above {MAX_INDEXED}")
    for field in ("parallelism", "maxFailedIndexes"):
        if (spec.get(field) or 0) > MANY_INDEXED:
            detail = (
                f"must be less than or equal to {MANY_INDEXED} when completions are above {MAX_INDEXED} "
                "and used with backoff limit per index"
            )
            yield invalid(child(path, field), spec[field], detail)


def _replacement_policy(path: str, spec: Object) -> Errors:
    allowed = REPLACEMENT_POLICIES if spec.get("podFailurePolicy") is None else ("Failed",)
    if (policy := spec.get("podReplacementPolicy")) is not None and policy not in allowed:
        yield not_supported(path, policy, allowed)


def _failure_policy(path: str, policy: Object, spec: Object) -> Errors:
    pod, rules = (spec.get("template") or {}).get("spec") or {}, policy.get("rules") or ()
    known = {
        container.get("name") for kind in ("containers", "initContainers") for _, container in items(pod, kind, "")
    }
    if len(rules) > MAX_RULES:
        yield too_many(child(path, "rules"), len(rules), MAX_RULES)
    for at, rule in items(policy, "rules", path):
        action = rule.get("action") or ""
        if action == "FailIndex" and spec.get("backoffLimitPerIndex") is None:
            yield invalid(child(at, "action"), action, "requires the backoffLimitPerIndex to be set")
        else:
            yield from _given(child(at, "action"), action, FAILURE_ACTIONS)
        yield from _failure_rule(at, rule, known)


def _failure_rule(path: str, rule: Object, known: set[str | None]) -> Errors:
    codes, patterns = rule.get("onExitCodes"), rule.get("onPodConditions") or ()
    if codes is not None:
        yield from _failure_exit_codes(child(path, "onExitCodes"), codes, known)
    if len(patterns) > MAX_PATTERNS:
        yield too_many(child(path, "onPodConditions"), len(patterns), MAX_PATTERNS)
    for at, pattern in items(rule, "onPodConditions", path):
        yield from conforms(child(at, "type"), pattern.get("type") or "", "qualifiedname")
        yield from _given(child(at, "status"), pattern.get("status") or "", STATUSES)
    if codes is not None and patterns:
        yield invalid_whole(path, "specifying both OnExitCodes and OnPodConditions is not supported")
    if codes is None and not patterns:
        yield invalid_whole(path, "specifying one of OnExitCodes and OnPodConditions is required")


def _given(path: str, value: str, allowed: tuple[str, ...]) -> Errors:
    if not value:
        listed = " ".join(quote(choice) for choice in allowed)
        yield required(path, f"valid values: [{listed}]")
    elif value not in allowed:
        yield not_supported(path, value, allowed)


def _failure_exit_codes(path: str, codes: Object, known: set[str | None]) -> Errors:
    operator, values, container = codes.get("operator") or "", codes.get("values") or [], codes.get("containerName")
    yield from _given(child(path, "operator"), operator, OPERATORS)
    if container is not None and container not in known:
        detail = "must be one of the container or initContainer names in the pod template"
        yield invalid(child(path, "containerName"), container, detail)
    if not values:
        yield invalid(child(path, "values"), codes.get("values"), "at least one value is required")
    elif len(values) > MAX_EXIT_CODES:
        yield too_many(child(path, "values"), len(values), MAX_EXIT_CODES)
    for number, value in enumerate(values):
        at = f"{path}.values[{number}]"
        if operator == "In" and value == 0:
            yield invalid(at, value, "must not be 0 for the In operator")
        if value in values[:number]:
            yield duplicate(at, value)
    if values != sorted(values):
        yield invalid(child(path, "values"), values, "must be ordered")


def _schedule(path: str, text: str) -> Errors:
    if problem := schedule.problem(text):
        yield invalid(path, text, problem)
    if "TZ" in text:
        yield invalid(path, text, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")


def _time_zone(path: str, zone: str | None) -> Errors:
    if zone is None:
        return
    if not zone:
        yield invalid(path, zone, "timeZone must be nil or non-empty string")
    elif not all(
        re.fullmatch(r"(?!-)[A-Za-z0-9_.+-]{1,14}", part) and part not in (".", "..") for part in zone.split("/")
    ):
        yield invalid(path, zone, f"unknown time zone {zone}")
    elif zone.lower() == "local":
        yield invalid(
            path, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"
        )
