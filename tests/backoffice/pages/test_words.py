"""Every sentence that code and templates ask for is in the catalogue, and every code has its words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

import pytest

from backoffice.case.models import CaseEventKind, CaseSource, CaseStatus, NoteContact, NoteKind
from backoffice.case.needs import Need
from backoffice.case.phases import ClosingReason
from backoffice.case.schemas import INTAKES
from backoffice.client.schemas import (
    AttachmentKind,
    Author,
    CareSchedule,
    CareSkill,
    CaseType,
    Channel,
    Employment,
    Mode,
    Phase,
    WaitingReason,
)
from backoffice.consent.models import ConsentAnswer
from backoffice.conversation.facts import Origin
from backoffice.conversation.models import NoteKind as MessageNoteKind
from backoffice.document.models import DocumentKind
from backoffice.listing.models import Included, ListingState, VerifiedHow
from backoffice.listing_import.planning import Outcome
from backoffice.listing_import.rows import COLUMNS
from backoffice.plan.models import ActionState, AgreementForm, ChargeGround, ReceptionOutcome
from backoffice.staff.roles import Role
from backoffice.templating import FOLDER
from backoffice.workplace.variables import NAMES
from translations.catalog import has
from translations.languages import LANGUAGES

_IN_TEMPLATES = re.compile(r"""\b_n?\(\s*["']([a-z0-9_.]+)["']""")
_IN_ERRORS = re.compile(r'"((?:[a-z]+\.)?error\.(?!html)[a-z_.]+)"')

MISSING = (
    "outcome", "ground", "municipality", "assignee", "acceptance", "interview", "goal", "action", "agreement",
    "open_actions", "review",
)  # fmt: skip
"""What `case.requirements` can miss."""

GROUPS: dict[str, Iterable[str]] = {
    "case_type": CaseType,
    "phase": Phase,
    "case_status": CaseStatus,
    "source": CaseSource,
    "closing_reason": ClosingReason,
    "note_kind": NoteKind,
    "note_kind_hint": NoteKind,
    "note_contact": NoteContact,
    "need": Need,
    "urgency": ("normal", "urgent"),
    "reception_outcome": ReceptionOutcome,
    "charge_ground": ChargeGround,
    "agreement_form": AgreementForm,
    "action_state": ActionState,
    "document_kind": DocumentKind,
    "event_kind": CaseEventKind,
    "casework.missing": MISSING,
    "case_event": CaseEventKind,
    "mode": Mode,
    "channel": Channel,
    "waiting_reason": WaitingReason,
    "author": Author,
    "attachment": AttachmentKind,
    "employment": Employment,
    "care_skill": CareSkill,
    "care_schedule": CareSchedule,
    "consent_answer": ConsentAnswer,
    "role": Role,
    "language": LANGUAGES,
    "listing_state": ListingState,
    "homes.step": ListingState,
    "verified_how": VerifiedHow,
    "included": Included,
    "homes.outcome": Outcome,
    "homes.field": COLUMNS,
    "workplace.note": MessageNoteKind,
    "workplace.note_hint": MessageNoteKind,
    "workplace.origin": Origin,
    "workplace.queue": ("mine", "waiting", "all"),
    "workplace.variable": NAMES,
    "intake": {name for form in INTAKES.values() for name in form.model_fields},
}


def test_every_sentence_of_a_template_is_there() -> None:
    asked = {
        key
        for path in FOLDER.rglob("templates/*.html")
        for key in _IN_TEMPLATES.findall(path.read_text(encoding="utf-8"))
    }
    assert len(asked) > 100
    whole = [key for key in sorted(asked) if not key.endswith(("_", "."))]  # the others go on with a code
    assert [key for key in whole if not has(f"backoffice.{key}")] == []


def test_every_sentence_of_an_error_is_there() -> None:
    asked = {
        key for path in FOLDER.rglob("*.py") for key in _IN_ERRORS.findall(path.read_text(encoding="utf-8"))
    }
    assert len(asked) > 30
    assert [key for key in sorted(asked) if not has(f"backoffice.{key}")] == []


@pytest.mark.parametrize("group", GROUPS)
def test_every_code_has_its_words(group: str) -> None:
    codes = [each.value if isinstance(each, StrEnum) else each for each in GROUPS[group]]
    assert [code for code in codes if not has(f"backoffice.{group}.{code}")] == []
