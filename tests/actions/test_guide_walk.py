"""Every branch of every topic in every language: a way on everywhere, no Italian left, facts with sources."""

from __future__ import annotations

from functools import cache

import pytest

from actions.guide_telling import opening_parts
from actions.replies import Replies
from actions.services_guide import AnswerGuide
from backoffice.client.errors import BackofficeUnavailable
from backoffice.client.schemas import GuideAnswer, GuideAspect
from backoffice.guide.topics import read_guide
from tests.actions.fakes import NOW, guide_answer
from tests.actions.guide_walk import GuideBackoffice, Step, answer_of, branches, meaning, press, walk
from tests.actions.italian_left import italian_left, without_names, words_in
from tests.actions.trackers import act, tracker
from translations import catalog
from translations.languages import LANGUAGES, SOURCE

OTHERS = [code for code in LANGUAGES if code != SOURCE]
NAMES = frozenset(source.title for source in read_guide().sources.values())
FEWEST_WORDS = 4
"""A sentence with fewer words beside names may be anybody's."""
PLACES_OF_THE_MENU = frozenset({"ask_human", "ask_menu"})


@cache
def walked(language: str) -> tuple[Step, ...]:
    return tuple(walk(language))


def italian_texts() -> frozenset[str]:
    return frozenset(message["text"] for step in walked(SOURCE) for message in step.messages)


def own_texts(language: str) -> set[str]:
    """Return everything that is read on the walk: messages and titles of buttons."""
    messages = [message for step in walked(language) for message in step.messages]
    return {m["text"] for m in messages} | {b["title"] for m in messages for b in m["buttons"]}


def parts_of(answer: GuideAnswer) -> list[tuple[str, list[str]]]:
    return [(p.text, [s.title for s in p.sources]) for case in answer.cases for p in case.parts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_branch_of_the_guide_is_a_dead_end(language: str) -> None:
    steps = walked(language)
    assert branches() <= {step.payload for step in steps}
    for step in steps:
        assert step.messages, step.payload
        for message in step.messages:
            names = {meaning(button["payload"])[0] for button in message["buttons"]}
            assert names >= PLACES_OF_THE_MENU, step.payload
            assert len({b["payload"] for b in message["buttons"]}) == len(message["buttons"])
            assert all(button["lasting"] for button in message["buttons"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_of_every_case_is_told_somewhere_with_its_sources_and_the_day(language: str) -> None:
    replies = Replies(language)
    for topic in read_guide().topics:
        answer = answer_of(topic, language)
        checked = replies.day(answer.verified_on)
        said = [
            message["text"]
            for step in walked(language)
            if meaning(step.payload)[0] == f"ask_{topic}"
            for message in step.messages
        ]
        for text, sources in [(answer.text, [s.title for s in answer.sources]), *parts_of(answer)]:
            telling = [words for words in said if f"\n{text}\n\n" in f"\n{words}\n\n"]
            assert telling, f"{topic}: never told: {text}"
            assert all(checked in words for words in telling), topic
            assert all(source in words for words in telling for source in sources), topic


@pytest.mark.parametrize("language", OTHERS)
def test_no_italian_is_left_but_the_words_of_offices(language: str) -> None:
    left = {
        text: found
        for text in own_texts(language)
        if (found := italian_left(text, language, italian=italian_texts(), names=NAMES))
    }
    assert left == {}


@pytest.mark.parametrize("language", OTHERS)
def test_a_sentence_that_was_left_in_italian_is_found(language: str) -> None:
    lines = [
        line
        for topic in read_guide().topics
        for text, _sources in parts_of(answer_of(topic, SOURCE))
        for line in text.split("\n")
        if len(words_in(without_names(line, NAMES))) > FEWEST_WORDS
    ]
    missed = [
        line for line in lines if not italian_left(line, language, italian=italian_texts(), names=NAMES)
    ]
    assert len(lines) > 100
    assert missed == []


def test_no_text_of_the_walk_is_missing_in_any_language() -> None:
    catalog.missing.clear()
    for language in LANGUAGES:
        for step in walk(language):
            assert step.messages
    assert dict(catalog.missing) == {}


def test_who_is_a_citizen_of_the_eu_is_asked_first_and_hears_no_permit() -> None:
    first = press("/ask_residence_permit", "en")
    assert [button["title"] for button in first[0]["buttons"]][:2] == [
        "I am an EU citizen", "I am not an EU citizen",
    ]  # fmt: skip
    assert len(first) == 1
    eu = press(first[0]["buttons"][0]["payload"], "en")
    assert "you do not need the residence permit" in eu[0]["text"]
    others = press(first[0]["buttons"][1]["payload"], "en")
    assert len(others) == 2
    assert "I am an EU citizen" not in [button["title"] for button in others[1]["buttons"]]


def test_a_case_begins_with_who_and_what_to_bring_and_the_rest_waits_for_its_button() -> None:
    said = press('/ask_residence_permit{"choice": "renew"}', "it")[0]
    names = {aspect: catalog.text(f"guide_topics.aspect.{aspect}", "it") for aspect in GuideAspect}
    later = [names[GuideAspect(aspect)] for aspect in ("steps", "cost", "deadline", "where")]
    assert names[GuideAspect.WHO] in said["text"]
    assert "• Passaporto" in said["text"]
    assert not any(f"{name}\n" in said["text"] for name in later)
    assert [button["title"] for button in said["buttons"]] == [
        *later, "Tutto insieme", "Salva come lista", "Un altro caso", "Parla con una persona", "Menu",
    ]  # fmt: skip
    whole = press('/ask_residence_permit{"choice": "renew.all_parts"}', "it")[0]
    assert all(f"{name}\n" in whole["text"] for name in later)


def test_what_only_a_person_can_judge_offers_a_person_at_once() -> None:
    said = press('/ask_residence_permit{"choice": "lost_job"}', "it")[0]
    assert said["buttons"][0]["payload"] == "/ask_human"


def test_every_case_opens_with_something() -> None:
    for topic in read_guide().topics:
        for case in answer_of(topic, SOURCE).cases:
            assert opening_parts(case), f"{topic}.{case.name}"


def test_a_place_that_is_there_no_longer_leads_to_the_question() -> None:
    said = press('/ask_asylum{"choice": "gone.cost"}', "it")
    assert said[-1]["text"] == "A che punto sei?"


def test_without_the_backoffice_the_same_place_can_be_tried_again() -> None:
    backoffice = GuideBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    at = tracker("ask_asylum", entities=[("choice", "want.cost")])
    said = act(AnswerGuide, at, backoffice)
    assert said.says("bot.guide_unavailable")
    assert said.payloads[0] == '/ask_asylum{"choice": "want.cost"}'


@pytest.mark.parametrize(
    ("phone", "key"), [("0373 1", "guide_steps.stale_phone"), (None, "guide_steps.stale")]
)
def test_a_translation_that_is_older_than_the_italian_says_so_with_the_offices_telephone(
    phone: str | None, key: str
) -> None:
    backoffice = GuideBackoffice()
    answer = answer_of("asylum", "uk")
    want = answer.cases[0]
    old = [part.model_copy(update={"is_stale": part.aspect is GuideAspect.COST}) for part in want.parts]
    case = want.model_copy(update={"parts": old})
    backoffice.guide = answer.model_copy(update={"cases": [case, *answer.cases[1:]]})
    backoffice.office = backoffice.office.model_copy(update={"phone": phone})
    cost = act(
        AnswerGuide, tracker("ask_asylum", entities=[("choice", "want.cost")], language="uk"), backoffice
    )
    assert cost.says(key, "uk")
    assert phone is None or phone in cost.text
    steps = act(
        AnswerGuide, tracker("ask_asylum", entities=[("choice", "want.steps")], language="uk"), backoffice
    )
    assert not steps.says(key, "uk")


def test_past_its_date_every_part_says_call_first() -> None:
    backoffice = GuideBackoffice()
    backoffice.guide = answer_of("asylum", "it").model_copy(update={"call_first": True})
    for choice in ("want", "want.cost", "want.all_parts", "refused"):
        said = act(AnswerGuide, tracker("ask_asylum", entities=[("choice", choice)]), backoffice)
        assert said.says("bot.guide_call_first"), choice


def test_a_topic_without_cases_is_told_shortly() -> None:
    backoffice = GuideBackoffice()
    backoffice.guide = guide_answer()
    assert len(act(AnswerGuide, tracker("ask_tax_code", "cf?"), backoffice).messages) == 1
    assert backoffice.guide.verified_on <= NOW.date()
