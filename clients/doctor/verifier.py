"""The verifying service's data: kept bundle, what it has seen, and what the registry gives it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import grpc

from clients.doctor.finding import Finding, fail, not_applicable, ok, warn
from clients.doctor.subject import ServiceKnown, Subject
from license_verify import Anchor, Bundle, Trust
from license_verify.lists.errors import Rollback
from license_verify.policy import DEFAULT, POLICIES
from license_verify.refusal import Refusal
from license_verify.rpc.client import open_channel
from license_verify.rpc.tls import TlsFiles
from license_verify.server.roots import read_roots
from license_verify.server.store import BundleStore
from yizhao.registry.v1 import publication_service_pb2 as pb
from yizhao.registry.v1.publication_service_pb2_grpc import PublicationServiceStub

_SECONDS: Final = 2.0
_STRICTEST: Final = min(policy.max_age for policy in POLICIES.values())
RECOVER: Final = "yizhao recover"


def kept(subject: Subject) -> Iterator[Finding]:
    """The bundle on disk: whether it is believed, and how old it is."""
    verify, cache = subject.verify, _cache(subject)
    if verify is None or cache is None:
        yield not_applicable("CACHE", "此处没有核验服务", "no verifying service is set up here")
        return
    looked_at = str(cache)
    try:
        store = BundleStore(cache, writes=False)
        seen, content = store.highest_seen(), store.bundle()
        if content is None:
            yield warn(
                looked_at,
                "尚未取得任何数据，核验结果均为无法确定",
                "it never got a bundle: every verdict is INDETERMINATE",
                verify.start,
            )
            return
        trust = Trust.from_bundle(Bundle.decode(content), _anchor(verify), seen)
    except (Refusal, OSError, ValueError) as error:
        yield _disbelieved(verify, looked_at, error)
        return
    yield _aged(subject, verify, looked_at, trust)


def _disbelieved(verify: ServiceKnown, looked_at: str, error: Exception) -> Finding:
    reason = error.reason if isinstance(error, Refusal) else type(error).__name__
    return fail(
        looked_at,
        f"本机保存的数据不被信任（{reason}）",
        f"what is kept on disk is not believed: {reason}; a new bundle from the registry takes its"
        " place",
        verify.start,
    )


def _aged(subject: Subject, verify: ServiceKnown, looked_at: str, trust: Trust) -> Finding:
    age = subject.now() - trust.highest_seen.issued_at
    minutes = age.total_seconds() / 60
    if age <= _STRICTEST:
        return ok(looked_at, f"数据 {minutes:.0f} 分钟前", f"data of {minutes:.0f} minutes ago")
    tell = fail if age > DEFAULT.max_age else warn
    return tell(
        looked_at,
        f"数据已是 {minutes:.0f} 分钟前的，部分或全部核验无法确定",
        f"data of {minutes:.0f} minutes ago: purposes that allow less are INDETERMINATE"
        f" ({_STRICTEST.total_seconds() / 60:.0f} minutes is the strictest); the registry is away,"
        " or the verifier does not run",
        verify.start,
    )


def published(subject: Subject) -> Iterator[Finding]:
    """What the registry gives out now: whether it can be had, and is not older than seen before."""
    verify, cache = subject.verify, _cache(subject)
    if verify is None or cache is None or not verify.text("REGISTRY"):
        yield not_applicable("REGISTRY", "此处没有核验服务", "no verifying service is set up here")
        return
    looked_at = verify.text("REGISTRY")
    try:
        seen = BundleStore(cache, writes=False).highest_seen()
        anchor = _anchor(verify)
        content = _asked(verify)
        Trust.from_bundle(Bundle.decode(content), anchor, seen)
    except grpc.RpcError as error:
        yield _away(subject, error)
    except Rollback:
        yield _rolled_back(looked_at)
    except Refusal as error:
        yield fail(
            looked_at,
            f"登记端发布的数据被拒绝（{error.reason}）",
            f"the verifier refuses what the registry publishes: {error.reason}; is ROOT the"
            " registry's root.pub.pem, and ENVIRONMENT the same?",
            verify.start,
        )
    except (OSError, ValueError) as error:
        yield not_applicable(
            looked_at,
            "证书或根密钥无法读取，未询问",
            f"not asked: a file can't be read ({type(error).__name__})",
        )
    else:
        yield ok(looked_at, "可取得数据且可信", "gives a bundle that is believed")


def rollback(subject: Subject) -> Iterator[Finding]:
    """The register's own number beside the newest that this machine's verifier saw."""
    seen, database = subject.seen, subject.database
    if seen is None or database is None or database.manifest is None:
        yield not_applicable("manifest", "无可比对", "nothing to compare here")
        return
    seq, issued_at = database.manifest
    if seq < seen.seq or issued_at < seen.issued_at - timedelta(seconds=1):
        yield _rolled_back("manifest")
    else:
        yield ok("manifest", f"第 {seq} 号", f"number {seq}, no lower than what was seen")


def _rolled_back(looked_at: str) -> Finding:
    return fail(
        looked_at,
        "登记端发布的数据比核验端见过的更旧：数据库可能是从备份恢复的",
        "the registry publishes what is older than what the verifier has seen (ROLLBACK): its"
        " database was restored from a backup; jump past what was published before serving",
        RECOVER,
    )


def _cache(subject: Subject) -> Path | None:
    return subject.verify.path("CACHE") if subject.verify else None


def _anchor(verify: ServiceKnown) -> Anchor:
    root = verify.path("ROOT")
    if root is None:
        raise ValueError("no ROOT")
    return Anchor(read_roots(root), verify.text("ENVIRONMENT"))


def _asked(verify: ServiceKnown) -> bytes:
    certificate, key, root = (verify.path(n) for n in ("TLS_CERT", "TLS_KEY", "SERVICES_CA"))
    if certificate is None or key is None or root is None:
        raise ValueError("no certificate")
    tls = TlsFiles.load(certificate, key, [root])
    with open_channel(verify.text("REGISTRY"), tls) as channel:
        stub: Any = PublicationServiceStub(channel)
        answer: pb.GetBundleResponse = stub.GetBundle(pb.GetBundleRequest(), timeout=_SECONDS)
    return answer.content


def _away(subject: Subject, error: grpc.RpcError) -> Finding:
    verify = subject.services["verify"]
    looked_at = verify.text("REGISTRY")
    code = error.code() if isinstance(error, grpc.Call) else grpc.StatusCode.UNKNOWN
    details = (error.details() or "") if isinstance(error, grpc.Call) else ""
    if code is grpc.StatusCode.UNAUTHENTICATED:
        return fail(
            looked_at,
            "登记端不认识核验端的证书：信任域或 CA 不符",
            "the registry does not know the verifier's certificate: another trust domain, or not"
            " from its SERVICES_CA",
            verify.start,
        )
    if "handshake" in details.lower() or "certificate" in details.lower():
        return fail(
            looked_at,
            "TLS 握手失败：证书或 CA 不匹配，或已到期",
            "the TLS handshake failed: one side does not trust the other's certificate",
            verify.start,
        )
    registry = subject.registry
    down = registry.start if registry else "yizhao registry serve"
    stopped = subject.running is not None and "registry" not in subject.running.processes
    return warn(
        looked_at,
        f"登记端无法连接（{code.name}），核验使用已保存的数据",
        f"the registry does not answer ({code.name}); verdicts go on with the data kept",
        "yizhao registry start" if stopped else down,
    )
