"""UsageService: usage and receipts, told to those whose they are."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import ClassVar, Final
from uuid import UUID

import grpc

from license_verify.refusal import FieldViolation, InvalidRequest
from license_verify.rpc.paging import Page
from license_verify.server.database.connections import Database
from license_verify.server.database.receipts import LAST, Receipts
from license_verify.server.database.usage_days import UsageDays
from license_verify.server.usage.confidential import CONFIDENTIAL
from license_verify.server.usage.convert import (
    check_to_pb,
    code_of,
    days_of,
    dimensions_of,
    filter_of,
    receipt_id_of,
    receipt_to_pb,
    sum_to_pb,
)
from license_verify.server.usage.errors import not_registrar, receipt_unknown
from license_verify.server.usage.readers import Readers
from license_verify.server.usage.register import Register
from yizhao.verify.v1 import receipt_pb2, usage_pb2, usage_service_pb2
from yizhao.verify.v1 import usage_service_pb2_grpc as pb_grpc

_RECEIPTS: Final = timedelta(days=30)
_CHECKS: Final = timedelta(days=365)


class UsageServicer(pb_grpc.UsageServiceServicer):
    """See the contract for what each call promises."""

    NAME: ClassVar[str] = usage_service_pb2.DESCRIPTOR.services_by_name["UsageService"].full_name

    def __init__(
        self,
        database: Database,
        readers: Readers,
        register: Register,
        today: Callable[[], date],
    ) -> None:
        """`today` is the day in Beijing."""
        self._days = UsageDays(database)
        self._receipts = Receipts(database)
        self._readers = readers
        self._register = register
        self._today = today

    def QueryUsage(
        self, request: usage_pb2.QueryUsageRequest, context: grpc.ServicerContext
    ) -> usage_pb2.QueryUsageResponse:
        """Sums by group."""
        with self._readers.place():
            partner = self._readers.all_or_one(request.partner)
            days = days_of(request.from_date, request.to_date, self._today(), None)
            by, page = dimensions_of(request.group_by), Page(request, int)
            offset = int(page.after[0]) if page.after else 0
            found = self._days.sums(partner, days, by, offset, page.size + 1)
            (total,) = self._days.sums(partner, days, (), 0, 1)
            title_of = self._readers.title_of
            return usage_pb2.QueryUsageResponse(
                rows=[
                    sum_to_pb(each, title_of(each.partner or ""))
                    for each in found[: page.size]
                    if each.count
                ],
                next_page_token=page.token(offset + page.size, more=len(found) > page.size),
                total_count=total.count,
                partner=partner,
            )

    def GetReceipt(
        self, request: receipt_pb2.GetReceiptRequest, context: grpc.ServicerContext
    ) -> receipt_pb2.Receipt:
        """One receipt."""
        with self._readers.place():
            found = self._receipts.find(receipt_id_of(request.name))
            if found is None or not self._readers.may_see(found.partner):
                raise receipt_unknown(request.name)
            return receipt_to_pb(found)

    def ListReceipts(
        self, request: receipt_pb2.ListReceiptsRequest, context: grpc.ServicerContext
    ) -> receipt_pb2.ListReceiptsResponse:
        """A partner's receipts."""
        with self._readers.place():
            partner = self._readers.one(request.partner)
            days = days_of(request.from_date, request.to_date, self._today(), _RECEIPTS)
            case = filter_of("case_number", request.case_number)
            uscc = code_of("uscc", request.uscc) if request.uscc else ""
            page = Page(request, str)
            found = self._receipts.page(partner, days, case, uscc, _before(page), page.size + 1)
            shown = found[: page.size]
            return receipt_pb2.ListReceiptsResponse(
                receipts=[receipt_to_pb(each) for each in shown],
                next_page_token=page.token(shown[-1].receipt_id.hex, more=len(found) > page.size)
                if shown
                else "",
            )

    def ListEntityChecks(
        self, request: receipt_pb2.ListEntityChecksRequest, context: grpc.ServicerContext
    ) -> receipt_pb2.ListEntityChecksResponse:
        """Who checked a business."""
        with self._readers.place():
            units = self._readers.counters()
            code = code_of("parent", request.parent.removeprefix("entities/"))
            if not units:
                raise not_registrar(code)
            if not request.basis.strip():
                raise InvalidRequest(FieldViolation("basis", "is required", "请填写查询事由"))
            days = days_of(request.from_date, request.to_date, self._today(), _CHECKS)
            page = Page(request, str)
            record = self._register.record(code, request.basis, request.case_number)
            if record.registrar not in units:
                raise not_registrar(code)
            codes = [record.uscc, *record.former_codes]
            found = self._receipts.of_entity(
                codes, days, CONFIDENTIAL, _before(page), page.size + 1
            )
            shown = found[: page.size]
            return receipt_pb2.ListEntityChecksResponse(
                checks=[check_to_pb(each, self._readers.title_of(each.partner)) for each in shown],
                next_page_token=page.token(shown[-1].receipt_id.hex, more=len(found) > page.size)
                if shown
                else "",
            )


def _before(page: Page) -> UUID:
    """Where the page begins: the id of the last receipt shown, or the newest of all."""
    try:
        return UUID(str(page.after[0])) if page.after else LAST
    except ValueError:
        raise InvalidRequest(
            FieldViolation("page_token", "is not of this query", "翻页标记与查询条件不符")
        ) from None
