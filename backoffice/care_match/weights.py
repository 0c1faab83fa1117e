"""How much each preference of the care-work desk counts in a body."""

from __future__ import annotations

from backoffice.care_match.errors import CareWeightsChangedMeanwhile, CareWeightsInvalid
from backoffice.care_match.models import CareWeights
from backoffice.care_match.preferences import DEFAULT_WEIGHTS
from backoffice.matching.weights import Weighing

_WEIGHING = Weighing(
    CareWeights, DEFAULT_WEIGHTS, "care_weights.set", CareWeightsInvalid, CareWeightsChangedMeanwhile
)

weights_of = _WEIGHING.weights_of
version_of = _WEIGHING.version_of
checked_weights = _WEIGHING.checked
set_weights = _WEIGHING.set_weights
