"""Rows with provincial field names, as the provincial system would hand them over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from clients.sample import codes, places, trades
from clients.sample.messy import mess_up
from clients.sample.places import AREAS, CITY_CODE, Area
from clients.sample.trades import FITTING, TRADES, Trade
from license_verify.codes.entity_type import TYPES, EntityKind

Row = dict[str, str]

FIELDS: Final = (
    "pripid",
    "uniscid",
    "regno",
    "entname",
    "traname",
    "enttypeCn",
    "dom",
    "oploc",
    "lerep",
    "name",
    "regcap",
    "estdate",
    "apprdate",
    "opfrom",
    "opto",
    "opscope",
    "regorg",
    "regorgCn",
    "regstateCn",
    "industryco",
)
LAST_DAY: Final = date(2025, 12, 31)
"""Nothing is younger, so that a sample does not depend on the day it is made."""

_SHARES: Final = {
    9500: 44,
    1130: 18,
    1151: 12,
    9100: 7,
    2130: 6,
    4540: 4,
    4320: 2,
    3200: 2,
    4531: 1,
    4533: 1,
    1222: 1,
    1140: 1,
    4532: 1,
}
_COLLECTIVE_BRANCH: Final = 4320
_DEPARTMENTS: Final = {EntityKind.HOUSEHOLD: "92", EntityKind.COOPERATIVE: "93"}
_CITY_SHARE: Final = 0.04
_MESSY_SHARE: Final = 0.03
_CITY_TYPES: Final = (1140, 1222, 1153, 1110)
_SCALE: Final = (3, 5, 10, 10, 20, 30, 50, 50, 80, 100, 100, 200, 300, 500, 1000, 2000)


@dataclass(frozen=True, slots=True)
class Business:
    """What the fields of one row are made from."""

    number: int
    area: Area
    city: bool
    type_code: int
    trade: Trade
    established: date

    @property
    def kind(self) -> EntityKind:
        """What it is."""
        return TYPES[self.type_code].kind


def city(entities: int, seed: int) -> Iterator[Row]:
    """Rows of an invented city; the same for the same arguments.

    Every county and zone, the city itself and every kind of entity occur; about 3 % of the rows
    are messy as in real files, some so that an import must refuse them.

    Raises:
        ValueError: more entities than there are codes.
    """
    if not 0 <= entities <= codes.CAPACITY:
        raise ValueError(f"a sample has 0 to {codes.CAPACITY:,} entities")
    for number in range(entities):
        random = Random(f"{seed}/{number}")  # noqa: S311 - an invented city, no secret
        row = _row(_business(number, random), random)
        if random.random() < _MESSY_SHARE:
            row = mess_up(row, random)
        yield row


def business(number: int, seed: int) -> Business:
    """What is known of the city's business of that number, before its name and address."""
    return _business(number, Random(f"{seed}/{number}"))  # noqa: S311 - an invented city


def code_of(made: Business) -> str:
    """Its credit code, as it should be: a messy row may bear another."""
    region = CITY_CODE if made.city else made.area.code
    return codes.uscc(_DEPARTMENTS.get(made.kind, "91"), region, codes.FIRST + made.number)


def _business(number: int, random: Random) -> Business:
    in_city = random.random() < _CITY_SHARE
    # The first rows go round all areas and types, so that small samples have each.
    if number < len(AREAS):
        area, in_city = AREAS[number], number == 0
    else:
        area = random.choices(AREAS, [each.weight for each in AREAS])[0]
    if in_city:
        type_code = random.choice(_CITY_TYPES)
    elif number < 2 * len(_SHARES):
        type_code = list(_SHARES)[number % len(_SHARES)]
    else:
        type_code = random.choices(list(_SHARES), list(_SHARES.values()))[0]
    kind = TYPES[type_code].kind
    old = kind is EntityKind.NON_COMPANY or type_code == _COLLECTIVE_BRANCH
    span = (9_200, 14_500, 11_000) if old else (0, 10_500, 900)
    founded = LAST_DAY - timedelta(days=int(random.triangular(*span)))
    trade = FITTING.get(kind) or random.choice(TRADES)
    return Business(number, area, in_city, type_code, trade, founded)


def _row(made: Business, random: Random) -> Row:
    kind = made.kind
    household = kind is EntityKind.HOUSEHOLD
    region = CITY_CODE if made.city else made.area.code
    name, address = _name(made, random), places.address(made.area, random)
    person = trades.person(random)
    part = random.choice((0, 0, random.random()))
    approved = made.established + (LAST_DAY - made.established) * part
    # 开发区 codes differ from system to system, so a zone's registrar is told by name alone.
    office = f"济宁{made.area.name}" if made.area.zone else made.area.name
    office = "济宁市" if made.city else office
    old = made.established < date(2015, 10, 1)
    row = dict.fromkeys(FIELDS, "") | {
        "pripid": f"3708{random.getrandbits(64):020d}",
        "uniscid": code_of(made),
        "regno": codes.registration_number(region, household, made.number) if old else "",
        "traname" if household else "entname": name,
        "enttypeCn": TYPES[made.type_code].label,
        "oploc" if household else "dom": address,
        "name" if household else "lerep": person,
        "regcap": _capital(random) if kind.labels.has_capital else "",
        "estdate": made.established.isoformat(),
        "apprdate": approved.isoformat(),
        "opscope": trades.scope(made.trade, random),
        "regorg": "" if made.area.zone and not made.city else _office_code(region, approved),
        "regorgCn": f"{office}行政审批服务局",
        "regstateCn": "在营（开业）企业",
        "industryco": made.trade.industry,
    }
    return row | _term(made, random)


def _office_code(region: str, approved: date) -> str:
    """The registrar's code on the day of approval: 兖州 was a city until the autumn of 2013."""
    return "370882" if region == "370812" and approved < date(2013, 11, 1) else region


def _name(made: Business, random: Random) -> str:
    word, trade = trades.trade_name(random), made.trade
    place = "济宁市" if made.city or made.area.zone else random.choice(("济宁市", made.area.short))
    if place == "任城区" or place == "兖州区":
        place = f"济宁市{place}"  # districts need the city in front
    match made.kind:
        case EntityKind.HOUSEHOLD:
            new = "（个体工商户）" if made.established.year >= 2021 else ""
            return f"{place}{word}{trade.shop}{new}"
        case EntityKind.COOPERATIVE:
            what = random.choice(("种植", "养殖", "果蔬", "农机"))
            return f"{place}{word}{what}专业合作社"
        case EntityKind.BRANCH:
            where = made.area.name.removesuffix("区").removesuffix("县").removesuffix("市")
            return f"济宁市{word}{trade.word}有限公司{where}分公司"
        case EntityKind.PARTNERSHIP:
            form = TYPES[made.type_code].label.removesuffix("合伙企业")
            return f"{place}{word}企业管理咨询合伙企业（{form}合伙）"
        case EntityKind.SOLE_OWNER:
            return f"{place}{word}{trade.word}中心"
        case EntityKind.NON_COMPANY:
            return f"{place}{word}{trade.word}总公司"
    shares = "股份" if made.type_code == 1222 else ""
    return f"{place}{word}{trade.word}{shares}有限公司"


def _capital(random: Random) -> str:
    amount = random.choice(_SCALE)
    return f"{amount}{random.choice(('万元人民币', '万元人民币', '万元', '万人民币'))}"


def _term(made: Business, random: Random) -> Row:
    if made.kind in (EntityKind.HOUSEHOLD, EntityKind.BRANCH) or random.random() < 0.6:
        return {"opfrom": made.established.isoformat()}
    years = random.choice((20, 30, 50))
    end = date(made.established.year + years, made.established.month, 1)
    return {"opfrom": made.established.isoformat(), "opto": end.isoformat()}
