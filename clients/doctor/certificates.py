"""Certificates of the services: dates, key, authority and trust domain."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from clients.doctor.finding import Finding, fail, not_applicable, ok, warn
from clients.doctor.subject import ServiceKnown, Subject
from license_verify.rpc.identity import InvalidWorkload, Workload

_SOON: Final = timedelta(days=7)
_AUTHORITY_SOON: Final = timedelta(days=30)
_PARTS_OF_LIFE: Final = 5
"""A short-lived certificate is due when this part of its life is left."""
_AUTHORITIES: Final = ("OFFICIALS_CA", "PARTNERS_CA", "SERVICES_CA")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A certificate with the file of its key, and which service shows it."""

    service: ServiceKnown
    certificate: Path
    key: Path
    workload: bool
    """It names a workload under SERVICES_CA; the page's names hosts only."""


def services(subject: Subject) -> Iterator[Finding]:
    """Every certificate that a service shows, and every authority that it believes."""
    if not subject.services:
        yield not_applicable("TLS_CERT", "此处未配置服务", "no service is set up here")
    for service in subject.services.values():
        for pair in _pairs(service):
            yield _judged(pair, subject.now())
        for name in _AUTHORITIES:
            if (path := service.path(name)) is not None:
                yield from _authority(service, path, subject.now())


def _pairs(service: ServiceKnown) -> Iterator[_Pair]:
    for prefix in ("TLS", "HTTPS"):
        certificate, key = service.path(f"{prefix}_CERT"), service.path(f"{prefix}_KEY")
        if certificate is not None and key is not None:
            yield _Pair(service, certificate, key, prefix == "TLS")


def _judged(pair: _Pair, now: datetime) -> Finding:
    try:
        chain = x509.load_pem_x509_certificates(pair.certificate.read_bytes())
    except (OSError, ValueError) as error:
        return _unreadable(pair.service, pair.certificate, error)
    own = chain[0]
    return (
        _ended(pair.service, pair.certificate, own, now)
        or _other_key(pair, own)
        or (_other_identity(pair, own) or _other_authority(pair, chain) if pair.workload else None)
        or _due(pair, own, now)
        or ok(str(pair.certificate), f"有效至 {_day(own)}", f"good until {_day(own)}")
    )


def _ended(
    service: ServiceKnown, path: Path, own: x509.Certificate, now: datetime
) -> Finding | None:
    if now >= own.not_valid_after_utc:
        return fail(
            str(path),
            f"证书已于 {_day(own)} 到期",
            f"it expired on {_day(own)}: put a new one there and start the service again",
            service.start,
        )
    if now < own.not_valid_before_utc:
        return fail(
            str(path),
            "证书尚未生效，或本机时钟偏慢",
            f"it is not valid before {own.not_valid_before_utc:%Y-%m-%d %H:%M} UTC: is this"
            " machine's clock slow?",
            "timedatectl status",
        )
    return None


def _other_key(pair: _Pair, own: x509.Certificate) -> Finding | None:
    try:
        key = load_pem_private_key(pair.key.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        return _unreadable(pair.service, pair.key, error)
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if key.public_key().public_bytes(*form) != own.public_key().public_bytes(*form):
        return fail(
            str(pair.certificate),
            "证书与私钥不匹配",
            f"the key in {pair.key} is another one than the certificate's: the two come from one"
            " request",
            pair.service.start,
        )
    return None


def _other_identity(pair: _Pair, own: x509.Certificate) -> Finding | None:
    domain = pair.service.text("TRUST_DOMAIN")
    try:
        names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        (uri,) = names.get_values_for_type(x509.UniformResourceIdentifier)
        named = Workload.parse(uri).trust_domain
    except (x509.ExtensionNotFound, ValueError, InvalidWorkload):
        named = ""
    if named == domain:
        return None
    return fail(
        str(pair.certificate),
        f"证书的信任域是 {named or '（无）'}，设置为 {domain}",
        f"it names trust domain {named or '(none)'}, TRUST_DOMAIN says {domain}: every peer refuses"
        " it",
        pair.service.start,
    )


def _other_authority(pair: _Pair, chain: list[x509.Certificate]) -> Finding | None:
    path = pair.service.path("SERVICES_CA")
    if path is None:
        return None
    try:
        roots = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        return _unreadable(pair.service, path, error)
    if any(_issued(chain[-1], root) for root in roots):
        return None
    return fail(
        str(pair.certificate),
        "证书不是由 SERVICES_CA 签发的",
        f"no authority in {path} issued it: peers refuse the connection",
        pair.service.start,
    )


def _due(pair: _Pair, own: x509.Certificate, now: datetime) -> Finding | None:
    life = own.not_valid_after_utc - own.not_valid_before_utc
    if own.not_valid_after_utc - now >= min(_SOON, life / _PARTS_OF_LIFE):
        return None
    return warn(
        str(pair.certificate),
        f"证书将于 {_day(own)} 到期",
        f"it expires on {_day(own)}: put a new one there and start the service again",
        pair.service.start,
    )


def _authority(service: ServiceKnown, path: Path, now: datetime) -> Iterator[Finding]:
    """What is wrong with an authority's file; nothing if all is well."""
    try:
        roots = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        yield _unreadable(service, path, error)
        return
    newest = max(roots, key=lambda root: root.not_valid_after_utc)
    ended = _ended(service, path, newest, now)
    if ended:
        yield ended
    elif newest.not_valid_after_utc - now < _AUTHORITY_SOON:
        yield warn(
            str(path),
            f"CA 证书将于 {_day(newest)} 到期",
            f"the authority's own certificate expires on {_day(newest)}: add the next one to the"
            " file in time",
            service.start,
        )


def _unreadable(service: ServiceKnown, path: Path, error: Exception) -> Finding:
    missing = isinstance(error, FileNotFoundError)
    return fail(
        str(path),
        "文件不存在" if missing else "文件无法读取",
        "there is no such file" if missing else f"it can't be read: {type(error).__name__}",
        service.start if missing and service.of_instance else f"ls -l {path}",
    )


def _issued(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    if certificate == root:
        return True
    try:
        certificate.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _day(certificate: x509.Certificate) -> str:
    return f"{certificate.not_valid_after_utc:%Y-%m-%d}"
