"""What a running verifier says of its own health: whether it is ready, and whether it is fresh."""

from collections.abc import Iterator
from typing import Any, Final

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from clients.doctor.finding import Finding, fail, not_applicable, ok, warn
from clients.doctor.subject import ServiceKnown, Subject
from license_verify.rpc.client import open_channel
from license_verify.rpc.tls import TlsFiles

_READY: Final = "yizhao.verify.v1.VerifyService"
_FRESH: Final = f"{_READY}/fresh"
_SECONDS: Final = 2.0
_EVERY_ADDRESS: Final = ("0.0.0.0", "[::]")  # noqa: S104 - what a setting may say


def serving(subject: Subject) -> Iterator[Finding]:
    """Ask the node here, as a load balancer does."""
    verify = subject.verify
    if verify is None or not verify.text("LISTEN"):
        yield not_applicable("LISTEN", "此处没有核验服务", "no verifying service is set up here")
        return
    looked_at = verify.text("LISTEN")
    try:
        ready, fresh = _asked(verify)
    except grpc.RpcError as error:
        code = error.code().name if isinstance(error, grpc.Call) else type(error).__name__
        yield not_applicable(
            looked_at,
            f"核验服务未应答（{code}）",
            f"the verifying service gives no answer ({code})",
        )
    except (OSError, ValueError) as error:
        yield not_applicable(
            looked_at,
            "证书无法读取，未询问",
            f"not asked: a file can't be read ({type(error).__name__})",
        )
    else:
        yield _told(verify, looked_at, ready=ready, fresh=fresh)


def _told(verify: ServiceKnown, looked_at: str, *, ready: bool, fresh: bool) -> Finding:
    if not ready:
        return fail(
            looked_at,
            "核验服务没有数据，或正在停止：不应接收请求",
            "the node has no data, or is about to end: it should get no calls; is the registry"
            " reachable from here?",
            verify.start,
        )
    if not fresh:
        return warn(
            looked_at,
            "核验服务使用的数据已过旧（仍在应答，结果注明数据时间）",
            "the node serves stale data: it answers, and says how old its data is; the registry is"
            " away, or has stopped publishing",
            "yizhao registry serve",
        )
    return ok(looked_at, "就绪，数据新鲜", "ready, with fresh data")


def _asked(verify: ServiceKnown) -> tuple[bool, bool]:
    certificate, key, root = (verify.path(n) for n in ("TLS_CERT", "TLS_KEY", "SERVICES_CA"))
    if certificate is None or key is None or root is None:
        raise ValueError("no certificate")
    host, _, port = verify.text("LISTEN").rpartition(":")
    address = f"{'localhost' if host in _EVERY_ADDRESS else host}:{port}"
    with open_channel(address, TlsFiles.load(certificate, key, [root])) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)

        def says(name: str) -> bool:
            request = health_pb2.HealthCheckRequest(service=name)
            answer = stub.Check(request, timeout=_SECONDS)
            return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

        return says(_READY), says(_FRESH)
