"""ListAccess: who looked."""

from datetime import UTC, datetime
from typing import Final

from google.protobuf import timestamp_pb2

from license_verify.refusal import FieldViolation
from license_verify.rpc.paging import Page, from_microseconds, microseconds
from registry_service.domain.access import Access, Channel, Span
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.whole import Whole
from registry_service.operations.act import Act
from registry_service.operations.authority import require_entitled
from registry_service.operations.look import Sight
from registry_service.operations.read_accesses import accesses_by_person
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_entity import entity_name
from registry_service.rpc.convert_values import purpose_from_pb, time_from_pb, time_to_pb
from yizhao.registry.v1 import access_pb2 as pb

_CHANNELS: Final = {
    channel: pb.AccessChannel.Value(f"ACCESS_CHANNEL_{channel.name}") for channel in Channel
}
_NEWEST: Final = (datetime.max.replace(tzinfo=UTC), 0)
_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)


class AccessMethods:
    """The access record on the wire."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def list(self, request: pb.ListAccessRequest) -> pb.ListAccessResponse:
        """ListAccess."""
        page, purpose = Page(request, int, int), purpose_from_pb(request)
        span, before = _span(request), _before(page)
        if request.entity and not request.person:
            sight = Sight.of(ActName.LIST_ACCESS, names.code(request.entity, "entity"), purpose)

            def look(act: Act, looked: Whole) -> pb.ListAccessResponse:
                number = looked.entity.number
                return _answer(page, act.tx.accesses.of_entity(number, span, before, page.size + 1))

            return self._answers.look(sight, look)

        def read(act: Act) -> pb.ListAccessResponse:
            require_entitled(act, ActName.LIST_ACCESS)  # authorise before validating
            person = _person(request)
            return _answer(
                page, accesses_by_person(act, person, span, before, page.size + 1, purpose)
            )

        return self._answers.read(read)


def _answer(page: Page, found: list[Access]) -> pb.ListAccessResponse:
    """The page, of which one more than shown was looked for."""
    shown = found[: page.size]
    return pb.ListAccessResponse(
        accesses=[_access_to_pb(access) for access in shown],
        next_page_token=page.token(microseconds(shown[-1].look.at), shown[-1].number, more=True)
        if len(found) > page.size
        else "",
    )


def _before(page: Page) -> tuple[datetime, int]:
    """Time and number of the last read that was seen."""
    if not page.after:
        return _NEWEST
    at, number = (int(value) for value in page.after)
    return from_microseconds(at), number


def _span(request: pb.ListAccessRequest) -> Span:
    return Span(
        _time("from_time", request.from_time, _BEGINNING),
        _time("until_time", request.until_time, _NEWEST[0]),
    )


def _person(request: pb.ListAccessRequest) -> str:
    """Staff number of the person.

    Raises:
        InvalidRequest: neither an entity nor a person is named, or both, or it has another shape.
    """
    if request.entity or not request.person:
        raise InvalidRequest(
            FieldViolation("person", "name an entity or a person", "请指明主体或人员之一")
        )
    return names.staff_number(request.person, "person")


def _time(field: str, value: timestamp_pb2.Timestamp, absent: datetime) -> datetime:
    given = time_from_pb(field, value)
    return absent if given is None else given


def _access_to_pb(access: Access) -> pb.Access:
    look = access.look
    return pb.Access(
        entity=entity_name(access.uscc) if access.uscc else "",
        business_name=access.business_name,
        about=names.staff_name(access.about),
        person=names.staff_name(look.staff_no),
        person_name=access.person_name,
        workload=look.workload,
        channel=_CHANNELS[access.channel] if access.channel else pb.ACCESS_CHANNEL_UNSPECIFIED,
        method=look.method,
        fields=look.fields,
        basis=look.purpose.basis,
        case_number=look.purpose.case_number,
        read_time=time_to_pb(look.at),
    )
