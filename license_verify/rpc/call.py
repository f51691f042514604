"""The call that the current thread serves."""

import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from license_verify.rpc.identity import Certificate, Workload

REQUEST_ID: Final = "x-request-id"
"""Metadata key; a UUID, made by the client or the first service, passed on to the next."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the interceptor knows it."""

    method: str
    """As `/yizhao.verify.v1.VerifyService/Verify`."""
    request_id: UUID
    caller: Workload | None
    """None only for health and reflection asked by a certificate of no known workload."""
    deadline: float | None
    """By `time.monotonic()`; None where the client set none."""
    certificate: Certificate | None = None
    """That the caller showed; None where `caller` is None, and in work that belongs to no call."""

    def remaining_seconds(self) -> float | None:
        """Time left to answer; None where the client set no deadline."""
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())


CURRENT: Final[ContextVar[Call]] = ContextVar("yizhao_call")
"""Set by the server interceptor, and by whoever starts work that belongs to no call."""


def current_call() -> Call:
    """The call being served.

    Raises:
        LookupError: outside a call.
    """
    return CURRENT.get()


def current_caller() -> Workload:
    """The workload that calls.

    Raises:
        LookupError: outside a call, or in a call that needs no identity.
    """
    caller = CURRENT.get().caller
    if caller is None:
        raise LookupError("this call has no identified caller")
    return caller


def current_request_id() -> UUID:
    """The id of the call being served, else a new one: what an outgoing call should carry."""
    call = CURRENT.get(None)
    return call.request_id if call is not None else uuid4()


def parse_request_id(text: str) -> UUID | None:
    """Read a UUID in its one canonical form; None for anything else."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None
