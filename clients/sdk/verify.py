"""The verifying service."""

from types import TracebackType
from typing import Self

import grpc
from google.type.date_pb2 import Date

from clients.sdk.caller import Caller
from clients.sdk.channel import open_channel
from license_verify.rpc.tls import TlsFiles
from yizhao.verify.v1 import statement_verdict_pb2, verdict_pb2, verify_service_pb2
from yizhao.verify.v1.verify_service_pb2_grpc import VerifyServiceStub


class VerifyClient:
    """VerifyService."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float = 10.0) -> None:
        self._channel = channel
        self._stub = VerifyServiceStub(channel)
        self._caller = Caller("the verifying service", timeout_seconds)

    @classmethod
    def open(cls, address: str, identity: TlsFiles, timeout_seconds: float = 10.0) -> Self:
        """Connect to `host:port`; the connection is made at the first call."""
        return cls(open_channel(address, identity), timeout_seconds)

    def verify(
        self,
        subject: verify_service_pb2.Subject,
        *,
        claims: verify_service_pb2.Claims | None = None,
        purpose: str = "",
        item_code: str = "",
        case_number: str = "",
        operator_reference: str = "",
        as_of_date: Date | None = None,
    ) -> verdict_pb2.Verdict:
        """Check a scan, or look up a typed code. A bad scan is a verdict, not an error."""
        request = verify_service_pb2.VerifyRequest(
            subject=subject,
            claims=claims,
            purpose=purpose,
            item_code=item_code,
            case_number=case_number,
            operator_reference=operator_reference,
            as_of_date=as_of_date,
        )
        return self._caller.call(self._stub.Verify, request)

    def verify_scan(self, scan: str, purpose: str = "") -> verdict_pb2.Verdict:
        """Check what a scanner read, whole."""
        return self.verify(verify_service_pb2.Subject(scan=scan), purpose=purpose)

    def verify_statement(
        self, content: bytes, *, address: str = "", purpose: str = ""
    ) -> statement_verdict_pb2.StatementVerdict:
        """Check a premises statement, and look for an address on it."""
        request = verify_service_pb2.VerifyStatementRequest(
            content=content, address=address, purpose=purpose
        )
        return self._caller.call(self._stub.VerifyStatement, request)

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
