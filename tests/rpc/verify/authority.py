"""Certificate authorities made for a test, able to issue what a real one never should."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from license_verify.rpc.identity import Authority, Identities
from license_verify.rpc.tls import TlsFiles

DOMAIN = "jining.yizhao.test"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class TestAuthority:
    """One authority; `certificate` is its root."""

    __test__ = False

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def make(cls, name: str) -> "TestAuthority":
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = (
            _builder(subject, subject, key.public_key(), timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        return cls(key, certificate)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def issue(
        self, uris: Sequence[str], *, roots: bytes, life: timedelta = _DAY, names: bool = True
    ) -> TlsFiles:
        """A certificate with those URIs and, with `names`, localhost; `life` may be negative."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "workload")])
        others: list[x509.GeneralName] = [x509.UniformResourceIdentifier(uri) for uri in uris]
        if names:
            others += [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
        certificate = (
            _builder(subject, self.certificate.subject, key.public_key(), life)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(others), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        return TlsFiles(
            certificate.public_bytes(serialization.Encoding.PEM),
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
            roots,
        )


@dataclass(frozen=True)
class Authorities:
    """The three authorities of a test system."""

    of: dict[Authority, TestAuthority]

    @classmethod
    def make(cls) -> "Authorities":
        return cls({each: TestAuthority.make(f"test {each.value}") for each in Authority})

    @property
    def all_pem(self) -> bytes:
        return b"".join(each.pem for each in self.of.values())

    def identities(self) -> Identities:
        return Identities(
            DOMAIN,
            {each: [authority.certificate] for each, authority in self.of.items()},
            lambda: datetime.now(UTC),
        )

    def server(self, name: str = "registry") -> TlsFiles:
        """TLS of a server of ours, which accepts clients of all three authorities."""
        return self.of[Authority.SERVICES].issue(
            [f"spiffe://{DOMAIN}/service/{name}"], roots=self.all_pem
        )

    def client(
        self, name: str, by: Authority = Authority.SERVICES, life: timedelta = _DAY
    ) -> TlsFiles:
        """TLS of a client named as `partner/icbank`, which trusts our services."""
        return self.of[by].issue(
            [f"spiffe://{DOMAIN}/{name}"], roots=self.of[Authority.SERVICES].pem, life=life
        )

    def write(self, folder: Path) -> dict[Authority, Path]:
        """Write the three roots as PEM files."""
        paths = {each: folder / f"{each.value}.pem" for each in Authority}
        for each, path in paths.items():
            path.write_bytes(self.of[each].pem)
        return paths


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, life: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 10 * _DAY)
        .not_valid_after(now + life)
    )
