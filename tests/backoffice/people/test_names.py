from __future__ import annotations

import pytest

from backoffice.person.codice_fiscale import parse_codice_fiscale
from backoffice.person.name_sounds import name_sound

ALIKE = [
    ("Mohammed", "Muhammad"),
    ("Mohammed", "محمد"),
    ("Mohamed", "মোহাম্মদ"),
    ("Olena", "Олена"),
    ("Olena", "Elena"),
    ("Singh", "ਸਿੰਘ"),
    ("Fatima", "فاطمة"),
    ("Fatima", "Fatma"),
    ("Fatima", "ফাতেমা"),
    ("Wang Wei", "王伟"),
    ("Zhang Wei", "张伟"),
    ("Gurpreet Singh", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ"),
    ("Singh Gurpreet", "Gurprit Singh"),
    ("Shevchenko", "Шевченко"),
    ("Shevchenko", "Scevcenko"),
    ("Hassan", "حسن"),
    ("Hassan", "Hasan"),
    ("Al Hassan", "الحسن"),
    ("Ahmed", "أحمد"),
    ("Khaled", "خالد"),
    ("Youssef", "يوسف"),
    ("Yusuf", "یوسف"),
    ("Harpreet", "ਹਰਪ੍ਰੀਤ"),
    ("Aisha", "عائشة"),
    ("Aisha", "Aicha"),
    ("Rahman", "রহমান"),
    ("Svitlana", "Світлана"),
    ("Svitlana", "Светлана"),
    ("Mustafa", "مصطفى"),
    ("Mostafa", "Mustapha"),
    ("Yulia", "Юлія"),
    ("Oksana", "Оксана"),
    ("Ibrahim", "إبراهيم"),
    ("Hussein", "حسين"),
    ("Hussain", "Hossein"),
    ("Ștefan Popa", "Stefan Popa"),
    ("Çela", "Cela"),
    ("Ramírez Rosa", "Rosa Ramirez"),
    ("Kovalenko Olena", "Олена Коваленко"),
    ("Nataliya", "Наталія"),
    ("Kaur", "Cour"),
    ("Volodymyr", "Vladimir"),
]
"""Spellings of one name that are proposed."""

OTHERS = [
    ("Singh", "Sandhu"),
    ("Fatima", "Farida"),
    ("Olena", "Oksana"),
    ("Hassan", "Hussam"),
    ("Ahmed", "Hamid"),
    ("Wang Wei", "Wang Li"),
    ("Gurpreet Singh", "Harpreet Singh"),
    ("Shevchenko", "Kovalenko"),
    ("Popescu", "Popa"),
    ("Diallo", "Diop"),
    ("Khaled", "Khalil"),
    ("Yousef", "Yasin"),
    ("Ibrahim", "Ismail"),
    ("Rosa", "Rita"),
    ("Ali Rahman", "Ali"),
    ("Andriy", "Serhiy"),
    ("Mustafa", "Murtaza"),
    ("Svitlana", "Stepan"),
    ("Nataliya", "Natalka"),
]
"""Other names, which are not."""

BEYOND_THE_RULE = [
    ("Sergiy", "Serhii"),
    ("Julia", "Yulia"),
    ("Elhadji", "Hadji"),
    ("Giorgio", "Gjergj"),
    ("Dmytro", "Dima"),
    ("Katia", "Kateryna"),
]
"""Names of one person that the sound does not bring together: telephone and codice fiscale may."""

TOO_MUCH = [
    ("Maria", "Mira"),
    ("Ali", "Ayla"),
    ("Hassan", "Hussein"),
    ("Omar", "Amir"),
    ("Mohammed", "Mahmoud"),
]
"""Two names that are proposed although they are two: a person says so."""


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_spellings_of_one_name_sound_alike(one: str, other: str) -> None:
    assert name_sound(one) == name_sound(other)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_other_names_do_not(one: str, other: str) -> None:
    assert name_sound(one) != name_sound(other)


@pytest.mark.parametrize(("one", "other"), BEYOND_THE_RULE)
def test_what_the_rule_does_not_find_is_known(one: str, other: str) -> None:
    assert name_sound(one) != name_sound(other)


@pytest.mark.parametrize(("one", "other"), TOO_MUCH)
def test_what_the_rule_proposes_too_much_is_known(one: str, other: str) -> None:
    assert name_sound(one) == name_sound(other)


def test_a_codice_fiscale_is_taken_with_spaces_and_small_letters() -> None:
    assert parse_codice_fiscale("rss mra 85t10 a562s") == "RSSMRA85T10A562S"


@pytest.mark.parametrize("wrong", ["RSSMRA85T10A562T", "RSSMRA85T10A562", "12345678901", "x" * 16, ""])
def test_a_wrong_codice_fiscale_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"codice fiscale|check character"):
        parse_codice_fiscale(wrong)
