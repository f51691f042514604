"""AdminService."""

from collections.abc import Iterator
from typing import Final

import grpc

from license_verify.refusal import FieldViolation
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.unit import Alias, Unit
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise
from registry_service.operations.import_entities import Part, import_rows, start_import
from registry_service.operations.put_staff import put_staff
from registry_service.operations.put_station import put_station
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_staff import staff_from_pb, staff_to_pb
from registry_service.rpc.convert_values import date_to_pb, text_from_pb, unit_from_pb
from registry_service.rpc.paging import Page
from registry_service.rpc.policy_methods import PolicyMethods
from registry_service.rpc.recovery_methods import RecoveryMethods
from registry_service.rpc.second_person import SecondPerson
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import (
    admin_service_pb2_grpc,
    entity_pb2,
    policy_pb2,
    recovery_pb2,
    unit_pb2,
)

_ROWS: Final = 1000
_SHORT: Final = 128
_MOST_LINES: Final = 1 << 40


class AdminServicer(admin_service_pb2_grpc.AdminServiceServicer):
    """Units, staff and imports."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._policies = PolicyMethods(answers)
        self._second = SecondPerson(answers)
        self._recovery = RecoveryMethods(answers)

    def ListUnits(
        self, request: pb.ListUnitsRequest, context: grpc.ServicerContext
    ) -> pb.ListUnitsResponse:
        """See admin_service.proto."""
        page = Page(request, int, default=1000)

        def read(act: Act) -> pb.ListUnitsResponse:
            authorise(act, ActName.LIST_UNITS)
            aliases = act.tx.units.aliases()
            after = int(page.after[0]) if page.after else 0
            units = sorted(act.units, key=lambda unit: unit.number)
            rest = [unit for unit in units if unit.number > after]
            shown = rest[: page.size]
            return pb.ListUnitsResponse(
                units=[_unit_to_pb(unit, aliases) for unit in shown],
                next_page_token=page.token(shown[-1].number, more=len(rest) > len(shown))
                if shown
                else "",
            )

        return self._answers.read(read)

    def PutUnit(self, request: pb.PutUnitRequest, context: grpc.ServicerContext) -> unit_pb2.Unit:
        """See admin_service.proto."""
        given = request.unit
        number = unit_from_pb("unit.name", given.name)

        def perform(act: Act) -> unit_pb2.Unit:
            authorise(act, ActName.PUT_UNIT)
            if given.kind != unit_pb2.UNIT_KIND_STATION:
                raise InvalidRequest(
                    FieldViolation("unit.kind", "is not STATION", "只能设置监管所")
                )
            parent = unit_from_pb("unit.parent", given.parent)
            return _unit_to_pb(put_station(act, number, given.title, parent), [])

        return self._answers.once(request, request.request_id, unit_pb2.Unit, perform)

    def PutStaff(
        self, request: pb.PutStaffRequest, context: grpc.ServicerContext
    ) -> unit_pb2.Staff:
        """See admin_service.proto."""

        def perform(act: Act) -> unit_pb2.Staff:
            authorise(act, ActName.PUT_STAFF)
            number, person_name, wanted = staff_from_pb(request.staff)
            disabled = request.staff.disabled
            return staff_to_pb(put_staff(act, number, person_name, wanted, disabled=disabled))

        return self._answers.once(request, request.request_id, unit_pb2.Staff, perform)

    def ListStaff(
        self, request: pb.ListStaffRequest, context: grpc.ServicerContext
    ) -> pb.ListStaffResponse:
        """See admin_service.proto."""
        page = Page(request, str)

        def read(act: Act) -> pb.ListStaffResponse:
            authorise(act, ActName.LIST_STAFF)
            after = str(page.after[0]) if page.after else ""
            found = act.tx.staff.page(after, page.size + 1)
            shown = found[: page.size]
            return pb.ListStaffResponse(
                staff=[staff_to_pb(staff) for staff in shown],
                next_page_token=page.token(shown[-1].number, more=len(found) > len(shown))
                if shown
                else "",
            )

        return self._answers.read(read)

    def CreateReviewPolicy(
        self, request: pb.CreateReviewPolicyRequest, context: grpc.ServicerContext
    ) -> policy_pb2.ReviewPolicy:
        """See admin_service.proto."""
        return self._policies.create(request)

    def ConfirmReviewPolicy(
        self, request: pb.ConfirmReviewPolicyRequest, context: grpc.ServicerContext
    ) -> policy_pb2.ReviewPolicy:
        """See admin_service.proto."""
        return self._policies.confirm(request)

    def ListReviewPolicies(
        self, request: pb.ListReviewPoliciesRequest, context: grpc.ServicerContext
    ) -> pb.ListReviewPoliciesResponse:
        """See admin_service.proto."""
        return self._policies.list(request)

    def BarPerson(
        self, request: pb.BarPersonRequest, context: grpc.ServicerContext
    ) -> policy_pb2.PersonBar:
        """See admin_service.proto."""
        return self._policies.bar(request)

    def ConfirmAct(
        self, request: pb.ConfirmActRequest, context: grpc.ServicerContext
    ) -> entity_pb2.PendingAct:
        """See admin_service.proto."""
        return self._second.confirm(request)

    def ListPendingActs(
        self, request: pb.ListPendingActsRequest, context: grpc.ServicerContext
    ) -> pb.ListPendingActsResponse:
        """See admin_service.proto."""
        return self._second.list(request)

    def ListRecoveryItems(
        self, request: pb.ListRecoveryItemsRequest, context: grpc.ServicerContext
    ) -> pb.ListRecoveryItemsResponse:
        """See admin_service.proto."""
        return self._recovery.list(request)

    def CloseRecoveryItem(
        self, request: pb.CloseRecoveryItemRequest, context: grpc.ServicerContext
    ) -> recovery_pb2.RecoveryItem:
        """See admin_service.proto."""
        return self._recovery.close(request)

    def ImportEntities(
        self,
        request_iterator: Iterator[pb.ImportEntitiesRequest],
        context: grpc.ServicerContext,
    ) -> Iterator[pb.ImportEntitiesResponse]:
        """See admin_service.proto."""
        first = next(request_iterator, pb.ImportEntitiesRequest())
        if first.WhichOneof("part") != "header":
            raise InvalidRequest(
                FieldViolation("header", "must come first", "导入须先发送文件说明")
            )
        source = text_from_pb("header.source", first.header.source, _SHORT) or "provincial"
        file_name = text_from_pb("header.file_name", first.header.file_name, _SHORT)
        with self._answers.act() as act:
            run = start_import(act, source, file_name)
        for part in request_iterator:
            if part.WhichOneof("part") != "rows" or len(part.rows.rows) > _ROWS:
                raise InvalidRequest(
                    FieldViolation("rows", f"must be 1 to {_ROWS}", f"每批最多 {_ROWS} 行")
                )
            rows = [(row.line, row.fields) for row in part.rows.rows]
            if not all(1 <= line < _MOST_LINES for line, _ in rows):
                raise InvalidRequest(FieldViolation("rows.line", "is no line", "行号有误"))
            with self._answers.act() as act:
                done = import_rows(act, run, source, rows)
            yield _part_to_pb(done)


def _unit_to_pb(unit: Unit, aliases: list[Alias]) -> unit_pb2.Unit:
    return unit_pb2.Unit(
        name=names.unit_name(unit.number),
        title=unit.title,
        kind=unit_pb2.UnitKind.Value(f"UNIT_KIND_{unit.kind.upper()}"),
        parent=names.unit_name(unit.parent),
        aliases=[
            unit_pb2.UnitAlias(
                source=alias.source,
                code=alias.code,
                from_date=date_to_pb(alias.from_date),
                until_date=date_to_pb(alias.until_date),
            )
            for alias in aliases
            if alias.unit == unit.number
        ],
    )


def _part_to_pb(part: Part) -> pb.ImportEntitiesResponse:
    return pb.ImportEntitiesResponse(
        import_run=f"importRuns/{part.run}",
        imported_count=part.imported,
        unchanged_count=part.unchanged,
        unit_unclear_count=part.unit_unclear,
        rejects=[
            pb.ImportReject(line=r.line, field=r.field, reason=r.reason, text=r.text)
            for r in part.rejects
        ],
        warnings=[
            pb.ImportReject(line=r.line, field=r.field, reason=r.reason, text=r.text)
            for r in part.warnings
        ],
    )
