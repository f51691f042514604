"""Stations 市场监督管理所 under counties and zones."""

from typing import Final

from license_verify import limits
from license_verify.refusal import FieldViolation
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest, StationUnknown
from registry_service.domain.reading import Reader
from registry_service.domain.unit import STATION, Unit, UnitTree
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise

FIRST_STATION: Final = 1000
"""Numbers below are the city's, its counties' and zones', which stand in tokens."""

_ABOVE: Final = ("county", "zone")


def put_station(act: Act, number: int | None, title: str, parent: int | None) -> Unit:
    """Add a station, or give one another title.

    Args:
        act: who and when.
        number: of the station that gets the title; None adds one.
        title: as people call it, unlike any other of the same unit.
        parent: county or zone above it; not read for one that is there.

    Raises:
        RoleMissing: not an operator.
        StationUnknown: no station has that number.
        InvalidRequest: it names the wrong field.
    """
    authorise(act, ActName.PUT_UNIT)
    act.tx.units.lock()
    units = act.tx.units.tree()
    reader = Reader()
    title = reader.text("unit.title", title, limits.NAME_CHARACTERS, required=True)
    reader.finish()
    above = _above(units, number, parent)
    if any(u.parent == above and u.title == title and u.number != number for u in units):
        zh = f"{units.title(above)}已有名为“{title}”的单位"
        raise InvalidRequest(FieldViolation("unit.title", "is another station's", zh))
    if number is None:
        number = act.tx.units.add_station(above, title, FIRST_STATION)
    else:
        act.tx.units.rename(number, title)
    return Unit(number, title, STATION, above)


def _above(units: UnitTree, number: int | None, parent: int | None) -> int:
    """The county or zone above the station."""
    if number is not None:
        known = units.get(number)
        if known is None or known.kind != STATION or known.parent is None:
            raise StationUnknown(
                f"there is no station units/{number}", zh="没有该监管所", unit=number
            )
        if parent not in (None, known.parent):
            zh = f"该所属于{units.title(known.parent)}，隶属关系不能更改，请另行新设"
            raise InvalidRequest(FieldViolation("unit.parent", "can't change", zh))
        return known.parent
    above = units.get(parent) if parent is not None else None
    if above is None or above.kind not in _ABOVE:
        zh = "监管所须隶属于县（市、区）或功能区"
        raise InvalidRequest(FieldViolation("unit.parent", "is no county or zone", zh))
    return above.number
