"""Where the office is, when it is open and how to call it."""

from __future__ import annotations

from actions.menu import retry_buttons, way_on_buttons
from actions.replies import Replies
from actions.step import Step
from actions.turn import Event, Turn
from backoffice.client.errors import BackofficeClientError, NotFound
from backoffice.client.schemas import OfficeContact


class TellOffice(Step):
    """Tells the office's address, hours and telephone, as far as they are known."""

    action_name = "action_tell_office"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Tell what the backoffice knows of the office."""
        try:
            office = await self.backoffice.read_office(turn.language)
        except NotFound:
            replies.say("bot.office_unknown", buttons=way_on_buttons(replies))
        except BackofficeClientError:
            replies.say("bot.office_unavailable", buttons=retry_buttons(replies, turn))
        else:
            replies.say_text(_written(office, replies), buttons=way_on_buttons(replies))
        return []


def _written(office: OfficeContact, replies: Replies) -> str:
    lines = [replies.text("bot.office_place", name=office.name, address=office.address)]
    if office.hours:
        lines.append(replies.text("bot.office_hours", hours=office.hours))
    if office.phone:
        lines.append(replies.text("bot.office_phone", phone=office.phone))
    if not office.hours or not office.phone:
        lines.append(replies.text("bot.office_ask_rest"))
    if office.verified_on:
        lines.append(replies.text("bot.office_checked", checked=replies.day(office.verified_on)))
    if office.is_demo:
        lines.append(replies.text("bot.office_demo"))
    return "\n".join(lines)
