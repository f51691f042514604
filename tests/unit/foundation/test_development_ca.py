"""Certificates of the development CA, and what gRPC reads from them."""

import ssl
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from cryptography import x509

from clients.development.ca import Credential, DevelopmentCa, Kind
from license_verify.rpc.settings import DEVELOPMENT_ORGANIZATION

NOW = datetime.now(UTC).replace(microsecond=0)


def a_ca(instance: Path, now: datetime = NOW) -> DevelopmentCa:
    return DevelopmentCa(instance, now=lambda: now)


def certificate(credential: Credential) -> x509.Certificate:
    return x509.load_pem_x509_certificate(credential.cert.read_bytes())


def uris(credential: Credential) -> list[str]:
    extension = certificate(credential).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    return extension.value.get_values_for_type(x509.UniformResourceIdentifier)


@pytest.mark.parametrize("kind", ["staff", "console", "partner", "service"])
def test_a_workload_has_exactly_one_uri_name(tmp_path: Path, kind: Kind) -> None:
    credential = a_ca(tmp_path).issue(kind, "0101")
    assert uris(credential) == [f"spiffe://jining.yizhao.test/{kind}/0101"]
    assert credential.spiffe_id == uris(credential)[0]


def test_the_page_names_hosts_and_no_workload(tmp_path: Path) -> None:
    credential = a_ca(tmp_path).issue("page", "localhost")
    assert uris(credential) == []
    assert credential.spiffe_id is None
    ssl.create_default_context(cafile=str(credential.ca))


def test_every_certificate_says_that_it_is_for_development(tmp_path: Path) -> None:
    issuer = certificate(a_ca(tmp_path).issue("staff", "0101")).issuer
    assert (
        issuer.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)[0].value
        == DEVELOPMENT_ORGANIZATION
    )


def test_officials_partners_and_services_have_roots_of_their_own(tmp_path: Path) -> None:
    ca = a_ca(tmp_path)
    kinds: list[Kind] = ["staff", "partner", "service", "page"]
    issuers = {certificate(ca.issue(kind, "a")).issuer for kind in kinds}
    assert len(issuers) == 4


def test_files_are_private(tmp_path: Path) -> None:
    credential = a_ca(tmp_path).issue("staff", "0101")
    assert credential.cert.parent == tmp_path / "certs" / "staff-0101"
    for folder in ("ca", "certs"):
        for path in (tmp_path / folder).rglob("*.pem"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_certificate_is_kept_until_a_third_of_its_life_is_left(tmp_path: Path) -> None:
    first = a_ca(tmp_path).issue("staff", "0101")
    before = (first.cert.read_bytes(), first.key.read_bytes())
    a_ca(tmp_path, NOW + timedelta(hours=15)).issue("staff", "0101")
    assert first.cert.read_bytes() == before[0]
    renewed = a_ca(tmp_path, NOW + timedelta(hours=17)).issue("staff", "0101")
    assert renewed.expires_at == NOW + timedelta(hours=17 + 24)
    assert renewed.key.read_bytes() == before[1]


def test_an_expired_root_is_named(tmp_path: Path) -> None:
    a_ca(tmp_path).issue("staff", "0101")
    with pytest.raises(ValueError, match=r"officials has expired"):
        a_ca(tmp_path, NOW + timedelta(days=6 * 365)).issue("staff", "0101")


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "济宁", "a b", "x" * 65, "a\n"])
def test_a_name_that_cannot_be_in_an_identity_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="can't name a staff"):
        a_ca(tmp_path).issue("staff", name)
    assert not (tmp_path / "certs").exists()


def peer(_: bytes, context: grpc.ServicerContext) -> bytes:
    names = context.auth_context()["peer_spiffe_id"]
    return b",".join(bytes(name) for name in names)


@contextmanager
def a_server(credential: Credential) -> Iterator[int]:
    """A TLS server that wants client certificates and answers with the caller's identity."""
    handler = grpc.method_handlers_generic_handler(
        "test.Peer", {"Name": grpc.unary_unary_rpc_method_handler(peer)}
    )
    server = grpc.server(ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((handler,))
    pair = (credential.key.read_bytes(), credential.cert.read_bytes())
    tls = grpc.ssl_server_credentials([pair], credential.ca.read_bytes(), True)
    port = server.add_secure_port("127.0.0.1:0", tls)
    server.start()
    try:
        yield port
    finally:
        server.stop(None).wait()


def ask(port: int, credential: Credential) -> str:
    tls = grpc.ssl_channel_credentials(
        credential.ca.read_bytes(), credential.key.read_bytes(), credential.cert.read_bytes()
    )
    with grpc.secure_channel(f"127.0.0.1:{port}", tls) as channel:
        call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary("/test.Peer/Name")
        return call(b"", timeout=60).decode()


@pytest.mark.parametrize("kind", ["staff", "console", "partner", "service"])
def test_grpc_reads_the_callers_spiffe_id(tmp_path: Path, kind: Kind) -> None:
    ca = a_ca(tmp_path)
    with a_server(ca.issue("service", "registry")) as port:
        assert ask(port, ca.issue(kind, "0101")) == f"spiffe://jining.yizhao.test/{kind}/0101"


def test_a_certificate_of_another_instance_is_refused(tmp_path: Path) -> None:
    ours, other = a_ca(tmp_path / "ours"), a_ca(tmp_path / "other")
    stranger = other.issue("staff", "0101")
    stranger.ca.write_bytes(ours.roots("services"))
    with (
        a_server(ours.issue("service", "registry")) as port,
        pytest.raises(grpc.RpcError) as refused,
    ):
        ask(port, stranger)
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


def test_the_page_certificate_serves_a_browser(tmp_path: Path) -> None:
    credential = a_ca(tmp_path).issue("page", "localhost")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(credential.cert, credential.key)
    client = ssl.create_default_context(cafile=str(credential.ca))
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server, server_hostname="localhost"),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    for _ in range(4):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert ends[0].version() == "TLSv1.3"
