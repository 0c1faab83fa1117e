"""What somebody who gives or receives a share sees of it; for pages and API alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from backoffice.audit.service import SERVICE
from backoffice.referral.forms import last_day
from backoffice.sharing.models import Share, ShareState
from backoffice.staff.models import Staff

_OPEN = (ShareState.OFFERED, ShareState.ACCEPTED)


@dataclass(frozen=True)
class ShareView:
    """Somebody who looks at shares, at a moment."""

    staff: Staff
    now: datetime

    def receives(self, share: Share) -> bool:
        """Tell whether it is the looker's body that receives it."""
        return share.organisation_id == self.staff.organisation_id

    def number(self, share: Share) -> bool:
        """Tell whether the case's number is shown: to a receiver once it has accepted."""
        accepted = share.answered_at is not None and share.state is not ShareState.REJECTED
        return accepted or not self.receives(share)

    def leads_to_case(self, share: Share) -> bool:
        """Tell whether the case itself can be opened through the share, and its id is shown."""
        return not self.receives(share) or self.state(share) is ShareState.ACCEPTED

    def words(self, share: Share) -> bool:
        """Tell whether the giver's words are shown: to a receiver until the share is over."""
        return not self.receives(share) or self.state(share) in _OPEN

    def state(self, share: Share) -> ShareState:
        """Return the state; what has ended by its time is expired, whether a job has seen it or not."""
        ended = share.state in _OPEN and share.until <= self.now
        return ShareState.EXPIRED if ended else share.state

    def last_day(self, share: Share) -> date:
        """Return the last day that it opens anything."""
        return last_day(share.until)

    def ended_by_person(self, share: Share) -> bool:
        """Tell whether it is over because the person took their consent back."""
        return share.state is ShareState.REVOKED and share.ended_by == SERVICE

    def unanswered(self, share: Share) -> bool:
        """Tell whether nobody has answered in time."""
        return self.state(share) is ShareState.OFFERED and share.answer_by <= self.now
