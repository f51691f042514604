"""The methods of PartnerService about watch lists."""

from typing import Final

from license_verify.rpc.paging import Page
from license_verify.server.convert import date_to_pb
from license_verify.server.database.watching import Change
from license_verify.server.partners import acts, reading
from license_verify.server.partners.act_errors import WatchListFull, watch_not_ready
from license_verify.server.partners.authority import ActName
from license_verify.server.partners.change_words import narrowed, words
from license_verify.server.partners.convert import time_to_pb
from license_verify.server.partners.errors import quota_of
from license_verify.server.partners.office import Act, Office
from yizhao.verify.v1 import partner_pb2
from yizhao.verify.v1 import partner_service_pb2 as pb

MOST_CODES: Final = 100_000
_PAGE: Final = 50
_MOST_PAGE: Final = 1000
_LARGEST: Final = 2**63 - 1


class WatchMethods:
    """Which codes a partner watches, and what happened to them."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def add(self, request: pb.WatchCodesRequest) -> pb.WatchCodesResponse:
        """See partner_service.proto."""
        partner_id = reading.partner_id(request.parent, "parent")

        def perform(act: Act) -> pb.WatchCodesResponse:
            codes = reading.codes(request.usccs)
            acts.found(act, partner_id, lock=True)
            if act.watched.position() is None:
                raise watch_not_ready()
            act.watched.add(partner_id, codes, act.now)
            count = act.watched.count(partner_id)
            if count > MOST_CODES:
                raise WatchListFull(
                    f"a partner watches at most {MOST_CODES} codes; nothing was added",
                    zh=f"关注名单最多 {MOST_CODES} 个，未作添加",
                    quota_of=quota_of(partner_id),
                    partner=partner_id,
                    limit=MOST_CODES,
                )
            return pb.WatchCodesResponse(watched_count=count)

        return self._office.once(
            ActName.WATCH_CODES, partner_id, request, pb.WatchCodesResponse, perform
        )

    def remove(self, request: pb.UnwatchCodesRequest) -> pb.UnwatchCodesResponse:
        """See partner_service.proto."""
        partner_id = reading.partner_id(request.parent, "parent")

        def perform(act: Act) -> pb.UnwatchCodesResponse:
            codes = reading.codes(request.usccs)
            acts.found(act, partner_id, lock=True)
            act.watched.remove(partner_id, codes)
            return pb.UnwatchCodesResponse(watched_count=act.watched.count(partner_id))

        return self._office.once(
            ActName.UNWATCH_CODES, partner_id, request, pb.UnwatchCodesResponse, perform
        )

    def codes(self, request: pb.ListWatchedCodesRequest) -> pb.ListWatchedCodesResponse:
        """See partner_service.proto."""
        partner_id = reading.partner_id(request.parent, "parent")

        def read(act: Act) -> pb.ListWatchedCodesResponse:
            page = Page(request, str)
            acts.found(act, partner_id)
            after = str(page.after[0]) if page.after else ""
            found = act.watched.codes(partner_id, after, page.size + 1)
            shown, more = found[: page.size], len(found) > page.size
            return pb.ListWatchedCodesResponse(
                codes=[
                    partner_pb2.WatchedCode(uscc=code, create_time=time_to_pb(since))
                    for code, since in shown
                ],
                next_page_token=page.token(shown[-1][0], more=more) if shown else "",
            )

        return self._office.read(ActName.LIST_WATCHED_CODES, partner_id, read)

    def changes(self, request: pb.ListWatchedChangesRequest) -> pb.ListWatchedChangesResponse:
        """See partner_service.proto."""
        partner_id = reading.partner_id(request.parent, "parent")

        def read(act: Act) -> pb.ListWatchedChangesResponse:
            if request.page_size < 0:
                raise reading.invalid("page_size", "is negative", "每页条数不能为负")
            size = min(request.page_size or _PAGE, _MOST_PAGE)
            partner = acts.found(act, partner_id)
            granted = frozenset[str]().union(
                *(each.items for each in partner.grants.values() if each.holds_on(act.today))
            )
            after = min(request.after, _LARGEST)
            found = act.watched.changes(partner_id, after, size + 1)
            told = [narrowed(each, granted) for each in found[:size]]
            return pb.ListWatchedChangesResponse(
                changes=[_to_pb(each) for each in told if each is not None],
                last_number=found[:size][-1].number if found else after,
                more=len(found) > size,
            )

        return self._office.read(ActName.LIST_WATCHED_CHANGES, partner_id, read)


def _to_pb(change: Change) -> partner_pb2.WatchedChange:
    zh, en = words(change)
    return partner_pb2.WatchedChange(
        number=change.number,
        uscc=change.code,
        kind=change.kind,
        items=change.items,
        site_number=change.place or 0,
        text=zh,
        text_en=en,
        effective_date=date_to_pb(change.effective_date),
        record_time=time_to_pb(change.happened_at),
        items_unknown=not change.items_known,
        current_uscc=change.current_code,
    )
