"""What a service told when it refused, as an exception that reads well."""

from typing import Final

import grpc

from license_verify.refusal import FieldViolation
from license_verify.rpc.errors import RpcFailure, from_rpc_error

_BROKEN: Final = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}


SERVICES_ZH: Final = {"the registry": "登记服务", "the verifying service": "核验服务"}


class Unreachable(Exception):
    """The service gave no answer: it is down, elsewhere, or would not finish the TLS handshake."""

    def __init__(self, service: str, detail: str, *, begun: bool = False) -> None:
        super().__init__(f"{service} is unreachable: {detail}")
        self.service = service
        self.detail = detail
        self.begun = begun
        """Whether the service had begun to answer when the connection broke."""

    @property
    def zh(self) -> str:
        """The Chinese sentence."""
        return f"无法连接{SERVICES_ZH.get(self.service, '服务')}，请稍后重试"


class ServiceError(Exception):
    """A refusal by a service; `str()` is its English sentence."""

    def __init__(self, failure: RpcFailure) -> None:
        super().__init__(failure.message or failure.code.name)
        self.failure = failure

    @property
    def code(self) -> str:
        """gRPC status name, as `PERMISSION_DENIED`."""
        return self.failure.code.name

    @property
    def reason(self) -> str:
        """Short code of the API, as `NOT_YOUR_UNIT`; empty for a bug of the service."""
        return self.failure.reason

    @property
    def zh(self) -> str:
        """The Chinese sentence, or empty."""
        return self.failure.zh

    @property
    def metadata(self) -> dict[str, str]:
        """Every value that stands in the sentences, by name."""
        return dict(self.failure.metadata)

    @property
    def fields(self) -> tuple[FieldViolation, ...]:
        """The fields of the request that were wrong."""
        return self.failure.fields

    @property
    def owner(self) -> str:
        """Name of the unit that owns the thing, where the refusal says so."""
        return self.metadata.get("owner_name") or self.metadata.get("owner", "")

    @property
    def request_id(self) -> str:
        """What the services logged for this call."""
        return self.failure.request_id

    @property
    def retry_after_seconds(self) -> float | None:
        """After how long the service will take the call, where it said so."""
        after = self.failure.retry_after
        return None if after is None else after.total_seconds()


def readable(error: grpc.RpcError, service: str) -> ServiceError | Unreachable:
    """Turn a failed call into what the caller can read.

    A service of ours that answers says why in its details; without them `UNAVAILABLE` is gRPC's
    own word for a peer that was not reached.
    """
    failure = from_rpc_error(error)
    if failure.code in _BROKEN and not failure.reason:
        begun = bool(failure.began)
        return Unreachable(service, failure.message or failure.code.name, begun=begun)
    return ServiceError(failure)
