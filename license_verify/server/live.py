"""What only the live register knows, asked for with a short deadline; its absence is no error."""

import time
from collections.abc import Mapping
from datetime import UTC, date
from typing import Final, Protocol

import grpc
import structlog
from google.type import date_pb2

from license_verify.lists.status import Status
from license_verify.record import LiveAnswer, NotRecorded, PublicPremises, PublicRecord
from license_verify.rpc.scrub import describe
from yizhao.registry.v1 import entity_pb2, history_pb2, premises_pb2
from yizhao.registry.v1 import publication_service_pb2 as pb

_DEADLINE_SECONDS: Final = 0.5
_LEAVE_ALONE_SECONDS: Final = 0.1
_AWAY: Final = frozenset({"UNAVAILABLE", "DEADLINE_EXCEEDED"})
_log = structlog.stdlib.get_logger()

_STATUS: Final[Mapping[int, Status]] = {
    entity_pb2.ENTITY_STATE_ACTIVE: Status.VALID,
    entity_pb2.ENTITY_STATE_DORMANT: Status.SUSPENDED,
    entity_pb2.ENTITY_STATE_LIQUIDATING: Status.VALID,
    entity_pb2.ENTITY_STATE_REVOKED: Status.REVOKED,
    entity_pb2.ENTITY_STATE_DEREGISTERED: Status.DEREGISTERED,
    entity_pb2.ENTITY_STATE_ANNULLED: Status.ANNULLED,
}
_PLACE: Final[Mapping[int, str]] = {
    premises_pb2.PREMISES_STATE_LIVE: "FILED",
    premises_pb2.PREMISES_STATE_SUSPENDED: "SUSPENDED",
    premises_pb2.PREMISES_STATE_REMOVED: "REMOVED",
    premises_pb2.PREMISES_STATE_STRUCK: "STRUCK",
    premises_pb2.PREMISES_STATE_ENDED: "ENDED",
}
_STANDING: Final = frozenset({"state", "uscc"})
"""Fields without which a record of another day tells no status."""


class Registry(Protocol):
    """What is asked of the registry; `PublicationServiceStub` has it."""

    def GetPublicRecord(  # noqa: N802 - the contract's name
        self, request: pb.GetPublicRecordRequest, *, timeout: float
    ) -> pb.PublicRecord:
        """The public record of an entity."""


class LiveRegister:
    """The registry as it answers at this moment, or doesn't."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._away_until = 0.0

    def record(self, uscc: str, basis: str, as_of: date | None = None) -> LiveAnswer:
        """The record of an entity; None if the registry is away, slow, strange or knows none.

        Args:
            uscc: its code, also a former one.
            basis: the purpose of the check; the registry records the read under it.
            as_of: the business date asked about, not after today; None: now.
        """
        if time.monotonic() < self._away_until:
            return None
        try:
            request = pb.GetPublicRecordRequest(name=f"entities/{uscc}", basis=basis)
            if as_of is not None:
                day = date_pb2.Date(year=as_of.year, month=as_of.month, day=as_of.day)
                request.as_of.date.CopyFrom(day)
            answer = self._registry.GetPublicRecord(request, timeout=_DEADLINE_SECONDS)
            return answer_from(answer, uscc)
        except grpc.RpcError as error:
            code = error.code().name if isinstance(error, grpc.Call) else type(error).__name__
            if code in _AWAY:
                # A batch would else wait the whole deadline for each of its items.
                self._away_until = time.monotonic() + _LEAVE_ALONE_SECONDS
            _log.info("live.not_established", code=code)
        except (KeyError, ValueError) as error:
            _log.warning("live.strange_answer", **describe(error))
        return None


def answer_from(answer: pb.PublicRecord, code: str) -> PublicRecord | NotRecorded:
    """Read the registry's answer about the entity with this code.

    Raises:
        KeyError, ValueError: a state is unknown, a date or unit is none.
    """
    as_of = _date(answer.as_of.date) if answer.HasField("as_of") else None
    if as_of is not None and (
        answer.knowledge != history_pb2.KNOWLEDGE_KNOWN or _STANDING & set(answer.not_known)
    ):
        not_yet = answer.knowledge == history_pb2.KNOWLEDGE_NOT_YET
        return NotRecorded(code, as_of, not_yet)
    face = answer.face
    return PublicRecord(
        uscc=answer.uscc,
        name=answer.business_name or face.business_name or None,
        person=face.person,
        address=face.address.text,
        scope=face.scope,
        status=_STATUS[answer.state],
        version=answer.version,
        version_since=_date(answer.effective_date),
        answered_at=answer.read_time.ToDatetime(tzinfo=UTC),
        type_code=face.type_code or None,
        capital=face.capital or None,
        premises=tuple(_premises(each) for each in answer.premises),
        liquidating=answer.state == entity_pb2.ENTITY_STATE_LIQUIDATING,
        registrar=_unit(answer.registrar) if answer.registrar else None,
        as_of=as_of,
        found_by=code if code != answer.uscc else None,
        former_codes=tuple(answer.former_codes),
    )


def _premises(place: pb.PublicPremises) -> PublicPremises:
    return PublicPremises(
        number=place.number,
        address=place.address,
        unit=_unit(place.unit) if place.unit else 0,
        state=_PLACE[place.state],
        since=_date(place.filing_date),
        name=place.title or None,
        masked_address=place.masked_address or None,
        version=place.version,
    )


def _unit(name: str) -> int:
    return int(name.removeprefix("units/"))


def _date(day: date_pb2.Date) -> date:
    return date(day.year, day.month, day.day)
