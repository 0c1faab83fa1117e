from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from backoffice.client.schemas import GuideAnswer, GuideAspect
from backoffice.errors import NotFound
from backoffice.guide.answers import answer_topic as answer_with
from backoffice.guide.topics import CaseEntry, Guide, GuideEntry, PartEntry, read_guide
from backoffice.guide.words import CatalogueWords, GuideSentence
from translations.catalog import catalogue, placeholders
from translations.languages import FOLDER, LANGUAGES

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

TOPICS = (
    "residence_permit",
    "asylum",
    "family_reunification",
    "citizenship",
    "residency_registration",
    "tax_code",
    "health_care",
    "maternity",
    "school_enrolment",
    "italian_course",
    "benefits",
    "basic_needs",
    "legal_aid",
    "job_search",
    "qualification_recognition",
    "driving_licence",
)

LONGEST_ANSWER = {"it": 600}
"""Letters of an answer in Italian; other languages take more for the same words."""
LONGEST_TRANSLATION = 900
LONGEST_NEXT_STEP = 300

CASES = {"all": CaseEntry(parts=(PartEntry(aspect=GuideAspect.PERSON, text="guide_topics.x", sources=()),))}


def answer_topic(topic: str, *, language: str, now: datetime) -> GuideAnswer:
    return answer_with(topic, words=CatalogueWords(), language=language, now=now)


def test_the_guide_has_the_sixteen_topics_of_the_contract() -> None:
    assert tuple(read_guide().topics) == TOPICS


def test_every_language_has_a_guide() -> None:
    assert all((FOLDER / code / "guide.po").is_file() for code in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_is_answered_in_every_language(topic: str, language: str) -> None:
    answer = answer_topic(topic, language=language, now=NOW)

    assert (answer.topic, answer.language) == (topic, language)
    assert 60 < len(answer.text) <= LONGEST_ANSWER.get(language, LONGEST_TRANSLATION)
    assert 20 < len(answer.next_step) <= LONGEST_NEXT_STEP
    assert not placeholders(answer.text + answer.next_step)
    assert answer.sources
    assert not answer.call_first


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_shows_the_marks_of_the_list_of_facts(language: str) -> None:
    marks = re.compile(r"\[[FBD]\b|\bS\d{1,2}\b|not found", re.IGNORECASE)

    told = [catalogue(language).forms[key][0] for key in _keys()]

    assert [text for text in told if marks.search(text)] == []


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "it"])
def test_a_translation_keeps_phone_numbers_amounts_and_addresses(language: str) -> None:
    for key in _keys():
        italian, translated = catalogue("it").forms[key][0], catalogue(language).forms[key][0]

        assert _facts(italian) == _facts(translated), key


@pytest.mark.parametrize("topic", TOPICS)
def test_sources_have_a_title_and_dates_are_in_order(topic: str) -> None:
    entry = read_guide().topics[topic]

    assert entry.verified_on == date(2026, 11, 23)
    assert entry.verified_on < entry.valid_to
    for source in answer_topic(topic, language="it", now=NOW).sources:
        assert source.title
        assert source.url is None or re.fullmatch(r"https?://[\w.-]+/?\S*", source.url)
        assert source.url is None or "…" not in source.url
        assert source.dated is None or re.fullmatch(r"\d{4}(?:/\d{4}|(?:-\d{2}){0,2})", source.dated)


@pytest.mark.parametrize("topic", TOPICS)
def test_an_answer_past_its_last_good_day_says_call_first(topic: str) -> None:
    last = read_guide().topics[topic].valid_to
    # In winter 22:59 in UTC is 23:59 in Italy; an hour later in summer. Both still are the last good day.
    still_good = datetime(last.year, last.month, last.day, 21, 59, tzinfo=UTC)
    next_day = datetime(last.year, last.month, last.day, 23, 0, tzinfo=UTC)

    assert not answer_topic(topic, language="it", now=still_good).call_first
    assert answer_topic(topic, language="it", now=next_day).call_first


@pytest.mark.parametrize("language", ["de", "xx", "", "it-IT", "../it"])
def test_a_language_that_we_do_not_speak_is_answered_in_italian(language: str) -> None:
    answer = answer_topic("asylum", language=language, now=NOW)

    assert answer == answer_topic("asylum", language="it", now=NOW)


class LackingWords(CatalogueWords):
    """The delivered words without one of them."""

    def __init__(self, key: str, language: str) -> None:
        self.lacking = (key, language)

    def sentence(self, key: str, language: str) -> GuideSentence | None:
        return None if (key, language) == self.lacking else super().sentence(key, language)


def test_a_language_that_lacks_one_text_of_an_answer_is_answered_wholly_in_italian() -> None:
    words = LackingWords(read_guide().topics["asylum"].next_step, "sq")

    lacking = answer_with("asylum", words=words, language="sq", now=NOW)

    assert lacking == answer_topic("asylum", language="it", now=NOW)
    assert answer_with("health_care", words=words, language="sq", now=NOW).language == "sq"


def test_an_unknown_topic_is_not_found() -> None:
    with pytest.raises(NotFound):
        answer_topic("football", language="it", now=NOW)


def test_the_asylum_answer_names_arci_in_every_language() -> None:
    for language in LANGUAGES:
        assert "800 905 570" in answer_topic("asylum", language=language, now=NOW).next_step


def test_the_driving_licence_answer_lists_no_agreement_that_has_ended() -> None:
    told = answer_topic("driving_licence", language="it", now=NOW).text

    assert "Albania" not in told
    assert "Svizzera" not in told
    assert "Ucraina (fino al 24 gennaio 2027)" in told


def test_a_guide_that_names_an_unlisted_source_is_refused() -> None:
    entry = GuideEntry(
        answer="guide.asylum.answer",
        next_step="guide.asylum.next_step",
        sources=("S99",),
        verified_on=date(2026, 11, 23),
        valid_to=date(2027, 1, 1),
        cases=CASES,
    )

    with pytest.raises(ValueError, match="S99"):
        Guide(sources={}, topics={"asylum": entry})


def test_a_topic_that_ends_before_it_was_verified_is_refused() -> None:
    with pytest.raises(ValueError, match="valid_to lies before verified_on"):
        GuideEntry(
            answer="guide.asylum.answer",
            next_step="guide.asylum.next_step",
            sources=("S26",),
            verified_on=date(2026, 11, 23),
            valid_to=date(2026, 11, 22),
            cases=CASES,
        )


def _keys() -> list[str]:
    return [key for entry in read_guide().topics.values() for key in (entry.answer, entry.next_step)]


def _facts(text: str) -> tuple[list[str], ...]:
    """What must be the same in all languages: phone numbers, sums with cents, web addresses, years."""
    plain = text.replace("\u00a0", "").replace("13.659", "13659").replace("13,659", "13659")
    phones = re.findall(r"\b(?:112|0373 \d{6}|800(?: \d{2,3}){2,3}|351 137 6335)\b", plain)
    sums = [number.replace(",", ".") for number in re.findall(r"\d+[.,]\d{2}\b", plain)]
    addresses = re.findall(r"\b[a-z-]+(?:\.[a-z-]+)*\.(?:it|com|org)\b", plain)
    years = re.findall(r"\b20[12]\d\b", plain)
    return sorted(phones), sorted(sums), sorted(addresses), sorted(years)
