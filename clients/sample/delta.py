"""An invented day's delta of an invented city: what the province would send the night after."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Final

from clients.sample import codes, trades
from clients.sample.rows import FIELDS, LAST_DAY, Row, city

DELTA_FIELDS: Final = ("op", *FIELDS)
_CHANGED, _ENDED, _GONE = 60, 5, 1
"""Of a hundred rows; the rest is said again, or new."""
_NEW = 15
_OLD_YANZHOU, _YANZHOU = "370882", "370812"
_STATES: Final = ("吊销，未注销", "注销", "清算")


def day_of(number: int) -> date:
    """The day of the delta of that number, from 1."""
    return LAST_DAY + timedelta(days=number)


def delta(entities: int, seed: int, number: int, rows: int) -> Iterator[Row]:
    """Rows of a delta; the same for the same arguments.

    Args:
        entities: of the city.
        seed: of the city.
        number: of the delta, from 1.
        rows: how many.

    Raises:
        ValueError: more entities than there are codes.
    """
    random = Random(f"{seed}/delta/{number}")  # noqa: S311 - an invented city, no secret
    told = sorted(random.sample(range(entities), min(rows, entities)))
    known = iter(told)
    wanted, fresh = next(known, None), entities + number * rows
    for place, row in enumerate(islice(city(entities, seed), entities)):
        if place == wanted:
            wanted = next(known, None)
            yield _told(row, random, day_of(number), fresh + place)


def _told(row: Row, random: Random, day: date, fresh: int) -> Row:
    """What the day brought to a business, or a new one like it."""
    drawn = random.randrange(100)
    if row["regorg"] == _OLD_YANZHOU and drawn < _CHANGED + _ENDED + _GONE + _NEW:
        row = row | {"regorg": _YANZHOU}  # what is approved now bears today's code
    person = "lerep" if row["lerep"] else "name"
    if drawn < _CHANGED:
        changed = {person: trades.person(random), "apprdate": day.isoformat()}
        return {"op": "变更"} | row | changed
    if drawn < _CHANGED + _ENDED:
        return {"op": "变更"} | row | {"regstateCn": random.choice(_STATES)}
    if drawn < _CHANGED + _ENDED + _GONE:
        return {"op": "删除"} | row
    if drawn < _CHANGED + _ENDED + _GONE + _NEW:
        code = codes.uscc("91", "370811", codes.FIRST + fresh % codes.CAPACITY)
        new = {
            "uniscid": code,
            "regno": "",
            "estdate": day.isoformat(),
            "apprdate": day.isoformat(),
        }
        return {"op": "新增"} | row | new | {"opfrom": day.isoformat(), "opto": ""}
    return {"op": "变更"} | row
