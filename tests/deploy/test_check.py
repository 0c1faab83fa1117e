from __future__ import annotations

from pathlib import Path

import pytest

from deploy.check import lend_models


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "sportello-1.tar.gz").write_bytes(b"trained before")
    return folder


def test_a_model_that_was_trained_before_is_lent_to_the_tests(tmp_path: Path, trained: Path) -> None:
    lend_models(trained, tmp_path / "test" / "models")
    lent = tmp_path / "test" / "models" / "sportello-1.tar.gz"
    assert lent.read_bytes() == b"trained before"
    assert list(lent.parent.iterdir()) == [lent]


def test_a_model_that_the_tests_have_is_left_as_it_is(tmp_path: Path, trained: Path) -> None:
    own = tmp_path / "tested"
    own.mkdir()
    (own / "sportello-1.tar.gz").write_bytes(b"the tests' own")
    lend_models(trained, own)
    assert (own / "sportello-1.tar.gz").read_bytes() == b"the tests' own"


def test_where_nothing_was_trained_there_is_nothing_to_lend(tmp_path: Path) -> None:
    lend_models(tmp_path / "never", tmp_path / "tested")
    assert list((tmp_path / "tested").iterdir()) == []
