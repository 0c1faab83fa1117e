"""Forms that the assistant began with somebody."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.client.schemas import CaseType
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id


class FormCourse(Base):
    """One form that the assistant began with somebody: how many are left unfinished. No answer is in it.

    Attributes:
        case_type: what the form opens.
        ends_at: when it was sent; as long as it is not, when it counts as left.
    """

    __tablename__ = "form_course"
    __table_args__ = (
        Index("ix_form_course_open", "conversation_id", "case_type", "ends_at"),
        Index("ix_form_course_ends_at", "ends_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    case_type: Mapped[CaseType] = mapped_column(enum_column(CaseType, "case_type"))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent: Mapped[bool] = mapped_column(default=False)
