"""Typed clients of the registry and of the verifying service.

Every call has a deadline, carries a request id that both services log, and raises `ServiceError`
with the sentence the service gave, or `Unreachable`. Acts carry a `request_id` made once per
call of a method, so the automatic retries of an act are safe.
"""

from clients.sdk.aio import AsyncVerifyClient
from clients.sdk.batches import BatchIncomplete, FailedChunk
from clients.sdk.calls import About, Options, verify_request
from clients.sdk.channel import open_channel
from clients.sdk.errors import ServiceError, Unreachable
from clients.sdk.identity_files import IdentityFiles
from clients.sdk.partners import PartnerClient
from clients.sdk.registry import RegistryClient
from clients.sdk.usage import UsageClient
from clients.sdk.verify import VerifyClient
from license_verify.rpc.tls import TlsFiles

__all__ = [
    "About",
    "AsyncVerifyClient",
    "BatchIncomplete",
    "FailedChunk",
    "IdentityFiles",
    "Options",
    "PartnerClient",
    "RegistryClient",
    "ServiceError",
    "TlsFiles",
    "Unreachable",
    "UsageClient",
    "VerifyClient",
    "open_channel",
    "verify_request",
]
