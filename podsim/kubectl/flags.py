"""The flags that every command of kubectl knows, as a table.

`name/letter:kind=default?bare`: `bare` is the value of a flag that is given without one. A `!` behind it: kubectl has the flag and podsim has not.
`@group` stands for the flags of that group.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from podsim.kubectl.arguments import Flag

_FLAG = re.compile(r"([\w-]+)(?:/(\w))?(?::(\w+))?(?:=([^?!]*))?(?:\?(\w+))?(!?)")
_GROUPS = {
    "global": """as as-group:list as-uid as-user-extra:list cache-dir certificate-authority client-certificate client-key cluster context
        disable-compression:bool help/h:bool insecure-skip-tls-verify:bool kubeconfig kuberc log-flush-frequency:duration match-server-version:bool
        namespace/n password profile profile-output request-timeout=0 server/s tls-server-name token user username v/v=0 vmodule warnings-as-errors:bool""",
    "files": "filename/f:list recursive/R:bool kustomize/k!",
    "prints": "output/o template! allow-missing-template-keys:bool=true! show-managed-fields:bool",
    "writes": "@files @prints dry-run=none?unchanged field-manager record:bool?true",
    "selects": "selector/l field-selector all-namespaces/A:bool",
    "deletes": "force:bool grace-period:int=-1 timeout:duration cascade=background?background",
    "marks": "@writes @selects all:bool overwrite:bool list:bool local:bool! resource-version",
}
_COMMANDS = {
    "annotate": "@marks",
    "apply": """@writes @deletes all:bool selector/l validate=strict?strict overwrite:bool=true openapi-patch:bool=true server-side:bool
        force-conflicts:bool wait:bool prune:bool! prune-allowlist:list! subresource!""",
    "create": "@writes selector/l validate=strict?strict save-config:bool edit:bool! raw! windows-line-endings:bool",
    "delete": "@files @selects @deletes all:bool dry-run=none?unchanged output/o wait:bool=true now:bool ignore-not-found:bool interactive/i:bool! raw!",
    "describe": "@files selector/l all-namespaces/A:bool show-events:bool=true chunk-size:int=500",
    "events": "@prints all-namespaces/A:bool watch/w:bool types:list for no-headers:bool chunk-size:int=500",
    "explain": "api-version output=plaintext recursive:bool",
    "get": """@files @prints @selects watch/w:bool watch-only:bool output-watch-events:bool chunk-size:int=500 ignore-not-found:bool no-headers:bool
        show-labels:bool show-kind:bool label-columns/L:list sort-by server-print:bool=true raw! subresource!""",
    "label": "@marks",
    "logs": """selector/l follow/f:bool previous/p:bool container/c since:duration since-time tail:int=-1 limit-bytes:int all-containers:bool all-pods:bool!
        timestamps:bool prefix:bool ignore-errors:bool max-log-requests:int=5 pod-running-timeout:duration=20s insecure-skip-tls-verify-backend:bool""",
    "patch": "@writes patch/p patch-file type=strategic subresource local:bool!",
    "replace": "@writes @deletes wait:bool validate=strict?strict save-config:bool raw! subresource!",
    "rollout restart": "@files @prints selector/l field-manager",
    "rollout status": "@files selector/l watch/w:bool=true timeout:duration revision:int",
    "scale": "@writes selector/l all:bool replicas:int current-replicas:int=-1 resource-version timeout:duration",
    "set image": "@writes selector/l all:bool local:bool!",
    "set resources": "@writes selector/l all:bool local:bool! containers/c=* limits requests",
}


@cache
def of(command: str) -> tuple[Flag, ...]:
    """The flags of a command, the global ones last; "" has these alone."""
    return tuple(_read(f"{_COMMANDS.get(command, '')} @global"))


def _read(text: str) -> Iterator[Flag]:
    for word in text.split():
        if word.startswith("@"):
            yield from _read(_GROUPS[word[1:]])
        elif match := _FLAG.fullmatch(word):
            name, short, kind, default, bare, absent = match.groups()
            yield Flag(name, short or "", kind or "text", default or "", bare, here=not absent)
