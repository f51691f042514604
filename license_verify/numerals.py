"""Chinese numerals of houses, floors and rooms, in digits where they can only mean one number."""

from typing import Final

_DIGITS: Final = "零一二三四五六七八九"
_PLACES: Final = {"千": 1000, "百": 100, "十": 10}
_ALIKE: Final = str.maketrans("〇两", "零二")
NUMERALS: Final = "".join((_DIGITS, *_PLACES, "〇两"))
"""Characters that a numeral has."""


def in_digits(written: str) -> str:
    """A Chinese numeral below 10,000 in digits; as it stands where people may mean another number.

    一二层 are two floors or the twelfth, 一百五 is 150 to most, 八一楼 is a name: none is changed.

    >>> [in_digits(each) for each in ("十二", "一百零三", "一〇七", "一二", "一百五")]
    ['12', '103', '107', '一二', '一百五']
    """
    plain = written.translate(_ALIKE)
    if not set(plain) & set(_PLACES):
        one_by_one = len(plain) == 1 or "零" in plain
        return "".join(str(_DIGITS.index(each)) for each in plain) if one_by_one else written
    value, digit = 0, 0
    for each in plain:
        if each in _PLACES:
            value += (digit or 1) * _PLACES[each]
            digit = 0
        else:
            digit = _DIGITS.index(each)
    value += digit
    # Only what is written as the number is said may be read as it.
    return str(value) if plain.replace("一十", "十") == _said(value) else written


def _said(value: int) -> str:
    """The numeral of a number from 1 to 9,999, without the 一 before 十 that many leave out."""
    text, gap = "", False
    for each, place in (*_PLACES.items(), ("", 1)):
        digit, value = divmod(value, place)
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit % 10] + each
        gap = not digit
    return text.replace("一十", "十")
