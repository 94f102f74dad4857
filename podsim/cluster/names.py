"""Names that the API server makes up: the same ones for the same cluster, others for another seed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

ALPHABET = "bcdfghjklmnpqrstvwxz2456789"  # apimachinery util/rand: no vowels, no 0 1 3
SUFFIX_LENGTH = 5


@dataclass(slots=True)
class Names:
    """Counts what was handed out; `seed` shifts the whole sequence."""

    seed: int = 0
    _suffixes: int = field(default=0, init=False)
    _uids: int = field(default=0, init=False)

    def suffix(self) -> str:
        """Five characters for `generateName`."""
        self._suffixes += 1
        digest = hashlib.sha256(f"suffix {self.seed} {self._suffixes}".encode()).digest()
        return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:SUFFIX_LENGTH])

    def uid(self) -> str:
        """A version 4 UUID."""
        self._uids += 1
        text = hashlib.sha256(f"uid {self.seed} {self._uids}".encode()).hexdigest()
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{'89ab'[int(text[16], 16) % 4]}{text[17:20]}-{text[20:32]}"
