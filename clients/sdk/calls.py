"""What the blocking and the asyncio client of the verifying service share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypedDict, Unpack

from google.type.date_pb2 import Date

from clients.sdk.addresses import target_of
from clients.sdk.identity_files import IdentityFiles
from license_verify.rpc.tls import TlsFiles
from yizhao.verify.v1 import verify_service_pb2

SERVICE: Final = "the verifying service"
BATCH_SECONDS: Final = 60.0
"""For one call of a batch, with its retries."""
STREAM_SECONDS: Final = 3_600.0
"""For a whole stream, with all its connections."""
PARALLEL: Final = 4
"""Calls of a batch at a time."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a client calls."""

    timeout_seconds: float = 10.0
    """For a call with its retries, where the call says nothing else."""
    connections: int = 1
    """To each node; one carries some hundred calls at a time."""
    server_name: str | None = None
    """Name in the nodes' certificates, where it is not the host that is called. Several addresses
    need it."""
    wait_for_quota: bool = False
    """When a quota is used up, wait once as long as the service says, within the deadline."""


DEFAULTS: Final = Options()


def target_for(addresses: str | Sequence[str], options: Options) -> str:
    """The target of a channel, checked against the options.

    Raises:
        ValueError: no usable address, or several without the name in their certificates.
    """
    target = target_of(addresses)
    if options.server_name is None and not isinstance(addresses, str) and len(addresses) > 1:
        raise ValueError("several addresses need server_name, the name in their certificates")
    return target


class Matter(TypedDict, total=False):
    """What a check is for; receipt and usage keep it."""

    purpose: str
    item_code: str
    case_number: str
    operator_reference: str


class About(Matter, total=False):
    """What else a check may say, as the fields of `VerifyRequest`."""

    claims: verify_service_pb2.Claims | None
    as_of_date: Date | None
    view: verify_service_pb2.VerdictView.ValueType


class AboutStatement(Matter, total=False):
    """What else the check of a premises statement may say, as `VerifyStatementRequest`."""

    address: str


def verify_request(
    subject: verify_service_pb2.Subject, **about: Unpack[About]
) -> verify_service_pb2.VerifyRequest:
    """What is checked, for whom, and what the caller believes; for batches and streams."""
    return verify_service_pb2.VerifyRequest(subject=subject, **about)


def current_of(identity: TlsFiles | IdentityFiles) -> Callable[[], TlsFiles]:
    """What tells the certificate to show now."""
    if isinstance(identity, IdentityFiles):
        return identity.current
    fixed = identity
    return lambda: fixed


def stream_request(
    request: verify_service_pb2.VerifyRequest,
) -> verify_service_pb2.VerifyStreamRequest:
    """A request as a stream sends it."""
    return verify_service_pb2.VerifyStreamRequest(request=request)
