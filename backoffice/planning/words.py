"""The words of what figures are split by: the catalogue's key of a code, where it has one."""

from __future__ import annotations

from backoffice.disclosure.axes import ALL
from backoffice.planning.figure import Dimension
from backoffice.planning.places import ELSEWHERE, NOWHERE, SUB_DISTRICT
from backoffice.planning.raw import UNKNOWN

OF_OTHERS = {
    Dimension.LANGUAGE: "backoffice.language",
    Dimension.DOOR: "backoffice.source",
    Dimension.CHANNEL: "backoffice.channel",
    Dimension.WHAT: "backoffice.case_type",
    Dimension.CASE_TYPE: "backoffice.case_type",
    Dimension.AGE_BAND: "backoffice.planning.age_band",
    Dimension.HOUSEHOLD: "backoffice.planning.household",
    Dimension.PERMIT: "backoffice.permit_state",
    Dimension.NEED: "backoffice.need",
    Dimension.PHASE: "backoffice.phase",
    Dimension.OUTCOME: "backoffice.closing_reason",
    Dimension.MEDIATION: "backoffice.mediation_refusal",
    Dimension.SETTING: "backoffice.mediation_setting",
    Dimension.TOPIC: "backoffice.intent",
    Dimension.HUMAN: "backoffice.planning.answer",
    Dimension.FORM: "backoffice.case_type",
    Dimension.SENT: "backoffice.planning.answer",
    Dimension.UNDERSTOOD: "backoffice.planning.answer",
    Dimension.TRANSLATED: "backoffice.planning.answer",
    Dimension.DELIVERED: "backoffice.planning.answer",
}
"""Groups of the catalogue that have the codes of a dimension. Bodies have names of their own."""

OF_OURS = {
    (Dimension.MEDIATION, "served"): "backoffice.planning.mediation.served",
    (Dimension.MEDIATION, "waiting"): "backoffice.planning.mediation.waiting",
    (Dimension.MEDIATION, "called_off"): "backoffice.planning.mediation.called_off",
    (Dimension.TOPIC, "answered"): "backoffice.planning.topic.answered",
    (Dimension.TOPIC, "other"): "backoffice.review.guide_gap_other",
}


def word_of(dimension: Dimension, code: str) -> str | None:
    """Return the catalogue's key of a code; None for a body, which is called by its name."""
    if code == UNKNOWN:
        return "backoffice.planning.unknown"
    if dimension is Dimension.WHAT and "/" in code:
        return f"backoffice.planning.what.{code.split('/')[1]}"
    ours = OF_OURS.get((dimension, code))
    group = OF_OTHERS.get(dimension)
    return ours or (f"{group}.{code}" if group else None)


def word_of_place(code: str) -> str | None:
    """Return the catalogue's key of a place; None for a town or sub-district, which has a name."""
    return f"backoffice.planning.place.{code}" if code in (ALL, NOWHERE, ELSEWHERE) else None


def name_of_place(code: str) -> str:
    """Return the name of a town or sub-district."""
    return code.removeprefix(SUB_DISTRICT)
