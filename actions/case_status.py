"""What became of the person's requests."""

from __future__ import annotations

from actions.menu import complete_button, homes_button, menu_buttons, retry_buttons, way_on_buttons
from actions.replies import ROME, Replies
from actions.slots import CARE_WORK_FORM, read_paused
from actions.step import Step
from actions.turn import Event, Turn
from backoffice.client.errors import BackofficeClientError
from backoffice.client.schemas import CaseType, OwnCase, Phase

_STATES = {CaseType.CARE_WORK: "worker_state", CaseType.CARE_REQUEST: "request_state"}
"""The words for states of the desk for care work."""


class TellCaseStatus(Step):
    """Tells number, subject and phase of each request of this person; of a private one its number."""

    action_name = "action_tell_case_status"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Tell where the person's own requests stand."""
        try:
            own = await self.backoffice.read_own_cases(turn.conversation_id)
        except BackofficeClientError:
            replies.say("bot.status_unavailable", buttons=retry_buttons(replies, turn))
            return []
        if own.locked:
            replies.say("bot.status_locked", buttons=way_on_buttons(replies))
            return []
        if not own.cases:
            replies.say("bot.status_none", buttons=menu_buttons(replies))
            return []
        title = replies.count("bot.status_cases", len(own.cases))
        lines = [_written(case, replies) for case in own.cases]
        offers = [homes_button(replies)] if any(map(_is_search, own.cases)) else []
        sent = read_paused(turn.slots).get(CARE_WORK_FORM)
        if sent is not None and sent.reason == "sent":
            offers.append(complete_button(replies))
        replies.say_text("\n\n".join([title, *lines]), buttons=[*offers, *way_on_buttons(replies)])
        return []


def _is_search(case: OwnCase) -> bool:
    return case.type is CaseType.HOUSING and case.phase is not Phase.CLOSED


def _written(case: OwnCase, replies: Replies) -> str:
    if case.type is None or case.phase is None or case.opened_at is None:
        return replies.text("bot.status_private", number=case.number)
    line = replies.text(
        "bot.status_case",
        number=case.number,
        subject=replies.text(f"bot.case_type_{case.type.value}"),
        opened=replies.day(case.opened_at.astimezone(ROME).date()),
        phase=replies.text(f"bot.phase_{case.phase.value}"),
    )
    lines = [line, *_care(case, replies)]
    if case.assignee_name is not None:
        lines.append(replies.text("bot.status_assignee", name=case.assignee_name))
    return "\n".join(lines)


def _care(case: OwnCase, replies: Replies) -> list[str]:
    """Return how far a registration or a request of care work is, while its case is open."""
    if case.care_state is None or case.type not in _STATES or case.phase is Phase.CLOSED:
        return []
    state = replies.text(f"bot.{_STATES[case.type]}_{case.care_state}")
    return [replies.text("bot.status_care", state=state)]
