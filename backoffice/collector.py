"""How a process that serves has Python look for garbage: not among what stays, and not at every list.

A request makes thousands of objects, and nearly all go by themselves when nobody refers to them. Python looks
for those that refer to one another after 700 more were made than gone: fourteen times for a list of fifty.
"""

from __future__ import annotations

import gc
from typing import Final

OBJECTS: Final = 50_000
"""So many more made than gone, some 20 MB, before the youngest are looked through."""


def spare_what_stays() -> None:
    """Look at nothing that was made until now, and seldom at the rest: called when everything is read."""
    gc.freeze()
    gc.set_threshold(OBJECTS, 10, 10)
    gc.enable()
