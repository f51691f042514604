"""What is wrong with real hand-over files, done to an invented row."""

from collections.abc import Callable
from random import Random
from typing import Final

from clients.sample import places
from clients.sample.codes import misread

Row = dict[str, str]


def mess_up(row: Row, random: Random) -> Row:
    """One fault or oddity; some an import takes, some it must refuse."""
    return random.choice(_FAULTS)(dict(row), random)


def _without_county(row: Row, random: Random) -> Row:
    address = places.address_without_county(random)
    key = "oploc" if row["oploc"] else "dom"
    # A city's code says nothing of the county, and old files have no better one.
    return row | {key: address, "regorg": "", "regorgCn": ""}


def _misread_code(row: Row, _: Random) -> Row:
    return row | {"uniscid": misread(row["uniscid"])}


def _shortened_code(row: Row, _: Random) -> Row:
    return row | {"uniscid": row["uniscid"][:17]}


def _not_told(row: Row, _: Random) -> Row:
    return row | {"enttypeCn": "N/A", "regcap": "N/A"}


def _half_width(row: Row, _: Random) -> Row:
    return {key: value.translate(str.maketrans("（）：；", "():;")) for key, value in row.items()}


def _printed_capital(row: Row, random: Random) -> Row:
    return row | {"regcap": f"{random.randint(1, 9)},{random.randint(100, 999)}(万元人民币)"}


def _slashed_date(row: Row, _: Random) -> Row:
    year, month, day = row["estdate"].split("-")
    return row | {"estdate": f"{year}/{int(month)}/{int(day)}"}


def _impossible_date(row: Row, _: Random) -> Row:
    return row | {"estdate": row["estdate"][:4] + "-02-30"}


def _spaces(row: Row, _: Random) -> Row:
    return {key: f" {value}　" if value else "" for key, value in row.items()}


_FAULTS: Final[tuple[Callable[[Row, Random], Row], ...]] = (
    _without_county,
    _without_county,
    _misread_code,
    _shortened_code,
    _not_told,
    _half_width,
    _printed_capital,
    _slashed_date,
    _impossible_date,
    _spaces,
)
