"""A refusal to the wire and back (google.rpc error details)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Self, cast

import grpc
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from license_verify.refusal import FieldViolation, Kind, Refusal
from license_verify.rpc.call import REQUEST_ID

DOMAIN: Final = "yizhao"
CHINESE: Final = "zh-CN"

CODES: Final[Mapping[Kind, grpc.StatusCode]] = {
    Kind.INVALID: grpc.StatusCode.INVALID_ARGUMENT,
    Kind.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    Kind.EXISTS: grpc.StatusCode.ALREADY_EXISTS,
    Kind.STALE: grpc.StatusCode.ABORTED,
    Kind.BLOCKED: grpc.StatusCode.FAILED_PRECONDITION,
    Kind.DENIED: grpc.StatusCode.PERMISSION_DENIED,
    Kind.UNAUTHENTICATED: grpc.StatusCode.UNAUTHENTICATED,
    Kind.EXHAUSTED: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Kind.UNAVAILABLE: grpc.StatusCode.UNAVAILABLE,
    Kind.OUT_OF_RANGE: grpc.StatusCode.OUT_OF_RANGE,
    Kind.TOO_LARGE: grpc.StatusCode.RESOURCE_EXHAUSTED,
}

_Failed = grpc.Call | grpc.aio.AioRpcError
"""A failed call, of the blocking interface or of asyncio's."""

# Details travel in trailing metadata, which HTTP/2 peers bound, by default at 8 kB for gRPC.
_VALUE_LIMIT: Final = 400
_FIELDS_LIMIT: Final = 20


def to_status(error: Refusal) -> status_pb2.Status:
    """Write a refusal as google.rpc.Status; over-long values are cut, not refused."""
    status = status_pb2.Status(code=CODES[error.kind].value[0], message=_cut(str(error)))
    _add(
        status,
        error_details_pb2.ErrorInfo(
            reason=error.reason,
            domain=DOMAIN,
            metadata={key: _cut(value) for key, value in error.metadata.items()},
        ),
    )
    if error.fields:
        _add(status, _bad_request(error.fields[:_FIELDS_LIMIT]))
    if error.retry_after is not None:
        _add(status, _retry_info(error.retry_after))
    if error.quota_of:
        _add(status, _quota_failure(error))
    if error.zh:
        _add(status, error_details_pb2.LocalizedMessage(locale=CHINESE, message=_cut(error.zh)))
    return status


@dataclass(frozen=True, slots=True)
class RefusedStatus(grpc.Status):
    """What `abort_with_status` takes; it replaces metadata set before, so it brings all of it."""

    code: grpc.StatusCode
    details: str
    trailing_metadata: tuple[tuple[str, str | bytes], ...]

    @classmethod
    def of(cls, error: Refusal, metadata: tuple[tuple[str, str | bytes], ...]) -> Self:
        """Write a refusal, its details beside `metadata`."""
        status = rpc_status.to_status(to_status(error))
        return cls(CODES[error.kind], status.details, (*metadata, *status.trailing_metadata))


@dataclass(frozen=True, slots=True)
class RpcFailure:
    """What a server said when it refused, as a client reads it."""

    code: grpc.StatusCode
    message: str
    """English; empty if the server told none."""
    reason: str = ""
    """Of ErrorInfo; empty where another party (a proxy, gRPC itself) refused."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[FieldViolation, ...] = ()
    zh: str = ""
    request_id: str = ""
    retry_after: timedelta | None = None
    """Of RetryInfo: before that the same call is refused again; None: nothing was told of it."""
    began: bool = field(default=False, compare=False)
    """Whether the server had begun to answer, after which gRPC does not send a call again."""


def from_rpc_error(error: grpc.RpcError) -> RpcFailure:
    """Read what a failed call brought back; never raises for a strange server."""
    if not isinstance(error, _Failed):
        return RpcFailure(grpc.StatusCode.UNKNOWN, type(error).__name__)
    info, request, localized, retry = (
        error_details_pb2.ErrorInfo(),
        error_details_pb2.BadRequest(),
        error_details_pb2.LocalizedMessage(),
        error_details_pb2.RetryInfo(),
    )
    for detail in _details(error):
        for known in (info, request, localized, retry):
            if detail.Is(known.DESCRIPTOR):
                detail.Unpack(known)
    ours = info.domain == DOMAIN
    return RpcFailure(
        code=error.code(),
        message=error.details() or "",
        reason=info.reason if ours else "",
        metadata=dict(info.metadata) if ours else {},
        fields=tuple(
            FieldViolation(each.field, each.description, each.localized_message.message)
            for each in request.field_violations
        ),
        zh=localized.message if localized.locale == CHINESE else "",
        request_id=_request_id(error),
        retry_after=retry.retry_delay.ToTimedelta() if retry.HasField("retry_delay") else None,
        began=bool(error.initial_metadata()),
    )


def _details(error: _Failed) -> Sequence[Any]:
    try:
        status = rpc_status.from_call(cast("grpc.Call", error))  # asks both the same questions
    except ValueError:  # the details disagree with the code: not from a server of ours
        return ()
    return status.details if status is not None else ()


def _request_id(error: _Failed) -> str:
    for key, value in error.trailing_metadata() or ():
        if key == REQUEST_ID and isinstance(value, str):
            return value
    return ""


def _retry_info(after: timedelta) -> error_details_pb2.RetryInfo:
    written = error_details_pb2.RetryInfo()
    written.retry_delay.FromTimedelta(after)
    return written


def _quota_failure(error: Refusal) -> error_details_pb2.QuotaFailure:
    """Whose quota it is that is used up (AIP-193)."""
    subject, description = _cut(error.quota_of), _cut(str(error))
    violation = error_details_pb2.QuotaFailure.Violation(subject=subject, description=description)
    return error_details_pb2.QuotaFailure(violations=[violation])


def _bad_request(violations: Sequence[FieldViolation]) -> error_details_pb2.BadRequest:
    request = error_details_pb2.BadRequest()
    for violation in violations:
        written = request.field_violations.add(
            field=_cut(violation.field), description=_cut(violation.description)
        )
        if violation.zh:
            written.localized_message.locale = CHINESE
            written.localized_message.message = _cut(violation.zh)
    return request


def _add(status: status_pb2.Status, detail: Message) -> None:
    status.details.add().Pack(detail)


def _cut(text: str) -> str:
    return text if len(text) <= _VALUE_LIMIT else f"{text[: _VALUE_LIMIT - 1]}…"
