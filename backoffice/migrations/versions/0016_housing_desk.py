"""The housing desk: owners, homes, searches, matches, viewings, reminders, contracts and their checklist."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0016"
down_revision = "0012"
branch_labels = None
depends_on = None

EVENTS_BEFORE = (
    "opened", "moved", "closed", "reopened", "assigned", "noted", "needs_changed", "municipality_changed",
    "urgency_changed", "outcome_set", "ground_set", "accepted", "interviewed", "reviewed",
    "coworker_added", "coworker_removed", "linked", "goal_added", "goal_changed", "action_added",
    "action_changed", "action_overdue", "plan_agreed", "check_planned", "check_done", "check_overdue",
    "document_added", "document_removed",
)  # fmt: skip
EVENTS = (
    *EVENTS_BEFORE, "intake_changed", "search_moved", "match_changed", "viewing_changed", "checklist_changed",
    "checklist_overdue", "tenancy_changed",
)  # fmt: skip
TABLES = (
    "home_owner",
    "matching_weights",
    "refused_wish",
    "housing_need",
    "listing",
    "reminder",
    "search_step",
    "housing_match",
    "listing_event",
    "listing_photo",
    "accompaniment_step",
    "housing_hold",
    "match_event",
    "owner_link",
    "tenancy",
    "viewing",
)


def upgrade() -> None:
    _allow("case_event", "kind", "case_event_kind", EVENTS)
    op.create_table(
        "home_owner",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("kind", _enum("owner_kind", "person", "company", "agency", "body"), nullable=False),
        sa.Column("company", sa.Text()),
        sa.Column("email", sa.Text()),
        sa.Column("contact", _enum("owner_contact", "mail", "phone", "chat"), nullable=False),
        sa.Column("contact_agreed_on", sa.Date()),
        sa.Column("worries", sa.JSON(), nullable=False),
        sa.Column("guarantees", sa.JSON(), nullable=False),
        sa.Column("tax_regime", _enum("tax_regime", "ordinary", "flat_tax", "undecided"), nullable=False),
        sa.Column("agency_involved", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("lost_on", sa.Date()),
        sa.Column(
            "lost_reason",
            _enum(
                "owner_lost_reason",
                "rented_elsewhere",
                "sold",
                "bad_experience",
                "too_slow",
                "conditions",
                "changed_mind",
                "discriminates",
                "other",
            ),
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(lost_on IS NULL) = (lost_reason IS NULL)", name=op.f("ck_home_owner_lost_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_home_owner_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_home_owner_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_owner")),
        sa.UniqueConstraint("person_id", name=op.f("uq_home_owner_person_id")),
    )
    op.create_index(op.f("ix_home_owner_organisation_id"), "home_owner", ["organisation_id"])
    op.create_table(
        "matching_weights",
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=36), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_matching_weights_changed_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_matching_weights_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_matching_weights")),
    )
    op.create_table(
        "refused_wish",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column(
            "ground",
            _enum("wish_ground", "nationality", "origin", "religion", "language", "skin", "family", "other"),
            nullable=False,
        ),
        sa.Column("words", sa.Text()),
        sa.Column("refused_by", sa.String(length=36), nullable=False),
        sa.Column("refused_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["home_owner.id"], name=op.f("fk_refused_wish_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_wish")),
    )
    op.create_index(op.f("ix_refused_wish_owner_id"), "refused_wish", ["owner_id"])
    op.create_table(
        "housing_need",
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column(
            "state",
            _enum(
                "search_state",
                "new",
                "interviewed",
                "ready_to_search",
                "searching",
                "visiting",
                "application_made",
                "guarantee_pending",
                "offer",
                "contract_drafted",
                "signed",
                "registered",
                "keys_given",
                "follow_up",
                "closed",
            ),
            nullable=False,
        ),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.Column("parked_until", sa.Date()),
        sa.Column("tells_of_homes", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("tells_since", UtcDateTime()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_housing_need_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_housing_need_organisation_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_housing_need")),
    )
    op.create_index("ix_housing_need_state", "housing_need", ["organisation_id", "state"])
    op.create_table(
        "listing",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=11), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36)),
        sa.Column(
            "state",
            _enum("listing_state", "draft", "checked", "published", "reserved", "rented", "withdrawn"),
            nullable=False,
        ),
        sa.Column("municipality", sa.String(length=80), nullable=False),
        sa.Column("area", sa.String(length=120)),
        sa.Column("address", sa.Text()),
        sa.Column("rooms", sa.Integer(), nullable=False),
        sa.Column("size_m2", sa.Integer()),
        sa.Column("floor", sa.Integer()),
        sa.Column("lift", sa.Boolean()),
        sa.Column("step_free", sa.Boolean()),
        sa.Column("heating", _enum("heating", "own", "central", "none")),
        sa.Column("furnishing", _enum("furnishing", "furnished", "kitchen_only", "unfurnished")),
        sa.Column("energy_class", sa.String(length=2)),
        sa.Column("max_people", sa.Integer()),
        sa.Column("rent_eur_month", sa.Integer()),
        sa.Column("expenses_eur_month", sa.Integer()),
        sa.Column("deposit_eur", sa.Integer()),
        sa.Column("included", sa.JSON(), nullable=False),
        sa.Column("contract_types", sa.JSON(), nullable=False),
        sa.Column("near", sa.JSON(), nullable=False),
        sa.Column("pets", sa.Boolean()),
        sa.Column("income_asked", _enum("income_asked", "none", "any_contract", "permanent"), nullable=False),
        sa.Column("guarantor_accepted", sa.Boolean(), nullable=False),
        sa.Column("residence_allowed", sa.Boolean(), nullable=False),
        sa.Column("available_from", sa.Date()),
        sa.Column("description", sa.Text()),
        sa.Column("verified_by", sa.String(length=36)),
        sa.Column("verified_at", UtcDateTime()),
        sa.Column("verified_how", sa.String(length=30)),
        sa.Column("withdrawn_reason", sa.String(length=60)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["case_id"], ["case_record.id"], name=op.f("fk_listing_case_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_listing_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["home_owner.id"], name=op.f("fk_listing_owner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["verified_by"], ["staff.id"], name=op.f("fk_listing_verified_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint("code", name=op.f("uq_listing_code")),
    )
    op.create_index(op.f("ix_listing_case_id"), "listing", ["case_id"])
    op.create_index(op.f("ix_listing_owner_id"), "listing", ["owner_id"])
    op.create_index("ix_listing_state_town", "listing", ["organisation_id", "state", "municipality"])
    op.create_index("ix_listing_updated", "listing", ["organisation_id", "updated_at", "id"])
    op.create_table(
        "reminder",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36)),
        sa.Column(
            "kind",
            _enum("reminder_kind", "viewing_tomorrow", "viewing_soon", "tenancy_follow_up"),
            nullable=False,
        ),
        sa.Column("about_id", sa.String(length=36), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("end", _enum("reminder_end", "sent", "cancelled", "too_late")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_reminder_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_reminder_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("kind", "about_id", "due_at", name=op.f("uq_reminder_kind_about_id_due_at")),
    )
    op.create_index(op.f("ix_reminder_about_id"), "reminder", ["about_id"])
    op.create_index(op.f("ix_reminder_case_id"), "reminder", ["case_id"])
    op.create_index(op.f("ix_reminder_conversation_id"), "reminder", ["conversation_id"])
    op.create_index("ix_reminder_due", "reminder", ["ended_at", "due_at"])
    op.create_table(
        "search_step",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("before", sa.String(length=30)),
        sa.Column("after", sa.String(length=30), nullable=False),
        sa.Column("actor", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_search_step_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_step")),
    )
    op.create_index(op.f("ix_search_step_case_id"), "search_step", ["case_id"])
    op.create_table(
        "housing_match",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("listing_id", sa.String(length=36), nullable=False),
        sa.Column(
            "state",
            _enum(
                "match_state",
                "proposed",
                "shown_to_seeker",
                "interested",
                "visit_fixed",
                "visited",
                "accepted_by_seeker",
                "accepted_by_owner",
                "refused",
                "contract",
            ),
            nullable=False,
        ),
        sa.Column("state_since", UtcDateTime(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("seeker_said", sa.Boolean()),
        sa.Column("owner_said", sa.Boolean()),
        sa.Column("refused_by", _enum("match_side", "seeker", "owner", "desk")),
        sa.Column(
            "refusal_reason",
            _enum(
                "refusal_reason",
                "too_dear",
                "too_small",
                "too_far",
                "stairs",
                "condition",
                "not_now",
                "found_another",
                "not_looking_any_more",
                "income",
                "guarantees",
                "too_many_people",
                "given_to_another",
                "not_to_let_any_more",
                "no_answer",
                "owner_refuses_foreigners",
                "other",
            ),
        ),
        sa.Column("refusal_words", sa.Text()),
        sa.Column("not_again_before", sa.Date()),
        sa.Column("told_at", UtcDateTime()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'refused') = (refusal_reason IS NOT NULL)",
            name=op.f("ck_housing_match_refused_with_reason"),
        ),
        sa.CheckConstraint(
            "(refusal_reason IS NULL) = (refused_by IS NULL)", name=op.f("ck_housing_match_refused_by_a_side")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_housing_match_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_housing_match_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_housing_match_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_match")),
        sa.UniqueConstraint("case_id", "listing_id", name=op.f("uq_housing_match_case_id_listing_id")),
    )
    op.create_index(op.f("ix_housing_match_case_id"), "housing_match", ["case_id"])
    op.create_index(op.f("ix_housing_match_listing_id"), "housing_match", ["listing_id"])
    op.create_index("ix_housing_match_state", "housing_match", ["organisation_id", "state", "state_since"])
    op.create_table(
        "listing_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("listing_id", sa.String(length=36), nullable=False),
        sa.Column("before", sa.String(length=30)),
        sa.Column("after", sa.String(length=30), nullable=False),
        sa.Column("actor", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_event_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_event")),
    )
    op.create_index(op.f("ix_listing_event_listing_id"), "listing_event", ["listing_id"])
    op.create_table(
        "listing_photo",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("listing_id", sa.String(length=36), nullable=False),
        sa.Column("attachment_id", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_listing_photo_attachment_id")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_photo_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_photo")),
        sa.UniqueConstraint(
            "listing_id", "attachment_id", name=op.f("uq_listing_photo_listing_id_attachment_id")
        ),
    )
    op.create_index(op.f("ix_listing_photo_attachment_id"), "listing_photo", ["attachment_id"])
    op.create_index(op.f("ix_listing_photo_listing_id"), "listing_photo", ["listing_id"])
    op.create_table(
        "accompaniment_step",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column("match_id", sa.String(length=36)),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("state", _enum("step_state", "open", "done", "not_needed"), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("done_on", sa.Date()),
        sa.Column("done_by", sa.String(length=36)),
        sa.Column("document_id", sa.String(length=36)),
        sa.Column("note", sa.Text()),
        sa.Column("overdue_told_at", UtcDateTime()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (done_on IS NULL)", name=op.f("ck_accompaniment_step_done_with_day")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_accompaniment_step_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["case_document.id"],
            name=op.f("fk_accompaniment_step_document_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["match_id"],
            ["housing_match.id"],
            name=op.f("fk_accompaniment_step_match_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accompaniment_step")),
        sa.UniqueConstraint(
            "case_id", "match_id", "code", name=op.f("uq_accompaniment_step_case_id_match_id_code")
        ),
    )
    op.create_index(op.f("ix_accompaniment_step_case_id"), "accompaniment_step", ["case_id"])
    op.create_index("ix_accompaniment_step_due", "accompaniment_step", ["state", "due_on"])
    op.create_index(op.f("ix_accompaniment_step_match_id"), "accompaniment_step", ["match_id"])
    op.create_table(
        "housing_hold",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("listing_id", sa.String(length=36), nullable=False),
        sa.Column("match_id", sa.String(length=36), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("held_by", sa.String(length=36), nullable=False),
        sa.Column("held_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("end_reason", _enum("hold_end", "expired", "given_back", "refused", "rented")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_reason IS NULL)", name=op.f("ck_housing_hold_ended_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_housing_hold_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["housing_match.id"], name=op.f("fk_housing_hold_match_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_housing_hold")),
    )
    op.create_index(op.f("ix_housing_hold_match_id"), "housing_hold", ["match_id"])
    op.create_index("ix_housing_hold_until", "housing_hold", ["ended_at", "until"])
    op.create_index(
        "uq_housing_hold_open",
        "housing_hold",
        ["listing_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "match_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("match_id", sa.String(length=36), nullable=False),
        sa.Column("before", sa.String(length=30)),
        sa.Column("after", sa.String(length=30), nullable=False),
        sa.Column("actor", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["match_id"], ["housing_match.id"], name=op.f("fk_match_event_match_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_event")),
    )
    op.create_index(op.f("ix_match_event_match_id"), "match_event", ["match_id"])
    op.create_table(
        "owner_link",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("match_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("opened_at", UtcDateTime()),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["match_id"], ["housing_match.id"], name=op.f("fk_owner_link_match_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["home_owner.id"], name=op.f("fk_owner_link_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_owner_link_token_hash")),
    )
    op.create_index(op.f("ix_owner_link_match_id"), "owner_link", ["match_id"])
    op.create_index(op.f("ix_owner_link_owner_id"), "owner_link", ["owner_id"])
    op.create_table(
        "tenancy",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("match_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column(
            "contract_type",
            _enum(
                "contract_type",
                "free",
                "agreed",
                "transitional",
                "students",
                "company",
                "loan",
                "room",
            ),
        ),
        sa.Column("flat_tax", sa.Boolean()),
        sa.Column("rent_eur_month", sa.Integer()),
        sa.Column("expenses_eur_month", sa.Integer()),
        sa.Column("deposit_eur", sa.Integer()),
        sa.Column("signed_on", sa.Date()),
        sa.Column("starts_on", sa.Date()),
        sa.Column("registered_on", sa.Date()),
        sa.Column("keys_on", sa.Date()),
        sa.Column("hospitality_noted_on", sa.Date()),
        sa.Column("ended_on", sa.Date()),
        sa.Column("note", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_tenancy_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["housing_match.id"], name=op.f("fk_tenancy_match_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenancy")),
        sa.UniqueConstraint("match_id", name=op.f("uq_tenancy_match_id")),
    )
    op.create_index(op.f("ix_tenancy_case_id"), "tenancy", ["case_id"])
    op.create_table(
        "viewing",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("match_id", sa.String(length=36), nullable=False),
        sa.Column("case_id", sa.String(length=36), nullable=False),
        sa.Column(
            "state",
            _enum("viewing_state", "asked", "proposed", "fixed", "done", "missed", "cancelled"),
            nullable=False,
        ),
        sa.Column("proposed", sa.JSON(), nullable=False),
        sa.Column("proposed_by", sa.String(length=36)),
        sa.Column("starts_at", UtcDateTime()),
        sa.Column("meeting_place", sa.Text()),
        sa.Column("interpreter", sa.String(length=2)),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("cancelled_reason", sa.Text()),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_record.id"], name=op.f("fk_viewing_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["housing_match.id"], name=op.f("fk_viewing_match_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_viewing")),
    )
    op.create_index(op.f("ix_viewing_case_id"), "viewing", ["case_id"])
    op.create_index(op.f("ix_viewing_match_id"), "viewing", ["match_id"])
    op.create_index("ix_viewing_starts_at", "viewing", ["state", "starts_at"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    added = ", ".join(f"'{kind}'" for kind in EVENTS if kind not in EVENTS_BEFORE)
    op.execute(f"DELETE FROM case_event WHERE kind IN ({added})")  # noqa: S608  (our own names)
    _allow("case_event", "kind", "case_event_kind", EVENTS_BEFORE)


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
