from __future__ import annotations

from pathlib import Path

import pytest

from backoffice.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("DATA_DIR", "DATABASE_URL", "SECRET_KEY", "SERVICE_TOKEN", "DEMO", "BACKOFFICE_PORT"):
        monkeypatch.delenv(f"SPORTELLO_{name}", raising=False)
    return tmp_path


def test_the_defaults_are_those_of_the_contract(elsewhere: Path) -> None:
    settings = read_settings()
    assert (settings.host, settings.backoffice_port, settings.log_level) == ("127.0.0.1", 8001, "INFO")
    assert settings.url == f"sqlite:///{elsewhere / 'var' / 'sportello.db'}"
    assert settings.is_demo


def test_with_another_database_there_is_no_demo_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPORTELLO_DATABASE_URL", "postgresql://localhost/x")
    assert not read_settings().is_demo
    monkeypatch.setenv("SPORTELLO_DEMO", "1")
    assert read_settings().is_demo


@pytest.mark.parametrize(
    ("name", "value"),
    [("BACKOFFICE_PORT", "eight"), ("LOG_LEVEL", "loud"), ("DEMO", "perhaps"), ("CLAMD", "near")],
)
def test_a_wrong_value_ends_with_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"SPORTELLO_{name}", value)
    with pytest.raises(SystemExit) as ended:
        read_settings()
    assert str(ended.value.code).startswith(f"SPORTELLO_{name}: ")
    assert "\n" not in str(ended.value.code)


def test_secrets_are_read_from_the_data_folder(elsewhere: Path) -> None:
    (elsewhere / "service_token").write_text("kept\n")
    assert Settings(data_dir=elsewhere).token == "kept"


def test_a_missing_secret_is_named(elsewhere: Path) -> None:
    with pytest.raises(SystemExit, match="SPORTELLO_SECRET_KEY"):
        _ = Settings(data_dir=elsewhere).secret


def test_the_env_file_is_read_too(elsewhere: Path) -> None:
    (elsewhere / ".env").write_text("SPORTELLO_BACKOFFICE_PORT=9001\nSPORTELLO_TELEGRAM_TOKEN=x\n")
    assert read_settings().backoffice_port == 9001
