"""Questions whose answers are few: one of them, or several."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.questions import NOTHING, Hearing, Question, Reading
from actions.replies import Button, Replies, payload

_DONE = "done"

_YES_NO = {"yes": "further_yes", "no": "further_no"}


class ChoiceQuestion(Question):
    """One of a few codes. `meanings`: what a plain yes, no or "I do not know" stands for."""

    def __init__(
        self,
        slot: str,
        codes: Sequence[str],
        *,
        meanings: Mapping[str, str] | None = None,
        optional: bool = False,
    ) -> None:
        super().__init__(slot, optional=optional)
        self.codes = codes
        self.meanings = meanings or {}

    def read(self, hearing: Hearing) -> Reading:
        """Read the code from the button, from yes and no, or from the words on the buttons."""
        chosen = hearing.choice(self.slot)
        if chosen is None and hearing.asked:
            titles = {code: f"{self.slot}_{code}" for code in self.codes}
            # The words first: "I am waiting for the renewal" is understood as a yes, and means none.
            typed = hearing.replies.code_typed(hearing.turn.text, titles)
            chosen = typed or self.meanings.get(hearing.turn.intent)
        return Reading(chosen) if chosen in self.codes else NOTHING

    def show(self, value: Any, replies: Replies) -> str:
        """Write the code as its button says it."""
        return replies.text(f"bot.button.{self.slot}_{value}")

    def buttons(self, hearing: Hearing) -> list[Button]:
        """Offer every code."""
        return [self.answer_button(self.show(code, hearing.replies), code) for code in self.codes]


class YesNoQuestion(ChoiceQuestion):
    """Yes or no; kept as true or false."""

    def __init__(self, slot: str, *, optional: bool = False) -> None:
        super().__init__(slot, tuple(_YES_NO), optional=optional)

    def read(self, hearing: Hearing) -> Reading:
        """Read the button, the words on it, or a plain yes or no."""
        chosen = hearing.choice(self.slot)
        if chosen is None and hearing.asked:
            typed = hearing.replies.code_typed(hearing.turn.text, _YES_NO)
            chosen = typed or {"affirm": "yes", "deny": "no"}.get(hearing.turn.intent)
        return Reading(chosen == "yes") if chosen in _YES_NO else NOTHING

    def show(self, value: Any, replies: Replies) -> str:
        """Write it as its button says it."""
        return replies.text(f"bot.button.{_YES_NO['yes' if value else 'no']}")

    def buttons(self, hearing: Hearing) -> list[Button]:
        """Offer both."""
        return [self.answer_button(self.show(code == "yes", hearing.replies), code) for code in _YES_NO]


class ConfirmQuestion(ChoiceQuestion):
    """The last question: send what the summary shows, change something, or give it up."""

    def __init__(self, slot: str) -> None:
        super().__init__(slot, ("send",), meanings={"affirm": "send"})

    def read(self, hearing: Hearing) -> Reading:
        """Hear a yes only where the summary has just been shown."""
        if not hearing.asked:
            return NOTHING
        if not hearing.turn.is_button and hearing.replies.contains(hearing.turn.text, "not"):
            return NOTHING  # "do not send": whoever means yes presses the button
        reading = super().read(hearing)
        # After a submission that failed the button says "try again".
        says_again = hearing.replies.code_typed(hearing.turn.text, {"send": "retry"})
        return Reading(says_again) if reading.is_empty and says_again else reading

    def buttons(self, hearing: Hearing) -> list[Button]:
        """Offer to send, to correct and to give up."""
        replies = hearing.replies
        correct, stop = (
            replies.button("correct", payload("correct")),
            replies.button("cancel", payload("stop")),
        )
        return [*super().buttons(hearing), correct, stop]


class ManyQuestion(Question):
    """Several codes of one entity: typed all at once, or by buttons until "done"."""

    def __init__(self, slot: str, entity: str, codes: Sequence[str], *, optional: bool = False) -> None:
        super().__init__(slot, optional=optional)
        self.entity = entity
        self.codes = codes

    def read(self, hearing: Hearing) -> Reading:
        """Add what a button says; take what was typed as the whole answer."""
        known = list(hearing.answers.get(self.slot) or [])
        chosen = hearing.choice(self.slot)
        if chosen == _DONE:
            return Reading(known)
        if chosen is not None:
            return Reading([*known, chosen] if chosen not in known else known, choosing=True)
        given = [code for code in hearing.turn.values(self.entity) if self.is_known(code)]
        if not given:
            says_done = hearing.choosing and hearing.turn.intent in ("deny", "skip")
            return Reading(known) if says_done else NOTHING
        added = known if hearing.choosing or hearing.says_also else []
        return Reading(list(dict.fromkeys([*added, *given])))

    def is_known(self, code: str) -> bool:
        """Tell whether the wire knows this code."""
        return code in self.codes

    def name(self, code: str, replies: Replies) -> str:
        """Write one code."""
        return replies.text(f"bot.button.{self.entity}_{code}")

    def show(self, value: Any, replies: Replies) -> str:
        """Write all codes in a row."""
        return replies.enumeration([self.name(code, replies) for code in value]) if value else "-"

    def buttons(self, hearing: Hearing) -> list[Button]:
        """Offer the codes not chosen yet and, once something is, "done"."""
        known = hearing.answers.get(self.slot) or []
        left = [code for code in self.codes if code not in known]
        offered = [self.answer_button(self.name(code, hearing.replies), code) for code in left]
        if hearing.choosing:
            offered.append(self.answer_button(hearing.replies.text("bot.button.done"), _DONE))
        return offered


class LanguagesQuestion(ManyQuestion):
    """The languages that a person speaks; every ISO 639-1 code is known."""

    def read(self, hearing: Hearing) -> Reading:
        """Read languages where they are asked for or told: elsewhere a name may be a wish to speak it."""
        is_value = hearing.turn.intent in ("inform", "register_care_worker")
        if not hearing.asked and not is_value:
            return NOTHING
        return super().read(hearing)

    def is_known(self, code: str) -> bool:
        """Any language may be spoken."""
        return re.fullmatch(r"[a-z]{2}", code) is not None

    def name(self, code: str, replies: Replies) -> str:
        """Name the language in the conversation's own."""
        return replies.language_name(code)
