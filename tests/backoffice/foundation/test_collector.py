from __future__ import annotations

import subprocess
import sys

SPARING = """
import gc
gc.disable()
stays = [[] for _ in range(1000)]
from backoffice.collector import OBJECTS, spare_what_stays
spare_what_stays()
assert gc.isenabled() and gc.get_freeze_count() >= 1000, gc.get_freeze_count()

def looked() -> int:
    return sum(generation["collections"] for generation in gc.get_stats())

before = looked()
made = [[] for _ in range(OBJECTS // 2)]
assert looked() == before, "a list of objects was looked through"
del made
class Round: pass
for _ in range(2 * OBJECTS):
    each = Round()
    each.itself = each
left = sum(isinstance(each, Round) for each in gc.get_objects())
assert looked() > before and left < 1.5 * OBJECTS, left
print("spared")
"""


def test_what_stays_is_spared_and_what_goes_round_in_circles_goes() -> None:
    ran = subprocess.run([sys.executable, "-c", SPARING], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("spared\n", "")
