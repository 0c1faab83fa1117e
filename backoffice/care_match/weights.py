"""How much each preference counts in a body: set by a coordinator, audited, with a version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.care_match.errors import CareWeightsChangedMeanwhile, CareWeightsInvalid
from backoffice.care_match.models import CareWeights
from backoffice.care_match.preferences import DEFAULT_WEIGHTS, HEAVIEST, Weights


def weights_of(session: Session, organisation_id: str) -> Weights:
    """Return the weights that a body matches with: its own, else those that it began with."""
    row = session.get(CareWeights, organisation_id)
    return checked_weights(row.weights, lenient=True) if row else DEFAULT_WEIGHTS


def version_of(session: Session, organisation_id: str) -> int:
    """Return how often a body's weights were set; 0 where nobody has."""
    row = session.get(CareWeights, organisation_id)
    return row.version if row else 0


def checked_weights(weights: Mapping[str, int], *, lenient: bool = False) -> Weights:
    """Return a weight for every preference, from what was set; what was not set stays as it began.

    `lenient`: weights of preferences that there are no more are left out.

    Raises:
        CareWeightsInvalid: a preference that there is not, or a weight that is not from 0 to 10.
    """
    strange = set(weights) - set(DEFAULT_WEIGHTS)
    if (strange and not lenient) or any(not 0 <= weight <= HEAVIEST for weight in weights.values()):
        raise CareWeightsInvalid
    return {code: weights.get(code, default) for code, default in DEFAULT_WEIGHTS.items()}


def set_weights(
    session: Session,
    organisation_id: str,
    weights: Mapping[str, int],
    *,
    seen: int,
    by: str,
    now: datetime,
) -> int:
    """Set what each preference counts, and return the new version; `seen` is the version that was read.

    Raises:
        CareWeightsInvalid: a preference that there is not, or a weight that is not from 0 to 10.
        CareWeightsChangedMeanwhile: somebody else has set them since.
    """
    wanted = dict(checked_weights(weights))
    statement = select(CareWeights).where(CareWeights.organisation_id == organisation_id)
    row = session.scalars(statement.with_for_update()).one_or_none()
    if seen != (row.version if row else 0):
        raise CareWeightsChangedMeanwhile
    if row is None:
        row = CareWeights(organisation_id=organisation_id, weights=wanted, version=1, changed_by=by)
        session.add(row)
    else:
        row.version += 1
    row.weights, row.changed_by, row.changed_at = wanted, by, now
    session.flush()
    audit.record(
        session,
        by=by,
        action="care_weights.set",
        subject_kind="organisation",
        subject_id=organisation_id,
        now=now,
        reason=f"version {row.version}",
    )
    return row.version
