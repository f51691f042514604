"""AdminService's methods on what is to be decided between a source and the register."""

from collections.abc import Sequence
from typing import Final

from license_verify.refusal import FieldViolation
from license_verify.rpc.paging import Page, from_microseconds, microseconds
from registry_service.domain.authority import ActName
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.sync import Fact, SyncItem
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.decide_sync_item import decide_sync_item
from registry_service.operations.look import keep_shown
from registry_service.rpc import convert_sync as convert
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_values import known_unit, purpose_from_pb, text_from_pb
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import import_run_pb2

_REASON: Final = 200


class SyncMethods:
    """ListSyncItems, DecideSyncItem."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def list(self, request: pb.ListSyncItemsRequest) -> pb.ListSyncItemsResponse:
        """ListSyncItems."""
        page = Page(request, int, int, int)
        unit, purpose = names.unit_number(request.unit, "unit"), purpose_from_pb(request)
        state = convert.state_from_pb(request.state)

        def read(act: Act) -> pb.ListSyncItemsResponse:
            require_entitled(act, ActName.LIST_SYNC_ITEMS)
            known_unit("unit", unit, act.units)
            authorise(act, ActName.LIST_SYNC_ITEMS, unit=unit)
            units, unclear = act.units.below(unit), unit == act.units.city
            at, entity_no, number = (int(part) for part in page.after or (0, 0, 0))
            after = (from_microseconds(at), entity_no, number)
            found = act.tx.sync_items.page(units, state, after, page.size + 1, unclear=unclear)
            shown = found[: page.size]
            keep_shown(act, "ListSyncItems", [item.entity_no for item in shown], purpose)
            token = ""
            if len(found) > len(shown):
                last = shown[-1]
                since = microseconds(last.created_at)
                token = page.token(since, last.entity_no, last.number, more=True)
            return pb.ListSyncItemsResponse(
                sync_items=_told(act, shown),
                next_page_token=token,
                total_count=act.tx.sync_items.count(units, state, unclear=unclear),
            )

        return self._answers.read(read)

    def decide(self, request: pb.DecideSyncItemRequest) -> import_run_pb2.SyncItem:
        """DecideSyncItem."""
        code, number = names.split(request.name, "entities/*/syncItems/*")

        def perform(act: Act) -> tuple[int, import_run_pb2.SyncItem]:
            require_entitled(act, ActName.DECIDE_SYNC_ITEM)
            authorise(act, ActName.DECIDE_SYNC_ITEM, entity=act.tx.entities.find(code))
            decision = convert.decision_from_pb(request.decision)
            reason = text_from_pb("reason", request.reason, _REASON)
            if not reason:
                raise InvalidRequest(FieldViolation("reason", "is required", "请填写理由"))
            entity, item = decide_sync_item(act, code, int(number), decision, reason)
            return entity.number, _told(act, [item])[0]

        return self._answers.signed(request, request.request_id, import_run_pb2.SyncItem, perform)


def _told(act: Act, items: Sequence[SyncItem]) -> "list[import_run_pb2.SyncItem]":
    """Items of a page on the wire, in their order."""
    numbers = {item.entity_no for item in items}
    entities = {entity.number: entity for entity in act.tx.entities.many(numbers)}
    facts: dict[tuple[int, int], Fact] = {}
    for source in {item.source for item in items}:
        for entity_no, known in act.tx.source_facts.of(numbers, source).items():
            facts |= {(entity_no, fact.number): fact for fact in known}
    return [
        convert.item_to_pb(
            item, entities[item.entity_no], facts.get((item.entity_no, item.fact_no or 0))
        )
        for item in items
    ]
