"""Progress, goals, actions and follow-up checks of cases. Free words are sealed with the case's key."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText


class ReceptionOutcome(StrEnum):
    """How the reception of a person ended."""

    ANSWERED = "answered"
    REFERRED = "referred"
    TO_TAKE_CHARGE = "to_take_charge"
    LOST_CONTACT = "lost_contact"


class ChargeGround(StrEnum):
    """Why a person is taken charge of where the ledger holds no consent; said in words too."""

    LAW = "law"
    URGENT_PROTECTION = "urgent_protection"
    PUBLIC_TASK = "public_task"
    ORAL_CONSENT = "oral_consent"


class AgreementForm(StrEnum):
    """How a person agreed to their plan."""

    SIGNATURE = "signature"
    ORAL = "oral"
    CHAT = "chat"


class ActionState(StrEnum):
    """How far an action is. `moved`: another body or another case goes on with it."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"
    MOVED = "moved"


OPEN_STATES = (ActionState.TODO, ActionState.DOING)


class Progress(Base):
    """What the phases of one case need, as far as it is written down."""

    __tablename__ = "case_progress"
    __sealed_by__ = "case_id"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), primary_key=True)
    outcome: Mapped[ReceptionOutcome | None] = mapped_column(
        enum_column(ReceptionOutcome, "reception_outcome")
    )
    ground: Mapped[ChargeGround | None] = mapped_column(enum_column(ChargeGround, "charge_ground"))
    ground_words: Mapped[str | None] = mapped_column(SealedText)
    accepted_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the responsible operator said yes; empty again when somebody else becomes responsible."""
    interviewed_on: Mapped[date | None]
    agreed_on: Mapped[date | None]
    agreed_language: Mapped[str | None] = mapped_column(String(2))
    agreed_how: Mapped[AgreementForm | None] = mapped_column(enum_column(AgreementForm, "agreement_form"))
    mediator_present: Mapped[bool | None]
    review: Mapped[str | None] = mapped_column(SealedText)
    reviewed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Goal(Base):
    """What shall be reached, in the words of who wrote it, and how one will know."""

    __tablename__ = "plan_goal"
    __sealed_by__ = "case_id"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(SealedText)
    measure: Mapped[str | None] = mapped_column(SealedText)
    outcome: Mapped[str | None] = mapped_column(SealedText)
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Action(Base):
    """Who does what until when, for a goal. `overdue_told_at`: its one alarm."""

    __tablename__ = "plan_action"
    __sealed_by__ = "case_id"
    __table_args__ = (Index("ix_plan_action_open", "state", "due_on"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    goal_id: Mapped[str] = mapped_column(ForeignKey("plan_goal.id", ondelete="CASCADE"))
    words: Mapped[str] = mapped_column(SealedText)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    operator_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    due_on: Mapped[date | None]
    state: Mapped[ActionState] = mapped_column(
        enum_column(ActionState, "action_state"), default=ActionState.TODO
    )
    outcome: Mapped[str | None] = mapped_column(SealedText)
    overdue_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN_STATES


class FollowUpCheck(Base):
    """A day on which somebody looks how the person is, after what was done for them."""

    __tablename__ = "follow_up_check"
    __sealed_by__ = "case_id"
    __table_args__ = (Index("ix_follow_up_check_open", "done_on", "due_on"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[str | None] = mapped_column(SealedText)
    overdue_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CoWorker(Base):
    """Who works on a case beside the one who is responsible."""

    __tablename__ = "case_coworker"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True, index=True)
    added_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseLink(Base):
    """Two cases that belong together; one row for both directions."""

    __tablename__ = "case_link"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[str] = mapped_column(
        ForeignKey("case_record.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    linked_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
