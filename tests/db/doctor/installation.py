"""A registry and a verifier set up by environment, as an operator has them, and their doctor."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from unittest.mock import patch

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from clients.cli.main import main
from clients.development.authority import Authority, key_pem
from clients.local.process import Process
from clients.local.services import Service
from license_verify import Anchor
from license_verify.rpc.client import open_channel
from license_verify.rpc.tls import TlsFiles
from license_verify.server.bundles import Bundles
from license_verify.server.roots import read_roots
from license_verify.server.store import BundleStore
from license_verify.trust import HighestSeen
from registry_service.config import Config
from registry_service.setup import initialise
from tests.load.registry_process import free_port
from tests.rpc.registry.people import Certificates
from yizhao.registry.v1.publication_service_pb2_grpc import PublicationServiceStub

DOMAIN = "jining.yizhao.test"


@dataclass(frozen=True)
class Diagnosis:
    """What one run of `yizhao doctor --json` said."""

    code: int
    text: str
    findings: list[dict[str, str]]

    def wrong(self, check: str) -> dict[str, str]:
        """The one thing that is wrong by that check."""
        (found,) = (
            each
            for each in self.findings
            if each["check"] == check and each["outcome"] in ("fail", "warn")
        )
        return found

    def outcomes(self, check: str) -> set[str]:
        """What the check came to."""
        return {each["outcome"] for each in self.findings if each["check"] == check}


@dataclass
class Installation:
    """Settings, files and a database."""

    folder: Path
    database: str
    certificates: Certificates
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("registry", "verify"):
            own = self.certificates.issue(f"service/{name}")
            self.set(
                name,
                tls_cert=own.cert,
                tls_key=own.key,
                officials_ca=self.certificates.root("officials"),
                partners_ca=self.certificates.root("partners"),
                services_ca=self.certificates.root("services"),
                trust_domain=DOMAIN,
                environment="test",
                listen=f"127.0.0.1:{free_port()}",
            )
        self.set(
            "registry",
            database_url=self.database,
            keys=self.keys,
            host="localhost:8443",
            first_operator_name="钱守信",
        )
        self.set(
            "verify",
            registry=self.environ["YIZHAO_REGISTRY_LISTEN"],
            root=self.keys / "root.pub.pem",
            cache=self.cache,
            plain_http="true",
        )

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    def set(self, service: str, **values: object) -> None:
        """Change settings."""
        for name, value in values.items():
            self.environ[f"YIZHAO_{service.upper()}_{name.upper()}"] = str(value)

    def prepare(self) -> None:
        """`registry init`."""
        with self._environment():
            initialise(Config.load())

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The registry, as a process."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("YIZHAO_")}
        path = os.pathsep.join(str(Path(entry or ".").resolve()) for entry in sys.path)
        environ = kept | self.environ | {"PYTHONPATH": path}
        service = Service("registry", "registry_service", "registry.serving", environ)
        process = Process(service, self.folder / "log" / "registry.log", SimpleQueue())
        try:
            process.wait_until_ready()
            yield
        finally:
            process.stop()

    def fetch(self) -> None:
        """Let the verifier take the bundle, as it does all day."""
        own = self.certificates.issue("service/verify")
        tls = TlsFiles.load(own.cert, own.key, [self.certificates.root("services")])
        anchor = Anchor(read_roots(self.keys / "root.pub.pem"), "test")
        self.cache.mkdir(exist_ok=True)
        with open_channel(self.environ["YIZHAO_REGISTRY_LISTEN"], tls) as channel:
            bundles = Bundles(
                PublicationServiceStub(channel),
                BundleStore(self.cache),
                anchor,
                refresh_seconds=1,
                jitter=lambda: 0.0,
            )
            assert bundles.refresh()

    def saw(self, seq: int, later: timedelta = timedelta(0)) -> None:
        """Let the verifier have seen data of that number, so much later than now."""
        self.cache.mkdir(exist_ok=True)
        seen = HighestSeen(seq, datetime.now(UTC) + later, 1)
        (self.cache / "highest-seen.json").write_text(seen.to_json(), "ascii")

    def run(self, statement: str, *values: object) -> None:
        """Change the database behind everybody's back."""
        with psycopg.connect(self.database) as connection:
            connection.execute(statement.encode(), values)

    def certify(
        self,
        authority: str = "services",
        domain: str = DOMAIN,
        *,
        begun: timedelta,
        life: timedelta,
    ) -> None:
        """Give the registry another certificate, with the same files' names in the settings."""
        now = datetime.now(UTC) - begun
        issuer = Authority.open(self.certificates.root(authority).parent, authority, [], now)
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.UniformResourceIdentifier(f"spiffe://{domain}/service/registry")
        pem = issuer.sign(key.public_key(), "service registry", [name], now=now, life=life)
        cert, private = self.folder / "cert.pem", self.folder / "key.pem"
        cert.write_bytes(pem)
        private.write_bytes(key_pem(key))
        self.set("registry", tls_cert=cert, tls_key=private)

    def doctor(self, *words: str) -> Diagnosis:
        """`yizhao doctor --json`, where no instance is."""
        out = StringIO()
        instance = ("--instance", str(self.folder / "none"))
        with self._environment(), redirect_stdout(out):
            code = main(["--json", *instance, "doctor", *words])
        told: dict[str, Any] = json.loads(out.getvalue())
        return Diagnosis(code, out.getvalue(), told["findings"])

    @contextmanager
    def _environment(self) -> Iterator[None]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("YIZHAO_")}
        with patch.dict(os.environ, kept | self.environ, clear=True):
            yield
