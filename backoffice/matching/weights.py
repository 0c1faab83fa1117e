"""How much each preference counts in a body: set by a coordinator, audited, with a version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backoffice.audit import service as audit
from backoffice.database import UtcDateTime
from backoffice.errors import BackofficeError, Conflict
from backoffice.matching.scores import HEAVIEST, Weights


class SetWeights:
    """The columns of a table of weights: from 0 to 10 by the code of the preference, a row for each body."""

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    weights: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Weighing:
    """The weights of one desk: their table, those that it begins with, and what it says when it refuses."""

    table: type[SetWeights]
    defaults: Weights
    action: str
    """What the audit trail calls it."""
    invalid: Callable[[], BackofficeError]
    changed_meanwhile: Callable[[], Conflict]

    def weights_of(self, session: Session, organisation_id: str) -> Weights:
        """Return the weights that a body matches with: its own, else those that it began with."""
        row = session.get(self.table, organisation_id)
        return self.checked(row.weights, lenient=True) if row else self.defaults

    def version_of(self, session: Session, organisation_id: str) -> int:
        """Return how often a body's weights were set; 0 where nobody has."""
        row = session.get(self.table, organisation_id)
        return row.version if row else 0

    def checked(self, weights: Mapping[str, int], *, lenient: bool = False) -> Weights:
        """Return a weight for every preference, from what was set; what was not set stays as it began.

        `lenient`: weights of preferences that there are no more are left out.

        Raises:
            BackofficeError: `invalid`: a preference that there is not, or a weight that is not from 0 to 10.
        """
        strange = set(weights) - set(self.defaults)
        if (strange and not lenient) or any(not 0 <= weight <= HEAVIEST for weight in weights.values()):
            raise self.invalid()
        return {code: weights.get(code, default) for code, default in self.defaults.items()}

    def set_weights(
        self,
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
            BackofficeError: `invalid`: a preference that there is not, or a weight that is not from 0 to 10.
            Conflict: `changed_meanwhile`: somebody else has set them since.
        """
        wanted = dict(self.checked(weights))
        statement = select(self.table).where(self.table.organisation_id == organisation_id)
        row = session.scalars(statement.with_for_update()).one_or_none()
        if seen != (row.version if row else 0):
            raise self.changed_meanwhile()
        if row is None:
            row = self.table()
            row.organisation_id, row.version = organisation_id, 0
            session.add(row)
        row.version += 1
        row.weights, row.changed_by, row.changed_at = wanted, by, now
        session.flush()
        audit.record(
            session,
            by=by,
            action=self.action,
            subject_kind="organisation",
            subject_id=organisation_id,
            now=now,
            reason=f"version {row.version}",
        )
        return row.version
