"""Keyed digests of traits: equal traits have equal digests, and without the key they tell nothing."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator

from sqlalchemy.orm import Session

from backoffice.encryption.cipher import derived_key
from backoffice.encryption.keyring import ring_in
from backoffice.encryption.sealing import installation_key_id
from backoffice.person.details import Details
from backoffice.person.models import KeyKind, Person
from backoffice.person.name_sounds import name_sound


def index_key(session: Session) -> bytes:
    """Return the key of the digests: of the installation's data key, so that a new secret leaves it alone."""
    return derived_key(ring_in(session).key(installation_key_id(session)), "person keys 1")


def link_key(secret: str) -> bytes:
    """Return the key of the digests of link codes, which live for minutes."""
    return derived_key(secret.encode(), "link codes 1")


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
