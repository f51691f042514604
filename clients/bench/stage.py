"""Processes that serve as in production: mutual TLS, a bundle on disk, a registry beside them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from typing import Final, Self

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from clients.bench import processor, registry
from clients.bench.tokens import Material, Setting, make
from clients.development.ca import TRUST_DOMAIN, DevelopmentCa
from clients.development.files import private_folder, write_private
from clients.local.ports import LOOPBACK, Ports
from clients.local.process import Process
from clients.local.services import ENVIRONMENT, Databases, Service, environ_of, settings
from license_verify.rpc.identity import Authority, Identities
from license_verify.rpc.tls import TlsFiles
from license_verify.server.store import BundleStore

CALLER: Final = "icbank"
"""The partner that calls."""
PAGE: Final = "page"
"""The node whose page the codes name."""
_PREFIX: Final = "YIZHAO_VERIFY_"


@dataclass(frozen=True, slots=True)
class Server:
    """A process that serves, and where."""

    pid: int
    rpc: str
    page: str


@dataclass(frozen=True, slots=True)
class Stage:
    """Certificates, published data and addresses, in a folder of their own."""

    folder: Path
    ports: Ports
    database: str
    """libpq URL of the nodes' own."""
    material: Material
    authority: DevelopmentCa

    @classmethod
    def prepare(cls, folder: Path, tokens: int, database: str) -> Self:
        """Make certificates, keys and so many distinct valid tokens.

        Args:
            folder: for all of it.
            tokens: how many.
            database: libpq URL of the nodes' own, where `CALLER` is enrolled.
        """
        authority = DevelopmentCa(folder, now=_now)
        authority.roots("officials", "partners", "services")
        for service in ("registry", "verify"):
            authority.issue("service", service)
        authority.issue("page", "page")
        ports = Ports.of(folder / "ports.json", None)
        setting = Setting(f"localhost:{ports.page}", ENVIRONMENT, _now().replace(microsecond=0))
        material = make(tokens, setting)
        private_folder(folder / "receipts")
        receipts = folder / "receipts" / f"receipt-{material.receipts.kid.hex()}.pem"
        write_private(receipts, material.receipts.pem)
        return cls(folder, ports, database, material, authority)

    def caller(self) -> TlsFiles:
        """The certificate of the partner that calls."""
        found = self.authority.issue("partner", CALLER)
        return TlsFiles.load(found.cert, found.key, [found.ca])

    @contextmanager
    def register(self) -> Iterator[None]:
        """What the nodes ask for bundles and public records; in this process."""
        found = self.authority.issue("service", "registry")
        roots = {each: self.folder / "ca" / each.value / "cert.pem" for each in Authority}
        serving = registry.serve(
            f"{LOOPBACK}:{self.ports.registry}",
            TlsFiles.load(found.cert, found.key, roots.values()),
            Identities.load(TRUST_DOMAIN, roots, _now),
            self.material.bundle,
        )
        try:
            yield
        finally:
            serving.drain(0)

    @contextmanager
    def node(self, name: str, *cores: int, processes: int = 1) -> Iterator[Server]:
        """A verifying node on these cores, with the bundle in its cache."""
        bundle, seen = self.material.bundle, self.material.trust.highest_seen
        BundleStore(self.cache(name)).keep(bundle.encode(), seen)
        service = ("license_verify.server", "verify.serving")
        with self._running(name, service, cores, {"PROCESSES": processes}) as server:
            yield server

    @contextmanager
    def plain(self, *cores: int) -> Iterator[Server]:
        """An empty method and a static page, behind all that a node's have around them."""
        with self._running("plain", ("clients.bench.plain", "plain.serving"), cores, {}) as server:
            yield server

    def cache(self, name: str) -> Path:
        """The cache folder of the server of that name; made when absent."""
        folder = self.folder / "caches" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @contextmanager
    def _running(
        self, name: str, run: tuple[str, str], cores: tuple[int, ...], more: dict[str, object]
    ) -> Iterator[Server]:
        """`run` is the module, and what its log says once it serves."""
        ports = self._ports_of(name)
        root = self.folder / "root.pem"
        root.write_bytes(
            self.material.root.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
        told = settings(self.folder, ports, Databases("", self.database))["verify"] | more
        told |= {"ROOT": root, "CACHE": self.cache(name), "RECEIPT_KEYS": self.folder / "receipts"}
        service = Service(name, *run, environ_of(self.folder, _PREFIX, told))
        with processor.only_on(*cores):
            process = Process(service, self.folder / "logs" / f"{name}.log", SimpleQueue())
        try:
            process.wait_until_ready()
            yield Server(process.pid, f"{LOOPBACK}:{ports.verify}", f"localhost:{ports.page}")
        finally:
            process.stop()

    def _ports_of(self, name: str) -> Ports:
        """Its own, beside the register's; the page's are those in the codes."""
        if name == PAGE:
            return self.ports
        chosen = Ports.of(self.folder / f"{name}.json", None)
        return replace(chosen, registry=self.ports.registry)


def _now() -> datetime:
    return datetime.now(UTC)
