"""What a person chose of the backoffice's own questions: it counts whoever holds the floor.

`consent:<request>:yes|no`, `stop:<consent>`, `rights:sees`, `rights:looked`, `rights:copy`,
`viewing:<viewing>:<what>`, `problem:<code>`, `work:<code>`, `tenancy:<check>:<answer>`,
`engagement:<check>:<answer>`, `offer_photo:<photo>`, `homes:...` (see `housing_chat.answers`),
`care_offer:<match>:<what>`, `course:<enrolment>:<yes|no|cannot>`, `appointment:...` (see `appointment.chat`),
`checklist:...` (see `guide_chat.answers`), `mediation:<request>:cannot`, `erasure:<order>:keep`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.accompaniment.follow_up import answer_follow_up
from backoffice.appointment.chat import answer_appointment
from backoffice.care_match.offers import answer_offer
from backoffice.care_problem.chat import answer_work_problem
from backoffice.care_training.choices import answer_course
from backoffice.consent.queries import given_to_bodies
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.conversation.silence import was_silent
from backoffice.engagement.checks import answer_engagement
from backoffice.guide_chat.answers import answer_checklist
from backoffice.home_offer.photos import answer_photo
from backoffice.housing_chat.answers import answer_homes
from backoffice.housing_problem.chat import answer_problem
from backoffice.mediation.choices import answer_mediation
from backoffice.rights.copies import ask_in_chat
from backoffice.rights.erasures import keep_data
from backoffice.rights.requests import answer_request, withdraw_share
from backoffice.rights.told import tell_who_looked, tell_who_sees
from backoffice.viewing.choices import answer_viewing


def answer_choice(
    session: Session, conversation: Conversation, choice: str, *, now: datetime, base_url: str = ""
) -> None:
    """Act on a choice; one that nobody offered any more changes nothing.

    Answers about a problem or about work count always. After a long silence nothing else is told or done
    before a mediator has written again. `base_url`: where the backoffice is reached, for
    calendar files and saved lists.
    """
    if choice.startswith("problem:"):
        # It tells of nothing but what was said just now, and may have to say 112.
        answer_problem(session, conversation, choice.split(":")[1:], now=now)
        return
    if choice.startswith("work:"):
        answer_work_problem(session, conversation, choice.split(":")[1:], now=now)
        return
    if choice.startswith("engagement:"):
        # Weeks lie between the questions; an answer may say that somebody is in danger, and tells of nothing.
        check_id, _, said = choice.removeprefix("engagement:").partition(":")
        answer_engagement(session, conversation, check_id, said, now=now)
        return
    if choice.startswith("erasure:"):
        # Ten minutes lie between grant and erasure; to keep what is there tells of nothing.
        order_id, _, _what = choice.removeprefix("erasure:").partition(":")
        keep_data(session, conversation, order_id, now=now)
        return
    if was_silent(session, conversation.id):
        say(session, conversation, "rights_locked", now=now)
        return
    match choice.split(":"):
        case ["consent", request_id, answer]:
            answer_request(session, conversation, request_id, answer, now=now)
        case ["stop", consent_id]:
            _stop(session, conversation, consent_id, now)
        case ["rights", "sees"]:
            tell_who_sees(session, conversation, now=now)
        case ["viewing", viewing_id, what]:
            answer_viewing(session, conversation, viewing_id, what, now=now)
        case ["course", enrolment_id, what]:
            answer_course(session, conversation, enrolment_id, what, now=now)
        case ["offer_photo", photo_id]:
            answer_photo(session, conversation, photo_id, now=now)
        case ["rights", "looked"]:
            tell_who_looked(session, conversation, now=now)
        case ["mediation", mediation_id, what]:
            answer_mediation(session, conversation, mediation_id, what, now=now)
        case ["rights", "copy"]:
            ask_in_chat(session, conversation, now=now)
        case ["tenancy", check_id, answer]:
            answer_follow_up(session, conversation, check_id, answer, now=now)
        case ["appointment", *answer]:
            answer_appointment(session, conversation, answer, base_url=base_url, now=now)
        case ["care_offer", match_id, what]:
            answer_offer(session, conversation, match_id, what, now=now)
        case ["homes", *answer]:
            answer_homes(session, conversation, answer, now=now)
        case ["checklist", *answer]:
            answer_checklist(session, conversation, answer, base_url=base_url, now=now)


def _stop(session: Session, conversation: Conversation, consent_id: str, now: datetime) -> None:
    if conversation.person_id is None:
        return
    given = given_to_bodies(session, conversation.person_id, now=now)
    found = next((consent for consent in given if consent.id == consent_id), None)
    if found is not None:
        withdraw_share(session, conversation, found, now=now)
    else:
        tell_who_sees(session, conversation, now=now)
