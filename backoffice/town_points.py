"""Where the towns of the Ambito Cremasco are, and how far two points are from each other, as the crow flies.

Latitude and longitude of the town halls' places (WGS 84, to three digits, about a hundred metres), by
the ISTAT codes of `opendatasicilia/comuni-italiani`, `dati/coordinate.csv`. That of Gombito lost its
point there and is read as 9.728.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

POINTS: Mapping[str, Point] = {
    "Agnadello": (45.444, 9.557), "Bagnolo Cremasco": (45.361, 9.613), "Camisano": (45.443, 9.746),
    "Campagnola Cremasca": (45.398, 9.669), "Capergnanica": (45.338, 9.643), "Capralba": (45.444, 9.643),
    "Casale Cremasco-Vidolasco": (45.437, 9.721), "Casaletto Ceredano": (45.318, 9.618),
    "Casaletto Vaprio": (45.408, 9.629), "Casaletto di Sopra": (45.419, 9.783),
    "Castel Gabbiano": (45.468, 9.716), "Castelleone": (45.294, 9.764), "Chieve": (45.340, 9.616),
    "Credera Rubbiano": (45.296, 9.651), "Crema": (45.363, 9.687), "Cremosano": (45.395, 9.640),
    "Cumignano sul Naviglio": (45.356, 9.836), "Dovera": (45.365, 9.542), "Fiesco": (45.336, 9.778),
    "Genivolta": (45.333, 9.877), "Gombito": (45.262, 9.728), "Izano": (45.355, 9.750),
    "Madignano": (45.344, 9.727), "Monte Cremasco": (45.373, 9.573), "Montodine": (45.285, 9.707),
    "Moscazzano": (45.292, 9.683), "Offanengo": (45.379, 9.742), "Palazzo Pignano": (45.390, 9.570),
    "Pandino": (45.407, 9.553), "Pianengo": (45.402, 9.695), "Pieranica": (45.426, 9.610),
    "Quintano": (45.420, 9.619), "Ricengo": (45.406, 9.724), "Ripalta Arpina": (45.302, 9.729),
    "Ripalta Cremasca": (45.329, 9.679), "Ripalta Guerina": (45.306, 9.705),
    "Rivolta d'Adda": (45.471, 9.513), "Romanengo": (45.377, 9.785), "Salvirola": (45.356, 9.780),
    "Sergnano": (45.429, 9.702), "Soncino": (45.399, 9.874), "Spino d'Adda": (45.399, 9.492),
    "Ticengo": (45.369, 9.828), "Torlino Vimercati": (45.418, 9.595), "Trescore Cremasco": (45.402, 9.625),
    "Trigolo": (45.329, 9.816), "Vaiano Cremasco": (45.372, 9.587), "Vailate": (45.463, 9.603),
}  # fmt: skip


def kilometres_between(one: Point, other: Point) -> float:
    """Return how far two points are from each other, as the crow flies."""
    (lat, lon), (lat2, lon2) = ((radians(a), radians(b)) for a, b in (one, other))
    half = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))
