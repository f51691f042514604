"""Wire to domain and back for UsageService, nothing else."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp
from google.type import date_pb2

from license_verify.codes import entity_code
from license_verify.codes.registration_number import InvalidRegistrationNumber
from license_verify.codes.uscc import InvalidUscc
from license_verify.policy import POLICIES
from license_verify.receipt import REFERENCE_CHARACTERS
from license_verify.refusal import FieldViolation, InvalidRequest
from license_verify.server.convert import OUTCOMES, STATUSES, date_of, date_to_pb
from license_verify.server.database.receipts import Days
from license_verify.server.database.taking import ReceiptRow
from license_verify.server.database.usage_days import Dimension, Sum
from license_verify.server.usage.errors import receipt_unknown
from license_verify.server.usage.ids import day_of
from license_verify.text import UnfitText, clean
from license_verify.verdict import DocumentStatus, Outcome
from yizhao.verify.v1 import receipt_pb2, usage_pb2
from yizhao.verify.v1.verdict_pb2 import OUTCOME_UNSPECIFIED

_DIMENSIONS: Final = {
    usage_pb2.UsageDimension.Value(f"USAGE_DIMENSION_{each.name}"): each for each in Dimension
}


def receipt_id_of(name: str) -> UUID:
    """The id in `receipts/{receipt}`.

    Raises:
        ReceiptUnknown: no id of a receipt.
    """
    try:
        found = UUID(name.removeprefix("receipts/"))
    except ValueError:
        raise receipt_unknown(name[:64]) from None
    if found.version != 7 or name != f"receipts/{found}" or not _in_a_calendar(found):
        raise receipt_unknown(name[:64])
    return found


def _in_a_calendar(id_: UUID) -> bool:
    try:
        day_of(id_)
    except ValueError:
        return False
    return True


def filter_of(field: str, given: str) -> str:
    """What only those receipts have that are wanted; empty: all are.

    Raises:
        InvalidRequest: no receipt can hold it.
    """
    try:
        return clean(given, REFERENCE_CHARACTERS, field) if given else ""
    except UnfitText as error:
        raise InvalidRequest(*error.fields) from None


def code_of(field: str, given: str) -> str:
    """A credit code, or a registration number 注册号 of earlier times.

    Raises:
        InvalidRequest: no business can have or have had it.
    """
    try:
        return entity_code.parse(given).text
    except (InvalidUscc, InvalidRegistrationNumber) as error:
        raise InvalidRequest(FieldViolation(field, str(error), error.zh)) from None


def days_of(
    first: date_pb2.Date, last: date_pb2.Date, today: date, usual: timedelta | None
) -> Days:
    """The days asked about.

    Args:
        first: absent: so many days before the last as is `usual`; None: the first of its month.
        last: absent: today.
        today: in Beijing.
        usual: see `first`.

    Raises:
        InvalidDate: one is no day of the calendar.
        InvalidRequest: the first is behind the last.
    """
    until = date_of(last, "to_date") if last.ListFields() else today
    since = date_of(first, "from_date") if first.ListFields() else _usual_first(until, usual)
    if since > until:
        raise InvalidRequest(
            FieldViolation("from_date", "is behind to_date", "起始日期晚于截止日期")
        )
    return Days(since, until)


def _usual_first(last: date, usual: timedelta | None) -> date:
    if usual is None:
        return last.replace(day=1)
    return last - min(usual, last - date.min)


def dimensions_of(asked: Sequence[usage_pb2.UsageDimension.ValueType]) -> list[Dimension]:
    """What is to be told apart, each once, in the order asked.

    Raises:
        InvalidRequest: one is unknown.
    """
    if unknown := [each for each in asked if each not in _DIMENSIONS]:
        raise InvalidRequest(
            FieldViolation("group_by", f"{unknown[0]} is no dimension", "分组项有误")
        )
    return [_DIMENSIONS[each] for each in dict.fromkeys(asked)]


def receipt_to_pb(row: ReceiptRow) -> receipt_pb2.Receipt:
    """A stored receipt."""
    return receipt_pb2.Receipt(
        name=f"receipts/{row.receipt_id}",
        document=row.document or b"",
        partner=row.partner,
        purpose=row.purpose,
        item_code=row.item,
        case_number=row.case_number,
        operator_reference=row.operator,
        uscc=row.uscc,
        token_id=row.token_id or b"",
        outcome=OUTCOMES[Outcome(row.outcome)],
        status=STATUSES[DocumentStatus(row.status)],
        reason=row.reason,
        verify_time=_time(row.checked_at),
    )


def check_to_pb(row: ReceiptRow, title: str) -> receipt_pb2.EntityCheck:
    """A check as its business learns of it: nothing of the partner's case or operator.

    Args:
        row: the stored receipt.
        title: what people call the partner.
    """
    policy = POLICIES.get(row.purpose)
    return receipt_pb2.EntityCheck(
        verify_time=_time(row.checked_at),
        partner=row.partner,
        partner_title=title,
        purpose=row.purpose,
        purpose_title=policy.zh if policy else "",
        outcome=OUTCOMES[Outcome(row.outcome)],
        status=STATUSES[DocumentStatus(row.status)],
    )


def sum_to_pb(found: Sum, title: str) -> usage_pb2.UsageRow:
    """One row of usage; `title` is what people call its partner."""
    return usage_pb2.UsageRow(
        partner=found.partner or "",
        partner_title=title,
        purpose=found.purpose or "",
        item_code=found.item or "",
        operator_reference=found.operator or "",
        unit=f"units/{found.unit}" if found.unit else "",
        day=date_to_pb(found.day or found.month),
        outcome=OUTCOMES[Outcome(found.outcome)] if found.outcome else OUTCOME_UNSPECIFIED,
        count=found.count,
    )


def _time(moment: datetime) -> Timestamp:
    written = Timestamp()
    written.FromDatetime(moment.astimezone(UTC).replace(tzinfo=None))
    return written
