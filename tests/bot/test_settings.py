from pathlib import Path

import pytest

from bot.settings import derive, load_settings


@pytest.fixture(autouse=True)
def _no_settings_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("SPORTELLO_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_the_defaults_are_those_of_the_contract() -> None:
    settings = load_settings()
    assert (settings.host, settings.bot_port) == ("127.0.0.1", 8000)
    assert settings.backoffice == "http://127.0.0.1:8001"
    assert settings.rasas == ["http://127.0.0.1:5005"]
    assert settings.actions == "http://127.0.0.1:5055"
    assert settings.telegram_token is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SPORTELLO_BOT_PORT", "many"),
        ("SPORTELLO_RASA_PORT", "70000"),
        ("SPORTELLO_TELEGRAM_TOKEN", "no token"),
        ("SPORTELLO_TELEGRAM_API_URL", "ftp://example.org"),
        ("SPORTELLO_BACKOFFICE_URL", "somewhere"),
        ("SPORTELLO_RASA_URL", "http://a:5005,somewhere"),
        ("SPORTELLO_RASA_URL", "http://a:5005,http://a:5005/"),
        ("SPORTELLO_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_value_ends_with_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        load_settings()
    assert str(stopped.value).startswith(f"{name}: ")
    assert "\n" not in str(stopped.value)
    assert value not in str(stopped.value) or name.endswith("LEVEL")


def test_several_rasas_are_named_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPORTELLO_RASA_URL", "http://rasa-1:5005, http://rasa-2:5005/")
    assert load_settings().rasas == ["http://rasa-1:5005", "http://rasa-2:5005"]


def test_an_empty_variable_is_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPORTELLO_TELEGRAM_TOKEN", "")
    assert load_settings().telegram_token is None


def test_secrets_come_from_the_data_folder_and_are_never_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SPORTELLO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SPORTELLO_TELEGRAM_TOKEN", "42:secret-token")
    settings = load_settings()
    with pytest.raises(SystemExit, match="SPORTELLO_SERVICE_TOKEN"):
        settings.read_service_token()
    (tmp_path / "service_token").write_text("shown to the backoffice\n")
    (tmp_path / "secret_key").write_text("signs")
    assert settings.read_service_token() == "shown to the backoffice"
    assert settings.rasa_secret() == derive("shown to the backoffice", "rasa channel")
    assert len(settings.webhook_secret()) == 64
    assert "secret-token" not in repr(settings)
