"""Reading the feed for those who follow it."""

import threading
from typing import Final

from registry_service.domain.errors import CursorAhead, CursorTooOld
from registry_service.domain.feed import FeedPage, Span, Wanted
from registry_service.operations.newest import Newest
from registry_service.store.transaction import Store

PAGE: Final = 500
"""Numbers that one page covers."""
_KEPT: Final = 256
_SECONDS: Final = 10.0


class FeedReader:
    """Reads for all watches of a process, one page at a time, so that however many there are they
    take one connection from those who act. Watches at the same place share a page."""

    def __init__(self, store: Store, newest: Newest) -> None:
        """Prepare; nothing is read yet."""
        self._store = store
        self._newest = newest
        self._turn = threading.Lock()
        self._kept_at = -1
        self._kept: dict[tuple[int, Wanted], FeedPage] = {}

    def read(self, after: int, wanted: Wanted, *, anew: bool = False) -> FeedPage:
        """The next page after `after`.

        Args:
            after: the last number that the reader has; 0 means from the oldest that is kept.
            wanted: what to leave in.
            anew: ask the database even if this process heard of nothing since.

        Raises:
            CursorTooOld: what follows `after` is no longer kept.
            CursorAhead: no event has the number `after` yet.
            DatabaseUnavailable: the database is away.
        """
        with self._turn:
            known = self._newest.number
            if known != self._kept_at or anew or len(self._kept) >= _KEPT:
                self._kept_at, self._kept = known, {}
            page = self._kept.get((after, wanted))
            if page is None:
                page = self._kept[after, wanted] = self._ask(after, wanted)
            return page

    def _ask(self, after: int, wanted: Wanted) -> FeedPage:
        with self._store.transaction(_SECONDS) as tx:
            span = tx.feed.span()
            _require_inside(after, span)
            start, until = span.page(after, PAGE)
            events = tx.feed.between(start, until, wanted) if until > start else []
        return FeedPage(tuple(events), until, span)


def _require_inside(after: int, span: Span) -> None:
    if after > span.newest:
        raise CursorAhead(
            f"no event has the number {after} yet; the newest is {span.newest}",
            zh=f"游标 {after} 超出范围，目前最新编号为 {span.newest}",
            after=after,
            newest=span.newest,
        )
    lost = next((gap for gap in span.gaps if gap.holds(after)), None)
    if lost is not None:
        raise CursorTooOld(
            f"number {after} was given before the register was restored from a backup; what was"
            " read up to it is no longer so, read anew from the beginning",
            zh=f"登记库曾从备份恢复，游标 {after} 之前读到的事件已不全有效，请重新全量同步",
            after=after,
            oldest=span.oldest,
            resume=lost.last,
        )
    if 0 < after < span.oldest - 1:
        raise CursorTooOld(
            f"the feed goes back to number {span.oldest}; what follows {after} is no longer in it",
            zh=f"游标 {after} 之后的事件已不再保留，目前最早为 {span.oldest} 号，请重新全量同步",
            after=after,
            oldest=span.oldest,
            resume=span.oldest - 1,
        )
