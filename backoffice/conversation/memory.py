"""The key of what Rasa remembers of a conversation: derived from the conversation's, never stored."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from sqlalchemy.orm import Session

from backoffice.conversation.models import Conversation
from backoffice.encryption.cipher import derived_key
from backoffice.encryption.keyring import ring_in
from backoffice.encryption.sealing import key_id_for

_PURPOSE = "memory 1"


def memory_key(session: Session, conversation: Conversation) -> str:
    """Return the key, 32 bytes in URL-safe base 64; it is gone when the conversation's key is destroyed."""
    key = ring_in(session).key(key_id_for(session, conversation))
    return urlsafe_b64encode(derived_key(key, _PURPOSE)).decode()
