"""Rows as long as a register must take them: names of up to 100 characters, addresses of up to 256.

Such rows are rare, a bank's counter in a market or a firm that fills a whole market, so `city`
has none.
"""

from random import Random
from typing import Final

from clients.sample.places import ROADS
from clients.sample.rows import Row
from clients.sample.trades import SECOND
from license_verify.limits import ADDRESS_CHARACTERS, NAME_CHARACTERS

_LONG_NAME: Final = 45
_LONG_ADDRESS: Final = 80


def lengthen(row: Row, random: Random) -> Row:
    """The row with a long name, a long address or both, anything from above the usual to the most.

    A row whose name or address already is as long stays as it is.
    """
    name = "traname" if row["traname"] else "entname"
    address = "oploc" if row["oploc"] else "dom"
    which = random.choice(((name,), (address,), (name, address)))
    longer = dict(row)
    if name in which:
        most = random.randint(_LONG_NAME, NAME_CHARACTERS)
        longer[name] = long_name(row[name], most, random)
    if address in which:
        longer[address] = long_address(
            row[address], random.randint(_LONG_ADDRESS, ADDRESS_CHARACTERS), random
        )
    return longer


def long_name(name: str, most: int, random: Random) -> str:
    """The name followed by counters of its own, up to `most` characters."""
    while len(longer := f"{name}{random.choice(ROADS)}{random.choice(SECOND)}服务部") <= most:
        name = longer
    return name


def long_address(address: str, most: int, random: Random) -> str:
    """The address followed by its stalls one by one, up to `most` characters."""
    building, stall = random.randint(1, 30), random.randint(101, 120)
    while len(longer := f"{address}、{building}号楼1-{stall}号商铺") <= most:
        address, stall = longer, stall + 1
    return address
