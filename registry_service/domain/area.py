"""Areas of the city: whether an address lies in one, and whether its text fixes its zone."""

import re
from enum import StrEnum
from typing import Final

from license_verify.codes.unit import UNITS, UnitKind
from license_verify.normalise import normalise_address
from registry_service.domain.address import Address, locate, split_units


class UnitDoubt(StrEnum):
    """Why it is not clear which unit administers a place."""

    TWO_NAMED = "two_named"
    """The text names two counties or two zones."""
    COUNTY_DIFFERS = "county_differs"
    """The text names another county, or a zone that does not lie in the one it names."""
    UNIT_DIFFERS = "unit_differs"
    """The text names, or its town lies in, another unit than was given."""
    ZONE_UNCLEAR = "zone_unclear"
    """A zone was given that the text does not fix."""


_HIGH_TECH, _TAIBAI_LAKE, _ECONOMIC = 31, 32, 33
_RENCHENG, _YANZHOU, _JIAXIANG = 11, 12, 16
_ZONE_TOWNS: Final = {
    _HIGH_TECH: ("洸河", "柳行", "接庄", "王因", "黄屯"),
    _TAIBAI_LAKE: ("许庄", "石桥"),
    _ECONOMIC: ("疃里", "马集"),
}
"""Towns that the zones administer (domain.md §3)."""
_ZONE_COUNTIES: Final = {
    _HIGH_TECH: {_RENCHENG, _YANZHOU},
    _TAIBAI_LAKE: {_RENCHENG},
    _ECONOMIC: {_JIAXIANG},
}
"""Counties in which the zones lie."""
_TOWN: Final = re.compile(r"([\u4e00-\u9fff]{2,4}?)(?:街道|镇|办事处)")
_DIGIT: Final = re.compile(r"\d")
_NAMED_ELSEWHERE: Final = re.compile(
    r"[\u4e00-\u9fff]{2,3}(?<![超城夜菜])市(?![场民政容])"
    r"|[\u4e00-\u9fff]{1,2}城市(?=[\u4e00-\u9fff]{1,3}[区县市镇])"
    r"|[\u4e00-\u9fff]{1,3}县(?![城委医政])"
)
"""A city or county that is none of ours, where an address has its county."""


def unit_doubt(address: Address, unit: int | None) -> UnitDoubt | None:
    """Whether text and unit of an address disagree, or leave the zone open; None: neither.

    Args:
        address: whose text and county are looked at.
        unit: the county or zone that administers it, as given.
    """
    counties, zones, rest = split_units(address.text)
    if len(counties) > 1 or len(zones) > 1:
        return UnitDoubt.TWO_NAMED
    county, zone = next(iter(counties), None), next(iter(zones), None)
    if county and zone and county not in _ZONE_COUNTIES.get(zone, {county}):
        return UnitDoubt.COUNTY_DIFFERS
    if county and address.county and address.county != county:
        return UnitDoubt.COUNTY_DIFFERS
    if unit is None:
        return None
    if names_elsewhere(address.text):
        return UnitDoubt.UNIT_DIFFERS
    fixed = zone or _zone_of_town(rest, county)
    if fixed:
        return None if unit == fixed else UnitDoubt.UNIT_DIFFERS
    if _is_zone(unit):
        return UnitDoubt.ZONE_UNCLEAR
    return None if county in (None, unit) else UnitDoubt.UNIT_DIFFERS


def names_elsewhere(text: str) -> bool:
    """Whether an address names, where its county stands, a city or county that is none of ours."""
    counties, zones, rest = split_units(text)
    if counties or zones:
        return False
    return locate(text).outside or _NAMED_ELSEWHERE.match(rest) is not None


def _is_zone(unit: int) -> bool:
    return unit in UNITS and UNITS[unit].kind is UnitKind.ZONE


def _zone_of_town(rest: str, county: int | None) -> int | None:
    """The zone whose town stands at the front of the text, if it lies in the county named."""
    town = _TOWN.match(rest)
    for zone, towns in _ZONE_TOWNS.items():
        if town and town[1] in towns and county in (None, *_ZONE_COUNTIES[zone]):
            return zone
    return None


def lies_in(address: Address, area: str) -> bool:
    """Whether an address begins as `area` does, however much of the front either leaves out.

    An empty area is everywhere. 样例路1号 is not the beginning of 样例路12号, nor of 样例路1号楼.
    """
    counties, zones, front = split_units(area)
    here_counties, here_zones, rest = split_units(address.text)
    known = here_counties | here_zones | {address.county, address.unit}
    if not counties | zones <= known:
        return False
    front, rest = normalise_address(front), normalise_address(rest)
    return rest.startswith(front) and not _cut_short(front, rest[len(front) :])


def _cut_short(front: str, behind: str) -> bool:
    """Whether a number or 号楼 goes on behind the end of the front."""
    inside_number = _DIGIT.match(front[-1:]) and _DIGIT.match(behind)
    return bool(inside_number) or (front.endswith("号") and behind.startswith("楼"))
