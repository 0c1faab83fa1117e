"""The directory of services: bodies, services, places, hours, phones, languages, and what has to be checked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.database import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLES = (
    "directory_translation",
    "directory_organisation",
    "directory_location",
    "directory_service",
    "directory_accessibility",
    "directory_contact",
    "directory_cost_option",
    "directory_required_document",
    "directory_review",
    "directory_service_at_location",
    "directory_phone",
    "directory_schedule",
    "directory_language",
)


def upgrade() -> None:
    op.create_table(
        "directory_translation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column(
            "entry_kind",
            _enum(
                "directory_entry_kind",
                "organization",
                "service",
                "location",
                "service_at_location",
                "schedule",
                "cost_option",
                "required_document",
                "accessibility",
                "phone",
                "contact",
            ),
            nullable=False,
        ),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_translation")),
        sa.UniqueConstraint(
            "entry_kind",
            "entry_id",
            "field",
            "language",
            name=op.f("uq_directory_translation_entry_kind_entry_id_field_language"),
        ),
    )
    op.create_index(op.f("ix_directory_translation_entry_id"), "directory_translation", ["entry_id"])
    op.create_table(
        "directory_organisation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("staff_organisation_id", sa.String(length=36)),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("alternate_name", sa.String(length=200)),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("website", sa.String(length=300)),
        sa.Column("email", sa.String(length=254)),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_directory_organisation_staff_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_organisation")),
        sa.UniqueConstraint(
            "staff_organisation_id", name=op.f("uq_directory_organisation_staff_organisation_id")
        ),
    )
    op.create_table(
        "directory_location",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column(
            "location_type", _enum("directory_location_type", "physical", "postal", "virtual"), nullable=False
        ),
        sa.Column("url", sa.String(length=300)),
        sa.Column("name", sa.String(length=200)),
        sa.Column("description", sa.Text()),
        sa.Column("transportation", sa.Text()),
        sa.Column("address", sa.String(length=200)),
        sa.Column("town", sa.String(length=80)),
        sa.Column("province", sa.String(length=80)),
        sa.Column("postal_code", sa.String(length=10)),
        sa.Column("country", sa.String(length=2), server_default="IT", nullable=False),
        sa.Column("latitude", sa.Numeric(precision=6, scale=3)),
        sa.Column("longitude", sa.Numeric(precision=6, scale=3)),
        sa.Column("step_free", sa.Boolean()),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_directory_location_both_or_neither")
        ),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_directory_location_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_directory_location_longitude")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["directory_organisation.id"],
            name=op.f("fk_directory_location_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_location")),
    )
    op.create_index(op.f("ix_directory_location_organisation_id"), "directory_location", ["organisation_id"])
    op.create_index(op.f("ix_directory_location_town"), "directory_location", ["town"])
    op.create_table(
        "directory_service",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("alternate_name", sa.String(length=200)),
        sa.Column("description", sa.Text()),
        sa.Column("url", sa.String(length=300)),
        sa.Column("email", sa.String(length=254)),
        sa.Column(
            "status",
            _enum("directory_service_status", "active", "inactive", "defunct", "temporarily closed"),
            nullable=False,
        ),
        sa.Column("fees_description", sa.Text()),
        sa.Column("eligibility_description", sa.Text()),
        sa.Column("application_process", sa.Text()),
        sa.Column("interpretation_services", sa.Text()),
        sa.Column("minimum_age", sa.Integer()),
        sa.Column("maximum_age", sa.Integer()),
        sa.Column("alert", sa.Text()),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=300), server_default="", nullable=False),
        sa.Column("verified_on", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("valid_to >= verified_on", name=op.f("ck_directory_service_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["directory_organisation.id"],
            name=op.f("fk_directory_service_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_service")),
    )
    op.create_index(op.f("ix_directory_service_organisation_id"), "directory_service", ["organisation_id"])
    op.create_index("ix_directory_service_valid_to", "directory_service", ["status", "valid_to"])
    op.create_table(
        "directory_accessibility",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("location_id", sa.String(length=36), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("details", sa.Text()),
        sa.Column("url", sa.String(length=300)),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["directory_location.id"],
            name=op.f("fk_directory_accessibility_location_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_accessibility")),
    )
    op.create_index(
        op.f("ix_directory_accessibility_location_id"), "directory_accessibility", ["location_id"]
    )
    op.create_table(
        "directory_contact",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36)),
        sa.Column("service_id", sa.String(length=36)),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254)),
        sa.CheckConstraint(
            "CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END + CASE WHEN service_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_directory_contact_one_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["directory_organisation.id"],
            name=op.f("fk_directory_contact_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["directory_service.id"],
            name=op.f("fk_directory_contact_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_contact")),
    )
    op.create_index(op.f("ix_directory_contact_organisation_id"), "directory_contact", ["organisation_id"])
    op.create_index(op.f("ix_directory_contact_service_id"), "directory_contact", ["service_id"])
    op.create_table(
        "directory_cost_option",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("service_id", sa.String(length=36), nullable=False),
        sa.Column("option", sa.String(length=200)),
        sa.Column("amount", sa.Numeric(precision=10, scale=2)),
        sa.Column("currency", sa.String(length=3), server_default="EUR", nullable=False),
        sa.Column("amount_description", sa.String(length=300)),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_directory_cost_option_amount")),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["directory_service.id"],
            name=op.f("fk_directory_cost_option_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_cost_option")),
    )
    op.create_index(op.f("ix_directory_cost_option_service_id"), "directory_cost_option", ["service_id"])
    op.create_table(
        "directory_required_document",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("service_id", sa.String(length=36), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("uri", sa.String(length=300)),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["directory_service.id"],
            name=op.f("fk_directory_required_document_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_required_document")),
    )
    op.create_index(
        op.f("ix_directory_required_document_service_id"), "directory_required_document", ["service_id"]
    )
    op.create_table(
        "directory_review",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("service_id", sa.String(length=36), nullable=False),
        sa.Column("reason", _enum("directory_review_reason", "past_valid_to", "reported"), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        sa.Column("closed_by", sa.String(length=36)),
        sa.ForeignKeyConstraint(["closed_by"], ["staff.id"], name=op.f("fk_directory_review_closed_by")),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["directory_service.id"],
            name=op.f("fk_directory_review_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_review")),
    )
    op.create_index(op.f("ix_directory_review_service_id"), "directory_review", ["service_id"])
    op.create_index(
        "uq_directory_review_open",
        "directory_review",
        ["service_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "directory_service_at_location",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("service_id", sa.String(length=36), nullable=False),
        sa.Column("location_id", sa.String(length=36), nullable=False),
        sa.Column("description", sa.Text()),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["directory_location.id"],
            name=op.f("fk_directory_service_at_location_location_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["directory_service.id"],
            name=op.f("fk_directory_service_at_location_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_service_at_location")),
        sa.UniqueConstraint(
            "service_id", "location_id", name=op.f("uq_directory_service_at_location_service_id_location_id")
        ),
    )
    op.create_index(
        op.f("ix_directory_service_at_location_location_id"), "directory_service_at_location", ["location_id"]
    )
    op.create_table(
        "directory_phone",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36)),
        sa.Column("service_id", sa.String(length=36)),
        sa.Column("location_id", sa.String(length=36)),
        sa.Column("service_at_location_id", sa.String(length=36)),
        sa.Column("contact_id", sa.String(length=36)),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), server_default="voice", nullable=False),
        sa.Column("description", sa.Text()),
        sa.CheckConstraint(
            "CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END + CASE WHEN service_id IS NULL THEN 0 ELSE 1 END + CASE WHEN location_id IS NULL THEN 0 ELSE 1 END + CASE WHEN service_at_location_id IS NULL THEN 0 ELSE 1 END + CASE WHEN contact_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_directory_phone_one_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["directory_contact.id"],
            name=op.f("fk_directory_phone_contact_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["directory_location.id"],
            name=op.f("fk_directory_phone_location_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["directory_organisation.id"],
            name=op.f("fk_directory_phone_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_at_location_id"],
            ["directory_service_at_location.id"],
            name=op.f("fk_directory_phone_service_at_location_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["directory_service.id"],
            name=op.f("fk_directory_phone_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_phone")),
    )
    op.create_index(op.f("ix_directory_phone_contact_id"), "directory_phone", ["contact_id"])
    op.create_index(op.f("ix_directory_phone_location_id"), "directory_phone", ["location_id"])
    op.create_index(op.f("ix_directory_phone_organisation_id"), "directory_phone", ["organisation_id"])
    op.create_index(
        op.f("ix_directory_phone_service_at_location_id"), "directory_phone", ["service_at_location_id"]
    )
    op.create_index(op.f("ix_directory_phone_service_id"), "directory_phone", ["service_id"])
    op.create_table(
        "directory_schedule",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("service_id", sa.String(length=36)),
        sa.Column("location_id", sa.String(length=36)),
        sa.Column("service_at_location_id", sa.String(length=36)),
        sa.Column("kind", _enum("directory_schedule_kind", "regular", "special", "closed"), nullable=False),
        sa.Column(
            "on_holidays", _enum("directory_holiday_rule", "closed", "open", "unknown"), nullable=False
        ),
        sa.Column("freq", _enum("directory_frequency", "WEEKLY", "MONTHLY")),
        sa.Column("every", sa.Integer(), server_default="1", nullable=False),
        sa.Column("byday", sa.String(length=60)),
        sa.Column("bymonthday", sa.String(length=100)),
        sa.Column("dtstart", sa.Date()),
        sa.Column("until", sa.Date()),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("opens_at", sa.Time()),
        sa.Column("closes_at", sa.Time()),
        sa.Column("description", sa.Text()),
        sa.CheckConstraint(
            "(opens_at IS NULL) = (closes_at IS NULL)", name=op.f("ck_directory_schedule_both_hours")
        ),
        sa.CheckConstraint(
            "CASE WHEN service_id IS NULL THEN 0 ELSE 1 END + CASE WHEN location_id IS NULL THEN 0 ELSE 1 END + CASE WHEN service_at_location_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_directory_schedule_one_owner"),
        ),
        sa.CheckConstraint("every >= 1", name=op.f("ck_directory_schedule_every")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_directory_schedule_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["directory_location.id"],
            name=op.f("fk_directory_schedule_location_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_at_location_id"],
            ["directory_service_at_location.id"],
            name=op.f("fk_directory_schedule_service_at_location_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["directory_service.id"],
            name=op.f("fk_directory_schedule_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_schedule")),
    )
    op.create_index(op.f("ix_directory_schedule_location_id"), "directory_schedule", ["location_id"])
    op.create_index(
        op.f("ix_directory_schedule_service_at_location_id"), "directory_schedule", ["service_at_location_id"]
    )
    op.create_index(op.f("ix_directory_schedule_service_id"), "directory_schedule", ["service_id"])
    op.create_table(
        "directory_language",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("service_id", sa.String(length=36)),
        sa.Column("location_id", sa.String(length=36)),
        sa.Column("phone_id", sa.String(length=36)),
        sa.Column("code", sa.String(length=3), nullable=False),
        sa.Column("note", sa.String(length=300)),
        sa.CheckConstraint(
            "CASE WHEN service_id IS NULL THEN 0 ELSE 1 END + CASE WHEN location_id IS NULL THEN 0 ELSE 1 END + CASE WHEN phone_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_directory_language_one_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["directory_location.id"],
            name=op.f("fk_directory_language_location_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["phone_id"],
            ["directory_phone.id"],
            name=op.f("fk_directory_language_phone_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["directory_service.id"],
            name=op.f("fk_directory_language_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_language")),
    )
    op.create_index("ix_directory_language_code", "directory_language", ["code"])
    op.create_index(op.f("ix_directory_language_location_id"), "directory_language", ["location_id"])
    op.create_index(op.f("ix_directory_language_phone_id"), "directory_language", ["phone_id"])
    op.create_index(op.f("ix_directory_language_service_id"), "directory_language", ["service_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=30)
