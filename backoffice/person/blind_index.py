"""Keyed digests of traits: equal traits have equal digests, and without the key they tell nothing."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backoffice.person.details import Details
from backoffice.person.models import KeyKind, Person
from backoffice.person.name_sounds import name_sound


def index_key(secret: str) -> bytes:
    """Return the key of the digests, derived from `SPORTELLO_SECRET_KEY`."""
    return HKDF(SHA256(), 32, salt=None, info=b"sportello person keys 1").derive(secret.encode())


def digest(key: bytes, kind: KeyKind, organisation_id: str, trait: str) -> bytes:
    """Return the digest of one trait; those of two organisations never compare."""
    return hmac.digest(key, f"{kind.value}\0{organisation_id}\0{trait}".encode(), hashlib.sha256)


def keys_of(person: Person, details: Details, key: bytes) -> set[tuple[KeyKind, bytes]]:
    """Return the digests of all that may tell that two rows are one person."""
    return {
        (kind, digest(key, kind, person.organisation_id, trait)) for kind, trait in _traits(person, details)
    }


def _traits(person: Person, details: Details) -> Iterator[tuple[KeyKind, str]]:
    latin = " ".join(part for part in (details.given_name, details.family_name) if part)
    for name in (person.name, latin, details.own_script_name):
        sound = name_sound(name) if name else None
        if sound is None:
            continue
        yield KeyKind.NAME_SOUND, sound
        if details.year:
            yield KeyKind.NAME_SOUND_YEAR, f"{sound} {details.year}"
    digits = re.sub(r"\D", "", person.phone or "")
    if len(digits) >= 8:
        # the last nine: with and without the country's prefix a number is the same
        yield KeyKind.PHONE, digits[-9:]
    if details.codice_fiscale:
        yield KeyKind.CODICE_FISCALE, details.codice_fiscale
