from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.catalog import catalogue
from translations.glossary import read_glossary
from translations.guards import Flag, check
from translations.languages import SUPPORTED
from translations.masking import find_spans

NAMES = ["Olena"]


def faults(text: str, output: str, *, source: str = "it", target: str = "uk") -> set[Flag]:
    spans = find_spans(text, source=source, target=target, names=NAMES, glossary=read_glossary())
    return set(check(text, output, source=source, target=target, spans=spans, names=NAMES))


@pytest.mark.parametrize(
    ("text", "output", "pair", "flag"),
    [
        ("Buongiorno a tutti", "  ", "it-uk", Flag.EMPTY),
        ("Buongiorno a tutti", "…", "it-uk", Flag.EMPTY),
        ("Buongiorno a tutti", "Buongiorno a tutti!", "it-fr", Flag.SAME_AS_INPUT),
        ("Grazie", "grazie", "it-fr", Flag.SAME_AS_INPUT),
        ("Buongiorno a tutti", "Good morning everybody", "it-uk", Flag.WRONG_SCRIPT),
        ("Доброго ранку", "Доброе утро", "uk-it", Flag.WRONG_SCRIPT),
        ("Buongiorno a tutti", "صباح الخير", "it-pa", Flag.WRONG_SCRIPT),
        ("Dove abita adesso?", "Где вы сейчас живёте? Это всё.", "it-uk", Flag.WRONG_LANGUAGE),
        ("Dove abitate adesso voi?", "آپ ابھی کہاں رہتے ہیں؟", "it-ar", Flag.WRONG_LANGUAGE),
        ("Come possiamo aiutare?", "كيف يمكنني أن أساعدك في المدرسة؟", "it-ur", Flag.WRONG_LANGUAGE),
        ("Dove abitate adesso voi?", "今どこに住んでいますか", "it-zh", Flag.WRONG_LANGUAGE),
        (
            "Де ви зараз живете і працюєте?",
            "Where do you live and work at the moment?",
            "uk-it",
            Flag.WRONG_LANGUAGE,
        ),
        ("Venga domani da noi", "прийдіть завтра прийдіть завтра прийдіть завтра", "it-uk", Flag.REPETITION),
        ("Venga domani da noi", "так так так так так", "it-uk", Flag.REPETITION),
        ("Mi racconti tutta la storia del suo viaggio fino a qui.", "Так.", "it-uk", Flag.LENGTH),
        ("No.", "Ні, " + "це дуже довга відповідь про зовсім інші речі " * 2, "it-uk", Flag.LENGTH),
        ("Ho 3 figli", "У мене 4 дітей", "it-uk", Flag.NUMBERS),
        ("Ho figli piccoli", "У мене 4 малих дітей", "it-uk", Flag.NUMBERS),
        ("Il corso inizia il 12/03/2026", "Курс починається 13/03/2026", "it-uk", Flag.DATES),
        ("Il corso inizia presto", "Курс починається 13/03/2026", "it-uk", Flag.DATES),
        ("L'affitto costa 450 euro", "Оренда коштує 450 доларів", "it-uk", Flag.SUMS),
        ("L'affitto è alto", "Оренда висока: 900 євро", "it-uk", Flag.SUMS),
        ("Guardi https://example.org/a", "Дивіться https://example.org/b", "it-uk", Flag.LINKS),
        ("Guardi sul sito nostro", "Дивіться на сайті https://example.org/b", "it-uk", Flag.LINKS),
        ("Scriva a uno@example.org", "Напишіть на due@example.org", "it-uk", Flag.LINKS),
        ("Chiami lo 0373 555 0199", "Телефонуйте 0373 555 0198", "it-uk", Flag.PHONES),
        ("Chiami il nostro ufficio", "Телефонуйте 0373 555 0198", "it-uk", Flag.PHONES),
        ("Sono Olena e abito qui", "Я Ольга і живу тут", "it-uk", Flag.NAMES),
        ("La pratica è K7M2-9QXD-4", "Справа K7M2-9QXD-5", "it-uk", Flag.CODES),
        ("Vada in questura", "Ідіть до поліції", "it-uk", Flag.TERMS),
    ],
)
def test_each_fault_raises_its_flag(text: str, output: str, pair: str, flag: Flag) -> None:
    source, target = pair.split("-")

    assert flag in faults(text, output, source=source, target=target)


@pytest.mark.parametrize(
    ("text", "output", "pair"),
    [
        ("Buongiorno, come posso aiutarla?", "Доброго ранку, чим я можу вам допомогти?", "it-uk"),
        ("Ho 3 figli e 450 euro", "У мене 3 дітей і 450 євро", "it-uk"),
        ("Доброго ранку, я шукаю житло.", "Buongiorno, cerco casa.", "uk-it"),
        ("Il mio numero è 0373 555 0199", "رقمي 0373 555 0199", "it-ar"),
        ("Ok", "OK", "it-en"),
        ("No no no no no", "Ні ні ні ні ні", "it-uk"),
        ("Ahahahahahah bello", "Ахахахахахах гарно", "it-uk"),
        ("Sono Olena", "أنا Olena", "it-ar"),
        ("Vada in questura domani mattina", "Ідіть в управління поліції (questura) завтра вранці", "it-uk"),
        ("Dove abita adesso la sua famiglia?", "您的家人现在住在哪里？", "it-zh"),
        ("123 😀", "123 😀", "it-uk"),
        ("", "", "it-uk"),
    ],
)
def test_a_good_translation_has_no_flag(text: str, output: str, pair: str) -> None:
    source, target = pair.split("-")

    assert faults(text, output, source=source, target=target) == set()


@pytest.mark.parametrize("language", [code for code in SUPPORTED if code != "it"])
def test_sentences_that_people_translated_are_of_the_right_script_language_and_length(language: str) -> None:
    """The catalogues: hundreds of good translations into each language.

    Without the cases of the guide: they explain Italian words of offices in the sentence, which makes them
    longer and fuller of Latin letters than what a mediator writes in a chat.
    """
    italian, translated = catalogue("it").forms, catalogue(language).forms
    keys = [
        key
        for key in italian
        if key in translated
        and ".words." not in key
        and not key.startswith("guide_topics.")
        and len(italian[key][0]) > 40
    ]
    form = {
        Flag.EMPTY,
        Flag.WRONG_SCRIPT,
        Flag.WRONG_LANGUAGE,
        Flag.REPETITION,
        Flag.LENGTH,
        Flag.SAME_AS_INPUT,
    }

    flagged = []
    for key in keys:
        text, output = (re.sub(r"\{\w+\}", "7", forms[key][0]) for forms in (italian, translated))
        if found := set(check(text, output, source="it", target=language)) & form:
            flagged.append((key, found))

    assert len(keys) > 100
    assert flagged == []


@given(text=st.text(), output=st.text(), target=st.sampled_from([*SUPPORTED, "xx"]))
def test_no_text_breaks_the_guards(text: str, output: str, target: str) -> None:
    faults(text, output, source="it", target=target)
