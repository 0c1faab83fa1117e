"""Values as people of each language write them; sentences of our own, read in their language and Italian."""

from __future__ import annotations

from datetime import date

import pytest

from nlu.components.reading import CONTRACT_ENTITIES, read_entities
from nlu.components.terms import reading_languages

TODAY = date(2026, 11, 23)


def values(language: str, text: str, intent: str, *names: str) -> list[tuple[str, str | int]]:
    found = read_entities(text, intent, today=TODAY, languages=reading_languages(language))
    return sorted((each.name, each.value) for each in found if each.name in (names or CONTRACT_ENTITIES))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "six cent soixante-quinze euros", 675),
        ("fr", "quatre-vingt-dix euros", 90),
        ("fr", "mille deux cents euros par mois", 1200),
        ("es", "hasta setecientos cincuenta euros", 750),
        ("ro", "maxim cinci sute cincizeci de euro", 550),
        ("sq", "deri ne gjashteqind euro", 600),
        ("uk", "шістсот п'ятдесят євро", 650),
        ("ar", "ستمائة وخمسين يورو", 650),
        ("pa", "ਸਾਢੇ ਛੇ ਸੌ ਯੂਰੋ", 650),
        ("pa", "੭੦੦ ਯੂਰੋ", 700),
        ("ur", "ساڑھے پانچ سو یورو", 550),
        ("ur", "dhai sau euro", 250),
        ("ur", "۶۰۰ یورو", 600),
        ("bn", "সাড়ে তিনশ ইউরো", 350),
        ("bn", "৬০০ ইউরো", 600),
        ("zh", "六百五十欧", 650),
        ("zh", "一千二欧元", 1200),
        ("zh", "一千五一个月", 1500),
        ("en", "six fifty euros", 650),
        ("it", "seicentocinquanta euro", 650),
    ],
)
def test_sums_in_words_and_in_the_digits_of_four_scripts(language: str, text: str, expected: int) -> None:
    assert values(language, text, "inform") == [("money", expected)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "moi, ma femme et 2 enfants", 4),
        ("es", "somos cinco personas", 5),
        ("ro", "suntem patru persoane", 4),
        ("sq", "jemi pese veta", 5),
        ("uk", "нас четверо", 4),
        ("ar", "7na rb3a d nas", 4),
        ("pa", "ਅਸੀਂ ਪੰਜ ਜਣੇ ਹਾਂ", 5),
        ("ur", "hum paanch log hain", 5),
        ("ur", "میں، بیوی اور بچہ", 3),
        ("bn", "আমরা চারজন", 4),
        ("zh", "一家五口", 5),
        ("zh", "我，老婆，两个小孩", 4),
    ],
)
def test_households_are_counted(language: str, text: str, expected: int) -> None:
    assert values(language, text, "search_housing", "people") == [("people", expected)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("sq", "kerkoj banese ne Krema", "Crema"),
        ("ro", "caut chirie la crema", "Crema"),
        ("pa", "ਸੋਨਚੀਨੋ ਵਿੱਚ ਘਰ", "Soncino"),
        ("ur", "Spino me ghar hai", "Spino d'Adda"),
        ("ur", "کستیلیونے", None),
        ("bn", "ক্রেমায় বাসা লাগবে", "Crema"),
        ("zh", "Crema附近有房吗", "Crema"),
        ("zh", "我住奥法嫩戈", "Offanengo"),
        ("es", "como se llega", None),
        ("ro", "fara copii", None),
        ("it", "toglimi dal vostro archivio, non voglio risultare", None),
        ("en", "my application is pending", None),
        ("sq", "kam dy vajza", None),
    ],
)
def test_towns_are_known_by_ear_and_ordinary_words_are_none(
    language: str, text: str, expected: str | None
) -> None:
    names = ("municipality", "municipality_outside")
    found = values(language, text, "search_housing", *names)
    if language == "ur" and expected is None:
        # By ear the vowels may go: whatever is found is the right town.
        assert set(found) <= {("municipality", "Castelleone")}
        return
    assert found == ([("municipality", expected)] if expected else [])


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("zh", "千万不要告诉老板", "report_work_problem"),
        ("fr", "au 3e etage", "search_housing"),
        ("ur", "بالکل ٹھیک ہے", "inform"),
        ("sq", "me vjehrren", "inform"),
        ("pa", "ਦੋ ਖਾਲੀ", "give_feedback"),
        ("pa", "kinna kiraya banda", "ask_rental_contract"),
        ("it", "la mia laurea vale in Italia?", "ask_qualification_recognition"),
        ("es", "2.5", "thank"),
    ],
)
def test_words_that_only_look_like_values_are_none(language: str, text: str, intent: str) -> None:
    assert values(language, text, intent) == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("zh", "3月15号", "2027-03-15"),
        ("zh", "下个月", "2026-12-01"),
        ("ur", "دو مہینے بعد", "2027-01-23"),
        ("fr", "le mois prochain", "2026-12-01"),
        ("es", "mañana", "2026-11-24"),
    ],
)
def test_days_are_read_where_each_language_puts_them(language: str, text: str, expected: str) -> None:
    assert values(language, text, "inform", "date") == [("date", expected)]


def test_in_the_morning_is_not_tomorrow() -> None:
    assert values("es", "solo por la mañana", "inform", "date") == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "no interna, solo por horas", ["hourly"]),
        ("fr", "logée nourrie", ["live_in"]),
        ("zh", "想找住家的", ["live_in"]),
        ("ro", "badanta pentru tata, cu noptile", ["nights"]),
    ],
)
def test_schedules_are_read_and_a_no_before_them_counts(
    language: str, text: str, expected: list[str]
) -> None:
    found = values(language, text, "register_care_worker", "care_schedule", "care_skill")
    assert [value for _, value in found] == expected


def test_a_language_named_in_its_own_letters_is_known_to_everybody() -> None:
    assert values("it", "العربية", "change_language") == [("language_name", "ar")]
    assert values("en", "বাংলা please", "change_language") == [("language_name", "bn")]


def test_who_changes_the_language_may_name_it_in_that_language() -> None:
    assert values("it", "english please", "change_language") == [("language_name", "en")]
    assert values("zh", "shqip ju lutem", "change_language") == [("language_name", "sq")]
    assert values("it", "english please", "ask_school_enrolment") == []
