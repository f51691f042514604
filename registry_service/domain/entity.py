"""An entity 市场主体, its face, its states."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from license_verify.codes.entity_type import EntityKind, find
from registry_service.domain.address import Address
from registry_service.domain.capital import Capital
from registry_service.domain.errors import EntityEnded


class EntityState(StrEnum):
    """Where an entity stands (domain.md §6)."""

    ACTIVE = "active"
    DORMANT = "dormant"
    LIQUIDATING = "liquidating"
    REVOKED = "revoked"
    DEREGISTERED = "deregistered"
    ANNULLED = "annulled"

    @property
    def zh(self) -> str:
        """In Chinese, for people."""
        return _TITLES[self]

    @property
    def ended(self) -> bool:
        """吊销, 注销 or 撤销: its facts no longer change by its own wish."""
        return self in (self.REVOKED, self.DEREGISTERED, self.ANNULLED)


_TITLES: Final = {
    EntityState.ACTIVE: "在营",
    EntityState.DORMANT: "歇业",
    EntityState.LIQUIDATING: "清算",
    EntityState.REVOKED: "吊销",
    EntityState.DEREGISTERED: "注销",
    EntityState.ANNULLED: "撤销",
}


@dataclass(frozen=True, slots=True)
class Face:
    """What a licence shows 照面 (Order 746 art. 9). Empty text means: not on this face."""

    business_name: str
    type_code: int
    person: str
    address: Address
    capital: Capital | None
    establish_date: date | None
    scope: str
    term_start_date: date | None = None
    term_end_date: date | None = None
    organization_form: str = ""

    @property
    def kind(self) -> EntityKind | None:
        """What the entity is; None where the type code is unknown."""
        row = find(self.type_code)
        return row.kind if row else None

    def missing(self) -> tuple[str, ...]:
        """Items, as named here, that a licence must show and this face lacks."""
        kind = self.kind
        if kind is None:
            return ("type_code",)
        needed = ["person", "establish_date", "scope"]
        if not kind.labels.name_optional:
            needed.append("business_name")
        return tuple(name for name in needed if not getattr(self, name))


ITEMS: Final = {
    "business_name": "名称",
    "type_code": "类型",
    "person": "法定代表人（负责人、经营者）",
    "address": "住所（经营场所）",
    "capital": "注册资本（出资额）",
    "establish_date": "成立日期",
    "scope": "经营范围",
    "term_start_date": "营业期限起",
    "term_end_date": "营业期限止",
    "organization_form": "组成形式",
}
"""Items of a face and what people call them."""


def changed_items(old: Face, new: Face) -> tuple[str, ...]:
    """Names of the items in which two faces differ, in the order of the face."""
    return tuple(
        item.name for item in fields(Face) if getattr(old, item.name) != getattr(new, item.name)
    )


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact came from."""

    system: str
    record_id: str = ""
    run: int | None = None


COUNTER: Final = Source("counter")


@dataclass(frozen=True, slots=True)
class EntityVersion:
    """One version of a face, with both of its times."""

    version: int
    face: Face
    registrar: int | None
    effective_date: date
    recorded_at: datetime
    source: Source
    corrects_version: int | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity with the version in force."""

    number: int
    """Its own number; never shown."""
    uscc: str
    state: EntityState
    registrar: int | None
    """Home registrar; None while unit unclear."""
    revision: int
    """Grows by one with every event on the entity; the etag."""
    current: EntityVersion
    created_at: datetime
    updated_at: datetime
    former_codes: tuple[str, ...] = ()
    live_premises: int = 0
    """Premises that are live or suspended."""

    @property
    def face(self) -> Face:
        """The face in force."""
        return self.current.face

    def require_alive(self) -> None:
        """Stop an act that an ended entity cannot do.

        Raises:
            EntityEnded: 吊销, 注销 or 撤销.
        """
        if self.state.ended:
            raise EntityEnded(
                f"the entity is {self.state.value}; nothing of it can change",
                zh=f"该主体已{self.state.zh}，不能办理此项业务",
                state=self.state.value,
            )

    def with_version(self, version: EntityVersion) -> "Entity":
        """The entity with a new version in force."""
        return replace(self, current=version, registrar=version.registrar)
