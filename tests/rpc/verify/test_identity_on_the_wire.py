"""Who may call, over real mutual TLS."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from license_verify.rpc.errors import from_rpc_error
from license_verify.rpc.identity import Authority
from license_verify.rpc.server import AddressUnavailable, RpcServer, build_server
from license_verify.rpc.tls import TlsFiles
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.echo import NAME, a_channel, an_echo_server


@pytest.fixture(scope="module")
def server(authorities: Authorities) -> Iterator[RpcServer]:
    with an_echo_server(authorities) as built:
        yield built


def ask(server: RpcServer, tls: TlsFiles, words: str = "hello") -> str:
    with a_channel(server, tls) as channel:
        answer: bytes = channel.unary_unary(f"/{NAME}/One")(words.encode())
    return answer.decode()


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("staff/0101", Authority.OFFICIALS),
        ("console/c1", Authority.OFFICIALS),
        ("partner/icbank", Authority.PARTNERS),
        ("service/verify", Authority.SERVICES),
    ],
)
def test_a_workload_named_by_its_own_authority_is_served(
    server: RpcServer, authorities: Authorities, name: str, by: Authority
) -> None:
    assert ask(server, authorities.client(name, by)).startswith(f"hello from {name} ")


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("staff/0101", Authority.PARTNERS),
        ("staff/0101", Authority.SERVICES),
        ("partner/icbank", Authority.OFFICIALS),
        ("service/verify", Authority.PARTNERS),
    ],
)
def test_no_authority_names_workloads_of_another_kind(
    server: RpcServer, authorities: Authorities, name: str, by: Authority
) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        ask(server, authorities.client(name, by))
    failure = from_rpc_error(refused.value)
    assert (failure.code, failure.reason) == (
        grpc.StatusCode.UNAUTHENTICATED,
        "IDENTITY_UNKNOWN",
    )
    assert "authority" in failure.message
    assert failure.zh == "客户端证书的身份无法识别"


@pytest.mark.parametrize(
    "uris",
    [
        [],
        ["https://jining.yizhao.test/staff/0101"],
        ["spiffe://other.test/staff/0101"],
        ["spiffe://jining.yizhao.test/staff/0101/more"],
        ["spiffe://jining.yizhao.test/root/0101"],
        ["spiffe://jining.yizhao.test/staff/0101", "spiffe://jining.yizhao.test/staff/0102"],
    ],
)
def test_a_certificate_without_exactly_one_id_of_ours_is_refused(
    server: RpcServer, authorities: Authorities, uris: list[str]
) -> None:
    tls = authorities.of[Authority.OFFICIALS].issue(
        uris, roots=authorities.of[Authority.SERVICES].pem
    )
    with pytest.raises(grpc.RpcError) as refused:
        ask(server, tls)
    assert from_rpc_error(refused.value).reason == "IDENTITY_UNKNOWN"


def test_health_is_answered_to_any_certificate_of_ours(
    server: RpcServer, authorities: Authorities
) -> None:
    with a_channel(server, authorities.client("staff/0101", Authority.PARTNERS)) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        answer = stub.Check(health_pb2.HealthCheckRequest(service=NAME))
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_an_expired_certificate_gets_no_connection(
    server: RpcServer, authorities: Authorities
) -> None:
    tls = authorities.client("staff/0101", Authority.OFFICIALS, life=timedelta(days=-1))
    with pytest.raises(grpc.RpcError) as refused:
        ask(server, tls)
    assert from_rpc_error(refused.value).code is grpc.StatusCode.UNAVAILABLE


def test_a_certificate_of_a_foreign_authority_gets_no_connection(
    server: RpcServer, authorities: Authorities
) -> None:
    stranger = Authorities.make().client("staff/0101", Authority.OFFICIALS)
    tls = TlsFiles(stranger.certificate, stranger.key, authorities.of[Authority.SERVICES].pem)
    with pytest.raises(grpc.RpcError) as refused:
        ask(server, tls)
    assert from_rpc_error(refused.value).code is grpc.StatusCode.UNAVAILABLE


def test_without_a_certificate_there_is_no_connection(
    server: RpcServer, authorities: Authorities
) -> None:
    credentials = grpc.ssl_channel_credentials(authorities.of[Authority.SERVICES].pem)
    channel: Any = grpc.secure_channel(server.address, credentials)
    with channel, pytest.raises(grpc.RpcError) as refused:
        channel.unary_unary(f"/{NAME}/One")(b"hello", timeout=30)
    assert from_rpc_error(refused.value).code is grpc.StatusCode.UNAVAILABLE


def test_a_second_server_on_the_same_port_is_refused(
    server: RpcServer, authorities: Authorities
) -> None:
    with pytest.raises(AddressUnavailable, match="in use"):
        build_server(
            address=server.address,
            tls=authorities.server(),
            identities=authorities.identities(),
            services={},
            workers=1,
        )
