"""The development CA of one instance: who may be whom on this machine.

Made at the first start. Officials, partners, services and the public page have roots of their own,
as in production; every certificate carries `O=Yizhao development CA`, so that production settings
can refuse it.
"""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from clients.development.authority import Authority, key_pem, load_key, page_names, workload_names
from clients.development.files import locked, private_folder, write_private
from clients.development.requests import partner_request

Kind = Literal["staff", "console", "partner", "service", "page"]
Root = Literal["officials", "partners", "services", "page"]

TRUST_DOMAIN: Final = "jining.yizhao.test"

_ROOT_OF: Final[dict[Kind, Root]] = {
    "staff": "officials",
    "console": "officials",
    "partner": "partners",
    "service": "services",
    "page": "page",
}
# Whom the holder of such a certificate has to recognise: servers meet every kind of workload,
# clients meet servers only; the page's own root is what a browser imports.
_PEERS: Final[dict[Kind, tuple[Root, ...]]] = {
    "staff": ("services",),
    "console": ("services",),
    "partner": ("services",),
    "service": ("services", "officials", "partners"),
    "page": ("page",),
}
_CLIENT_LIFE: Final = timedelta(hours=24)
_SERVER_LIFE: Final = timedelta(days=30)
_PARTNER_LIFE: Final = timedelta(days=30)
_SERVERS: Final = ("service", "page")

_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")
"""A path segment of a SPIFFE ID (SPIFFE-ID §2.2) that is also a harmless folder name."""


@dataclass(frozen=True, slots=True)
class Credential:
    """PEM files for one TLS holder; `ca` has the roots of the peers that it accepts."""

    cert: Path
    key: Path
    ca: Path
    spiffe_id: str | None
    """None for the page, whose certificate names hosts only."""
    expires_at: datetime


class DevelopmentCa:
    """Issues certificates into `<instance>/certs/<kind>-<name>/`; safe between processes."""

    def __init__(
        self,
        instance: Path,
        *,
        now: Callable[[], datetime],
        trust_domain: str = TRUST_DOMAIN,
        page_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "::1"),
    ) -> None:
        """Describe it; nothing is made before the first call.

        Args:
            instance: folder of the instance.
            now: the clock, UTC.
            trust_domain: of the SPIFFE IDs.
            page_hosts: `localhost` and addresses of private networks; no root speaks for more.
        """
        self._instance = instance
        self._now = now
        self._trust_domain = trust_domain
        self._page_hosts = page_hosts

    def issue(self, kind: Kind, name: str) -> Credential:
        """The certificate of `name`, renewed if less than a third of its life is left.

        A renewal keeps the key and replaces `cert.pem` at once, so a reader never sees a pair that
        doesn't match.

        Raises:
            ValueError: `name` can't be part of a SPIFFE ID, or a stored file is damaged.
        """
        if not _NAME.fullmatch(name):
            raise ValueError(
                f"{name!r} can't name a {kind}: letters, digits, '.', '_' and '-' only"
            )
        folder = self._instance / "certs" / f"{kind}-{name}"
        with locked(self._instance / "ca"):
            authority = self._authority(_ROOT_OF[kind])
            private_folder(folder)
            if not self._is_fresh(folder / "cert.pem", authority):
                self._sign(kind, name, folder, authority)
            write_private(folder / "ca.pem", self._roots(_PEERS[kind]))
        expires_at = _load(folder / "cert.pem").not_valid_after_utc
        return Credential(
            folder / "cert.pem",
            folder / "key.pem",
            folder / "ca.pem",
            None if kind == "page" else self.spiffe_id(kind, name),
            expires_at,
        )

    def certify_partner(self, request: bytes) -> tuple[str, bytes]:
        """Sign a partner's request with the partners' key; its id and the certificate in PEM.

        Raises:
            RequestRefused: see `partner_request`.
        """
        name, key = partner_request(request, self._trust_domain)
        uri = x509.UniformResourceIdentifier(self.spiffe_id("partner", name))
        with locked(self._instance / "ca"):
            authority = self._authority("partners")
            signed = authority.sign(
                key, f"partner {name}", [uri], now=self._now(), life=_PARTNER_LIFE
            )
        return name, signed

    def roots(self, *names: Root) -> bytes:
        """The named roots, concatenated PEM."""
        with locked(self._instance / "ca"):
            return self._roots(names)

    def spiffe_id(self, kind: Kind, name: str) -> str:
        """`spiffe://DOMAIN/kind/name`."""
        return f"spiffe://{self._trust_domain}/{kind}/{name}"

    def _sign(self, kind: Kind, name: str, folder: Path, authority: Authority) -> None:
        if not (folder / "key.pem").exists():
            write_private(folder / "key.pem", key_pem(ec.generate_private_key(ec.SECP256R1())))
        hosts = self._page_hosts if kind == "page" else ("localhost", "127.0.0.1", "::1")
        names = [_host_name(host) for host in hosts] if kind in _SERVERS else []
        if kind != "page":
            names.insert(0, x509.UniformResourceIdentifier(self.spiffe_id(kind, name)))
        certificate = authority.sign(
            load_key(folder / "key.pem").public_key(),
            f"{kind} {name}",
            names,
            now=self._now(),
            life=_SERVER_LIFE if kind in _SERVERS else _CLIENT_LIFE,
        )
        write_private(folder / "cert.pem", certificate)

    def _is_fresh(self, path: Path, authority: Authority) -> bool:
        if not path.exists():
            return False
        found = _load(path)
        try:
            found.verify_directly_issued_by(authority.certificate)
        except Exception:
            return False
        life = found.not_valid_after_utc - found.not_valid_before_utc
        return found.not_valid_before_utc <= self._now() < found.not_valid_after_utc - life / 3

    def _roots(self, names: tuple[Root, ...]) -> bytes:
        return b"".join(self._authority(name).pem for name in names)

    def _authority(self, root: Root) -> Authority:
        folder = self._instance / "ca" / root
        permitted = page_names() if root == "page" else workload_names(self._trust_domain)
        return Authority.open(folder, f"Yizhao {root}", permitted, self._now())


def _load(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _host_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
