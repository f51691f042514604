"""One development certification authority: its key, its certificate, what it signs."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from clients.development.files import private_folder, write_private
from license_verify.rpc.settings import DEVELOPMENT_ORGANIZATION

_CA_LIFE: Final = timedelta(days=5 * 365)
_CLOCK_SKEW: Final = timedelta(minutes=5)

_NETWORKS: Final = ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128")


@dataclass(frozen=True, slots=True)
class Authority:
    """A self-signed root on P-256."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def open(
        cls, folder: Path, name: str, permitted: Sequence[x509.GeneralName], now: datetime
    ) -> Self:
        """Load the authority of `folder`, or make it there; the caller holds the lock.

        A new one may certify names below `permitted` alone (RFC 5280 §4.2.1.10).

        Raises:
            ValueError: its files are damaged, or the root has expired.
        """
        cert, key = folder / "cert.pem", folder / "key.pem"
        if not cert.exists():
            private_folder(folder)
            made = cls._make(name, permitted, now)
            write_private(key, key_pem(made.key))
            write_private(cert, made.pem)  # last, so that its presence says both are there
            return made
        found = cls(x509.load_pem_x509_certificate(cert.read_bytes()), load_key(key))
        if found.certificate.not_valid_after_utc <= now:
            raise ValueError(
                f"the development CA {folder} has expired: remove it to make a new one"
            )
        return found

    @property
    def pem(self) -> bytes:
        """The root certificate, as peers pin it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def sign(
        self,
        public_key: ec.EllipticCurvePublicKey,
        common_name: str,
        names: Sequence[x509.GeneralName],
        *,
        now: datetime,
        life: timedelta,
    ) -> bytes:
        """Sign a leaf for TLS, both as client and as server; returns PEM."""
        usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        end = min(now + life, self.certificate.not_valid_after_utc)
        builder = _builder(_name(common_name), self.certificate.subject, public_key, now, end)
        signed = (
            builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
            .sign(self.key, hashes.SHA256())
        )
        return signed.public_bytes(serialization.Encoding.PEM)

    @classmethod
    def _make(cls, name: str, permitted: Sequence[x509.GeneralName], now: datetime) -> Self:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(name)
        certificate = (
            _builder(subject, subject, key.public_key(), now, now + _CA_LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(signs_certificates=True), critical=True)
            .add_extension(x509.NameConstraints(list(permitted), None), critical=True)
            .sign(key, hashes.SHA256())
        )
        return cls(certificate, key)


def workload_names(trust_domain: str) -> list[x509.GeneralName]:
    """What the roots of workloads may certify; gRPC's TLS library knows no limits on addresses."""
    return [x509.UniformResourceIdentifier(trust_domain), x509.DNSName("localhost")]


def page_names() -> list[x509.GeneralName]:
    """What the page's root may certify: this machine and private networks.

    Somebody will import it into a browser or a phone; it must never speak for another site.
    """
    networks = (ipaddress.ip_network(network) for network in _NETWORKS)
    return [x509.DNSName("localhost"), *(x509.IPAddress(network) for network in networks)]


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The private key as unencrypted PKCS #8 PEM, which gRPC and uvicorn read."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Read a P-256 private key.

    Raises:
        ValueError: the file holds something else.
    """
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path} holds no EC key: remove its folder")  # noqa: TRY004 - damaged file
    return key


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, DEVELOPMENT_ORGANIZATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    now: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
