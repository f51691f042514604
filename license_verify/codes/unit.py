"""Administrative units of the city under own, stable ids, and the codes others give them.

A foreign code means nothing without its source: 370892 names two different zones in two
systems, and the city's own approvals system still calls 兖州 370882 (domain: GB/T 2260 and
the zones without a code there). So a code is always resolved with its source and a date.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from license_verify.refusal import Kind, Refusal


class UnknownUnit(Refusal):
    """No unit bears this id, or this code of this source on this date."""

    kind = Kind.NOT_FOUND
    reason = "UNIT_UNKNOWN"


class UnitKind(Enum):
    """Level of a unit. Stations below counties are the registry's own."""

    CITY = "city"
    COUNTY = "county"
    ZONE = "zone"
    """功能区: administers a place that lies in one or more counties; has no GB/T 2260 code."""


class Source(Enum):
    """Who gives a code its meaning."""

    GB2260 = "gb2260"
    STATISTICS = "statistics"
    CITY_APPROVALS = "city-approvals"
    ANOTHER_FEED = "another-feed"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that registers or supervises."""

    id: int
    """Own number: printed into tokens, never reused, never changed."""
    name: str
    kind: UnitKind
    parent: int | None
    gb_code: str | None
    """Six digits of GB/T 2260; None for zones."""
    english: str = ""
    """In pinyin, with the level in English."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A code that one source gives a unit, for a time: `since` <= day < `until`."""

    source: Source
    code: str
    unit: int
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the source used the code so on that day."""
        after = self.since is None or self.since <= day
        return after and (self.until is None or day < self.until)


CITY: Final = 1
_COUNTIES: Final = (
    (11, "任城区", "Rencheng District", "370811"),
    (12, "兖州区", "Yanzhou District", "370812"),
    (13, "微山县", "Weishan County", "370826"),
    (14, "鱼台县", "Yutai County", "370827"),
    (15, "金乡县", "Jinxiang County", "370828"),
    (16, "嘉祥县", "Jiaxiang County", "370829"),
    (17, "汶上县", "Wenshang County", "370830"),
    (18, "泗水县", "Sishui County", "370831"),
    (19, "梁山县", "Liangshan County", "370832"),
    (20, "曲阜市", "Qufu City", "370881"),
    (21, "邹城市", "Zoucheng City", "370883"),
)
_HIGH_TECH, _TAIBAI_LAKE, _ECONOMIC = 31, 32, 33
UNITS: Final = {
    unit.id: unit
    for unit in (
        Unit(CITY, "济宁市", UnitKind.CITY, None, "370800", "Jining City"),
        *(
            Unit(i, name, UnitKind.COUNTY, CITY, code, english)
            for i, name, english, code in _COUNTIES
        ),
        Unit(_HIGH_TECH, "高新区", UnitKind.ZONE, CITY, None, "Jining High-tech Zone"),
        Unit(_TAIBAI_LAKE, "太白湖新区", UnitKind.ZONE, CITY, None, "Taibai Lake New Area"),
        Unit(_ECONOMIC, "经开区", UnitKind.ZONE, CITY, None, "Jining Economic Zone"),
    )
}
"""Every unit by own id."""

# The State Council merged 市中区 into 任城区 and made 兖州市 a district in October 2013; the
# first lists that show it are of the end of that year.
_MERGED: Final = date(2013, 11, 1)
_YANZHOU, _RENCHENG = 12, 11

ALIASES: Final = (
    *(Alias(Source.GB2260, u.gb_code, u.id) for u in UNITS.values() if u.gb_code and u.id != 12),
    Alias(Source.GB2260, "370812", _YANZHOU, since=_MERGED),
    Alias(Source.GB2260, "370882", _YANZHOU, until=_MERGED),
    Alias(Source.GB2260, "370802", _RENCHENG, until=_MERGED),
    *(Alias(Source.STATISTICS, code, i) for i, _, _, code in _COUNTIES),
    Alias(Source.STATISTICS, "370800", CITY),
    Alias(Source.STATISTICS, "370871", _HIGH_TECH),
    Alias(Source.CITY_APPROVALS, "370800", CITY),
    *(Alias(Source.CITY_APPROVALS, code, i) for i, _, _, code in _COUNTIES if i != _YANZHOU),
    Alias(Source.CITY_APPROVALS, "370882", _YANZHOU),
    Alias(Source.CITY_APPROVALS, "370890", _HIGH_TECH),
    Alias(Source.CITY_APPROVALS, "370891", _TAIBAI_LAKE),
    Alias(Source.CITY_APPROVALS, "370892", _ECONOMIC),
    Alias(Source.ANOTHER_FEED, "370871", _HIGH_TECH),
    Alias(Source.ANOTHER_FEED, "370892", _TAIBAI_LAKE),
    Alias(Source.ANOTHER_FEED, "370893", _ECONOMIC),
    *(Alias(Source.NAME, u.name, u.id) for u in UNITS.values()),
    *(Alias(Source.NAME, f"济宁市{u.name}", u.id) for u in UNITS.values() if u.id != CITY),
    # Retired names still stand in addresses and name one place only, so they have no end.
    Alias(Source.NAME, "兖州市", _YANZHOU),
    Alias(Source.NAME, "济宁市市中区", _RENCHENG),
    Alias(Source.NAME, "市中区", _RENCHENG),
    Alias(Source.NAME, "济宁高新区", _HIGH_TECH),
    Alias(Source.NAME, "高新技术产业开发区", _HIGH_TECH),
    Alias(Source.NAME, "济宁高新技术产业开发区", _HIGH_TECH),
    Alias(Source.NAME, "济宁国家高新技术产业开发区", _HIGH_TECH),
    Alias(Source.NAME, "济宁太白湖新区", _TAIBAI_LAKE),
    Alias(Source.NAME, "北湖新区", _TAIBAI_LAKE),
    Alias(Source.NAME, "济宁北湖新区", _TAIBAI_LAKE),
    Alias(Source.NAME, "济宁经开区", _ECONOMIC),
    Alias(Source.NAME, "济宁经济开发区", _ECONOMIC),
    Alias(Source.NAME, "济宁市经济开发区", _ECONOMIC),
)
"""Every code and name by which others know a unit."""

_BY_CODE: Final = {
    (source.value, code): tuple(a for a in ALIASES if (a.source, a.code) == (source, code))
    for source, code in {(alias.source, alias.code) for alias in ALIASES}
}


def unit(number: int) -> Unit:
    """The unit with this own id.

    Raises:
        UnknownUnit: none has it.
    """
    found = UNITS.get(number)
    if found is None:
        raise UnknownUnit(f"no unit has the id {number}", zh="没有此管辖单位", unit=number)
    return found


def find(source: str, code: str, on: date) -> Unit | None:
    """As `resolve`; None where that source has no such code on that day."""
    held = (alias for alias in _BY_CODE.get((source, code), ()) if alias.holds_on(on))
    alias = next(held, None)
    return UNITS[alias.unit] if alias else None


def resolve(source: str, code: str, on: date) -> Unit:
    """The unit that `source` meant by `code` on the day `on`.

    Args:
        source: a value of `Source`: "gb2260", "statistics", "city-approvals", "another-feed"
            or "name".
        code: as that source writes it.
        on: the day the record was made, which may be long before today.

    Raises:
        UnknownUnit: no such source, or no such code of it on that day.
    """
    found = find(source, code, on)
    if found is not None:
        return found
    known = _BY_CODE.get((source, code))
    hint = f"; it ended on {known[0].until}" if known and known[0].until else ""
    raise UnknownUnit(
        f"source {source!r} has no unit {code!r} on {on}{hint}",
        zh="该来源在该日期没有此区划代码",
        source=source,
        code=code,
        on=on,
    )


def named_in(address: str) -> tuple[Unit, ...]:
    """The counties and zones whose names stand in an address text, each once.

    None or several mean that the unit is unclear: nothing is guessed. Of two names at one
    place the longer counts.
    """
    taken: list[tuple[int, int]] = []
    found: dict[int, Unit] = {}
    names = sorted((a for a in ALIASES if a.source is Source.NAME), key=lambda a: -len(a.code))
    for alias in names:
        at = address.find(alias.code)
        if at < 0 or alias.unit == CITY or any(a <= at < b for a, b in taken):
            continue
        taken.append((at, at + len(alias.code)))
        found[alias.unit] = UNITS[alias.unit]
    return tuple(found.values())
