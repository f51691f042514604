"""A verdict about a list of places in one shape, whether the service or the library gave it."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from clients.cli.say import date_text
from clients.cli.verdicts import Words, answer_name, words_in
from license_verify import StatementVerdict
from license_verify.codes.unit import UNITS
from license_verify.statement import PlaceState

if TYPE_CHECKING:
    from yizhao.verify.v1 import statement_verdict_pb2


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """One place on the list; what the purpose does not show is empty."""

    number: int
    title: str
    address: str
    supervisor: str
    filed: str
    state: str


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """What came of a check, for screen and JSON."""

    outcome: str
    reason: str
    listed_status: str | None
    """What the data says of it; None: nothing, or the service was asked, which does not tell."""
    environment: str
    uscc: str
    version: int
    face_version: int
    registrar: int | None
    """Own id of the unit that issued it; None: the service was asked, which does not tell."""
    issued_at: str
    age_seconds: int
    data_issued_at: str | None
    premises: tuple[ShownPlace, ...]
    zh: Words
    en: Words
    found: int | None
    """Number of the place that was looked for; None: see `address_answer`."""
    address_answer: str
    """MATCH, DIFFERS (it is not on the list) or NOT_COMPARED; empty: none was looked for."""

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


def from_service(told: "statement_verdict_pb2.StatementVerdict") -> ShownStatement:
    """A verdict of the verifying service."""
    from yizhao.verify.v1 import verdict_pb2

    zh, en = words_in(told.words)
    checked_at = told.verify_time.ToDatetime(UTC)
    issued_at = told.issue_time.ToDatetime(UTC)
    data_age: timedelta = told.freshness.manifest_age.ToTimedelta()
    known = told.freshness.HasField("manifest_age")
    return ShownStatement(
        outcome=verdict_pb2.Outcome.Name(told.outcome).removeprefix("OUTCOME_"),
        reason=told.reason,
        listed_status=None,
        environment=told.environment,
        uscc=told.uscc,
        version=told.version,
        face_version=told.entity_version,
        registrar=None,
        issued_at=issued_at.isoformat(),
        age_seconds=int((checked_at - issued_at).total_seconds()),
        data_issued_at=_whole(checked_at - data_age) if known else None,
        premises=tuple(
            ShownPlace(
                place.number,
                place.title,
                place.address,
                place.supervisor,
                date_text(place.filing_date),
                (PlaceState.SUSPENDED if place.suspended else PlaceState.LIVE).value,
            )
            for place in told.premises
        ),
        zh=zh,
        en=en,
        found=told.found_number or None,
        address_answer=answer_name(told.address_answer) if told.address_answer else "",
    )


def from_library(verdict: StatementVerdict, address: str) -> ShownStatement:
    """A verdict of the library in this process; `address` is looked for, unless it is empty."""
    statement, data = verdict.statement, verdict.freshness.manifest_issued_at
    zh, en = (Words(each.headline, each.sentence, each.next_step) for each in verdict.words)
    place = statement.place_at(address) if address else None
    return ShownStatement(
        outcome=verdict.outcome.value,
        reason=verdict.reason.value,
        listed_status=verdict.listed.name if verdict.listed is not None else None,
        environment=verdict.environment,
        uscc=statement.uscc,
        version=statement.version,
        face_version=statement.face_version,
        registrar=statement.registrar,
        issued_at=statement.issued_at.isoformat(),
        age_seconds=int(verdict.age.total_seconds()),
        data_issued_at=data.isoformat() if data else None,
        premises=tuple(
            ShownPlace(
                each.number,
                each.title or "",
                each.address,
                UNITS[each.unit].name if each.unit in UNITS else f"units/{each.unit}",
                each.filed.isoformat(),
                each.state.value,
            )
            for each in statement.premises
        ),
        zh=zh,
        en=en,
        found=place.number if place else None,
        address_answer=("MATCH" if place else "DIFFERS") if address else "",
    )


def _whole(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()
