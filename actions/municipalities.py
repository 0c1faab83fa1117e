"""The 48 towns of the district (ISTAT names), as the backoffice and the contract write them."""

from __future__ import annotations

import re
import unicodedata

MUNICIPALITIES: tuple[str, ...] = (
    "Agnadello",
    "Bagnolo Cremasco",
    "Camisano",
    "Campagnola Cremasca",
    "Capergnanica",
    "Capralba",
    "Casale Cremasco-Vidolasco",
    "Casaletto Ceredano",
    "Casaletto Vaprio",
    "Casaletto di Sopra",
    "Castel Gabbiano",
    "Castelleone",
    "Chieve",
    "Credera Rubbiano",
    "Crema",
    "Cremosano",
    "Cumignano sul Naviglio",
    "Dovera",
    "Fiesco",
    "Genivolta",
    "Gombito",
    "Izano",
    "Madignano",
    "Monte Cremasco",
    "Montodine",
    "Moscazzano",
    "Offanengo",
    "Palazzo Pignano",
    "Pandino",
    "Pianengo",
    "Pieranica",
    "Quintano",
    "Ricengo",
    "Ripalta Arpina",
    "Ripalta Cremasca",
    "Ripalta Guerina",
    "Rivolta d'Adda",
    "Romanengo",
    "Salvirola",
    "Sergnano",
    "Soncino",
    "Spino d'Adda",
    "Ticengo",
    "Torlino Vimercati",
    "Trescore Cremasco",
    "Trigolo",
    "Vaiano Cremasco",
    "Vailate",
)

_BY_FOLDED_NAME: dict[str, str] = {}


def town_named(name: str) -> str | None:
    """Return the town of exactly this name, whatever its capitals, accents and apostrophes."""
    if not _BY_FOLDED_NAME:
        _BY_FOLDED_NAME.update({_folded(town): town for town in MUNICIPALITIES})
    return _BY_FOLDED_NAME.get(_folded(name))


def towns_beginning_with(fragment: str) -> tuple[str, ...]:
    """Return the towns that a short form may mean: "Casaletto" is three of them."""
    wanted = _folded(fragment)
    return tuple(town for town in MUNICIPALITIES if wanted and _folded(town).split(" ")[0] == wanted)


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^a-z]+", " ", letters).split())
