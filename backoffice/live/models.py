"""What happened, in the order in which it was committed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.database import Base, UtcDateTime


class LiveEvent(Base):
    """Something changed in a conversation. Kept for a day: who was away for longer reads everything anew."""

    __tablename__ = "live_event"
    __table_args__ = ({"sqlite_autoincrement": True},)  # a number is never given twice

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
