"""The care-work desk: the register, requests, matches, contracts, courses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0022"
down_revision = "0018"
branch_labels = None
depends_on = None

EVENTS_BEFORE = (
    "opened", "moved", "closed", "reopened", "assigned", "noted", "needs_changed", "municipality_changed",
    "urgency_changed", "outcome_set", "ground_set", "accepted", "interviewed", "reviewed",
    "coworker_added", "coworker_removed", "linked", "goal_added", "goal_changed", "action_added",
    "action_changed", "action_overdue", "plan_agreed", "check_planned", "check_done", "check_overdue",
    "document_added", "document_removed", "intake_changed", "search_moved", "match_changed",
    "viewing_changed", "checklist_changed", "checklist_overdue", "tenancy_changed",
)  # fmt: skip
EVENTS = (
    *EVENTS_BEFORE, "worker_moved", "worker_changed", "request_moved", "care_match_changed",
    "engagement_changed", "engagement_overdue", "training_changed", "permit_expires",
)  # fmt: skip
REMINDERS_BEFORE = ("viewing_tomorrow", "viewing_soon", "tenancy_follow_up")
REMINDERS = (
    *REMINDERS_BEFORE, "engagement_check", "care_interview_tomorrow", "care_interview_soon", "permit_expires",
)  # fmt: skip
TABLES = (
    "care_course",
    "refused_offer",
    "care_weights",
    "care_absence",
    "care_available_time",
    "care_match",
    "care_request",
    "care_request_step",
    "care_worker",
    "care_worker_reference",
    "care_worker_step",
    "family_link",
    "refused_care_wish",
    "care_match_event",
    "engagement",
    "care_enrolment",
    "care_work_period",
    "care_worker_skill",
    "eligibility_proof",
    "engagement_check",
    "engagement_event",
    "engagement_step",
    "engagement_terms",
    "payslip_check",
    "care_attendance",
)


def upgrade() -> None:
    _allow("case_event", "kind", "case_event_kind", EVENTS)
    _allow("reminder", "kind", "reminder_kind", REMINDERS)
    op.create_table(
        "care_course",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column(
            "kind",
            _enum(
                "course_kind",
                "base_160_hours",
                "second_level",
                "first_aid",
                "italian_at_work",
                "uni_11766",
                "other",
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("provider", sa.String(length=200), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.String(length=80)),
        sa.Column("place", sa.String(length=300)),
        sa.Column("timetable", sa.String(length=500)),
        sa.Column("starts_on", sa.Date()),
        sa.Column("ends_on", sa.Date()),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("cost_eur", sa.Integer()),
        sa.Column(
            "state", _enum("course_state", "planned", "open", "running", "ended", "cancelled"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name=op.f("ck_care_course_days")
        ),
        sa.CheckConstraint("hours > 0", name=op.f("ck_care_course_hours")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_care_course_seats")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_care_course_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_course")),
    )
    op.create_index("ix_care_course_state", "care_course", ["organisation_id", "state", "starts_on"])
    op.create_table(
        "refused_offer",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column(
            "level", _enum("refused_level", "A", "AS", "B", "BS", "C", "CS", "D", "DS"), nullable=False
        ),
        sa.Column("live_in", sa.Boolean(), nullable=False),
        sa.Column("short_eur", sa.Numeric(precision=9, scale=2), nullable=False),
        sa.Column("short_per", _enum("refused_pay_period", "hour", "month"), nullable=False),
        sa.Column("refused_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_refused_offer_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_offer")),
    )
    op.create_index(op.f("ix_refused_offer_organisation_id"), "refused_offer", ["organisation_id"])
    op.create_table(
        "care_weights",
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_care_weights_changed_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_care_weights_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_care_weights")),
    )
    op.create_table(
        "care_absence",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_care_absence_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_care_absence_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_absence")),
    )
    op.create_index(op.f("ix_care_absence_case_id"), "care_absence", ["case_id"])
    op.create_table(
        "care_available_time",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("to_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "from_minute >= 0 AND to_minute <= 1440 AND from_minute < to_minute",
            name=op.f("ck_care_available_time_minutes"),
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_care_available_time_weekday")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_care_available_time_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_available_time")),
        sa.UniqueConstraint(
            "case_id",
            "weekday",
            "from_minute",
            name=op.f("uq_care_available_time_case_id_weekday_from_minute"),
        ),
    )
    op.create_index(op.f("ix_care_available_time_case_id"), "care_available_time", ["case_id"])
    op.create_table(
        "care_match",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("worker_id", sa.String(length=36), nullable=False),
        sa.Column(
            "state",
            _enum(
                "care_match_state",
                "proposed",
                "family_informed",
                "worker_informed",
                "both_interested",
                "interview",
                "trial",
                "engaged",
                "refused",
                "withdrawn",
            ),
            nullable=False,
        ),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("family_said", sa.Boolean()),
        sa.Column("worker_said", sa.Boolean()),
        sa.Column("refused_by", _enum("care_side", "family", "worker", "desk")),
        sa.Column(
            "refusal",
            _enum(
                "care_refusal",
                "hours",
                "pay",
                "too_far",
                "tasks",
                "live_in",
                "experience",
                "language",
                "not_now",
                "found_other_work",
                "found_another",
                "trial_failed",
                "no_answer",
                "refuses_contract",
                "unlawful_wish",
                "other",
            ),
        ),
        sa.Column("refusal_words", sa.Text()),
        sa.Column("not_again_before", sa.Date()),
        sa.Column("interview_at", UtcDateTime()),
        sa.Column("interview_place", sa.Text()),
        sa.Column("trial_from", sa.Date()),
        sa.Column("trial_until", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal IS NOT NULL)", name=op.f("ck_care_match_refused_with_reason")
        ),
        sa.CheckConstraint(
            "(refusal IS NULL) = (refused_by IS NULL)", name=op.f("ck_care_match_refused_by_a_side")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_care_match_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["case_record.id"], name=op.f("fk_care_match_request_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["case_record.id"], name=op.f("fk_care_match_worker_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_match")),
        sa.UniqueConstraint("request_id", "worker_id", name=op.f("uq_care_match_request_id_worker_id")),
    )
    op.create_index(op.f("ix_care_match_request_id"), "care_match", ["request_id"])
    op.create_index("ix_care_match_state", "care_match", ["organisation_id", "state", "state_since"])
    op.create_index(op.f("ix_care_match_worker_id"), "care_match", ["worker_id"])
    op.create_table(
        "care_request",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column(
            "state",
            _enum(
                "request_state",
                "new",
                "visit_or_interview",
                "profile_agreed",
                "matching",
                "candidates_sent",
                "interviews",
                "trial",
                "contract",
                "follow_up",
                "closed",
            ),
            nullable=False,
        ),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.Column(
            "ended_why",
            _enum(
                "request_end",
                "met",
                "nobody_fits",
                "budget_too_low",
                "found_elsewhere",
                "need_changed",
                "person_died",
                "no_answer",
                "refuses_contract",
                "other",
            ),
        ),
        sa.Column("visited_on", sa.Date()),
        sa.Column("visit_words", sa.Text()),
        sa.Column("email", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (ended_why IS NOT NULL)", name=op.f("ck_care_request_closed_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_care_request_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_care_request_organisation_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_care_request")),
    )
    op.create_index("ix_care_request_state", "care_request", ["organisation_id", "state", "state_since"])
    op.create_table(
        "care_request_step",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("before", sa.String(length=30)),
        sa.Column("after", sa.String(length=30), nullable=False),
        sa.Column("actor", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_care_request_step_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_request_step")),
    )
    op.create_index(op.f("ix_care_request_step_case_id"), "care_request_step", ["case_id"])
    op.create_table(
        "care_worker",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column(
            "state",
            _enum(
                "worker_state",
                "applied",
                "documents_missing",
                "interview",
                "eligible",
                "registered",
                "suspended",
                "removed",
                "refused",
            ),
            nullable=False,
        ),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.Column(
            "reason",
            _enum(
                "worker_reason",
                "not_eligible",
                "permit_expired",
                "document_false",
                "asked_by_worker",
                "not_available",
                "no_answer",
                "complaint",
                "moved_away",
                "other",
            ),
        ),
        sa.Column("reason_words", sa.Text()),
        sa.Column("registered_on", sa.Date()),
        sa.Column("permit_expires_on", sa.Date()),
        sa.Column("permit_told_for", sa.Date()),
        sa.Column("shows_profile", sa.Boolean(), nullable=False),
        sa.Column("interviewed_on", sa.Date()),
        sa.Column("interview_words", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('suspended', 'removed', 'refused')) = (reason IS NOT NULL)",
            name=op.f("ck_care_worker_ended_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_care_worker_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_care_worker_organisation_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_care_worker")),
    )
    op.create_index("ix_care_worker_permit", "care_worker", ["permit_expires_on"])
    op.create_index("ix_care_worker_state", "care_worker", ["organisation_id", "state", "state_since"])
    op.create_table(
        "care_worker_reference",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text()),
        sa.Column("may_be_called", sa.Boolean(), nullable=False),
        sa.Column("called_on", sa.Date()),
        sa.Column("called_by", sa.String(length=36)),
        sa.Column("answer", _enum("reference_answer", "good", "mixed", "bad", "not_reached", "refused")),
        sa.Column("words", sa.Text()),
        sa.CheckConstraint(
            "(answer IS NULL) = (called_on IS NULL)", name=op.f("ck_care_worker_reference_answered_with_day")
        ),
        sa.ForeignKeyConstraint(["called_by"], ["staff.id"], name=op.f("fk_care_worker_reference_called_by")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_care_worker_reference_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_worker_reference")),
    )
    op.create_index(op.f("ix_care_worker_reference_case_id"), "care_worker_reference", ["case_id"])
    op.create_table(
        "care_worker_step",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("before", sa.String(length=30)),
        sa.Column("after", sa.String(length=30), nullable=False),
        sa.Column("actor", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_care_worker_step_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_worker_step")),
    )
    op.create_index(op.f("ix_care_worker_step_case_id"), "care_worker_step", ["case_id"])
    op.create_table(
        "family_link",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("opened_at", UtcDateTime()),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["case_record.id"], name=op.f("fk_family_link_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_family_link_token_hash")),
    )
    op.create_index(op.f("ix_family_link_request_id"), "family_link", ["request_id"])
    op.create_table(
        "refused_care_wish",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36)),
        sa.Column(
            "ground",
            _enum(
                "care_wish_ground",
                "nationality",
                "origin",
                "religion",
                "language",
                "skin",
                "age",
                "family",
                "other",
            ),
            nullable=False,
        ),
        sa.Column("refused_by", sa.String(length=36), nullable=False),
        sa.Column("refused_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_refused_care_wish_case_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_refused_care_wish_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_care_wish")),
    )
    op.create_index(op.f("ix_refused_care_wish_organisation_id"), "refused_care_wish", ["organisation_id"])
    op.create_table(
        "care_match_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("match_id", sa.String(length=36), nullable=False),
        sa.Column("before", sa.String(length=30)),
        sa.Column("after", sa.String(length=30), nullable=False),
        sa.Column("actor", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["match_id"], ["care_match.id"], name=op.f("fk_care_match_event_match_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_match_event")),
    )
    op.create_index(op.f("ix_care_match_event_match_id"), "care_match_event", ["match_id"])
    op.create_table(
        "engagement",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("match_id", sa.String(length=36)),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("worker_id", sa.String(length=36), nullable=False),
        sa.Column(
            "state",
            _enum("engagement_state", "draft", "proposed", "signed", "running", "notice", "ended", "dropped"),
            nullable=False,
        ),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.Column("tasks", sa.JSON(), nullable=False),
        sa.Column("level_by_tasks", _enum("level_by_tasks", "A", "AS", "B", "BS", "C", "CS", "D", "DS")),
        sa.Column("level", _enum("care_level", "A", "AS", "B", "BS", "C", "CS", "D", "DS")),
        sa.Column("is_trained", sa.Boolean()),
        sa.Column("live_in", sa.Boolean()),
        sa.Column("hours_week", sa.Integer()),
        sa.Column("hours_words", sa.Text()),
        sa.Column("nights", _enum("night_kind", "none", "presence", "care"), nullable=False),
        sa.Column("pay_eur", sa.Numeric(precision=9, scale=2)),
        sa.Column("pay_per", _enum("pay_period", "hour", "month")),
        sa.Column("minimum_eur", sa.Numeric(precision=9, scale=2)),
        sa.Column("minimum_table", sa.String(length=60)),
        sa.Column("checked_on", sa.Date()),
        sa.Column("has_board", sa.Boolean()),
        sa.Column("has_lodging", sa.Boolean()),
        sa.Column("place", sa.Text()),
        sa.Column("holidays", sa.Text()),
        sa.Column("starts_on", sa.Date()),
        sa.Column("ends_on", sa.Date()),
        sa.Column("trial_days", sa.Integer()),
        sa.Column("signed_on", sa.Date()),
        sa.Column("contract_given_on", sa.Date()),
        sa.Column("inps_told_at", UtcDateTime()),
        sa.Column("inps_number", sa.Text()),
        sa.Column("hospitality_on", sa.Date()),
        sa.Column("notice_on", sa.Date()),
        sa.Column("notice_days", sa.Integer()),
        sa.Column("ended_on", sa.Date()),
        sa.Column(
            "end_reason",
            _enum(
                "engagement_end",
                "by_family",
                "by_worker",
                "agreed",
                "trial_not_passed",
                "term_reached",
                "just_cause",
                "person_died",
                "other",
            ),
        ),
        sa.Column("severance_eur", sa.Numeric(precision=9, scale=2)),
        sa.Column("severance_paid_on", sa.Date()),
        sa.Column("note", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_on IS NOT NULL)", name=op.f("ck_engagement_ended_with_day")
        ),
        sa.CheckConstraint(
            "(ended_on IS NULL) OR (end_reason IS NOT NULL)", name=op.f("ck_engagement_ended_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["care_match.id"], name=op.f("fk_engagement_match_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_engagement_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["case_record.id"], name=op.f("fk_engagement_request_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["case_record.id"], name=op.f("fk_engagement_worker_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
        sa.UniqueConstraint("match_id", name=op.f("uq_engagement_match_id")),
    )
    op.create_index(op.f("ix_engagement_request_id"), "engagement", ["request_id"])
    op.create_index("ix_engagement_state", "engagement", ["organisation_id", "state", "starts_on"])
    op.create_index(op.f("ix_engagement_worker_id"), "engagement", ["worker_id"])
    op.create_table(
        "care_enrolment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("course_id", sa.String(length=36)),
        sa.Column(
            "kind",
            _enum(
                "enrolment_kind",
                "base_160_hours",
                "second_level",
                "first_aid",
                "italian_at_work",
                "uni_11766",
                "other",
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            _enum(
                "enrolment_state", "waiting", "offered", "enrolled", "completed", "dropped_out", "cancelled"
            ),
            nullable=False,
        ),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.Column("waiting_since", UtcDateTime(), nullable=False),
        sa.Column("offer_until", UtcDateTime()),
        sa.Column("certificate_on", sa.Date()),
        sa.Column("certificate_id", sa.String(length=36)),
        sa.Column("note", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_care_enrolment_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["case_document.id"],
            name=op.f("fk_care_enrolment_certificate_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["care_course.id"], name=op.f("fk_care_enrolment_course_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_care_enrolment_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_enrolment")),
        sa.UniqueConstraint("case_id", "course_id", name=op.f("uq_care_enrolment_case_id_course_id")),
    )
    op.create_index(op.f("ix_care_enrolment_case_id"), "care_enrolment", ["case_id"])
    op.create_index(op.f("ix_care_enrolment_course_id"), "care_enrolment", ["course_id"])
    op.create_index(
        "ix_care_enrolment_waiting", "care_enrolment", ["organisation_id", "kind", "state", "waiting_since"]
    )
    op.create_table(
        "care_work_period",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("is_regular", sa.Boolean(), nullable=False),
        sa.Column("hours_week", sa.Integer()),
        sa.Column("is_in_italy", sa.Boolean(), nullable=False),
        sa.Column("document_id", sa.String(length=36)),
        sa.Column("note", sa.Text()),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= started_on", name=op.f("ck_care_work_period_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_care_work_period_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["case_document.id"],
            name=op.f("fk_care_work_period_document_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_work_period")),
    )
    op.create_index(op.f("ix_care_work_period_case_id"), "care_work_period", ["case_id"])
    op.create_table(
        "care_worker_skill",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column(
            "skill",
            _enum("care_skill", "elderly", "dementia", "disability", "children", "cleaning", "cooking"),
            nullable=False,
        ),
        sa.Column(
            "origin",
            _enum("skill_origin", "work_italy", "work_abroad", "family", "course", "studies"),
            nullable=False,
        ),
        sa.Column("years", sa.Integer()),
        sa.Column("document_id", sa.String(length=36)),
        sa.Column(
            "recognition",
            _enum(
                "recognition", "document_seen", "interview", "reference_called", "seen_at_work", "certified"
            ),
        ),
        sa.Column("recognised_on", sa.Date()),
        sa.Column("recognised_by", sa.String(length=36)),
        sa.Column("note", sa.Text()),
        sa.CheckConstraint(
            "(recognition IS NULL) = (recognised_on IS NULL)",
            name=op.f("ck_care_worker_skill_recognised_with_day"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_care_worker_skill_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["case_document.id"],
            name=op.f("fk_care_worker_skill_document_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["recognised_by"], ["staff.id"], name=op.f("fk_care_worker_skill_recognised_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_worker_skill")),
        sa.UniqueConstraint(
            "case_id", "skill", "origin", name=op.f("uq_care_worker_skill_case_id_skill_origin")
        ),
    )
    op.create_index(op.f("ix_care_worker_skill_case_id"), "care_worker_skill", ["case_id"])
    op.create_table(
        "eligibility_proof",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("is_met", sa.Boolean()),
        sa.Column("document_id", sa.String(length=36)),
        sa.Column("shown_on", sa.Date()),
        sa.Column("noted_by", sa.String(length=36), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_eligibility_proof_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["case_document.id"],
            name=op.f("fk_eligibility_proof_document_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_proof")),
        sa.UniqueConstraint("case_id", "rule", name=op.f("uq_eligibility_proof_case_id_rule")),
    )
    op.create_index(op.f("ix_eligibility_proof_case_id"), "eligibility_proof", ["case_id"])
    op.create_table(
        "engagement_check",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("engagement_id", sa.String(length=36), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", UtcDateTime()),
        sa.Column("answer", sa.String(length=30)),
        sa.Column("answered_at", UtcDateTime()),
        sa.Column("worries", sa.Boolean()),
        sa.Column("opened_case_id", sa.String(length=36)),
        sa.Column("outcome", sa.Text()),
        sa.Column("done_by", sa.String(length=36)),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_engagement_check_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["opened_case_id"],
            ["case_record.id"],
            name=op.f("fk_engagement_check_opened_case_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_check")),
        sa.UniqueConstraint("engagement_id", "weeks", name=op.f("uq_engagement_check_engagement_id_weeks")),
    )
    op.create_index(op.f("ix_engagement_check_engagement_id"), "engagement_check", ["engagement_id"])
    op.create_table(
        "engagement_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("engagement_id", sa.String(length=36), nullable=False),
        sa.Column("before", sa.String(length=30)),
        sa.Column("after", sa.String(length=30), nullable=False),
        sa.Column("actor", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_engagement_event_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_event")),
    )
    op.create_index(op.f("ix_engagement_event_engagement_id"), "engagement_event", ["engagement_id"])
    op.create_table(
        "engagement_step",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("engagement_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("done_on", sa.Date()),
        sa.Column("done_by", sa.String(length=36)),
        sa.Column("not_needed", sa.Boolean(), nullable=False),
        sa.Column("document_id", sa.String(length=36)),
        sa.Column("overdue_told_at", UtcDateTime()),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["case_document.id"],
            name=op.f("fk_engagement_step_document_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_engagement_step_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_step")),
        sa.UniqueConstraint("engagement_id", "code", name=op.f("uq_engagement_step_engagement_id_code")),
    )
    op.create_index("ix_engagement_step_due", "engagement_step", ["done_on", "due_on"])
    op.create_index(op.f("ix_engagement_step_engagement_id"), "engagement_step", ["engagement_id"])
    op.create_table(
        "engagement_terms",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("engagement_id", sa.String(length=36), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("level", _enum("terms_level", "A", "AS", "B", "BS", "C", "CS", "D", "DS"), nullable=False),
        sa.Column("live_in", sa.Boolean(), nullable=False),
        sa.Column("hours_week", sa.Integer(), nullable=False),
        sa.Column("pay_eur", sa.Numeric(precision=9, scale=2), nullable=False),
        sa.Column("pay_per", _enum("terms_pay_period", "hour", "month"), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_engagement_terms_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_terms")),
        sa.UniqueConstraint(
            "engagement_id", "from_on", name=op.f("uq_engagement_terms_engagement_id_from_on")
        ),
    )
    op.create_index(op.f("ix_engagement_terms_engagement_id"), "engagement_terms", ["engagement_id"])
    op.create_table(
        "payslip_check",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("engagement_id", sa.String(length=36), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=6, scale=2)),
        sa.Column("paid_eur", sa.Numeric(precision=9, scale=2), nullable=False),
        sa.Column("due_eur", sa.Numeric(precision=9, scale=2)),
        sa.Column("document_id", sa.String(length=36)),
        sa.Column("note", sa.Text()),
        sa.Column("checked_by", sa.String(length=36), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["case_document.id"],
            name=op.f("fk_payslip_check_document_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_payslip_check_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payslip_check")),
        sa.UniqueConstraint("engagement_id", "month", name=op.f("uq_payslip_check_engagement_id_month")),
    )
    op.create_index(op.f("ix_payslip_check_engagement_id"), "payslip_check", ["engagement_id"])
    op.create_table(
        "care_attendance",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=4, scale=2), nullable=False),
        sa.Column("noted_by", sa.String(length=36), nullable=False),
        sa.CheckConstraint("hours >= 0 AND hours <= 12", name=op.f("ck_care_attendance_hours")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["care_enrolment.id"],
            name=op.f("fk_care_attendance_enrolment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_attendance")),
        sa.UniqueConstraint("enrolment_id", "day", name=op.f("uq_care_attendance_enrolment_id_day")),
    )
    op.create_index(op.f("ix_care_attendance_enrolment_id"), "care_attendance", ["enrolment_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    added = ", ".join(f"'{kind}'" for kind in EVENTS if kind not in EVENTS_BEFORE)
    op.execute(f"DELETE FROM case_event WHERE kind IN ({added})")  # noqa: S608  (our own names)
    _allow("case_event", "kind", "case_event_kind", EVENTS_BEFORE)
    added = ", ".join(f"'{kind}'" for kind in REMINDERS if kind not in REMINDERS_BEFORE)
    op.execute(f"DELETE FROM reminder WHERE kind IN ({added})")  # noqa: S608  (our own names)
    _allow("reminder", "kind", "reminder_kind", REMINDERS_BEFORE)


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)


def _allow(table: str, column: str, check: str, values: tuple[str, ...]) -> None:
    """Replace the list of values of a column. SQLite cannot: there the table is written again, as it stands."""
    constraint, listed = f"ck_{table}_{check}", ", ".join(f"'{value}'" for value in values)
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({column} IN ({listed}))")
        return
    connection = op.get_bind()
    rows = connection.execute(
        sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :name AND sql IS NOT NULL"),
        {"name": table},
    ).all()
    (made,) = [sql for kind, sql in rows if kind == "table"]
    others = [sql for kind, sql in rows if kind != "table"]
    before, found, rest = made.partition(f"CONSTRAINT {constraint} CHECK (")
    if not found:
        raise RuntimeError(f"{table} has no check {constraint}")
    _old, _end, after = rest.partition("))")
    made = f"{before}{found}{column} IN ({listed})){after}"
    head, _name, body = made.partition(table)
    connection.execute(sa.text(f"{head}{table}_anew{body}".replace('"' + table + '_anew"', table + "_anew")))
    connection.execute(sa.text(f"INSERT INTO {table}_anew SELECT * FROM {table}"))  # noqa: S608  (our own names)
    connection.execute(sa.text(f"DROP TABLE {table}"))
    connection.execute(sa.text(f"ALTER TABLE {table}_anew RENAME TO {table}"))
    for sql in others:
        connection.execute(sa.text(sql))
