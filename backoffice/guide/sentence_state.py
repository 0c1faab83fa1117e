"""What follows from a sentence's row and the Italian one of its key: hashes and the state."""

from __future__ import annotations

import hashlib

from backoffice.guide.models import SentenceState


def hash_of(italian: str) -> str:
    """Return the SHA-256 of an Italian sentence, by which its translations know what they translate."""
    return hashlib.sha256(italian.encode()).hexdigest()


def state_of(source_hash: str, italian_hash: str, *, is_reviewed: bool) -> SentenceState:
    """Return the state: stale if and only if the hash is not that of the Italian sentence."""
    if source_hash != italian_hash:
        return SentenceState.STALE
    return SentenceState.REVIEWED if is_reviewed else SentenceState.DRAFT
