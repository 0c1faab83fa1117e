import pytest

from bot import language
from bot.language import begin_language, language_of_text, two_letters


@pytest.fixture(autouse=True)
def _four_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "SUPPORTED", ("it", "en", "ar", "uk", "ur"))


@pytest.mark.parametrize(
    ("hint", "text", "expected"),
    [
        (None, None, "it"),
        ("uk-UA", None, "uk"),
        ("uk", "Добрий день", "uk"),
        ("it", "Мені потрібна допомога", "uk"),
        ("en", "أحتاج إلى سكن", "ar"),
        ("ar", "مجھے گھر چاہیے", "ar"),
        (None, "مجھے گھر چاہیے", "ur"),
        ("ur", "مدد", "ur"),
        ("en", "mujhe ghar chahiye", "en"),
        ("zz", "hello", "it"),
        ("uk", "🙂 123", "uk"),
        ("it", "Ciao, я шукаю квартиру у Кремі", "uk"),
    ],
)
def test_the_script_overrules_the_hint_and_latin_letters_say_nothing(
    hint: str | None, text: str | None, expected: str
) -> None:
    assert begin_language(hint=hint, text=text) == expected


def test_a_script_that_nobody_here_speaks_says_nothing() -> None:
    assert language_of_text("ជំរាបសួរ") is None
    assert language_of_text("ਸਤ ਸ੍ਰੀ ਅਕਾਲ") is None


@pytest.mark.parametrize(
    ("hint", "code"), [("ita", None), ("", None), (None, None), ("EN-gb", "en"), ("it_IT", "it")]
)
def test_a_hint_is_cut_to_a_code_that_is_spoken_here(hint: str | None, code: str | None) -> None:
    assert two_letters(hint) == code
