from __future__ import annotations

from backoffice.staff.passwords import hash_password, verify_password


def test_a_password_is_hashed_with_argon2id_and_verified() -> None:
    made = hash_password("correct horse battery")
    assert made.startswith("$argon2id$")
    assert verify_password(made, "correct horse battery")
    assert not verify_password(made, "correct horse")


def test_an_account_that_does_not_exist_never_verifies() -> None:
    assert not verify_password(None, "sportello-standin")


def test_a_hash_that_is_none_never_verifies() -> None:
    assert not verify_password("!", "!")
