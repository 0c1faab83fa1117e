"""How much each preference of the housing desk counts in a body."""

from __future__ import annotations

from backoffice.housing_match.errors import WeightsChangedMeanwhile, WeightsInvalid
from backoffice.housing_match.models import MatchingWeights
from backoffice.housing_match.preferences import DEFAULT_WEIGHTS
from backoffice.matching.weights import Weighing

_WEIGHING = Weighing(
    MatchingWeights, DEFAULT_WEIGHTS, "matching_weights.set", WeightsInvalid, WeightsChangedMeanwhile
)

weights_of = _WEIGHING.weights_of
version_of = _WEIGHING.version_of
checked_weights = _WEIGHING.checked
set_weights = _WEIGHING.set_weights
