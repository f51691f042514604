"""Mutually authenticated channels, with retries of what may be repeated."""

import json
from collections.abc import Sequence
from typing import Final

import grpc

from license_verify.rpc.tls import TlsFiles

IMPORT_MEGABYTES: Final = 64
"""Bound on one message either way; a bundle of a city is a few megabytes."""

_RETRY: Final = {
    "maxAttempts": 4,
    "initialBackoff": "0.1s",
    "maxBackoff": "1s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"],
}
_ADMIN: Final = (
    "ListUnits",
    "PutUnit",
    "ListStaff",
    "PutStaff",
    "CreateReviewPolicy",
    "ConfirmReviewPolicy",
    "ListReviewPolicies",
    "BarPerson",
    "ConfirmAct",
    "ListPendingActs",
    "ListAccess",
)
_REPEATABLE: Final = (
    {"service": "yizhao.registry.v1.EntityService"},
    {"service": "yizhao.registry.v1.ApplicationService"},
    {"service": "yizhao.registry.v1.PremisesService"},
    {"service": "yizhao.registry.v1.LicenseService"},
    {"service": "yizhao.registry.v1.PublicationService"},
    *({"service": "yizhao.registry.v1.AdminService", "method": name} for name in _ADMIN),
    {"service": "yizhao.verify.v1.VerifyService"},
)
"""Reads, and acts that carry a `request_id`. A broken import is sent again by its caller."""


def service_config(repeatable: Sequence[dict[str, str]] = _REPEATABLE) -> str:
    """The gRPC service config: which methods are sent again when the server was not reached."""
    return json.dumps({"methodConfig": [{"name": list(repeatable), "retryPolicy": _RETRY}]})


def open_channel(address: str, identity: TlsFiles, *, retries: bool = True) -> grpc.Channel:
    """Open a channel to `host:port` that shows our certificate and believes `identity.roots`.

    Nothing is sent until the first call. Without `retries` every failure reaches the caller, who
    tries again: with them, gRPC 1.85 now and then loses the end of a stream whose server died, and
    the reader waits for ever.
    """
    return grpc.secure_channel(
        address,
        identity.channel_credentials(),
        options=(
            ("grpc.service_config", service_config()),
            ("grpc.enable_retries", int(retries)),
            # A server that comes back is found again within seconds; gRPC's own bound is minutes.
            ("grpc.min_reconnect_backoff_ms", 200),
            ("grpc.initial_reconnect_backoff_ms", 200),
            ("grpc.max_reconnect_backoff_ms", 5_000),
            ("grpc.max_receive_message_length", IMPORT_MEGABYTES << 20),
            ("grpc.max_send_message_length", IMPORT_MEGABYTES << 20),
        ),
    )
