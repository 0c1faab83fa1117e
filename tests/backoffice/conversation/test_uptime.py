from __future__ import annotations

import pytest

from backoffice.conversation.uptime import TIME_TO_REPORT, Uptime
from tests.backoffice.factories import NOW


def test_it_is_long_when_nothing_has_failed_for_a_while() -> None:
    uptime = Uptime()
    assert not uptime.is_long(NOW)
    with uptime.watched(NOW):
        pass
    assert not uptime.is_long(NOW + TIME_TO_REPORT / 2)
    with uptime.watched(NOW + TIME_TO_REPORT / 2):
        pass
    assert uptime.is_long(NOW + TIME_TO_REPORT)


def test_a_failure_begins_it_anew() -> None:
    uptime = Uptime()
    with uptime.watched(NOW):
        pass
    with pytest.raises(OSError, match="away"), uptime.watched(NOW + TIME_TO_REPORT):
        raise OSError("away")
    assert not uptime.is_long(NOW + TIME_TO_REPORT * 2)
    with uptime.watched(NOW + TIME_TO_REPORT * 2):
        pass
    assert not uptime.is_long(NOW + TIME_TO_REPORT * 2)
    assert uptime.is_long(NOW + TIME_TO_REPORT * 3)
