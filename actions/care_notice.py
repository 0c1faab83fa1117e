"""How many days of notice there are when work in a home ends, with the person's own answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.care_pay import CareChoice, hours_question, years_question
from actions.care_rights import ask_desk, more_rights_button, source_lines
from actions.care_terms import care_notice_request
from actions.form import FormStep
from actions.menu import topic_button, way_on_buttons
from actions.offer import YesNo
from actions.questions import Question
from actions.replies import ROME, Replies, payload
from actions.slots import NOTICE_FORM, clear_form, slot_set
from actions.step import Step
from actions.turn import Event, Turn
from backoffice.client.errors import BackofficeClientError
from backoffice.client.schemas import CareNotice, NoticeBy


class NoticeForm(FormStep):
    """Who ends the work, its hours and years. Nothing of it is kept or sent to staff."""

    action_name = "validate_notice_form"
    form = NOTICE_FORM
    questions = (
        CareChoice("ended_by", [by.value for by in NoticeBy]),
        hours_question(),
        years_question(),
        YesNo("after_maternity", optional=True),
    )

    def is_needed(self, question: Question, answers: Mapping[str, Any]) -> bool:
        """Tell whether to ask: maternity doubles the notice of the family alone."""
        return question.slot != "after_maternity" or answers.get("ended_by") == NoticeBy.FAMILY


class TellNotice(Step):
    """Tells the days of notice with their source."""

    action_name = "action_tell_notice"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Work the days out, or say that it cannot be done now."""
        request = care_notice_request(turn.slots, self.clock().astimezone(ROME).date())
        try:
            notice = await self.backoffice.work_out_care_notice(request)
        except BackofficeClientError:
            again = replies.button("retry", payload("count_notice"), lasting=True)
            replies.say("bot.rent_unavailable", buttons=[again, *way_on_buttons(replies)])
        else:
            parts = [
                _days(notice, request.ends_by, replies),
                replies.text("bot.notice_also"),
                await ask_desk(self.backoffice, replies),
                source_lines(notice.sources, replies),
                replies.text("bot.rent_not_advice"),
            ]
            again = topic_button(replies, "count_notice")
            buttons = [again, more_rights_button(replies), *way_on_buttons(replies)]
            replies.say_text("\n\n".join(part for part in parts if part), buttons=buttons)
        return [*clear_form(NOTICE_FORM), slot_set("requested_slot", None)]


def _days(notice: CareNotice, by: NoticeBy, replies: Replies) -> str:
    if notice.days is not None:
        lines = [replies.text(f"bot.notice_days_{by.value}", days=str(notice.days))]
    elif notice.possible_days:
        lines = [replies.text("bot.notice_possible", days=" / ".join(map(str, notice.possible_days)))]
    else:
        lines = [replies.text("bot.notice_unknown")]
    if notice.doubled:
        lines.append(replies.text("bot.notice_doubled"))
    return "\n".join(lines)
