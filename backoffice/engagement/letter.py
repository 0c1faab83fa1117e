"""The letter of hiring as a draft on paper: Italian and the worker's language beside each other.

Citizens' words only: the catalogue area `care_contract`. It exists once level, hours and pay have passed the
check: nobody carries a draft home that is below the minimum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from sqlalchemy.orm import Session

from backoffice.care_match.errors import sum_of, table_name
from backoffice.case.models import Case
from backoffice.case_card.content import Card, CardLine, CardSide
from backoffice.case_card.sheet import without_isolates
from backoffice.engagement.models import Engagement, EngagementState, NightKind
from backoffice.engagement.queries import cases_of
from backoffice.engagement.rates import is_long_week, sources_of
from backoffice.engagement.service import facts_of, is_certified
from backoffice.engagement.steps import needs_hospitality
from backoffice.engagement.terms import offer_of
from backoffice.errors import NotFound
from backoffice.templating import as_day
from translations.catalog import text
from translations.languages import SOURCE, supported_or_source

Say = Callable[..., str]


def make_letter(session: Session, engagement: Engagement, *, today: date) -> Card:
    """Return the letter of a contract, Italian first.

    Raises:
        NotFound: it has not passed the check yet, or came to nothing.
    """
    if engagement.state in (EngagementState.DRAFT, EngagementState.DROPPED):
        raise NotFound
    cases = cases_of(session, [engagement])
    request, worker = cases[engagement.request_id], cases[engagement.worker_id]
    languages = dict.fromkeys((SOURCE, supported_or_source(worker.language)))
    sides = tuple(_side(engagement, request, worker, language, today) for language in languages)
    return Card(number=request.number, name=worker.person.name or "", sides=sides, link=None)


def _side(engagement: Engagement, request: Case, worker: Case, language: str, today: date) -> CardSide:
    say = _speaker(language)
    hints = [say("draft")]
    if language != SOURCE or supported_or_source(worker.language) != SOURCE:
        hints.append(say("copy"))
    hints.append(say("printed", day=as_day(today)))
    lines = (*_parties(say, engagement, request, worker), *_work(say, engagement), *_money(say, engagement))
    return CardSide(
        language,
        say("title"),
        (*lines, *_duties(say, engagement, worker)),
        plan_title="",
        plan=(),
        hints=tuple(hints),
        scan="",
    )


def _parties(say: Say, made: Engagement, request: Case, worker: Case) -> Iterator[CardLine]:
    yield CardLine(say("employer"), request.person.name or say("not_written"))
    yield CardLine(say("worker"), worker.person.name or say("not_written"))
    yield CardLine(say("place"), made.place or say("not_written"))


def _work(say: Say, made: Engagement) -> Iterator[CardLine]:
    assert made.level is not None
    meaning = say(f"level.{made.level.value}")
    yield CardLine(say("level"), say("level_words", level=made.level.value, meaning=meaning))
    yield CardLine(say("tasks"), "\n".join(f"– {say(f'task.{code}')}" for code in made.tasks))
    yield CardLine(say("start"), _start(say, made))
    trial = say("trial_words", days=str(made.trial_days)) if made.trial_days else say("trial_none")
    yield CardLine(say("trial"), trial)
    where = "live_in" if made.live_in else "out"
    hours = say(f"hours_{where}", hours=str(made.hours_week))
    yield CardLine(say("hours"), "\n".join(part for part in (hours, _agreed(say, made.hours_words)) if part))
    yield CardLine(say("rest"), say(f"rest_{where}"))
    if made.nights is not NightKind.NONE:
        yield CardLine(say("nights"), say(f"night.{made.nights.value}"))


def _money(say: Say, made: Engagement) -> Iterator[CardLine]:
    assert made.pay_eur is not None
    assert made.pay_per is not None
    yield CardLine(say("pay"), say(f"pay_{made.pay_per.value}", sum=sum_of(made.pay_eur)))
    if made.minimum_eur is None or made.minimum_table is None or made.starts_on is None:
        minimum = say("minimum_unknown")
    else:
        day, table = as_day(made.starts_on), table_name(made.minimum_table)
        minimum = say("minimum_words", day=day, sum=sum_of(made.minimum_eur), table=table)
    yield CardLine(say("minimum"), minimum)
    yield CardLine(say("thirteenth"), say("thirteenth_words"))
    agreed = _agreed(say, made.holidays)
    words = "\n".join(part for part in (say("holidays_words"), agreed) if part)
    yield CardLine(say("holidays"), words)
    yield CardLine(say("board"), say(f"board_{_board(made)}"))
    yield CardLine(say("severance"), say("severance_words"))


def _duties(say: Say, made: Engagement, worker: Case) -> Iterator[CardLine]:
    offer = offer_of(facts_of(made), is_certified=is_certified(worker))
    is_long = is_long_week(offer.hours_week, offer.on)
    yield CardLine(say("notice"), say("notice_more" if is_long else "notice_less"))
    yield CardLine(say("inps"), say("inps_words"))
    if needs_hospitality(made, worker):
        yield CardLine(say("hospitality"), say("hospitality_words"))
    sources = "; ".join(sources_of(offer))
    yield CardLine(say("sources"), say("sources_words", sources=sources))
    yield CardLine(say("sign_employer"), "\n_______________________")
    yield CardLine(say("sign_worker"), "\n_______________________")


def _start(say: Say, made: Engagement) -> str:
    if made.starts_on is None:
        return say("not_written")
    if made.ends_on is None:
        return say("start_open", day=as_day(made.starts_on))
    return say("start_term", day=as_day(made.starts_on), end=as_day(made.ends_on))


def _agreed(say: Say, words: str | None) -> str:
    return f"{say('agreed')}: {words}" if words else ""


def _board(made: Engagement) -> str:
    match bool(made.has_board), bool(made.has_lodging):
        case True, True:
            return "both"
        case True, False:
            return "only"
        case False, True:
            return "lodging"
        case _:
            return "none"


def _speaker(language: str) -> Say:
    def say(key: str, **values: str) -> str:
        return without_isolates(text(f"care_contract.{key}", language, **values))

    return say
