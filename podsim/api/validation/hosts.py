"""Rules for a pod's names and ties to its node's network and users.

validatePodDNSConfig, validatePodHostName, validateHostUsers, ValidateHostAliases
"""

from __future__ import annotations

from .container import all_containers
from .field import (
    Errors,
    Object,
    child,
    conforms,
    forbidden,
    invalid,
    items,
    required,
    too_long,
)

MAX_NAMESERVERS, MAX_SEARCHES = 3, 32
MAX_SEARCH_CHARACTERS = 2048
MAX_HOSTNAME = 64


def dns_config(path: str, spec: Object) -> Errors:
    """dnsConfig; with dnsPolicy None it must name a server."""
    config, alone = spec.get("dnsConfig"), spec.get("dnsPolicy") == "None"
    if config is None:
        if alone:
            yield required(path, "must provide `dnsConfig` when `dnsPolicy` is None")
    elif alone and not config.get("nameservers"):
        yield required(child(path, "nameservers"), "must provide at least one DNS nameserver when `dnsPolicy` is None")
    else:
        yield from _nameservers(path, config)
        yield from _searches(path, config)
        for at, option in items(config, "options", path):
            if not option.get("name"):
                yield required(at, "must not be empty")


def host_aliases(path: str, spec: Object) -> Errors:
    """hostAliases."""
    for at, alias in items(spec, "hostAliases", path):
        yield from conforms(child(at, "ip"), alias.get("ip") or "", "legacyip")
        for name_path, hostname in items(alias, "hostnames", at):
            yield from conforms(name_path, hostname, "dns1123subdomain")


def host_users(path: str, spec: Object) -> Errors:
    """A pod with its own users may not share what belongs to the node."""
    if spec.get("hostUsers") is not False:
        return
    for field, shown in (("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")):
        if spec.get(field):
            yield forbidden(child(path, shown), "when `hostUsers` is false")
    for at, container in all_containers(path, spec):
        if container.get("volumeDevices"):
            yield forbidden(child(at, "volumeDevices"), "when `hostUsers` is false")


def hostname_override(path: str, spec: Object) -> Errors:
    """hostnameOverride."""
    name = spec.get("hostnameOverride")
    if name is None:
        return
    for field in ("setHostnameAsFQDN", "hostNetwork"):
        if spec.get(field):
            yield forbidden(path, f"may not be specified when {field} is true")
    if len(name) > MAX_HOSTNAME:
        yield too_long(path, MAX_HOSTNAME)
    yield from conforms(path, name, "dns1123subdomain")


def _nameservers(path: str, config: Object) -> Errors:
    servers = config.get("nameservers") or []
    if len(servers) > MAX_NAMESERVERS:
        yield invalid(child(path, "nameservers"), servers, f"must not have more than {MAX_NAMESERVERS} nameservers")
    for at, server in items(config, "nameservers", path):
        yield from conforms(at, server, "legacyip")


def _searches(path: str, config: Object) -> Errors:
    searches = config.get("searches") or []
    if len(searches) > MAX_SEARCHES:
        yield invalid(child(path, "searches"), searches, f"must not have more than {MAX_SEARCHES} search paths")
    if len(" ".join(searches)) > MAX_SEARCH_CHARACTERS:
        detail = f"must not have more than {MAX_SEARCH_CHARACTERS} characters (including spaces) in the search list"
        yield invalid(child(path, "searches"), searches, detail)
    for at, search in items(config, "searches", path):
        if search != ".":
            yield from conforms(at, search.removesuffix("."), "dns1123subdomainunderscore")
