"""Which intents become a case at once, without a form, and how sure the understanding must be."""

from __future__ import annotations

from collections.abc import Mapping

NEEDS: Mapping[str, str] = {
    "book_appointment": "appointment",
    "cancel_appointment": "appointment",
    "give_feedback": "complaint",
    "report_housing_problem": "rent",
    "report_work_problem": "work",
    "delete_my_data": "data_erasure",
}
"""The need code of each intent (domain, project.md 3, and what the desk itself is asked for)."""

SURE_OF_A_NEED = 0.7
"""Below it a typed need is asked back: a case that nobody wanted costs the person and the caseworker."""

LEAVES_IF_SURE = frozenset({*NEEDS, "hire_care_worker"})
"""Intents for which a form is left only when they are sure: a mother in a wheelchair may be an answer."""
