"""Sets of further questions, a version a row, and the answers of cases. A published version never changes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Connection, ForeignKey, Index, String, UniqueConstraint, event, inspect, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from backoffice.client.schemas import CaseType
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedJson


class SetState(StrEnum):
    """`draft`: being written. `published`: asked now. `retired`: was asked, and is read in older cases."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class QuestionSet(Base):
    """One version of the further questions of a case type, in one organisation.

    `questions` are `questions.Question` as JSON, in the order in which they are asked. `answer_schema` is
    the JSON Schema (2020-12) of the answers, written when the version is published.
    """

    __tablename__ = "question_set"
    __table_args__ = (
        UniqueConstraint("organisation_id", "case_type", "version"),
        Index(
            "uq_question_set_draft",
            "organisation_id",
            "case_type",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        Index(
            "uq_question_set_published",
            "organisation_id",
            "case_type",
            unique=True,
            sqlite_where=text("state = 'published'"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    case_type: Mapped[CaseType] = mapped_column(enum_column(CaseType, "question_case_type"))
    version: Mapped[int]
    state: Mapped[SetState] = mapped_column(enum_column(SetState, "question_set_state"))
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    answer_schema: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CaseAnswers(Base):
    """All that was answered in a case under one version. A change is another row; the newest counts."""

    __tablename__ = "case_answers"
    __sealed_by__ = "case_id"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), index=True)
    set_id: Mapped[str] = mapped_column(ForeignKey("question_set.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(SealedJson, default=dict)
    answered_by: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseAnswerChoice(Base):
    """A chosen option that is not sensitive, readable: what filters and counts look in (decision 0016)."""

    __tablename__ = "case_answer_choice"
    __table_args__ = (Index("ix_case_answer_choice_option", "question_code", "option_code"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), primary_key=True)
    question_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    option_code: Mapped[str] = mapped_column(String(40), primary_key=True)


class PublishedNeverChanges(RuntimeError):
    """Something tried to rewrite a version that people have answered: a mistake of ours, never of a user."""


def _refuse_rewriting(_mapper: Mapper[Any], _connection: Connection, found: QuestionSet) -> None:
    history = inspect(found).attrs
    was = history.state.history.deleted or history.state.history.unchanged
    is_rewritten = any(history[name].history.has_changes() for name in ("questions", "answer_schema"))
    if is_rewritten and SetState.DRAFT not in was:
        raise PublishedNeverChanges(f"question set {found.id}")


def _refuse_deleting(_mapper: Mapper[Any], _connection: Connection, found: QuestionSet) -> None:
    if found.state is not SetState.DRAFT:
        raise PublishedNeverChanges(f"question set {found.id}")


event.listen(QuestionSet, "before_update", _refuse_rewriting)
event.listen(QuestionSet, "before_delete", _refuse_deleting)
