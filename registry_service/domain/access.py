"""The access record: who read what of whom, by which way in, on what ground, for which case."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from registry_service.domain.authority import ActName


class Channel(StrEnum):
    """The way in, as the certificate tells it."""

    COUNTER = "counter"
    """A person with a certificate of their own, at the command line."""
    CONSOLE = "console"
    SERVICE = "service"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why somebody looks, as the request says."""

    basis: str = ""
    case_number: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """One read, whosever record it opens."""

    workload: str
    """SPIFFE id."""
    staff_no: str
    """Empty for a service."""
    method: str
    """Of the contract, as `GetEntity`."""
    fields: tuple[str, ...]
    """What was shown, in short words."""
    purpose: Purpose
    at: datetime


@dataclass(frozen=True, slots=True)
class Access:
    """A read as it was kept."""

    number: int
    look: Look
    channel: Channel | None
    """None for the register's own reads."""
    uscc: str = ""
    """Code in force of the entity that was read."""
    business_name: str = ""
    about: str = ""
    """Staff number of the person whose reads were read; then of no entity."""
    person_name: str = ""
    """Who read; empty for a service."""


_BESIDE: Final = ("marks", "holds", "pending_acts")
_SHOWN: Final[dict[str, tuple[str, ...]]] = {
    ActName.GET_ENTITY.method: ("face", "state", *_BESIDE),
    ActName.LIST_ENTITIES.method: ("face", "state", *_BESIDE),
    ActName.SEARCH_ENTITIES.method: ("face", "state", *_BESIDE),
    ActName.LIST_ENTITY_VERSIONS.method: ("versions",),
    ActName.LIST_ENTITY_EVENTS.method: ("events",),
    ActName.GET_APPLICATION.method: ("application", "filings"),
    ActName.LIST_APPLICATIONS.method: ("application",),
    ActName.LIST_NOTICES.method: ("notices",),
    ActName.CHECK_FILING.method: ("findings",),
    ActName.GET_PREMISES_FILING.method: ("filing",),
    ActName.LIST_PREMISES_FILINGS.method: ("filing",),
    ActName.LIST_FILINGS.method: ("filing",),
    ActName.GET_PREMISES.method: ("premises", "flags", "pending_acts"),
    ActName.LIST_PREMISES.method: ("premises", "flags", "pending_acts"),
    ActName.LIST_UNCLAIMED_PREMISES.method: ("premises",),
    ActName.LIST_FLAGS.method: ("flags",),
    ActName.LIST_HANDOVERS.method: ("handover", "inspections"),
    ActName.GET_LICENSE.method: ("licence",),
    ActName.LIST_LICENSES.method: ("licence",),
    ActName.GET_LICENSE_COPY.method: ("copies",),
    ActName.LIST_LICENSE_COPIES.method: ("copies",),
    ActName.GET_SITE_CODE.method: ("site_code",),
    ActName.RENDER_SYMBOL.method: ("picture",),
    ActName.RENDER_LICENSE.method: ("page",),
    ActName.GET_PREMISES_STATEMENT.method: ("statement",),
    ActName.LIST_SYNC_ITEMS.method: ("sync_items",),
    ActName.LIST_RECOVERY_ITEMS.method: ("recovery_items",),
    ActName.LIST_PENDING_ACTS.method: ("pending_acts",),
    ActName.LIST_ACCESS.method: ("access",),
    "GetPublicRecord": ("face", "state", "premises", "versions"),
    "WatchEvents": ("events",),
}
"""Method of the contract → what its answer shows of an entity. Acts are not here: their own events
tell who did them."""


def shown_by(method: str) -> tuple[str, ...]:
    """What the answer of a read shows of an entity, in short words.

    Raises:
        KeyError: it is no read of a named entity.
    """
    return _SHOWN[method]


def reads() -> frozenset[str]:
    """Every method whose answer shows what the register says of a named entity."""
    return frozenset(_SHOWN)


@dataclass(frozen=True, slots=True)
class Span:
    """Reads from a time on, before another."""

    since: datetime
    until: datetime
