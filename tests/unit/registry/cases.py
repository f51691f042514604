"""Cases for the rules of review, and other values built with as few words as a test needs."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from license_verify.codes.unit import UNITS
from registry_service.domain.address import address_of
from registry_service.domain.entity import COUNTER, Entity, EntityState, EntityVersion, Face
from registry_service.domain.premises import Document, Site
from registry_service.domain.review import JINING_2023, Case
from registry_service.domain.unit import Unit, UnitTree

TODAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
TREE = UnitTree(Unit(u.id, u.name, u.kind.value, u.parent) for u in UNITS.values())
FACE = Face(
    business_name="济宁市试写物流有限公司",
    type_code=1130,
    person="钱试写",
    address=address_of("山东省济宁市任城区阜桥街道样例路2号"),
    capital=None,
    establish_date=date(2019, 5, 6),
    scope="一般项目：日用百货销售",
)
COMMITMENT = Document("commitment", bytes(32), FACE.person)
"""申报承诺书, signed by the one who must."""


COMMITMENT = Document("commitment", bytes(32), "钱试写")


def an_entity(**other: Any) -> Entity:
    values: dict[str, Any] = {
        "number": 7,
        "uscc": "91370811MAJN000108",
        "state": EntityState.ACTIVE,
        "registrar": 11,
        "revision": 1,
        "current": EntityVersion(1, FACE, 11, TODAY, NOW, COUNTER),
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Entity(**(values | other))


def a_case(address: str = "曲阜市鲁城街道样例街8号", **other: Any) -> Case:
    """A place in 曲阜市 that no rule objects to, but for what is given."""
    values: dict[str, Any] = {
        "entity": an_entity(),
        "site": Site("曲阜门店", address_of(address)),
        "documents": (COMMITMENT,),
        "own_addresses": frozenset({FACE.address.normalised}),
        "units": TREE,
        "policy": JINING_2023,
        "today": TODAY,
    }
    return replace(Case(**values), **other)


def a_face(**other: Any) -> dict[str, Any]:
    """What `an_entity` takes for a face that differs in these items."""
    return {"current": EntityVersion(1, replace(FACE, **other), 11, TODAY, NOW, COUNTER)}
