"""Usage and receipts at the verifying service."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

import grpc
from google.type.date_pb2 import Date

from clients.sdk.caller import NO_PURPOSE, PAGE_SIZE, Caller, Purpose, every
from clients.sdk.channel import open_channel
from clients.sdk.closing import Closing
from license_verify.rpc.tls import TlsFiles
from yizhao.verify.v1 import receipt_pb2, usage_pb2
from yizhao.verify.v1.usage_service_pb2_grpc import UsageServiceStub


class Usage(NamedTuple):
    """How many checks were answered."""

    whose: str
    """As `partner/icbank`; empty: everybody's, and the page's."""
    rows: tuple[usage_pb2.UsageRow, ...]


class UsageClient(Closing):
    """UsageService: a partner's own, all for the city, a business's checks for its registrar."""

    def __init__(
        self,
        channel: grpc.Channel,
        timeout_seconds: float = 20.0,
        purpose: Purpose = NO_PURPOSE,
    ) -> None:
        self._channel = channel
        self._stub = UsageServiceStub(channel)
        self._caller = Caller("the verifying service", timeout_seconds, purpose)

    @classmethod
    def open(
        cls,
        address: str,
        identity: TlsFiles,
        timeout_seconds: float = 20.0,
        purpose: Purpose = NO_PURPOSE,
    ) -> Self:
        """Connect to `host:port`; the connection is made at the first call."""
        return cls(open_channel(address, identity), timeout_seconds, purpose)

    def usage(
        self,
        by: Sequence[usage_pb2.UsageDimension.ValueType] = (),
        *,
        partner: str = "",
        from_date: Date | None = None,
        to_date: Date | None = None,
    ) -> Usage:
        """How many checks were answered, grouped; this month's where no date is given."""
        whose: set[str] = set()

        def fetch(token: str) -> usage_pb2.QueryUsageResponse:
            request = usage_pb2.QueryUsageRequest(
                partner=partner,
                from_date=from_date,
                to_date=to_date,
                group_by=by,
                page_size=PAGE_SIZE,
                page_token=token,
            )
            answer = self._caller.call(self._stub.QueryUsage, request)
            whose.add(answer.partner)
            return answer

        rows = tuple(every(fetch, lambda page: iter(page.rows)))
        return Usage(whose.pop(), rows)

    def receipt(self, name: str) -> receipt_pb2.Receipt:
        """A receipt again, by the name that the verdict told."""
        request = receipt_pb2.GetReceiptRequest(name=name)
        return self._caller.call(self._stub.GetReceipt, request)

    def receipts(
        self,
        *,
        partner: str = "",
        from_date: Date | None = None,
        to_date: Date | None = None,
        case_number: str = "",
        uscc: str = "",
    ) -> Iterator[receipt_pb2.Receipt]:
        """Receipts, newest first; of a month where no date is given."""

        def fetch(token: str) -> receipt_pb2.ListReceiptsResponse:
            request = receipt_pb2.ListReceiptsRequest(
                partner=partner,
                from_date=from_date,
                to_date=to_date,
                case_number=case_number,
                uscc=uscc,
                page_size=PAGE_SIZE,
                page_token=token,
            )
            return self._caller.call(self._stub.ListReceipts, request)

        return every(fetch, lambda page: iter(page.receipts))

    def checks(
        self, code: str, *, from_date: Date | None = None, to_date: Date | None = None
    ) -> Iterator[receipt_pb2.EntityCheck]:
        """Who checked a business, newest first; of a year where no date is given."""

        def fetch(token: str) -> receipt_pb2.ListEntityChecksResponse:
            request = receipt_pb2.ListEntityChecksRequest(
                parent=f"entities/{code}",
                from_date=from_date,
                to_date=to_date,
                page_size=PAGE_SIZE,
                page_token=token,
            )
            return self._caller.call(self._stub.ListEntityChecks, request)

        return every(fetch, lambda page: iter(page.checks))

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()
