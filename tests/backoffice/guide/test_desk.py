"""What staff do to the guide's sentences, and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.database import Database
from backoffice.guide.answers import answer_topic
from backoffice.guide.errors import (
    BadDates,
    FactsLost,
    NothingToUndo,
    OwnWords,
    ReasonMissing,
    SentenceChanged,
    TextEmpty,
    TextTooLong,
)
from backoffice.guide.jobs import bring_in_delivered, look_at_dates
from backoffice.guide.models import GuideTask, GuideTaskKind, SentenceState, StoredSentence, TextOrigin
from backoffice.guide.queries import counts_by_topic, dates_of_topics, open_tasks, revisions_of
from backoffice.guide.service import brings_back, edit_italian, review, save_draft, undo
from backoffice.guide.stored import StoredWords
from backoffice.guide.tasks import open_verifications
from backoffice.guide.topics import read_guide
from backoffice.guide.verifying import verify_topic
from backoffice.staff.models import Staff
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import NOW
from tests.backoffice.guide.desk import (
    KEY,
    OTHERS,
    TOPIC,
    create_administrator,
    create_coordinator,
    create_mediator,
    row,
    seed,
    states,
    to_translate,
)
from tests.backoffice.statements import statements_with
from translations.catalog import catalogue, delivered_texts
from translations.languages import LANGUAGES, SOURCE


def edit(session: Session, by: Staff, text: str | None = None, key: str = KEY) -> StoredSentence:
    italian = row(session, SOURCE, key)
    words = text if text is not None else f"{italian.text} Chiedi allo sportello."
    return edit_italian(session, key, words, version=italian.version, reason="Prova", by=by, now=NOW)


def draft(session: Session, by: Staff, language: str, text: str | None = None) -> StoredSentence:
    found = row(session, language)
    words = text if text is not None else f"{found.text} +"
    return save_draft(session, KEY, language, words, version=found.version, by=by, now=NOW)


def publish(session: Session, by: Staff, language: str, reason: str = "") -> StoredSentence:
    return review(
        session,
        KEY,
        language,
        version=row(session, language).version,
        italian_version=row(session, SOURCE).version,
        by=by,
        now=NOW,
        reason=reason,
    )


def back(session: Session, by: Staff, language: str, version: int) -> StoredSentence:
    found = row(session, language)
    (to,) = [each for each in revisions_of(session, found.id) if each.version == version]
    return undo(session, KEY, language, to.id, version=found.version, reason="Prova", by=by, now=NOW)


# --- Seeding ------------------------------------------------------------------------------------


def test_the_delivered_sentences_come_in_once(session: Session) -> None:
    keys = list(read_guide().topics[TOPIC].text_keys())

    assert seed(session) == len(keys) * len(LANGUAGES)
    assert seed(session) == 0
    assert session.scalar(select(func.count()).select_from(StoredSentence)) == len(keys) * len(LANGUAGES)
    assert row(session, "ar").text == catalogue("ar").forms[KEY][0]


def test_a_delivered_translation_is_a_draft_unless_its_header_names_a_reader(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "backoffice.guide.seeding.is_reviewed_by_native_speaker", lambda language, area: language == "uk"
    )
    seed(session)

    assert states(session)["uk"] is SentenceState.REVIEWED
    assert states(session)["ar"] is SentenceState.DRAFT


def delivers(monkeypatch: pytest.MonkeyPatch, language: str, text: str) -> None:
    """Have a later release bring other words for a key."""
    before = delivered_texts

    def changed(area: str, code: str) -> dict[str, str]:
        texts = before(area, code)
        return {**texts, KEY: text} if code == language and KEY in texts else texts

    monkeypatch.setattr("backoffice.guide.seeding.delivered_texts", changed)


def test_a_release_replaces_what_nobody_here_changed(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(session)
    delivers(monkeypatch, "ar", "نص جديد")

    assert seed(session) == 1

    assert row(session, "ar").text == "نص جديد"
    assert [each.after for each in revisions_of(session, row(session, "ar").id)] == [
        "نص جديد",
        catalogue("ar").forms[KEY][0],
    ]


def test_a_release_leaves_what_somebody_here_wrote(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    seed(session)
    publish(session, create_mediator(session, "ar"), "ar")
    kept = row(session, "ar").text
    delivers(monkeypatch, "ar", "نص جديد")

    assert seed(session) == 0
    assert row(session, "ar").text == kept


def test_a_release_that_changes_the_italian_makes_our_translation_stale_and_opens_its_task(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed(session)
    publish(session, create_mediator(session, "ar"), "ar")
    delivers(monkeypatch, SOURCE, "Un testo italiano nuovo.")

    seed(session)

    # The other languages came with the same release: they translate the new sentence.
    stale = [language for language, state in states(session).items() if state is SentenceState.STALE]
    assert (stale, to_translate(session)) == (["ar"], ["ar"])


# --- Editing, reviewing, undoing ----------------------------------------------------------------


def test_editing_an_italian_sentence_makes_exactly_its_translations_stale_and_opens_one_task_each(
    session: Session,
) -> None:
    seed(session)
    before = {(each.key, each.language): each.version for each in session.scalars(select(StoredSentence))}

    edit(session, create_coordinator(session))
    edit(session, create_coordinator(session))

    counts = counts_by_topic(session)[TOPIC]
    assert {language: counts[language].stale for language in OTHERS} == dict.fromkeys(OTHERS, 1)
    assert to_translate(session) == sorted(OTHERS)
    after = {(each.key, each.language): each.version for each in session.scalars(select(StoredSentence))}
    assert {place for place in after if after[place] != before[place]} == {(KEY, SOURCE)}


def test_undoing_the_italian_makes_its_translations_good_again_and_closes_their_tasks(
    session: Session,
) -> None:
    seed(session)
    coordinator = create_coordinator(session)
    first = row(session, SOURCE).text
    edit(session, coordinator)

    back(session, coordinator, SOURCE, 1)

    assert row(session, SOURCE).text == first
    assert set(states(session).values()) == {SentenceState.DRAFT}
    assert to_translate(session) == []
    closed = session.scalars(select(GuideTask)).all()
    assert {(task.closed_at, task.closed_by) for task in closed} == {(NOW, coordinator.id)}


def test_a_working_draft_is_not_shown_until_another_person_has_reviewed_it(session: Session) -> None:
    seed(session)
    writer, reader = create_mediator(session, "uk"), create_mediator(session, "uk", name="Oksana")
    edit(session, create_coordinator(session))
    shown = row(session, "uk").text
    draft(session, writer, "uk")

    assert StoredWords(session).sentence(KEY, "uk") is not None
    said = StoredWords(session).sentence(KEY, "uk")
    assert said is not None
    assert (said.text, said.is_stale) == (shown, True)
    with pytest.raises(OwnWords):
        publish(session, writer, "uk")
    publish(session, reader, "uk")

    said = StoredWords(session).sentence(KEY, "uk")
    assert said is not None
    assert (said.text, said.is_stale) == (f"{shown} +", False)
    found = row(session, "uk")
    assert (found.written_by, found.reviewed_by, found.draft) == (writer.id, reader.id, None)
    assert "uk" not in to_translate(session)
    assert states(session)["uk"] is SentenceState.REVIEWED


def test_an_administrator_publishes_their_own_words_only_with_a_reason(session: Session) -> None:
    seed(session)
    administrator = create_administrator(session)
    draft(session, administrator, "uk")

    with pytest.raises(ReasonMissing):
        publish(session, administrator, "uk")
    publish(session, administrator, "uk", reason="Nessun altro parla ucraino")

    assert revisions_of(session, row(session, "uk").id)[0].reason == "Nessun altro parla ucraino"
    entries = session.scalars(select(AuditEntry.reason).where(AuditEntry.action == "guide.reviewed"))
    assert entries.all() == ["exception"]


def test_the_machine_s_words_may_be_reviewed_by_who_asked_for_them(session: Session) -> None:
    seed(session)
    mediator = create_mediator(session, "uk")
    words = f"{row(session, 'uk').text} +"
    save_draft(session, KEY, "uk", words, version=1, by=mediator, now=NOW, origin=TextOrigin.MACHINE)

    assert publish(session, mediator, "uk").origin is TextOrigin.MACHINE


def test_a_draft_of_an_older_italian_is_reviewed_against_the_one_that_stands(session: Session) -> None:
    seed(session)
    coordinator = create_coordinator(session)
    draft(session, create_mediator(session, "uk"), "uk")
    seen = row(session, SOURCE).version
    edit(session, coordinator)
    other = create_mediator(session, "uk")

    with pytest.raises(SentenceChanged):
        review(session, KEY, "uk", version=2, italian_version=seen, by=other, now=NOW)


def test_undoing_a_translation_shows_the_earlier_one_with_what_it_translated(session: Session) -> None:
    seed(session)
    reader = create_mediator(session, "uk")
    first = row(session, "uk").text
    edit(session, create_coordinator(session))
    draft(session, create_mediator(session, "uk"), "uk")
    publish(session, reader, "uk")

    back(session, reader, "uk", 1)

    assert row(session, "uk").text == first
    assert states(session)["uk"] is SentenceState.STALE
    assert "uk" in to_translate(session)
    with pytest.raises(NothingToUndo):
        back(session, reader, "uk", 2)  # the draft: nobody was ever shown it


def test_somebody_who_was_slower_changes_nothing(session: Session) -> None:
    seed(session)
    coordinator = create_coordinator(session)
    edit(session, coordinator)

    with pytest.raises(SentenceChanged):
        edit_italian(session, KEY, "Altro.", version=1, reason="x", by=coordinator, now=NOW)


@pytest.mark.parametrize(
    ("text", "refusal"), [("  \n", TextEmpty), ("a" * 1501, TextTooLong), ("{name} viene.", FactsLost)]
)
def test_words_that_cannot_be_kept_are_refused(session: Session, text: str, refusal: type[Exception]) -> None:
    seed(session)

    with pytest.raises(refusal):
        edit(session, create_coordinator(session), text)


def test_an_edit_of_the_italian_says_why(session: Session) -> None:
    seed(session)

    with pytest.raises(ReasonMissing):
        edit_italian(session, KEY, "Altro.", version=1, reason=" ", by=create_coordinator(session), now=NOW)


# --- Dates --------------------------------------------------------------------------------------


def test_a_topic_past_its_last_day_asks_once_to_be_verified(session: Session) -> None:
    late = max(entry.valid_to for entry in read_guide().topics.values()) + timedelta(days=1)
    moment = NOW.replace(year=late.year, month=late.month, day=late.day)

    assert open_verifications(session, now=moment) == len(read_guide().topics)
    assert open_verifications(session, now=moment) == 0


def test_verifying_a_topic_moves_its_dates_and_closes_its_task(session: Session) -> None:
    last = read_guide().topics[TOPIC].valid_to
    late = NOW.replace(year=last.year, month=last.month, day=last.day) + timedelta(days=1)
    open_verifications(session, now=late)
    until = late.date() + timedelta(days=100)

    verify_topic(
        session,
        TOPIC,
        valid_to=until,
        source_note="Sito del Comune",
        by=create_coordinator(session),
        now=late,
    )

    dates = dates_of_topics(session)
    told = answer_topic(TOPIC, words=StoredWords(session), language="it", now=late, dates=dates)
    assert (told.verified_on, told.call_first) == (late.date(), False)
    assert TOPIC not in {task.subject for task in open_tasks(session, GuideTaskKind.VERIFY)}


@pytest.mark.parametrize("days", [0, 731, None])
def test_a_topic_is_trusted_from_tomorrow_on_for_two_years_at_most(
    session: Session, days: int | None
) -> None:
    until: date | None = None if days is None else NOW.date() + timedelta(days=days)

    with pytest.raises(BadDates):
        verify_topic(session, TOPIC, valid_to=until, source_note="x", by=create_coordinator(session), now=NOW)


# --- Reading ------------------------------------------------------------------------------------


def test_a_topic_is_read_with_one_statement(session: Session, database: Database) -> None:
    seed(session)
    session.commit()
    with database.read() as reading, statements_with("") as statements:
        answer_topic(TOPIC, words=StoredWords(reading), language="ar", now=NOW)

    assert len(statements) == 1


def test_what_the_database_lacks_is_said_as_delivered(session: Session) -> None:
    told = answer_topic(TOPIC, words=StoredWords(session), language="ar", now=NOW)

    assert (told.language, told.text) == ("ar", catalogue("ar").forms[KEY][0])
    assert not told.is_stale


# --- Whatever is done ---------------------------------------------------------------------------

STEP = st.tuples(
    st.sampled_from(["edit", "draft", "review", "undo"]),
    st.sampled_from(["it", "ar", "uk"]),
    st.integers(0, 5),
)


@settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
@given(steps=st.lists(STEP, min_size=1, max_size=12))
def test_whatever_is_edited_reviewed_and_undone_stale_means_that_the_hash_differs(
    session: Session, steps: Sequence[tuple[str, str, int]]
) -> None:
    try:
        seed(session)
        desk = _Desk(session)
        for act, language, number in steps:
            desk.do(act, language, number)
            desk.check()
    finally:
        session.rollback()


class _Desk:
    """Knows by the Italian words themselves, not by hashes, what each translation stands on."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.coordinator = create_coordinator(session)
        self.readers = [create_mediator(session, "ar", "uk") for _ in range(2)]
        self.stands_on = dict.fromkeys(OTHERS, self.italian)
        self.stood_on = {(code, 1): self.italian for code in OTHERS}

    @property
    def italian(self) -> str:
        return row(self.session, SOURCE).text

    def do(self, act: str, language: str, number: int) -> None:
        if act == "undo":
            self._undo(language, number)
        elif language == SOURCE:
            edit(self.session, self.coordinator, f"Testo numero {number}.")
        elif act == "review":
            found = row(self.session, language)
            wrote = found.draft_by if found.draft is not None else found.written_by
            publish(self.session, self.readers[wrote == self.readers[0].id], language)
            self.stands_on[language] = self.italian
        else:
            draft(self.session, self.readers[number % 2], language, f"{number}")
        if language != SOURCE:
            self.stood_on[language, row(self.session, language).version] = self.stands_on[language]

    def _undo(self, language: str, number: int) -> None:
        found = row(self.session, language)
        able = [each for each in revisions_of(self.session, found.id) if brings_back(each, found)]
        if not able:
            return
        version = able[number % len(able)].version
        back(self.session, self.coordinator, language, version)
        if language != SOURCE:
            self.stands_on[language] = self.stood_on[language, version]

    def check(self) -> None:
        expected = {code for code in OTHERS if self.stands_on[code] != self.italian}
        stale = {code for code, state in states(self.session).items() if state is SentenceState.STALE}
        words = StoredWords(self.session)
        told = {code: words.sentence(KEY, code) for code in OTHERS}
        assert stale == expected
        assert to_translate(self.session) == sorted(expected)
        assert {code for code, said in told.items() if said is not None and said.is_stale} == expected


def test_the_job_brings_in_what_is_delivered_and_then_has_nothing_to_do(
    database: Database, clock: FrozenClock
) -> None:
    assert bring_in_delivered(database, clock) > 2000
    assert bring_in_delivered(database, clock) == 0
    assert look_at_dates(database, clock) == 0
