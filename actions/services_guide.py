"""An answer of the services guide, as the backoffice has it."""

from __future__ import annotations

from actions.menu import retry_buttons, way_on_buttons
from actions.places import asks_where, tell_where, where_button
from actions.replies import ROME, Replies
from actions.step import Step
from actions.turn import Event, Turn
from backoffice.client.errors import BackofficeClientError, NotFound
from backoffice.client.schemas import GuideAnswer, GuideSource


class AnswerGuide(Step):
    """Tells what the guide knows of a topic, the next step and where it is from."""

    action_name = "action_answer_guide"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Answer the topic of the intent, or tell where it is dealt with."""
        topic = turn.intent.removeprefix("ask_")
        if asks_where(turn):
            return await tell_where(self.backoffice, turn, replies, topic)
        try:
            answer = await self.backoffice.read_guide(topic, turn.language)
        except NotFound:
            replies.say("bot.guide_unknown", buttons=way_on_buttons(replies))
        except BackofficeClientError:
            replies.say("bot.guide_unavailable", buttons=retry_buttons(replies, turn))
        else:
            buttons = [where_button(replies, topic), *way_on_buttons(replies)]
            replies.say_text(_written(answer, replies), buttons=buttons)
        return []


def _written(answer: GuideAnswer, replies: Replies) -> str:
    parts = [*_copied(answer, replies), answer.text]
    parts.append(replies.text("bot.guide_next_step", step=answer.next_step))
    if answer.call_first:
        parts.append(replies.text("bot.guide_call_first"))
    checked = replies.day(answer.verified_on)
    if answer.sources:
        sources = "; ".join(_source(source) for source in answer.sources)
        parts.append(replies.text("bot.guide_sources", sources=sources, checked=checked))
    else:
        parts.append(replies.text("bot.guide_checked", checked=checked))
    return "\n\n".join(parts)


def _copied(answer: GuideAnswer, replies: Replies) -> list[str]:
    """Say of which day the copy is that answers while the backoffice is away."""
    if answer.copied_at is None:
        return []
    day = replies.day(answer.copied_at.astimezone(ROME).date())
    return [replies.text("guide_copy.from_copy", day=day)]


def _source(source: GuideSource) -> str:
    return f"{source.title} ({source.dated})" if source.dated else source.title
