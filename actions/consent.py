"""What a person agrees to by pressing a button, with the words that stood above it."""

from __future__ import annotations

import hashlib

from actions.replies import Replies
from backoffice.client.schemas import ConsentGiven


def consent_to(replies: Replies, key: str, *, purpose: str) -> ConsentGiven:
    """Return the consent given to the text of a key; its version changes with its words."""
    text = replies.text(key)
    version = hashlib.sha256(text.encode()).hexdigest()[:12]
    return ConsentGiven(purpose=purpose, text_version=version, text=text, language=replies.language)
