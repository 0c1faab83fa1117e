"""The menu, the greeting and the buttons that other answers end with."""

from __future__ import annotations

from actions.replies import SUPPORTED, Button, Replies, language_button, payload
from actions.slots import CARE_WORK_FORM, FORM_INTENT, MENU_FORMS, waiting_forms
from actions.step import Step
from actions.turn import Event, Turn

GUIDE_INTENTS: tuple[str, ...] = (
    "ask_residence_permit",
    "ask_asylum",
    "ask_family_reunification",
    "ask_citizenship",
    "ask_residency_registration",
    "ask_tax_code",
    "ask_health_care",
    "ask_maternity",
    "ask_school_enrolment",
    "ask_italian_course",
    "ask_benefits",
    "ask_basic_needs",
    "ask_legal_aid",
    "ask_job_search",
    "ask_qualification_recognition",
    "ask_driving_licence",
)
"""The sixteen topics of the services guide (contract, intents.md)."""

MENU_INTENTS: tuple[str, ...] = (
    "ask_care_contract",
    "ask_case_status",
    "link_account",
    "ask_office",
    "ask_human",
    "change_language",
    "ask_privacy",
)

SHOW_HOMES = "choice:homes:show:0"
"""What the backoffice does when the button of `homes_button` is pressed (`backoffice.housing_chat`)."""

SERVICES = "services"
"""The part of the menu that lists the guide's topics."""


def topic_button(replies: Replies, intent: str) -> Button:
    """Return the lasting button that opens a topic."""
    return replies.button(f"intent_{intent}", payload(intent), lasting=True)


def menu_buttons(replies: Replies) -> list[Button]:
    """Return the buttons of the main menu."""
    services = replies.button("services", payload("ask_menu", choice=SERVICES), lasting=True)
    forms = [topic_button(replies, FORM_INTENT[form]) for form in MENU_FORMS]
    return [*forms, services, *(topic_button(replies, intent) for intent in MENU_INTENTS)]


def way_on_buttons(replies: Replies) -> list[Button]:
    """Return what is offered after an answer: a person, or the menu."""
    return [topic_button(replies, "ask_human"), replies.button("menu", payload("ask_menu"), lasting=True)]


def retry_buttons(replies: Replies, turn: Turn) -> list[Button]:
    """Return what is offered when the backoffice could not be reached: the same again, or a person."""
    again = replies.button("retry", payload(turn.intent), lasting=True)
    return [again, *way_on_buttons(replies)]


def language_buttons() -> list[Button]:
    """Return a button for each language, in its own name."""
    return [language_button(code) for code in SUPPORTED]


def resume_button(replies: Replies, form: str) -> Button:
    """Return the button that takes a paused form up again."""
    return replies.button(f"resume_{form}", payload(FORM_INTENT[form], choice="resume"), lasting=True)


def resume_buttons(replies: Replies, turn: Turn) -> list[Button]:
    """Return a button for each form that waits to be taken up again, unless one is running."""
    if turn.active_form:
        return []
    return [resume_button(replies, form) for form in reversed(waiting_forms(turn.slots))]


def complete_button(replies: Replies) -> Button:
    """Return the lasting button with which a registered family assistant tells more."""
    begin = payload(FORM_INTENT[CARE_WORK_FORM], choice="resume")
    return replies.button("complete_care_work_form", begin, lasting=True)


def homes_button(replies: Replies) -> Button:
    """Return the lasting button that shows the homes which fit; the backoffice itself answers it."""
    return Button(replies.text("homes.button.show"), SHOW_HOMES, lasting=True)


class Greet(Step):
    """Says hello: the languages and the menu; inside a form only a word."""

    action_name = "action_greet"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Say hello."""
        if turn.active_form:
            replies.say("bot.greet_again")
            return []
        replies.say("bot.greet_languages", buttons=language_buttons())
        replies.say("bot.greet", buttons=[*resume_buttons(replies, turn), *menu_buttons(replies)])
        return []


class ShowMenu(Step):
    """Shows what the assistant can do, or the topics of the guide."""

    action_name = "action_show_menu"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Show the menu that was asked for."""
        if turn.value("choice") == SERVICES:
            replies.say("bot.services", buttons=[topic_button(replies, intent) for intent in GUIDE_INTENTS])
        else:
            replies.say("bot.menu", buttons=[*resume_buttons(replies, turn), *menu_buttons(replies)])
        return []
