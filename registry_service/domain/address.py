"""Addresses: what a text says of the place, and whether it says enough."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from license_verify.codes.unit import ALIASES, CITY, UNITS, Source, UnitKind
from license_verify.normalise import normalise_address


@dataclass(frozen=True, slots=True)
class Address:
    """A place as printed, and as this register places it."""

    text: str
    normalised: str
    """Key for comparing; see `license_verify.normalise`."""
    county: int | None = None
    """Geographic county; None where the text names none."""
    unit: int | None = None
    """Administering unit 管辖单位; None means unit unclear, never a guess."""
    standard_code: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What the text of an address says of its unit."""

    county: int | None
    unit: int | None
    outside: bool
    """The text names another city or province."""


_NAMES: Final = {
    alias.code: alias.unit
    for alias in ALIASES
    if alias.source is Source.NAME and alias.unit != CITY
}
"""Counties and zones as addresses write them."""
_NAME: Final = re.compile("|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True)))
_PROVINCE: Final = re.compile(r"^(中国)?(山东省?)?")
_CITY: Final = re.compile(r"^(济宁市(?!中区)|济宁(?=[\u4e00-\u9fff]{1,6}[区县市]))")
_ELSEWHERE: Final = re.compile(
    r"^(?:中国)?(?:(?:山东省?)?(?:济南|青岛|淄博|枣庄|东营|烟台|潍坊|泰安|威海|日照|临沂|德州|聊城|滨州|菏泽)市"
    r"|(?:北京|上海|天津|重庆)市|(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|河南|湖北|湖南|广东|海南"
    r"|四川|贵州|云南|陕西|甘肃|青海|台湾)省"
    r"|(?:内蒙古|广西|西藏|宁夏|新疆)[\u4e00-\u9fff]{0,3}自治区|(?:香港|澳门)特别行政区)"
)


def locate(text: str) -> Place:
    """Read county and administering unit off the front of an address.

    Only a name that stands where an address has its county or zone counts: 邹城路 in another
    county is a street. A zone within a named county is the administering unit; a zone alone
    leaves the county open; two counties leave everything open.
    """
    rest = "".join(text.split())
    if _ELSEWHERE.match(rest):
        return Place(None, None, outside=True)
    counties, zones, _ = split_units(rest)
    if len(counties) > 1 or len(zones) > 1:
        return Place(None, None, outside=False)
    county, zone = next(iter(counties), None), next(iter(zones), None)
    return Place(county, zone or county, outside=False)


def split_units(text: str) -> tuple[frozenset[int], frozenset[int], str]:
    """Counties and zones named at the front of an address, and the text behind them."""
    rest = _PROVINCE.sub("", "".join(text.split()))
    counties: set[int] = set()
    zones: set[int] = set()
    for number, behind in _units_in_front(rest):
        rest = behind
        if number != CITY:
            (counties if UNITS[number].kind is UnitKind.COUNTY else zones).add(number)
    return frozenset(counties), frozenset(zones), rest


def _units_in_front(rest: str) -> Iterator[tuple[int, str]]:
    """Units named at the front of an address, one by one, with the text behind each."""
    while rest:
        found = _NAME.match(rest) or _CITY.match(rest)
        if found is None:
            return
        rest = rest[found.end() :]
        yield _NAMES.get(found[0], CITY), rest


def address_of(text: str, **known: int | str | float | None) -> Address:
    """An address placed by its text, unless `known` says more (`unit`, `county`, …)."""
    place = locate(text)
    fields: dict[str, int | str | float | None] = {"county": place.county, "unit": place.unit}
    fields |= {name: value for name, value in known.items() if value not in (None, "")}
    return Address(text, normalise_address(text), **fields)  # type: ignore[arg-type] # fields of Address


_SUBDISTRICT: Final = re.compile(r"街道(?:办事处|办)?")
_ROAD: Final = re.compile(r"路|街|巷|道|村|社区|小区|园|广场|市场|胡同|庄|屯|集")
_DOOR: Final = re.compile(
    r"[0-9０-９一二三四五六七八九十百零〇]+(?:-[0-9]+)*\s*(?:号|室|铺|幢|栋|楼|层|单元|组|院)"
)
_BEARING: Final = re.compile(
    r"[东西南北中][侧边面首头段端]|路[东西南北]|对面|对过|旁|交叉口|交汇处|路口"
    r"|向?[东西南北]\s*[0-9０-９一二三四五六七八九十百]+\s*米"
)


_TOWNSHIP: Final = re.compile(r"[^0-9０-９]*?(?:街道|镇|乡)")
_WITHHELD: Final = "（详细地址不公开）"


def without_door(address: Address) -> str:
    """Unit and township of a place, nothing nearer; never empty.

    A text that names none before its door is not guessed at: then the unit alone is told.
    """
    front = "".join(address.text.split())
    rest = split_units(front)[2]
    found = _TOWNSHIP.match(rest)
    named = front[: len(front) - len(rest)]
    if found is not None and not _ROAD.search(_SUBDISTRICT.sub("", found[0])):
        return named + found[0]
    return named or _WITHHELD


def is_complete(address: Address) -> bool:
    """Whether the place can be found: road or village, then door, or a bearing from a landmark.

    Shandong 2024: an address runs from the province to the door, else gives bearing and distance
    from a landmark; province and city are often left out and not asked for.
    """
    text = _SUBDISTRICT.sub("", address.text)
    return bool(_ROAD.search(text) and (_DOOR.search(text) or _BEARING.search(text)))
