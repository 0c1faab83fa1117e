"""The blind index."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.database import Base


class Indexed(StrEnum):
    """What is found by its words, and whose words they are. Each has tokens of its own."""

    PERSON = "person"
    """Names and phone numbers; the subject is the person."""
    CASE = "case"
    """Number, towns, what was asked; the subject is the case."""
    CASE_NOTE = "case_note"
    """What staff noted; the subject is the case."""
    CONVERSATION = "conversation"
    """What was said, in every language that it was rendered in; the subject is the conversation."""
    LISTING = "listing"
    """Code, the owner's reference, place and description; the subject is the home."""


class SearchToken(Base):
    """One word, or beginning of a word, of one subject, as 64 bits of an HMAC (`tokens.py`)."""

    __tablename__ = "search_token"
    __table_args__ = ({"sqlite_with_rowid": False},)

    token: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    subject_id: Mapped[str] = mapped_column(String(36), primary_key=True, index=True)
