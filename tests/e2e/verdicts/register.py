"""The live register of the cases: publishes their world, answers records of now and of a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from google.type import date_pb2

from license_verify.refusal import Kind, Refusal
from tests.e2e.page.registry import EntityUnknown, Publisher
from tests.e2e.verdicts.firms import APPROVED, BY_CODE, ENDED, SITE_NUMBER, VERSION, Firm
from tests.unit.verify.world import FACE, NOW, SITE
from yizhao.registry.v1 import history_pb2, premises_pb2
from yizhao.registry.v1 import publication_service_pb2 as pb

HORIZON: Final = date(2026, 4, 1)
"""Before it the register knows of no firm how it stood."""


class Away(Refusal):
    kind = Kind.UNAVAILABLE
    reason = "DATABASE_AWAY"


@dataclass
class Register(Publisher):
    """Publishes as its parent does and knows every firm; without `records` its database is away."""

    records: bool = True
    answered_at: datetime = NOW

    def GetPublicRecord(self, request: pb.GetPublicRecordRequest, context: Any) -> pb.PublicRecord:  # noqa: N802
        if not self.records:
            raise Away("the database is away")
        day = request.as_of.date if request.HasField("as_of") else None
        return record(
            request.name.removeprefix("entities/"),
            None if day is None else date(day.year, day.month, day.day),
            self.answered_at,
        )


def record(code: str, on: date | None, answered_at: datetime) -> pb.PublicRecord:
    """What the register says of a firm at that moment, of then or of a day."""
    firm = BY_CODE.get(code)
    if firm is None:
        raise EntityUnknown("no such entity")
    answer = pb.PublicRecord(name=f"entities/{code}")
    answer.read_time.FromDatetime(answered_at)
    if on is not None:
        answer.as_of.date.CopyFrom(_wire(on))
        known = on >= HORIZON
        answer.knowledge = history_pb2.KNOWLEDGE_KNOWN if known else history_pb2.KNOWLEDGE_NOT_KNOWN
        if not known:
            return answer
    _stands(answer, firm, on)
    return answer


def _stands(answer: pb.PublicRecord, firm: Firm, on: date | None) -> None:
    answer.uscc, answer.business_name = firm.uscc, FACE.name or ""
    answer.state, answer.registrar = firm.state(on), "units/11"
    answer.version = firm.version(VERSION, on)
    replaced = answer.version > VERSION
    answer.effective_date.CopyFrom(_wire(ENDED if replaced else APPROVED))
    answer.face.type_code, answer.face.capital = FACE.type_code, FACE.capital or ""
    answer.face.person = "孙新任" if replaced else FACE.person
    answer.face.address.text = FACE.address or ""
    answer.face.scope = "一般项目：日用百货销售"
    if firm.has_place(on):
        answer.premises.add(
            number=SITE_NUMBER,
            title=SITE.site_name or "",
            address=SITE.address or "",
            unit="units/20",
            state=premises_pb2.PREMISES_STATE_LIVE,
            filing_date=_wire(APPROVED + timedelta(days=1)),
            version=firm.version(SITE.version, on),
        )


def _wire(day: date) -> date_pb2.Date:
    return date_pb2.Date(year=day.year, month=day.month, day=day.day)
