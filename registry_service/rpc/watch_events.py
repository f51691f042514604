"""WatchEvents, as a generator of answers."""

import re
import time
from collections.abc import Iterator
from typing import Final

import grpc

from license_verify.refusal import FieldViolation
from license_verify.rpc.call import current_caller
from registry_service.domain.errors import InvalidRequest
from registry_service.domain.feed import Fed, FeedPage, Wanted
from registry_service.domain.whole import Whole
from registry_service.operations.act import Act
from registry_service.operations.look import Sight
from registry_service.operations.newest import Newest
from registry_service.operations.read_feed import FeedReader
from registry_service.rpc import convert_entity as convert
from registry_service.rpc import names
from registry_service.rpc.answers import Answers
from registry_service.rpc.convert_values import known_unit, purpose_from_pb, unit_from_pb
from registry_service.rpc.watches import Watches
from yizhao.registry.v1 import publication_service_pb2 as pb
from yizhao.registry.v1.entity_pb2 import Event

_KIND: Final = re.compile(r"[a-z_]{1,40}\.(\*|[a-z_]{1,40})", re.ASCII)
_KINDS: Final = 100
_PROGRESS_SECONDS: Final = 1.0
"""A cursor that only moved over events that were not wanted is told this often."""
_BEAT_SECONDS: Final = 10.0
"""A watch is answered at least so often; then its caller is looked up again, too."""
_LARGEST: Final = 2**63 - 1


class EventWatch:
    """Serves every WatchEvents of a process."""

    def __init__(
        self, answers: Answers, reader: FeedReader, newest: Newest, watches: Watches
    ) -> None:
        self._answers = answers
        self._reader = reader
        self._newest = newest
        self._watches = watches

    def follow(
        self, request: pb.WatchEventsRequest, context: grpc.ServicerContext
    ) -> Iterator[pb.WatchEventsResponse]:
        """Answer until the caller goes away or this process stops.

        Raises:
            InvalidRequest, EntityUnknown: a filter names what isn't.
            CursorTooOld, CursorAhead, TooManyWatches: see publication_service.proto.
            ServerDraining: this process stops.
            DatabaseUnavailable: the database is away.
        """
        with self._watches.place(current_caller().spiffe_id):
            wanted, cursor = self._wanted(request), min(request.after, _LARGEST)
            context.add_callback(self._newest.wake)
            told, told_at, beat = -1, 0.0, True
            while context.is_active():
                page = self._reader.read(cursor, wanted, anew=beat)
                cursor, waited = page.cursor, time.monotonic() - told_at
                moved = cursor != told
                if page.events or waited >= (_PROGRESS_SECONDS if moved else _BEAT_SECONDS):
                    yield _to_pb(page)
                    told, told_at, moved, waited = cursor, time.monotonic(), False, 0.0
                if cursor < page.span.newest:
                    continue
                pause = _PROGRESS_SECONDS if moved else _BEAT_SECONDS
                self._newest.wait_beyond(cursor, pause - waited, context.is_active)
                beat = time.monotonic() - told_at >= _BEAT_SECONDS
                if beat:
                    self._require_known()

    def _wanted(self, request: pb.WatchEventsRequest) -> Wanted:
        kinds = _kinds(request)
        unit = unit_from_pb("unit", request.unit)
        code = names.code(request.entity, "entity") if request.entity else ""
        purpose = purpose_from_pb(request)

        def wanted(act: Act, looked: Whole | None) -> Wanted:
            known_unit("unit", unit, act.units)
            units = frozenset(act.units.below(unit)) if unit is not None else None
            return Wanted(kinds, units, looked.entity.number if looked else None)

        if code:
            return self._answers.look(Sight(code, "WatchEvents", purpose, None), wanted)
        return self._answers.read(lambda act: wanted(act, None))

    def _require_known(self) -> None:
        """Stop a caller who was disabled meanwhile: opening a read refuses them."""
        self._answers.read(lambda _: None)


def _kinds(request: pb.WatchEventsRequest) -> frozenset[str]:
    if len(request.kinds) > _KINDS:
        said = f"has more than {_KINDS} entries"
        raise InvalidRequest(FieldViolation("kinds", said, f"事件类型最多 {_KINDS} 个"))
    for at, kind in enumerate(request.kinds):
        if _KIND.fullmatch(kind) is None:
            field, said = f"kinds[{at}]", "is neither a kind, as `entity.revoked`, nor a family"
            raise InvalidRequest(FieldViolation(field, said, "事件类型格式有误"))
    return frozenset(request.kinds)


def _to_pb(page: FeedPage) -> pb.WatchEventsResponse:
    return pb.WatchEventsResponse(
        events=[_event_to_pb(each) for each in page.events],
        cursor=page.cursor,
        oldest=page.span.oldest,
    )


def _event_to_pb(fed: Fed) -> Event:
    event = convert.event_to_pb(fed.event, fed.uscc)
    event.former_codes.extend(fed.former_codes)
    return event
