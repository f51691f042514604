"""The two services of an instance: how each is started, with which settings."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clients.development.ca import TRUST_DOMAIN, DevelopmentCa
from clients.local import people
from clients.local.ports import LOOPBACK, Ports

MARK: Final = "YIZHAO_INSTANCE_FOLDER"
"""Set for our children, so that the next start knows what a killed `yizhao up` left behind."""
ENVIRONMENT: Final = "development"
_PASSPHRASE: Final = ("PASSPHRASE", "PASSPHRASE_FILE")


@dataclass(frozen=True, slots=True)
class Service:
    """A process to run."""

    name: str
    module: str
    event: str
    """The log line that says it serves."""
    environ: Mapping[str, str]

    def command(self, *words: str) -> list[str]:
        """What to execute."""
        return [sys.executable, "-m", self.module, *words]


@dataclass(frozen=True, slots=True)
class Databases:
    """libpq URLs: each side has a database of its own."""

    registry: str
    verify: str


def services(
    folder: Path, authority: DevelopmentCa, ports: Ports, databases: Databases
) -> list[Service]:
    """Registry and verifier, in the order of starting; makes the certificates that are missing."""
    authority.roots("officials", "partners", "services")
    authority.issue("page", "page")
    authority.issue("service", "registry")
    authority.issue("service", "verify")
    told = settings(folder, ports, databases)
    told["verify"] |= _receipt_passphrase()
    return [
        Service(
            "registry",
            "registry_service",
            "registry.serving",
            environ_of(folder, "YIZHAO_REGISTRY_", told["registry"]),
        ),
        Service(
            "verify",
            "license_verify.server",
            "verify.serving",
            environ_of(folder, "YIZHAO_VERIFY_", told["verify"]),
        ),
    ]


def settings(folder: Path, ports: Ports, databases: Databases) -> dict[str, dict[str, object]]:
    """What each service is told, by its name and without the prefix; makes nothing."""
    common: dict[str, object] = {
        "OFFICIALS_CA": folder / "ca" / "officials" / "cert.pem",
        "PARTNERS_CA": folder / "ca" / "partners" / "cert.pem",
        "SERVICES_CA": folder / "ca" / "services" / "cert.pem",
        "ENVIRONMENT": ENVIRONMENT,
        "TRUST_DOMAIN": TRUST_DOMAIN,
    }
    page = folder / "certs" / "page-page"
    registry = _tls(folder, "registry") | {
        "DATABASE_URL": databases.registry,
        "LISTEN": f"{LOOPBACK}:{ports.registry}",
        "KEYS": folder / "keys",
        "HOST": page_host(ports),
        "FIRST_OPERATOR_NAME": people.PEOPLE[0].name,
    }
    verify = _tls(folder, "verify") | {
        "DATABASE_URL": databases.verify,
        "LISTEN": f"{LOOPBACK}:{ports.verify}",
        "HTTPS_LISTEN": f"{LOOPBACK}:{ports.page}",
        "HTTPS_CERT": page / "cert.pem",
        "HTTPS_KEY": page / "key.pem",
        "REGISTRY": f"{LOOPBACK}:{ports.registry}",
        "ROOT": folder / "keys" / "root.pub.pem",
        "CACHE": folder / "cache",
        "JOURNAL": folder / "journal",
        "RECEIPT_KEYS": folder / "receipt-keys",
    }
    return {"registry": common | registry, "verify": common | verify}


def _receipt_passphrase() -> dict[str, object]:
    """Receipt keys are carried from the registry's folder, and open as that does."""
    told = {name: os.environ.get(f"YIZHAO_REGISTRY_KEYS_{name}") for name in _PASSPHRASE}
    return {f"RECEIPT_{name}": value for name, value in told.items() if value}


def page_host(ports: Ports) -> str:
    """Host of the scan texts."""
    return f"localhost:{ports.page}"


def _tls(folder: Path, service: str) -> dict[str, object]:
    own = folder / "certs" / f"service-{service}"
    return {"TLS_CERT": own / "cert.pem", "TLS_KEY": own / "key.pem"}


def environ_of(folder: Path, prefix: str, settings: Mapping[str, object]) -> dict[str, str]:
    """The child's environment: ours without our own settings, and `settings`."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("YIZHAO_")}
    given = {k: v for k, v in os.environ.items() if k.startswith(prefix)}
    return (
        inherited
        | given
        | {f"{prefix}{name}": str(value) for name, value in settings.items()}
        | {MARK: str(folder), "PYTHONPATH": os.pathsep.join(filter(None, map(_absolute, sys.path)))}
    )


def _absolute(path: str) -> str:
    return str(Path(path or ".").resolve())
