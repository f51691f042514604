"""The unit tree: city, its counties and zones, their stations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

STATION: Final = "station"
"""Kind of a 市场监督管理所."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of administration under its own stable number."""

    number: int
    title: str
    kind: str
    """`city`, `county`, `zone` or `station`."""
    parent: int | None
    uscc: str = ""
    """Credit code of the authority that registers there; empty where the unit above has it."""


@dataclass(frozen=True, slots=True)
class Alias:
    """What another system calls a unit, and when."""

    source: str
    code: str
    unit: int
    from_date: date
    until_date: date | None


class UnitTree:
    """All units of a registry. Small and read often, so kept in memory."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = {unit.number: unit for unit in units}

    def get(self, number: int) -> Unit | None:
        """The unit with this number, or None."""
        return self._units.get(number)

    def title(self, number: int | None) -> str:
        """Its name for people; says so where it is unclear."""
        unit = self._units.get(number) if number is not None else None
        return unit.title if unit else "管辖单位不明"

    def full_title(self, number: int) -> str:
        """Its name as it signs: a district or zone never without its city in front."""
        title = self.title(number)
        if title.endswith("区") and number != self.root(number):
            return self.title(self.root(number)) + title
        return title

    def covers(self, above: int, below: int | None) -> bool:
        """Whether `below` is `above` or stands under it."""
        while below is not None:
            if below == above:
                return True
            unit = self._units.get(below)
            below = unit.parent if unit else None
        return False

    def below(self, number: int) -> list[int]:
        """The unit and all units under it."""
        return [n for n in self._units if self.covers(number, n)]

    def administering(self, number: int) -> int:
        """The unit that administers where a station works: a county, a zone or the city."""
        unit = self._units[number]
        if unit.kind == STATION and unit.parent is not None:
            return unit.parent
        return number

    def root(self, number: int) -> int:
        """The topmost unit above `number`: its city."""
        return self.chain(number)[0]

    def chain(self, number: int) -> list[int]:
        """The unit and all above it, the topmost first."""
        chain = [number]
        while (unit := self._units.get(chain[0])) is not None and unit.parent is not None:
            chain.insert(0, unit.parent)
        return chain

    def code_of(self, number: int) -> str:
        """Credit code of the authority that registers in a unit; empty if none is configured."""
        known = (self._units.get(each) for each in reversed(self.chain(number)))
        return next((unit.uscc for unit in known if unit and unit.uscc), "")

    @property
    def city(self) -> int:
        """The topmost unit of all."""
        return next((u.number for u in self._units.values() if u.parent is None), 0)

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._units.values())
