"""Which workload calls: the SPIFFE id of a client certificate, and the authority behind it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from license_verify.refusal import Kind, Refusal


class WorkloadKind(Enum):
    """First segment of the path of a SPIFFE id."""

    STAFF = "staff"
    CONSOLE = "console"
    PARTNER = "partner"
    SERVICE = "service"


class Authority(Enum):
    """The certificate authority that may name workloads of a kind."""

    OFFICIALS = "officials"
    PARTNERS = "partners"
    SERVICES = "services"


AUTHORITY_OF: Final[Mapping[WorkloadKind, Authority]] = {
    WorkloadKind.STAFF: Authority.OFFICIALS,
    WorkloadKind.CONSOLE: Authority.OFFICIALS,
    WorkloadKind.PARTNER: Authority.PARTNERS,
    WorkloadKind.SERVICE: Authority.SERVICES,
}

_ID: Final = re.compile(
    r"spiffe://(?P<domain>[a-z0-9][a-z0-9.-]{0,253})/(?P<kind>[a-z]{1,16})"
    r"/(?P<id>[A-Za-z0-9_-][A-Za-z0-9._-]{0,63})"
)
_CACHED_CERTIFICATES: Final = 1024


class InvalidWorkload(ValueError):
    """The text is no SPIFFE id of this system."""


class IdentityUnknown(Refusal):
    """The certificate names no workload that is known here."""

    kind = Kind.UNAUTHENTICATED
    reason = "IDENTITY_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Workload:
    """A caller as its certificate names it; says nothing of what it may do."""

    trust_domain: str
    kind: WorkloadKind
    id: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `spiffe://DOMAIN/KIND/ID`, exactly two segments, nothing after them.

        Raises:
            InvalidWorkload: another form, or a kind that is not ours.
        """
        found = _ID.fullmatch(text)
        if found is None:
            raise InvalidWorkload("not of the form spiffe://DOMAIN/KIND/ID")
        try:
            kind = WorkloadKind(found["kind"])
        except ValueError:
            raise InvalidWorkload(f"no kind of workload is named {found['kind']}") from None
        return cls(found["domain"], kind, found["id"])

    @property
    def name(self) -> str:
        """As `staff/0101`, for logs and rows."""
        return f"{self.kind.value}/{self.id}"

    @property
    def spiffe_id(self) -> str:
        """The whole id."""
        return f"spiffe://{self.trust_domain}/{self.name}"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate that a caller showed."""

    fingerprint: bytes
    """SHA-256 of its DER."""
    serial_number: int
    expires_at: datetime

    def require_in_force(self, now: datetime) -> None:
        """Stop whoever shows it when its time is over: connections and streams live on.

        Raises:
            IdentityUnknown: it is.
        """
        if self.expires_at <= now:
            raise _unknown("the certificate has expired: fetch a new one and connect again")


@dataclass(frozen=True, slots=True)
class Identified:
    """A caller, and what it showed for it."""

    workload: Workload
    certificate: Certificate


class Identities:
    """Reads callers from the authentication context of a TLS connection.

    TLS has accepted the certificate under any of the three authorities; here the authority must
    be the one for the workload's kind, so that no partner's authority can name an official.
    """

    def __init__(
        self,
        trust_domain: str,
        authorities: Mapping[Authority, Sequence[x509.Certificate]],
        now: Callable[[], datetime],
    ) -> None:
        self._trust_domain = trust_domain
        self._authorities = {each: tuple(authorities[each]) for each in Authority}
        self._now = now
        self._refuse_shared_keys()
        self._checked = lru_cache(_CACHED_CERTIFICATES)(self._check)

    @classmethod
    def load(
        cls, trust_domain: str, authorities: Mapping[Authority, Path], now: Callable[[], datetime]
    ) -> Self:
        """Read the certificates of the authorities from PEM files, several in a file allowed.

        Raises:
            OSError: a file can't be read.
            ValueError: a file holds no certificate, or two authorities share a key.
        """
        return cls(
            trust_domain,
            {
                each: x509.load_pem_x509_certificates(path.read_bytes())
                for each, path in authorities.items()
            },
            now,
        )

    def identify(self, auth_context: Mapping[str, Sequence[bytes]]) -> Identified:
        """Name the caller of a connection.

        Raises:
            IdentityUnknown: no certificate, no single SPIFFE id, another trust domain, the wrong
                authority for the kind, or the certificate ended while the connection lived.
        """
        ids = tuple(auth_context.get("peer_spiffe_id", ()))
        certificates = tuple(auth_context.get("x509_pem_cert", ()))
        if len(ids) != 1 or len(certificates) != 1:
            raise _unknown("the certificate must hold exactly one SPIFFE id")
        checked = self._checked(ids[0], certificates[0])
        checked.certificate.require_in_force(self._now())
        return checked

    def _check(self, spiffe_id: bytes, pem: bytes) -> Identified:
        try:
            workload = Workload.parse(spiffe_id.decode("ascii"))
        except (UnicodeDecodeError, InvalidWorkload):
            raise _unknown("the SPIFFE id must be spiffe://DOMAIN/KIND/ID") from None
        if workload.trust_domain != self._trust_domain:
            raise _unknown(f"the SPIFFE id must be of trust domain {self._trust_domain}")
        certificate = x509.load_pem_x509_certificate(pem)
        authority = AUTHORITY_OF[workload.kind]
        if not any(_issued(certificate, by) for by in self._authorities[authority]):
            raise _unknown(
                f"{workload.kind.value} must be named by the authority for {authority.value}"
            )
        return Identified(
            workload,
            Certificate(
                certificate.fingerprint(SHA256()),
                certificate.serial_number,
                certificate.not_valid_after_utc,
            ),
        )

    def _refuse_shared_keys(self) -> None:
        keys = [{_key(root) for root in self._authorities[each]} for each in Authority]
        if not all(keys):
            raise ValueError("each of the three authorities needs a certificate")
        if any(one & other for one, other in combinations(keys, 2)):
            raise ValueError("two authorities share a key: then one could name the other's callers")


def _key(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _issued(certificate: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(by)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _unknown(why: str) -> IdentityUnknown:
    return IdentityUnknown(
        f"the certificate names no workload known here: {why}", zh="客户端证书的身份无法识别"
    )
