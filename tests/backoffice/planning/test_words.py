"""Every figure and every code of it has words, in both languages of staff."""

from __future__ import annotations

import pytest

from backoffice.case.models import CaseSource
from backoffice.case.needs import Need
from backoffice.case.phases import ClosingReason
from backoffice.client.schemas import CaseType, Channel, PermitState, Phase
from backoffice.mediation.models import MediationRefusal, MediationSetting
from backoffice.planning.chat_statements import CAME, DID_NOT_COME, NO, YES
from backoffice.planning.desk_statements import ANSWERED, CALLED_OFF, SERVED, WAITING
from backoffice.planning.figure import Dimension, Measure, Unit
from backoffice.planning.people import ADULTS, AGE_BANDS, ALONE, OLDEST, WITH_MINORS
from backoffice.planning.registry import FIGURES, NOT_RECORDED
from backoffice.planning.words import word_of
from backoffice.review.intents import GUIDE_INTENTS
from translations.catalog import text
from translations.languages import SUPPORTED

CODES: dict[Dimension, list[str]] = {
    Dimension.LANGUAGE: list(SUPPORTED),
    Dimension.DOOR: list(CaseSource),
    Dimension.CHANNEL: list(Channel),
    Dimension.WHAT: [*CaseType, "housing/found", "care_request/not_found"],
    Dimension.CASE_TYPE: list(CaseType),
    Dimension.AGE_BAND: [*AGE_BANDS, OLDEST],
    Dimension.HOUSEHOLD: [ALONE, ADULTS, WITH_MINORS],
    Dimension.PERMIT: list(PermitState),
    Dimension.NEED: list(Need),
    Dimension.PHASE: list(Phase),
    Dimension.OUTCOME: list(ClosingReason),
    Dimension.MEDIATION: [*MediationRefusal, SERVED, WAITING, CALLED_OFF],
    Dimension.SETTING: list(MediationSetting),
    Dimension.TOPIC: [*GUIDE_INTENTS, ANSWERED, "other"],
    Dimension.HUMAN: [CAME, DID_NOT_COME],
    Dimension.FORM: list(CaseType),
    Dimension.SENT: [YES, NO],
    Dimension.UNDERSTOOD: [YES, NO],
    Dimension.TRANSLATED: [YES, NO],
    Dimension.DELIVERED: [YES, NO],
}


@pytest.mark.parametrize("ui", ["it", "en"])
def test_every_figure_has_a_title_and_a_definition_and_every_code_a_word(ui: str) -> None:
    keys = [
        f"backoffice.planning.{part}.{figure.code}" for figure in FIGURES for part in ("figure", "definition")
    ]
    keys += [f"backoffice.planning.unit.{unit}" for unit in Unit]
    keys += [f"backoffice.planning.measure.{measure}" for measure in Measure]
    keys += [f"backoffice.planning.dimension.{dimension}" for dimension in Dimension]
    keys += [f"backoffice.planning.not_recorded.{code}" for code in NOT_RECORDED]
    for dimension, codes in CODES.items():
        keys += [word for code in (*codes, "unknown") if (word := word_of(dimension, code))]
    for key in keys:
        assert text(key, ui) != key, key
    assert set(CODES) == set(Dimension) - {Dimension.BODY}
