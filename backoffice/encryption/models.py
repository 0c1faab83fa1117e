"""The keys, wrapped: of organisations by the installation's secret, of people by their organisation's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.database import Base, UtcDateTime, new_id


class OrganisationKey(Base):
    """A key that wraps others. The youngest that is not retired is used for new ones.

    `organisation_id` None: the installation's own, for what belongs to no organisation.
    """

    __tablename__ = "organisation_key"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str | None] = mapped_column(String(36), index=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DataKey(Base):
    """What seals the data of one person, conversation or organisation. Destroyed, they are noise for good.

    A row is kept when its key is destroyed: it shows that there was one, and since when there is none.
    """

    __tablename__ = "data_key"
    __table_args__ = (CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="destroyed"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_key_id: Mapped[str] = mapped_column(ForeignKey("organisation_key.id"), index=True)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
