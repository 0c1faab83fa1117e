"""How many people a home holds by the room standards that are often used.

Source: D.M. 5 July 1975, art. 2 and 3, as in domain/housing.md 5 (background law: the municipality decides).
14 square metres for each of the first four, 10 for each more; one room: 28 for one, 38 for two.
"""

from __future__ import annotations

M2_EACH_OF_FIRST_FOUR = 14
M2_EACH_MORE = 10
FIRST = 4
ONE_ROOM_M2 = (28, 38)
"""A home of one room: for one person, for two."""


def people_by_standard(size_m2: int, rooms: int) -> int:
    """Return how many people a home of so many square metres and rooms holds; 0 where it holds nobody."""
    if rooms <= 1:
        return sum(size_m2 >= least for least in ONE_ROOM_M2)
    first = min(size_m2 // M2_EACH_OF_FIRST_FOUR, FIRST)
    if first < FIRST:
        return first
    return FIRST + (size_m2 - FIRST * M2_EACH_OF_FIRST_FOUR) // M2_EACH_MORE
