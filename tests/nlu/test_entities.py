"""Sentences of our own, in the shapes that people write (contract, intents.md, "How entities are read")."""

from __future__ import annotations

from datetime import date

import pytest

from nlu.components.reading import CONTRACT_ENTITIES, EXTRA_ENTITIES, read_entities

TODAY = date(2026, 11, 23)
FOUR = ("en", "it", "uk", "ar")
"""Read together, as where nobody knows which of them a message is in."""


def values(
    text: str,
    intent: str | None,
    *names: str,
    asked_slot: str | None = None,
    languages: tuple[str, ...] = FOUR,
) -> list[tuple[str, str | int]]:
    found = read_entities(text, intent, today=TODAY, languages=languages, asked_slot=asked_slot)
    return sorted((each.name, each.value) for each in found if each.name in (names or CONTRACT_ENTITIES))


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        (
            "cerco un bilocale a Crema, siamo in 4, massimo 600 euro",
            "search_housing",
            [("money", 600), ("municipality", "Crema"), ("people", 4), ("rooms", 2)],
        ),
        ("affitto fino a seicentocinquanta", "search_housing", [("money", 650)]),
        ("posso pagare 1.200,50 € al mese", "search_housing", [("money", 1200)]),
        ("two rooms, five hundred and fifty euros", "search_housing", [("money", 550), ("rooms", 2)]),
        ("шістсот п'ятдесят євро", "inform", [("money", 650)]),
        ("٦٠٠ يورو", "inform", [("money", 600)]),
        ("ستمائة وخمسين يورو", "inform", [("money", 650)]),
        ("tlatmya euro", "inform", [("money", 300)]),
        ("tra 500 e 700 euro", "inform", [("money", 500), ("money", 700)]),
        ("chiamo il 112?", "ask_menu", []),
        ("arrivato nel 2019", "ask_asylum", []),
        ("il modello 730", "ask_benefits", []),
        ("600e", "inform", [("money", 600)]),
    ],
)
def test_sums_are_read(text: str, intent: str, expected: list[tuple[str, str | int]]) -> None:
    assert values(text, intent) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("siamo in 5", 5),
        ("io, mio marito e tre figli", 5),
        ("me, my husband and three kids", 5),
        ("my wife and I", 2),
        ("due adulti e 2 bambini", 4),
        ("siamo una coppia con un bambino", 3),
        ("la casa è solo per me", 1),
        ("we are four", 4),
        ("нас четверо", 4),
        ("я, чоловік і двоє дітей", 4),
        ("نحن أربعة أشخاص", 4),
        ("أنا وزوجي وولدين", 4),
        ("7na 6 d nas", 6),
        ("ana w mrati w 3 drari", 5),
    ],
)
def test_people_are_counted(text: str, expected: int) -> None:
    assert values(text, "search_housing", "people") == [("people", expected)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("siamo in 4 con due bambini piccoli", 2),
        ("me, my wife and 3 kids", 3),
        ("2 figli e 1 neonato", 3),
        ("нас четверо, двоє дітей", 2),
        ("ho un figlio di 25 anni", None),
        ("cerco casa a Crema", None),
    ],
)
def test_children_are_counted(text: str, expected: int | None) -> None:
    counted = [] if expected is None else [("minors", expected)]
    assert values(text, "search_housing", "minors") == counted


def test_a_day_with_points_is_no_telephone() -> None:
    assert values("01.02.2027", "inform", "date", "phone") == [("date", "2027-02-01")]


def test_children_are_not_the_people_who_were_asked_for() -> None:
    assert values("2 bambini", "inform", "people", "minors", "number", asked_slot="people") == [("minors", 2)]


def test_a_child_without_a_number_is_one_where_children_are_asked_for() -> None:
    for text, expected in (("abbiamo un neonato", 1), ("un figlio e una figlia", 2), ("a baby", 1)):
        assert values(text, "inform", "minors", asked_slot="minors") == [("minors", expected)], text
        assert values(text, "inform", "minors") == [], text


@pytest.mark.parametrize("text", ["ho tre figli", "mia moglie e i bambini", "cerco casa", "I have kids"])
def test_a_household_that_is_not_told_is_not_counted(text: str) -> None:
    assert values(text, "search_housing", "people") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("monolocale", 1),
        ("trilocale", 3),
        ("3 camere da letto", 3),
        ("a single room", 1),
        ("двокімнатну квартиру", 2),
        ("غرفتين", 2),
        ("stanza in affitto", 1),
    ],
)
def test_rooms_are_read(text: str, expected: int) -> None:
    assert values(text, "search_housing", "rooms") == [("rooms", expected)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ho 5 anni di esperienza", [("years", 5)]),
        ("lavoro come badante da dieci anni", [("years", 10)]),
        ("8 years experience", [("years", 8)]),
        ("сім років досвіду", [("years", 7)]),
        ("خبرة سنتين", [("years", 2)]),
        ("ho 45 anni", []),
        ("I am 38 years old", []),
        ("sono in Italia da 6 anni", []),
        ("мені 50 років", []),
    ],
)
def test_only_years_of_work_are_years(text: str, expected: list[tuple[str, int]]) -> None:
    assert values(text, "register_care_worker", "years") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a Crema", ["Crema"]),
        ("Rivolta d'Adda o Spino", ["Rivolta d'Adda", "Spino d'Adda"]),
        ("a rivolta", ["Rivolta d'Adda"]),
        ("vicino a ofanengo", ["Offanengo"]),
        ("castelleonne", ["Castelleone"]),
        ("zona Monte Cremasco", ["Monte Cremasco"]),
        ("abito a Scannabue", ["Palazzo Pignano"]),
        ("у Кремі чи Пандіно", ["Crema", "Pandino"]),
        ("в Сончіно", ["Soncino"]),
        ("في كريما", ["Crema"]),
        ("بكريما", ["Crema"]),
        ("f crema", ["Crema"]),
        ("Cremona", []),
        ("tutto il cremasco", []),
        ("la crema solare", []),
        ("in un palazzo alto", []),
        ("andiamo al monte", []),
        ("vengo dalla Romania", []),
    ],
)
def test_towns_are_recognised(text: str, expected: list[str]) -> None:
    assert [value for _, value in values(text, "search_housing", "municipality")] == expected


def test_a_short_form_of_several_towns_is_ambiguous() -> None:
    assert values("abito a Casaletto", "inform", *EXTRA_ENTITIES) == [("municipality_ambiguous", "Casaletto")]
    assert values("Ripalta Arpina", "inform", "municipality", *EXTRA_ENTITIES) == [
        ("municipality", "Ripalta Arpina")
    ]


def test_a_town_elsewhere_is_told_apart() -> None:
    assert values("lavoro a Milano", "inform", "municipality_outside") == [("municipality_outside", "Milano")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "fissa con anziani malati di alzaimer",
            [("care_schedule", "live_in"), ("care_skill", "dementia"), ("care_skill", "elderly")],
        ),
        ("baby-sitter nel weekend", [("care_schedule", "weekend"), ("care_skill", "children")]),
        (
            "live-in or nights, wheelchair",
            [("care_schedule", "live_in"), ("care_schedule", "nights"), ("care_skill", "disability")],
        ),
        ("з проживанням, прибирання", [("care_schedule", "live_in"), ("care_skill", "cleaning")]),
        (
            "بالساعة، طبخ وتنظيف",
            [("care_schedule", "hourly"), ("care_skill", "cleaning"), ("care_skill", "cooking")],
        ),
        ("a few hours a week", [("care_schedule", "hourly")]),
        ("twice a week", []),
        ("badante", []),
        ("my grandmother", []),
    ],
)
def test_care_terms_become_codes(text: str, expected: list[tuple[str, str]]) -> None:
    assert values(text, "register_care_worker", "care_schedule", "care_skill") == expected


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("arabo", "change_language", ["ar"]),
        ("can we speak Wolof", "change_language", ["wo"]),
        ("українською, будь ласка", "change_language", ["uk"]),
        ("بالعربية من فضلك", "change_language", ["ar"]),
        ("parlo italiano e un po' di inglese", "register_care_worker", ["en", "it"]),
        ("la cittadinanza italiana", "ask_citizenship", []),
        ("Italian citizenship", "ask_citizenship", []),
        ("vengo dall'Albania", "ask_residence_permit", []),
    ],
)
def test_languages_are_named_not_nationalities(text: str, intent: str, expected: list[str]) -> None:
    assert [value for _, value in values(text, intent, "language_name")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("il mio numero è 333 123 4567", "+393331234567"),
        ("+380 50 123 45 67", "+380501234567"),
        ("٣٣٣١٢٣٤٥٦٧", "+393331234567"),
    ],
)
def test_phones_are_read_and_their_digits_are_no_sum(text: str, expected: str) -> None:
    assert values(text, "inform") == [("phone", expected)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("domani", "2026-11-24"),
        ("dal 1 marzo", "2027-03-01"),
        ("from January", "2027-01-01"),
        ("15/12", "2026-12-15"),
        ("з січня", "2027-01-01"),
        ("tra due mesi", "2027-01-23"),
        ("il mese prossimo", "2026-12-01"),
        ("in two weeks", "2026-12-07"),
        ("الشهر القادم", "2026-12-01"),
        ("subito", "2026-11-23"),
    ],
)
def test_days_are_placed_in_the_calendar(text: str, expected: str) -> None:
    assert values(text, "inform", "date") == [("date", expected)]


@pytest.mark.parametrize("text", ["31/02", "may I ask", "il 45 marzo"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert values(text, "inform", "date") in ([], [("date", "2027-03-01")])


@pytest.mark.parametrize(
    ("asked_slot", "expected"),
    [
        ("people", ("people", 4)),
        ("rooms", ("rooms", 4)),
        ("budget_eur_month", ("money", 4)),
        ("years_experience", ("years", 4)),
        ("minors", ("number", 4)),
        (None, ("number", 4)),
    ],
)
def test_a_bare_number_is_what_was_asked(asked_slot: str | None, expected: tuple[str, int]) -> None:
    for text in ("4", "quattro", "أربعة", "чотири"):
        assert values(text, "inform", *CONTRACT_ENTITIES, "number", asked_slot=asked_slot) == [expected], text


def test_entities_stand_where_they_say() -> None:
    text = "Ciao! Cerco un bilocale a Offanengo, max 600€"
    spans = {
        each.name: text[each.start : each.end]
        for each in read_entities(text, "search_housing", today=TODAY, languages=FOUR)
    }
    assert spans == {"rooms": "bilocale", "municipality": "Offanengo", "money": "600€"}
