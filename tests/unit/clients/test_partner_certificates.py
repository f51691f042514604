"""A partner's request for a certificate is checked before anything is signed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from clients import exits
from clients.cli.main import main
from clients.development.ca import TRUST_DOMAIN, DevelopmentCa
from clients.development.requests import RequestRefused, partner_request

NAME = f"spiffe://{TRUST_DOMAIN}/partner/icbank"
P256 = ec.generate_private_key(ec.SECP256R1())


def a_request(
    *names: str,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = P256,
    hosts: tuple[str, ...] = (),
) -> bytes:
    alternatives: list[x509.GeneralName] = [x509.UniformResourceIdentifier(name) for name in names]
    alternatives += [x509.DNSName(host) for host in hosts]
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    if alternatives:
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


def test_a_request_becomes_a_certificate_of_that_partner(tmp_path: Path) -> None:
    DevelopmentCa(tmp_path, now=lambda: datetime.now(UTC)).roots("partners")
    (tmp_path / "bank.csr").write_bytes(a_request(NAME))
    out = tmp_path / "bank.pem"
    words = ["partner", "certificate", str(tmp_path / "bank.csr"), "--out", str(out)]
    assert main(["--instance", str(tmp_path), *words]) == exits.DONE
    certificate = x509.load_pem_x509_certificate(out.read_bytes())
    root = x509.load_pem_x509_certificate((tmp_path / "ca/partners/cert.pem").read_bytes())
    certificate.verify_directly_issued_by(root)
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.UniformResourceIdentifier) == [NAME]
    assert certificate.public_key() == P256.public_key()


@pytest.mark.parametrize(
    ("request_pem", "why"),
    [
        (b"no request", "no certificate request"),
        (a_request(), "no subjectAltName"),
        (a_request(NAME, NAME.replace("icbank", "other")), "one name and no other"),
        (a_request(NAME, hosts=("localhost",)), "one name and no other"),
        (a_request(NAME.replace("partner", "staff")), "not of the form"),
        (a_request(NAME.replace(TRUST_DOMAIN, "elsewhere.test")), "not of the form"),
        (a_request(NAME, key=ec.generate_private_key(ec.SECP384R1())), "P-256"),
        (a_request(NAME, key=rsa.generate_private_key(65537, 2048)), "P-256"),
    ],
)
def test_what_is_not_signed_is_told_why(request_pem: bytes, why: str) -> None:
    with pytest.raises(RequestRefused, match=why):
        partner_request(request_pem, TRUST_DOMAIN)


def test_an_altered_request_is_refused() -> None:
    der = bytearray(x509.load_pem_x509_csr(a_request(NAME)).public_bytes(Encoding.DER))
    der[der.index(b"icbank")] ^= 1
    altered = x509.load_der_x509_csr(bytes(der)).public_bytes(Encoding.PEM)
    with pytest.raises(RequestRefused, match="altered"):
        partner_request(altered, TRUST_DOMAIN)


@pytest.mark.parametrize("fingerprint", ["", "abcd", "g" * 64, "a" * 65])
def test_what_is_no_fingerprint_is_told_so(
    fingerprint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["partner", "disable-certificate", "icbank", fingerprint, "--reason", "泄露"]
    assert main(["--as", "0001", *words]) == exits.USAGE
    assert "指纹应为 64 位十六进制数" in capsys.readouterr().err


def test_a_request_that_is_not_there_is_a_missing_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    DevelopmentCa(tmp_path, now=lambda: datetime.now(UTC)).roots("partners")
    words = ["partner", "certificate", str(tmp_path / "none.csr"), "--out", "x.pem"]
    assert main(["--instance", str(tmp_path), *words]) == exits.REFUSED
    assert "找不到该文件" in capsys.readouterr().err
