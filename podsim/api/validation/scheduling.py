"""Rules for where a pod may run: affinity, tolerations, spread constraints, gates.

validateAffinity, ValidateTolerations, validateTopologySpreadConstraints
"""

from __future__ import annotations

from collections.abc import Collection

from .field import (
    Errors,
    Object,
    child,
    conforms,
    duplicate,
    forbidden,
    invalid,
    items,
    not_supported,
    required,
)
from .metadata import expression_values, label_selector
from .names import check

EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
COMPARISONS = ("Lt", "Gt")  # their feature gate is off, but the message names them
REQUIRED, PREFERRED = (
    "requiredDuringSchedulingIgnoredDuringExecution",
    "preferredDuringSchedulingIgnoredDuringExecution",
)
MAX_WEIGHT = 100
POLICIES = ("Honor", "Ignore")
ACTIONS = ("DoNotSchedule", "ScheduleAnyway")


def affinity(path: str, value: Object | None) -> Errors:
    """Node affinity, pod affinity and pod anti-affinity."""
    if value is None:
        return
    if (node := value.get("nodeAffinity")) is not None:
        yield from _node_affinity(child(path, "nodeAffinity"), node)
    for kind in ("podAffinity", "podAntiAffinity"):
        if (terms := value.get(kind)) is not None:
            yield from _pod_affinity(child(path, kind), terms)


def tolerations(path: str, spec: Object) -> Errors:
    """tolerations of a pod."""
    for at, toleration in items(spec, "tolerations", path):
        key, effect = toleration.get("key") or "", toleration.get("effect") or ""
        operator = toleration.get("operator") or ""
        if key:
            yield from conforms(child(at, "key"), key, "qualifiedname")
        elif operator != "Exists":
            detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
            yield invalid(child(at, "operator"), operator, detail)
        if toleration.get("tolerationSeconds") is not None and effect != "NoExecute":
            yield invalid(child(at, "effect"), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")
        yield from _operator(child(at, "operator"), operator, toleration.get("value") or "")
        if effect:
            yield from taint_effect(child(at, "effect"), effect)


def taint_effect(path: str, effect: str) -> Errors:
    """The effect of a taint or a toleration."""
    if effect not in EFFECTS:
        yield not_supported(path, effect, EFFECTS)


def topology_spread(path: str, spec: Object) -> Errors:
    """topologySpreadConstraints of a pod."""
    constraints = [constraint for _, constraint in items(spec, "topologySpreadConstraints", path)]
    pairs = [
        (constraint.get("topologyKey") or "", constraint.get("whenUnsatisfiable") or "") for constraint in constraints
    ]
    for number, constraint in enumerate(constraints):
        at, (key, action) = f"{child(path, 'topologySpreadConstraints')}[{number}]", pairs[number]
        if (skew := constraint.get("maxSkew") or 0) <= 0:
            yield invalid(child(at, "maxSkew"), skew, "must be greater than zero")
        if not key:
            yield required(child(at, "topologyKey"), "can not be empty")
        if action not in ACTIONS:
            yield not_supported(child(at, "whenUnsatisfiable"), action, ACTIONS)
        if pairs[number] in pairs[number + 1 :]:
            yield duplicate(child(at, "{topologyKey, whenUnsatisfiable}"), f"{{{key}, {action}}}")
        yield from _min_domains(child(at, "minDomains"), constraint.get("minDomains"), action)
        for field in ("nodeAffinityPolicy", "nodeTaintsPolicy"):
            if (policy := constraint.get(field)) is not None and policy not in POLICIES:
                yield not_supported(child(at, field), policy, POLICIES)
        yield from _label_keys(at, constraint)
        yield from label_selector(child(at, "labelSelector"), constraint.get("labelSelector"))


def readiness_gates(path: str, spec: Object) -> Errors:
    """readinessGates of a pod."""
    for at, gate in items(spec, "readinessGates", path):
        yield from conforms(child(at, "conditionType"), gate.get("conditionType") or "", "qualifiedname")


def scheduling_gates(path: str, spec: Object) -> Errors:
    """schedulingGates of a pod."""
    seen: set[str] = set()
    for at, gate in items(spec, "schedulingGates", path):
        name = gate.get("name") or ""
        yield from conforms(at, name, "qualifiedname")
        if name in seen:
            yield duplicate(at, name)
        seen.add(name)


def _operator(path: str, operator: str, value: str) -> Errors:
    if operator in ("", "Equal"):
        if messages := check("labelvalue", value):
            yield invalid(path, value, ";".join(messages))
    elif operator == "Exists":
        if value:
            yield invalid(path, value, "value must be empty when `operator` is 'Exists'")
    else:
        yield not_supported(path, operator, ("Equal", "Exists", *(COMPARISONS if operator in COMPARISONS else ())))


def _node_affinity(path: str, value: Object) -> Errors:
    if (selector := value.get(REQUIRED)) is not None:
        terms_path = child(path, REQUIRED)
        if not selector.get("nodeSelectorTerms"):
            yield required(child(terms_path, "nodeSelectorTerms"), "must have at least one node selector term")
        for at, term in items(selector, "nodeSelectorTerms", terms_path):
            yield from _node_selector_term(at, term, check_values=True)
    for at, term in items(value, PREFERRED, path):
        yield from _weight(at, term)
        yield from _node_selector_term(child(at, "preference"), term.get("preference") or {}, check_values=False)


def _node_selector_term(path: str, term: Object, *, check_values: bool) -> Errors:
    for at, expression in items(term, "matchExpressions", path):
        yield from expression_values(at, expression, ("In", "NotIn"), ("Exists", "DoesNotExist"), ("Gt", "Lt"))
        yield from conforms(child(at, "key"), expression.get("key") or "", "qualifiedname")
        if check_values:
            yield from _each(at, expression.get("values") or (), "labelvalue")
    for at, expression in items(term, "matchFields", path):
        yield from _node_field(at, expression)


def _node_field(path: str, expression: Object) -> Errors:
    operator, values, key = (
        expression.get("operator") or "",
        expression.get("values") or (),
        expression.get("key") or "",
    )
    if operator not in ("In", "NotIn"):
        yield invalid(child(path, "operator"), operator, "not a valid selector operator")
    elif len(values) != 1:
        detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
        yield required(child(path, "values"), detail)
    if key != "metadata.name":
        yield invalid(child(path, "key"), key, "not a valid field selector key")
    else:
        yield from _each(path, values, "dns1123subdomain")


def _each(path: str, values: Collection[str], kind: str) -> Errors:
    for number, value in enumerate(values):
        yield from conforms(f"{path}.values[{number}]", value, kind)


def _weight(path: str, term: Object) -> Errors:
    weight = term.get("weight") or 0
    if not 1 <= weight <= MAX_WEIGHT:
        yield invalid(child(path, "weight"), weight, f"must be in the range 1-{MAX_WEIGHT}")


def _pod_affinity(path: str, value: Object) -> Errors:
    for at, term in items(value, REQUIRED, path):
        yield from _pod_affinity_term(at, term)
    for at, term in items(value, PREFERRED, path):
        yield from _weight(at, term)
        yield from _pod_affinity_term(child(at, "podAffinityTerm"), term.get("podAffinityTerm") or {})


def _pod_affinity_term(path: str, term: Object) -> Errors:
    for field in ("labelSelector", "namespaceSelector"):
        yield from label_selector(child(path, field), term.get(field))
    for namespace in term.get("namespaces") or ():
        yield from conforms(child(path, "namespace"), namespace, "dns1123label")
    yield from _label_keys(path, term)
    key = term.get("topologyKey") or ""
    if not key:
        yield required(child(path, "topologyKey"), "can not be empty")
    yield from conforms(child(path, "topologyKey"), key, "qualifiedname")


def _label_keys(path: str, term: Object) -> Errors:
    """matchLabelKeys and mismatchLabelKeys.                      ValidateMatchLabelKeysAndMismatchLabelKeys"""
    selector = term.get("labelSelector")
    match, mismatch = term.get("matchLabelKeys") or (), term.get("mismatchLabelKeys") or ()
    for field in ("matchLabelKeys", "mismatchLabelKeys"):
        if term.get(field) and selector is None:
            yield forbidden(child(path, field), "must not be specified when labelSelector is not set")
        elif selector is not None:
            for at, key in items(term, field, path):
                yield from conforms(at, key, "qualifiedname")
    selected = set((selector or {}).get("matchLabels") or ())
    for expression in (selector or {}).get("matchExpressions") or ():
        key = expression.get("key")
        if key in match and key in selected:
            number = len(match) - 1 - tuple(reversed(match)).index(key)
            yield invalid(f"{path}[{number}]", key, "exists in both matchLabelKeys and labelSelector")
        selected.add(key)
    for number, key in enumerate(match):
        if key in mismatch:
            yield invalid(
                f"{path}.matchLabelKeys[{number}]", key, "exists in both matchLabelKeys and mismatchLabelKeys"
            )


def _min_domains(path: str, value: int | None, action: str) -> Errors:
    if value is None:
        return
    if value <= 0:
        yield invalid(path, value, "must be greater than zero")
    if action != "DoNotSchedule":
        yield invalid(path, value, f"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}")
