"""Image references.                                              distribution/reference, kubelet util/parsers"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_DOMAIN_PART = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"(?:{_DOMAIN_PART}(?:\.{_DOMAIN_PART})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_NAME = rf"(?:(?P<domain>{_DOMAIN})/)?(?P<path>{_COMPONENT}(?:/{_COMPONENT})*)"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_REFERENCE = re.compile(rf"{_NAME}(?::(?P<tag>[\w][\w.-]{{0,127}}))?(?:@(?P<digest>{_DIGEST}))?", re.ASCII)
_BARE_ID = re.compile(r"[a-f0-9]{64}")
_HEX = {"sha256": 64, "sha384": 96, "sha512": 128}
MAX_NAME = 255
DEFAULT_DOMAIN, LIBRARY, DEFAULT_TAG = "docker.io", "library", "latest"
INVALID = "invalid reference format"


@dataclass(frozen=True, slots=True)
class Image:
    """A parsed reference: registry and library filled in, `latest` where neither tag nor digest was given."""

    repository: str
    tag: str
    digest: str

    @property
    def default_pull_policy(self) -> str:
        """`Always` for the tag latest, else `IfNotPresent`.             apis/core/v1/defaults.go SetDefaults_Container"""
        return "Always" if self.tag == DEFAULT_TAG else "IfNotPresent"


@lru_cache(maxsize=1024)
def parse(reference: str) -> Image:
    """ParseImageName. Raises ValueError with the kubelet's text for a reference that is malformed."""
    problem = _problem(reference)
    if problem:
        raise ValueError(f'couldn\'t parse image name "{reference}": {problem}')
    match = _REFERENCE.fullmatch(_normalized(reference))
    if match is None:
        raise ValueError(f'couldn\'t parse image name "{reference}": {INVALID}')
    tag, digest = match["tag"] or "", match["digest"] or ""
    return Image(f"{match['domain']}/{match['path']}", tag or ("" if digest else DEFAULT_TAG), digest)


def _problem(reference: str) -> str:
    if not reference:
        return INVALID
    if _BARE_ID.fullmatch(reference):
        return f"invalid repository name ({reference}), cannot specify 64-byte hexadecimal strings"
    name = _normalized(reference)
    remote = name.partition("/")[2]
    path = remote.partition(":")[0]
    if path.lower() != path:
        return f"{INVALID}: repository name ({path}) must be lowercase"
    match = _REFERENCE.fullmatch(name)
    if match is None:
        return INVALID
    if len(match["path"]) > MAX_NAME:
        return f"repository name must not be more than {MAX_NAME} characters"
    algorithm, _, digits = (match["digest"] or "").partition(":")
    if match["digest"] and algorithm not in _HEX:
        return "unsupported digest algorithm"
    if match["digest"] and len(digits) != _HEX[algorithm]:
        return "invalid checksum digest length"
    return "invalid checksum digest format" if digits != digits.lower() else ""


def _normalized(reference: str) -> str:
    """The reference with its registry, and with `library/` for the registry's own images.      splitDockerDomain"""
    first, slash, rest = reference.partition("/")
    is_domain = slash and (any(c in first for c in ".:") or first == "localhost" or first.lower() != first)
    domain, remote = (first, rest) if is_domain else (DEFAULT_DOMAIN, reference)
    domain = DEFAULT_DOMAIN if domain == "index.docker.io" else domain
    return f"{domain}/{LIBRARY}/{remote}" if domain == DEFAULT_DOMAIN and "/" not in remote else f"{domain}/{remote}"
