"""The certificates of `yizhao up` open the services, each for its own kind of workload."""

from datetime import UTC, datetime
from pathlib import Path

import grpc
import pytest

from clients.development.ca import Credential, DevelopmentCa, Kind
from license_verify.rpc.errors import from_rpc_error
from license_verify.rpc.identity import Authority, Identities
from license_verify.rpc.server import build_server
from license_verify.rpc.tls import TlsFiles
from tests.rpc.verify.echo import NAME, a_channel, echo_handlers


def now() -> datetime:
    return datetime.now(UTC)


def tls(credential: Credential) -> TlsFiles:
    return TlsFiles.load(credential.cert, credential.key, [credential.ca])


@pytest.mark.parametrize(
    ("kind", "name"),
    [("staff", "0101"), ("console", "c1"), ("partner", "icbank"), ("service", "verify")],
)
def test_each_kind_of_development_workload_is_known_by_its_name(
    tmp_path: Path, kind: Kind, name: str
) -> None:
    authority = DevelopmentCa(tmp_path, now=now)
    server = build_server(
        address="127.0.0.1:0",
        tls=tls(authority.issue("service", "registry")),
        identities=_identities(authority, tmp_path),
        services={NAME: echo_handlers},
        workers=2,
    )
    server.start()
    try:
        with a_channel(server, tls(authority.issue(kind, name))) as channel:
            answer = channel.unary_unary(f"/{NAME}/One")(b"hello")
            assert answer.decode().startswith(f"hello from {kind}/{name} ")
        stranger = DevelopmentCa(tmp_path / "other", now=now).issue(kind, name)
        foreign = TlsFiles.load(
            stranger.cert, stranger.key, [authority.issue("service", "registry").ca]
        )
        with a_channel(server, foreign) as channel, pytest.raises(grpc.RpcError) as refused:
            channel.unary_unary(f"/{NAME}/One")(b"hello")
        assert from_rpc_error(refused.value).code is grpc.StatusCode.UNAVAILABLE
    finally:
        server.drain(0)


def _identities(authority: DevelopmentCa, folder: Path) -> Identities:
    authority.roots("officials", "partners", "services")
    paths = {each: folder / "ca" / each.value / "cert.pem" for each in Authority}
    return Identities.load("jining.yizhao.test", paths, now)
