"""Which items of the face an act changed, asked of the live register; an act may have none.

A record that can't be had must not hold the feed up for everybody: after a few tries its changes
are told without their items, and it is counted and logged that they were.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import grpc
import structlog

from license_verify.rpc.errors import from_rpc_error
from license_verify.server import live
from yizhao.registry.v1 import entity_pb2
from yizhao.registry.v1 import publication_service_pb2 as pb

BASIS: Final = "关注名单"
"""Kept by the register with each read."""
_TRIES: Final = 5
"""Of one record, each after the feed was reached anew: the register away is none of its faults."""
_RECORD_SECONDS: Final = 5.0
_OF_THE_FACE: Final = frozenset(
    {
        "entity.changed",
        "entity.corrected",
        "entity.moved",
        "entity.synced",
        "entity.version_annulled",
    }
)
_ITEMS: Final = {
    "business_name": "name",
    "type_code": "type",
    "establish_date": "established",
    "term_start_date": "term",
    "term_end_date": "term",
    "organization_form": "form",
}
"""The register's names of items that grants call otherwise."""
_log = structlog.stdlib.get_logger()


class Ending(Exception):
    """This process ends; whoever follows next takes the batch again."""


class ChangedItems:
    """Asks for the items of one batch after another; remembers whose record can't be had."""

    def __init__(self, registry: live.Registry, ends: Callable[[], bool]) -> None:
        """`ends` tells whether this process ends: a batch may be of hundreds of records."""
        self._registry = registry
        self._ends = ends
        self._tries: Counter[str] = Counter()
        self.given_up = 0
        """Events that were told without their items."""

    def of(self, events: Sequence[entity_pb2.Event]) -> dict[int, tuple[str, ...] | None]:
        """Items of each event by its feed number, as grants name them; None: they can't be had.

        Raises:
            grpc.RpcError: a record can't be had yet; take the batch again, a while later.
            Ending: nobody waits for the rest.
        """
        changed = [each for each in events if each.kind in _OF_THE_FACE]
        records, failed = self._records({code_of(each) for each in changed})
        found: dict[int, tuple[str, ...] | None] = {each.feed_number: () for each in events}
        for event in changed:
            found[event.feed_number] = _made_by(event, records.get(code_of(event)))
        self._tell(changed, found, failed)
        return found

    def _records(
        self, codes: set[str]
    ) -> tuple[dict[str, pb.PublicRecord], dict[str, grpc.RpcError]]:
        """One look at each entity, however often it changed; one that was given up is tried once.

        Raises:
            grpc.RpcError: of the first that is to be tried again.
            Ending: this process ends.
        """
        records, failed = {}, {}
        for code in sorted(codes):
            if self._ends():
                raise Ending
            request = pb.GetPublicRecordRequest(name=f"entities/{code}", basis=BASIS)
            try:
                records[code] = self._registry.GetPublicRecord(request, timeout=_RECORD_SECONDS)
                self._tries.pop(code, None)
            except grpc.RpcError as error:
                self._tries[code] += 1
                if self._tries[code] < _TRIES:
                    raise
                failed[code] = error
        return records, failed

    def _tell(
        self,
        changed: Sequence[entity_pb2.Event],
        found: dict[int, tuple[str, ...] | None],
        failed: dict[str, grpc.RpcError],
    ) -> None:
        for event in changed:
            if found[event.feed_number] is None:
                self.given_up += 1
                error = failed.get(code_of(event))
                why = _reason(error) if error is not None else "NO_SUCH_VERSION"
                _log.error("watch.items_unknown", number=event.feed_number, why=why)


def code_of(event: entity_pb2.Event) -> str:
    """The code of the entity that it happened to; empty: to none."""
    return event.subject.split("/")[1] if event.subject.startswith("entities/") else ""


def _made_by(event: entity_pb2.Event, record: pb.PublicRecord | None) -> tuple[str, ...] | None:
    """Of the versions that an act made; None: the record is not there, or has none of that act."""
    made = (
        [each for each in record.changes if each.record_time == event.record_time] if record else []
    )
    if not made:
        return None
    return tuple(sorted({_ITEMS.get(name, name) for each in made for name in each.items}))


def _reason(error: grpc.RpcError) -> str:
    told = from_rpc_error(error)
    return told.reason or told.code.name
