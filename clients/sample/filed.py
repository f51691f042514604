"""What the businesses of an invented city had before: filed places, and licences on their walls."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from clients.sample import places
from clients.sample.places import AREAS
from clients.sample.rows import Business, Row, business, code_of
from license_verify.codes.entity_type import EntityKind

PREMISES_FIELDS: Final = (
    "uniscid",
    "title",
    "address",
    "unit",
    "use",
    "filed_date",
    "record_id",
)
COPIES_FIELDS: Final = ("uniscid", "copy", "license_number", "printed_date", "state")

_FIRST_DAY: Final = date(2023, 1, 1)
"""Places could be filed in the whole city from 2023 on."""
_DAYS: Final = 1_095
_SHARE: Final = 0.011
"""Of enterprises that filed places: some 18,000 places in a city of 1 M (domain.md §9)."""
_MOST: Final = 5
_RETURNED: Final = 0.02
_ALONE: Final = (EntityKind.HOUSEHOLD, EntityKind.BRANCH)


def premises(entities: int, seed: int) -> Iterator[Row]:
    """Places that the city's enterprises filed in other counties, on average three each."""
    for number in range(entities):
        random = Random(f"{seed}/premises/{number}")  # noqa: S311 - an invented city
        if random.random() >= _SHARE:
            continue
        made = business(number, seed)
        if made.kind not in _ALONE:
            yield from places_of(made, random)


def places_of(made: Business, random: Random) -> Iterator[Row]:
    """One to five places that a business filed."""
    for site in range(1, random.randint(1, _MOST) + 1):
        area = random.choice(AREAS)
        filed = _FIRST_DAY + timedelta(days=random.randrange(_DAYS))
        yield {
            "uniscid": code_of(made),
            "title": f"{area.short}{site}号店",
            "address": f"{places.address(area, random)}附{site}号",
            "unit": area.name,
            "use": random.choice(("门店", "仓库", "办公")),
            "filed_date": filed.isoformat(),
            "record_id": f"BA{made.number:07}{site:02}",
        }


def copies(entities: int, seed: int) -> Iterator[Row]:
    """正本 and 副本 of every business, under one licence number."""
    for number in range(entities):
        made = business(number, seed)
        random = Random(f"{seed}/copies/{number}")  # noqa: S311 - an invented city
        state = "已收回" if random.random() < _RETURNED else "在用"
        for copy in ("正本", "副本1"):
            yield {
                "uniscid": code_of(made),
                "copy": copy,
                "license_number": f"3708{made.number:011}",
                "printed_date": made.established.isoformat(),
                "state": state,
            }
