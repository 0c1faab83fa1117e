"""People, their addresses on the channels, what is known of them, and what may tell that two are one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.client.schemas import Channel
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedJson, SealedText
from backoffice.person.details import SafeContact
from backoffice.search.indexing import FoundBy
from backoffice.search.models import Indexed


class Person(Base):
    """Somebody who is served. On Telegram there is one from the first message, on the web from the intake."""

    __tablename__ = "person"
    __found_by__ = ("name", "phone")

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str | None] = mapped_column(SealedText())
    phone: Mapped[str | None] = mapped_column(SealedText())
    """E.164, or as the person wrote it where it is no such number."""
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    """ISO 639-1 codes, the preferred one first."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    data_key_id: Mapped[str | None] = mapped_column(String(36))
    """What seals the person's data; made when the first of them is written."""
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when nothing is known of the person any more."""

    def found_by(self) -> FoundBy:
        """Return what the person is found by."""
        known = self.known.found_by().texts if self.known else ()
        return FoundBy(Indexed.PERSON, self.id, (self.name, self.phone, *known), is_all=True)

    known: Mapped[PersonDetails | None] = relationship(viewonly=True, uselist=False)

    @property
    def contact(self) -> SafeContact:
        """How the person can be reached without danger."""
        return SafeContact.model_validate(self.known.document.get("contact", {}) if self.known else {})


class ChannelAddress(Base):
    """Where a person can be written to. `unreachable_at`: since when the channel refuses (blocked bot)."""

    __tablename__ = "channel_address"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    channel: Mapped[Channel] = mapped_column(enum_column(Channel, "channel"))
    address: Mapped[str] = mapped_column(String(64))
    """The chat's id on Telegram, in digits."""
    unreachable_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PersonDetails(Base):
    """What is known of a person beyond name and phone: one document (`person.details.Details`)."""

    __tablename__ = "person_details"
    __found_by__ = ("document",)
    __sealed_by__ = "person_id"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    """Rises with every change; who changes an older one is told."""
    document: Mapped[Any] = mapped_column(SealedJson)
    changed_by: Mapped[str] = mapped_column(String(36))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def found_by(self) -> FoundBy:
        """Return what the person is found by too: names as documents have them, and in their own script."""
        names = [self.document.get(each) for each in ("given_name", "family_name", "own_script_name")]
        return FoundBy(Indexed.PERSON, self.person_id, names, is_all=False)


class PersonRestricted(Base):
    """What is hidden even within the organisation (`person.details.Restricted`)."""

    __tablename__ = "person_restricted"
    __sealed_by__ = "person_id"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    document: Mapped[Any] = mapped_column(SealedJson)
    changed_by: Mapped[str] = mapped_column(String(36))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OpeningReason(StrEnum):
    """Why somebody opens what is restricted."""

    TAKING_CHARGE = "taking_charge"
    SAFETY = "safety"
    REQUEST_OF_THE_PERSON = "request_of_the_person"
    DUTY_OF_LAW = "duty_of_law"
    OTHER = "other"


class RestrictedOpening(Base):
    """A member of staff opened what is restricted, for a reason and until a moment."""

    __tablename__ = "restricted_opening"
    __table_args__ = (Index("ix_restricted_opening_reader", "person_id", "staff_id", "until"),)
    __sealed_by__ = "person_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[OpeningReason] = mapped_column(enum_column(OpeningReason, "opening_reason"))
    words: Mapped[str] = mapped_column(SealedText)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class KeyKind(StrEnum):
    """By what two rows may turn out to be one person."""

    NAME_SOUND = "name_sound"
    NAME_SOUND_YEAR = "name_sound_year"
    PHONE = "phone"
    CODICE_FISCALE = "codice_fiscale"


class PersonKey(Base):
    """A keyed digest of a trait: it can be compared, and tells nothing without the key."""

    __tablename__ = "person_key"
    __table_args__ = (Index("ix_person_key_value", "kind", "value"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[KeyKind] = mapped_column(enum_column(KeyKind, "key_kind"), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


class DistinctPeople(Base):
    """Two people of whom somebody said that they are not the same; the smaller id comes first."""

    __tablename__ = "distinct_people"

    first_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    second_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    said_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PersonMerge(Base):
    """Two rows became one person by hand; what moved is kept, so that it can be moved back."""

    __tablename__ = "person_merge"
    __sealed_by__ = "person_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    """Who stays."""
    merged_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    moved: Mapped[Any] = mapped_column(SealedJson)
    """Ids by table, and the values of the one who stays as they were (`people.merging.Moved`)."""
    merged_by: Mapped[str] = mapped_column(String(36))
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(String(36))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LinkCode(Base):
    """A code that lets a person go on in another chat. Only its digest is kept."""

    __tablename__ = "link_code"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    """Where it was asked for; none when staff gave it."""
    issued_by: Mapped[str] = mapped_column(String(36))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LinkTry(Base):
    """A code was typed in a conversation, right or wrong."""

    __tablename__ = "link_try"
    __table_args__ = (Index("ix_link_try_conversation", "conversation_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
