"""The pages of the guide: who may do what, what comes back, and the files."""

from __future__ import annotations

import io
import zipfile

import httpx
import pytest
from babel.messages.pofile import read_po
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.guide.errors import BadPoFile
from backoffice.guide.po_files import MOST_FILES, export_guide, import_catalogues, read_catalogues
from backoffice.guide.service import edit_italian
from backoffice.staff.models import Staff
from backoffice.translation.translator import Translated
from tests.backoffice.factories import NOW, create_organisation, create_staff
from tests.backoffice.guide.desk import (
    KEY,
    TOPIC,
    create_administrator,
    create_coordinator,
    create_mediator,
    row,
    seed,
)
from tests.backoffice.pages.browser import Browser, give_password, reread
from translations.catalog import catalogue

PAGE = f"/guide/sentences/{KEY}"


async def sign_in(http: httpx.AsyncClient, session: Session, staff: Staff) -> Browser:
    give_password(session, staff)
    session.commit()
    window = Browser(http)
    await window.sign_in(staff)
    return window


async def test_the_list_says_in_words_that_no_native_speaker_has_read_a_translation(
    http: httpx.AsyncClient, session: Session
) -> None:
    seed(session)
    window = await sign_in(http, session, create_coordinator(session))

    shown = await window.read("/guide")

    assert "nessuno che parla la lingua dalla nascita l&#39;ha controllata" in shown
    assert f"/guide/topics/{TOPIC}" in shown


async def test_a_topic_is_shown_in_both_languages_each_in_its_direction(
    http: httpx.AsyncClient, session: Session
) -> None:
    seed(session)
    window = await sign_in(http, session, create_mediator(session, "ur"))

    shown = await window.read(f"/guide/topics/{TOPIC}?language=ur")

    assert 'lang="ur" dir="rtl"' in shown
    assert catalogue("ur").forms[KEY][0].split("\n")[0] in shown
    assert catalogue("it").forms[KEY][0].split("\n")[0].replace("'", "&#39;") in shown


async def test_who_was_slower_gets_both_texts_and_loses_nothing(
    http: httpx.AsyncClient, session: Session
) -> None:
    seed(session)
    coordinator = create_coordinator(session)
    edit_italian(session, KEY, "Il testo di un'altra.", version=1, reason="x", by=coordinator, now=NOW)
    window = await sign_in(http, session, coordinator)

    answer = await window.post(f"{PAGE}/italian", page=PAGE, text="Il mio.", version="1", reason="Perché sì")

    assert answer.status_code == 409
    for words in ("Il testo di un&#39;altra.", ">Il mio.</textarea>", 'value="Perché sì"', 'value="2"'):
        assert words in answer.text


async def test_a_translation_that_loses_a_number_comes_back_with_a_sentence_that_names_it(
    http: httpx.AsyncClient, session: Session
) -> None:
    seed(session, "asylum")
    key = "guide.asylum.next_step"
    window = await sign_in(http, session, create_mediator(session, "en"))
    page = f"/guide/sentences/{key}"

    answer = await window.post(f"{page}/en/draft", page=page, text="Call ARCI.", version="1")

    assert answer.status_code == 422
    assert "Manca, o non è uguale all&#39;italiano: 800 905 570" in answer.text
    assert ">Call ARCI.</textarea>" in answer.text


async def test_a_hard_text_is_saved_with_a_warning(http: httpx.AsyncClient, session: Session) -> None:
    seed(session)
    hard = "Presentare documentazione attestante residenza continuativa presso amministrazione comunale"
    window = await sign_in(http, session, create_coordinator(session))

    await window.post(f"{PAGE}/italian", page=PAGE, text=hard, version="1", reason="Prova")

    shown = await window.read(PAGE)
    assert "è difficile per chi ha studiato poco" in shown
    assert hard in shown


async def test_a_mediator_changes_neither_the_italian_nor_a_language_that_they_do_not_speak(
    http: httpx.AsyncClient, session: Session
) -> None:
    seed(session)
    window = await sign_in(http, session, create_mediator(session, "ar"))
    fields = {"text": "x", "version": "1", "italian_version": "1", "reason": "x", "revision": "x"}

    for act in ("italian", "uk/draft", "uk/machine", "uk/review", "uk/undo", "it/undo"):
        answer = await window.post(f"{PAGE}/{act}", page=PAGE, **fields)
        assert answer.status_code == 404, act


async def test_people_of_other_bodies_have_no_desk_of_the_guide(
    http: httpx.AsyncClient, session: Session
) -> None:
    seed(session)
    window = await sign_in(http, session, create_staff(session, organisation=create_organisation(session)))

    assert [(await window.get(path)).status_code for path in ("/guide", PAGE, "/guide/files")] == [404] * 3


async def test_a_topic_is_verified_on_its_page_and_the_act_is_in_the_trail(
    http: httpx.AsyncClient, session: Session
) -> None:
    window = await sign_in(http, session, create_coordinator(session))
    page = f"/guide/topics/{TOPIC}"

    await window.post(f"{page}/verification", page=page, valid_to="2027-06-01", source_note="Sito del Comune")

    shown = await window.read(page)
    assert "01.06.2027" in shown
    assert "Sito del Comune" in shown
    acts = session.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == "guide.verified"))
    assert acts.all() == [TOPIC]


class Machine:
    """A translator that says what a test wants."""

    def __init__(self, said: Translated) -> None:
        self.said = said

    async def translate_soon(self, text: str, **_how: object) -> Translated:
        return self.said


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        (Translated("Переклад машини", "argos"), 303, None),
        (Translated(None, flags=("no_package",)), 422, "make translation-packages LANGUAGES="),
        (Translated(None, flags=("numbers",)), 422, "La macchina non ha dato una traduzione"),
    ],
)
async def test_the_machine_drafts_where_it_can_and_says_why_where_it_cannot(
    http: httpx.AsyncClient, session: Session, said: Translated, status: int, words: str | None
) -> None:
    http._transport.app.state.translator = Machine(said)  # type: ignore[attr-defined]
    seed(session)
    window = await sign_in(http, session, create_mediator(session, "uk"))

    answer = await window.post(f"{PAGE}/uk/machine", page=PAGE, version="1")

    assert answer.status_code == status
    assert words is None or words in answer.text
    found = row(session, "uk")
    reread(session, found)
    assert found.draft == said.text
    assert found.text == catalogue("uk").forms[KEY][0]


# --- Files --------------------------------------------------------------------------------------


def test_the_guide_leaves_as_catalogues_in_which_what_is_stale_is_fuzzy(session: Session) -> None:
    seed(session)
    edit_italian(session, KEY, "Testo nuovo.", version=1, reason="x", by=create_coordinator(session), now=NOW)

    archive = zipfile.ZipFile(io.BytesIO(export_guide(session)))

    arabic = read_po(io.BytesIO(archive.read("ar/guide.po")))
    entries = {entry.context: entry for entry in arabic if entry.id}
    assert (entries[KEY].id, entries[KEY].fuzzy) == ("Testo nuovo.", True)
    assert [key for key, entry in entries.items() if entry.fuzzy] == [KEY]
    assert b"X-Reviewed-By-Native-Speaker: no" in archive.read("ar/guide.po")
    assert len(archive.namelist()) == 24


def po(language: str, *entries: tuple[str, str, str], flag: str = "") -> bytes:
    head = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    lines = (
        f'\n{flag}msgctxt "{key}"\nmsgid "{italian}"\nmsgstr "{words}"\n' for key, italian, words in entries
    )
    return (head + "".join(lines)).encode()


def test_what_comes_back_becomes_drafts_and_each_entry_that_does_not_says_why(session: Session) -> None:
    seed(session)
    by = create_mediator(session, "en")
    edit_italian(
        session, KEY, "Chiama il 112.", version=1, reason="x", by=create_coordinator(session), now=NOW
    )
    next_step = "guide.tax_code.next_step"
    italian = row(session, "it", next_step).text.replace("\n", "\\n")
    sent = po(
        "en",
        (KEY, "Chiama il 112.", "Call somebody."),
        (next_step, italian, "Ask at the desk."),
        ("guide.football.answer", "x", "x"),
    )

    trial = import_catalogues(session, read_catalogues(sent), is_trial=True, by=by, now=NOW)
    assert row(session, "en", next_step).draft is None
    report = import_catalogues(session, read_catalogues(sent), is_trial=False, by=by, now=NOW)

    assert report == trial
    assert report.taken == [("en", next_step)]
    assert [(fault.key, fault.code, fault.detail) for fault in report.faults] == [
        (KEY, "facts_lost", "112"),
        ("guide.football.answer", "unknown", ""),
    ]
    found = row(session, "en", next_step)
    assert (found.draft, found.draft_by) == ("Ask at the desk.", by.id)
    assert found.text == catalogue("en").forms[next_step][0]


def test_a_file_of_a_language_that_one_does_not_speak_changes_nothing(session: Session) -> None:
    seed(session)
    sent = po("fr", (KEY, row(session, "it").text.replace("\n", "\\n"), "Bonjour."))

    report = import_catalogues(
        session, read_catalogues(sent), is_trial=False, by=create_mediator(session, "en"), now=NOW
    )

    assert [fault.code for fault in report.faults] == ["not_yours"]
    assert row(session, "fr").draft is None


def too_many() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(MOST_FILES + 1):
            archive.writestr(f"{number}.po", po("en"))
    return packed.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"PK\x03\x04", po("tlh"), po("it"), b"msgid", too_many()]
)
def test_a_file_that_is_no_catalogue_is_refused(content: bytes) -> None:
    with pytest.raises(BadPoFile):
        read_catalogues(content)


async def test_a_file_is_tried_and_taken_on_the_page(http: httpx.AsyncClient, session: Session) -> None:
    seed(session)
    italian = row(session, "it").text.replace("\n", "\\n")
    window = await sign_in(http, session, create_administrator(session, "en"))
    token = await window.csrf("/guide/files")

    for act, draft in (("try", None), ("import", "Ask us.")):
        answer = await http.post(
            "/guide/files",
            data={"csrf": token, "act": act},
            files={"file": ("en.po", po("en", (KEY, italian, "Ask us.")))},
        )
        assert '<dd id="taken">1</dd>' in answer.text
        found = row(session, "en")
        reread(session, found)
        assert found.draft == draft
