"""Numbers in Chinese characters: 六百五十, 两千, and the short forms: 三百五 is 350, 一千二 is 1,200."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nlu.components.wording import Token

_DIGITS: Final = dict(zip("零〇一二两兩三四五六七八九", (0, 0, 1, 2, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_PAIRS: Final = {"俩": 2, "倆": 2, "仨": 3}
"""Two and three of us in one word, with the counting word inside."""
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_TEN_THOUSAND: Final = frozenset("万萬")
_ZERO: Final = frozenset("零〇")


UNITS: Final = frozenset(_UNITS) | _TEN_THOUSAND
"""Characters that multiply, and begin no number: 千万 is "by all means"."""


def chinese_number(words: Sequence[Token], position: int) -> tuple[int, int] | None:
    """Return the value of the characters from `position` on and their end; None where no number begins."""
    if words[position].text in _PAIRS:
        return _PAIRS[words[position].text], position + 1
    end = position
    while end < len(words) and _is_numeral(words[end].text) and _touches(words, position, end):
        end += 1
    if end == position or words[position].text in ("百", "千", *_TEN_THOUSAND):
        return None
    end = _without_next_count(words, position, end)
    return _value([word.text for word in words[position:end]]), end


def _without_next_count(words: Sequence[Token], position: int, end: int) -> int:
    """Leave the 一 of 一个月 to the month in 一千五一个月: behind a unit two digits are two numbers."""
    for place in range(position + 2, end):
        is_second_digit = words[place].text in _DIGITS and words[place - 1].text in _DIGITS
        has_unit = any(words[earlier].text not in _DIGITS for earlier in range(position, place))
        if is_second_digit and has_unit and words[place - 1].text not in _ZERO:
            return place
    return end


def _is_numeral(text: str) -> bool:
    return text in _DIGITS or text in _UNITS or text in _TEN_THOUSAND


def _touches(words: Sequence[Token], position: int, end: int) -> bool:
    return end == position or words[end - 1].end == words[end].start


def _value(characters: Sequence[str]) -> int:
    if all(character in _DIGITS for character in characters):
        # 二零二六 is read digit by digit, as a year or a telephone.
        return int("".join(str(_DIGITS[character]) for character in characters))
    total = section = digit = 0
    last_unit, after_zero = 1, False
    for character in characters:
        if character in _DIGITS:
            digit, after_zero = _DIGITS[character], after_zero or character in _ZERO
        elif character in _UNITS:
            section += (digit or 1) * _UNITS[character]
            digit, last_unit, after_zero = 0, _UNITS[character], False
        else:
            total += (section + digit) * 10_000
            section, digit, last_unit, after_zero = 0, 0, 10_000, False
    # 三百五: the digit left over is of the next smaller unit, unless a zero says otherwise (三百零五).
    short = last_unit >= 100 and not after_zero
    return total + section + digit * (last_unit // 10 if short else 1)
