"""People and their addresses on the channels."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.client.schemas import Channel
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText
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
        return FoundBy(Indexed.PERSON, self.id, (self.name, self.phone), is_all=True)


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
