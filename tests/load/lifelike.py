"""Invented businesses for a register of any size: the same number always gives the same business.

Names, people and addresses are as unequal as in a city: 商贸 is in a tenth of all names, 字号 come
once in a thousand, and some come once. Drawn by arithmetic, for a million take seconds.
"""

from dataclasses import dataclass
from typing import Final

from clients.sample.places import AREAS, ROADS
from clients.sample.trades import FIRST, GIVEN, SECOND, SURNAMES, TRADES

_AREAS: Final = {area.name: area for area in AREAS}
_UNITS: Final = ((11, _AREAS["任城区"]), (20, _AREAS["曲阜市"]), (21, _AREAS["邹城市"]))
_PLACES: Final = ("济宁市", "济宁", "")
"""Before the area in a name."""


@dataclass(frozen=True, slots=True)
class Business:
    """What a face of the register shows of it."""

    unit: int
    town: str
    """Area and town, where its places are."""
    name: str
    person: str
    address: str

    @property
    def address_key(self) -> str:
        """The key of `address`, which is written as keys are."""
        return self.address


class _Draws:
    """Numbers that look random, from one number."""

    def __init__(self, seed: int) -> None:
        self._left = (seed * 0x9E3779B97F4A7C15 ^ (seed * 0xC2B2AE3D27D4EB4F >> 7)) & (1 << 128) - 1

    def below(self, most: int) -> int:
        self._left, drawn = divmod(self._left, most)
        return drawn

    def one_of(self, many: str | tuple[str, ...]) -> str:
        return many[self.below(len(many))]


def unit_of(number: int) -> int:
    """The registrar of the business of that number."""
    return _UNITS[number % len(_UNITS)][0]


def business(number: int) -> Business:
    """The business of that number."""
    unit, area = _UNITS[number % len(_UNITS)]
    draws = _Draws(number)
    word = draws.one_of(FIRST) + draws.one_of(SECOND)
    if draws.below(4) == 0:
        word += draws.one_of(SECOND)
    trade = TRADES[min(draws.below(len(TRADES)), draws.below(len(TRADES)))].word
    place = draws.one_of(_PLACES)
    name = f"{place}{area.name if place else '济宁'}{word}{trade}有限公司"
    person = draws.one_of(SURNAMES) + draws.one_of(GIVEN)
    if draws.below(5):
        person += draws.one_of(GIVEN)
    town = area.name + draws.one_of(area.towns)
    # The number in the address keeps every place different.
    address = f"{town}{draws.one_of(ROADS)}{number}号"
    return Business(unit, town, name, person, address)
