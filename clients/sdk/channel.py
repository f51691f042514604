"""Mutually authenticated channels, with retries of what may be repeated."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import grpc

from license_verify.rpc.client import CONNECT_MS
from license_verify.rpc.tls import TlsFiles

IMPORT_MEGABYTES: Final = 64
"""Bound on one message either way; a bundle of a city is a few megabytes."""

_RETRY: Final = {
    "maxAttempts": 4,
    "initialBackoff": "0.1s",
    "maxBackoff": "1s",
    "backoffMultiplier": 2,
    # A server that ends drops what it had received and not begun, and says CANCELLED.
    "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"],
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
    {"service": "yizhao.verify.v1.PartnerService"},
    {"service": "yizhao.verify.v1.UsageService"},
)
"""Reads, and acts that carry a `request_id`. A broken import is sent again by its caller."""


def service_config(repeatable: Sequence[dict[str, str]] = _REPEATABLE) -> str:
    """The gRPC service config: which methods are sent again when no server had begun them."""
    return json.dumps({"methodConfig": [{"name": list(repeatable), "retryPolicy": _RETRY}]})


_RECONNECT: Final = (
    # A server that comes back is found again within seconds; gRPC's own bound is minutes.
    ("grpc.min_reconnect_backoff_ms", CONNECT_MS),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 5_000),
    ("grpc.max_receive_message_length", IMPORT_MEGABYTES << 20),
    ("grpc.max_send_message_length", IMPORT_MEGABYTES << 20),
)
_VERIFY: Final = "yizhao.verify.v1.VerifyService"
_VERIFY_REPEATABLE: Final = ("Verify", "BatchVerify", "VerifyStatement")
"""A stream that broke off is taken up by the client, which knows what was answered."""
_REPEAT_BYTES: Final = 8 << 20
"""Requests kept for a retry, of all calls of a channel and of one. gRPC's own bound for one is
256 kB, and a batch above it would not be sent again."""


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
            *_RECONNECT,
        ),
    )


def verify_options(server_name: str | None, *, retries: bool) -> tuple[tuple[str, Any], ...]:
    """Options of a channel to the verifying service: calls in turn to each node that is well.

    Args:
        server_name: the name in the nodes' certificates, where it is not the host that is called.
        retries: see `open_channel`.
    """
    options: tuple[tuple[str, Any], ...] = (
        ("grpc.service_config", json.dumps(_VERIFY_CONFIG)),
        ("grpc.service_config_disable_resolution", 1),
        ("grpc.enable_retries", int(retries)),
        ("grpc.per_rpc_retry_buffer_size", _REPEAT_BYTES),
        ("grpc.retry_buffer_size", 4 * _REPEAT_BYTES),
        # Else all channels of a process to one node would share one connection.
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.dns_min_time_between_resolutions_ms", 5_000),
        *_RECONNECT,
    )
    return options if server_name is None else (*options, (_NAME, server_name))


_NAME: Final = "grpc.ssl_target_name_override"
_VERIFY_CONFIG: Final[Mapping[str, Any]] = {
    "loadBalancingConfig": [{"round_robin": {}}],
    # A node that drains says so to its health watchers, and gets no new calls from then on.
    "healthCheckConfig": {"serviceName": _VERIFY},
    "methodConfig": [
        {
            "name": [{"service": _VERIFY, "method": method} for method in _VERIFY_REPEATABLE],
            "retryPolicy": _RETRY,
        }
    ],
}
