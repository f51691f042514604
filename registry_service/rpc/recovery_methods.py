"""The methods of AdminService by which a restore's losses are worked off."""

from typing import Final

from license_verify import limits
from license_verify.lists.status import Status
from license_verify.rpc.paging import Page
from registry_service.domain.authority import ActName
from registry_service.domain.recovery import RecoveryItem
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.close_item import close_item, item_for
from registry_service.operations.look import keep_shown
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_values import (
    known_unit,
    purpose_from_pb,
    text_from_pb,
    time_to_pb,
)
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import recovery_pb2

_REASON: Final = 400
_STATUSES: Final = {
    status: recovery_pb2.DocumentStatus.Value(f"DOCUMENT_STATUS_{status.name}") for status in Status
}


class RecoveryMethods:
    """ListRecoveryItems and CloseRecoveryItem."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def list(self, request: pb.ListRecoveryItemsRequest) -> pb.ListRecoveryItemsResponse:
        """See admin_service.proto."""
        page = Page(request, str, int)
        unit, purpose = names.unit_number(request.unit, "unit"), purpose_from_pb(request)

        def read(act: Act) -> pb.ListRecoveryItemsResponse:
            require_entitled(act, ActName.LIST_RECOVERY_ITEMS)
            known_unit("unit", unit, act.units)
            authorise(act, ActName.LIST_RECOVERY_ITEMS, unit=unit)
            code, number = page.after or ("", 0)
            found = act.tx.recovery_items.page(
                list(act.units.below(unit)),
                (str(code), int(number)),
                page.size + 1,
                closed=request.include_closed,
            )
            shown = found[: page.size]
            keep_shown(act, "ListRecoveryItems", [item.entity_no for item in shown], purpose)
            last = shown[-1] if shown else None
            return pb.ListRecoveryItemsResponse(
                recovery_items=[_item_to_pb(item) for item in shown],
                next_page_token=page.token(last.code, last.number, more=len(found) > page.size)
                if last
                else "",
            )

        return self._answers.read(read)

    def close(self, request: pb.CloseRecoveryItemRequest) -> recovery_pb2.RecoveryItem:
        """See admin_service.proto."""
        code, number = names.split(request.name, "entities/*/recoveryItems/*")

        def perform(act: Act) -> recovery_pb2.RecoveryItem:
            entity, unit = item_for(act, code)  # authorise before validating
            name = text_from_pb(
                "expected_business_name", request.expected_business_name, limits.NAME_CHARACTERS
            )
            reason = text_from_pb("reason", request.reason, _REASON)
            return _item_to_pb(close_item(act, entity, unit, int(number), name, reason))

        kind = recovery_pb2.RecoveryItem
        return self._answers.once(request, request.request_id, kind, perform)


def _item_to_pb(item: RecoveryItem) -> recovery_pb2.RecoveryItem:
    return recovery_pb2.RecoveryItem(
        name=f"entities/{item.code}/recoveryItems/{item.number}",
        business_name=item.business_name,
        document=f"entities/{item.code}/{item.document}",
        published_status=_STATUSES[item.published],
        restored_status=_STATUSES[item.restored],
        recover_time=time_to_pb(item.recovered_at),
        close_time=time_to_pb(item.closed_at) if item.closed_at else None,
        closed_by=names.staff_name(item.closed_by),
        reason=item.reason,
    )
