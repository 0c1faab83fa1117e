"""The municipalities of the Ambito Cremasco (ISTAT; Piano di Zona 2025-2027)."""

from __future__ import annotations

_NAMES = (
    "Agnadello", "Bagnolo Cremasco", "Camisano", "Campagnola Cremasca", "Capergnanica", "Capralba",
    "Casale Cremasco-Vidolasco", "Casaletto Ceredano", "Casaletto Vaprio", "Casaletto di Sopra",
    "Castel Gabbiano", "Castelleone", "Chieve", "Credera Rubbiano", "Crema", "Cremosano",
    "Cumignano sul Naviglio", "Dovera", "Fiesco", "Genivolta", "Gombito", "Izano", "Madignano",
    "Monte Cremasco", "Montodine", "Moscazzano", "Offanengo", "Palazzo Pignano", "Pandino", "Pianengo",
    "Pieranica", "Quintano", "Ricengo", "Ripalta Arpina", "Ripalta Cremasca", "Ripalta Guerina",
    "Rivolta d'Adda", "Romanengo", "Salvirola", "Sergnano", "Soncino", "Spino d'Adda", "Ticengo",
    "Torlino Vimercati", "Trescore Cremasco", "Trigolo", "Vaiano Cremasco", "Vailate",
)  # fmt: skip


def municipality_names() -> tuple[str, ...]:
    """Return the Italian names, in alphabetical order."""
    return _NAMES
