"""What a diagnosis is about: the services' settings as they would read them, and an instance."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clients import exits
from clients.local.instance import Instance, Running
from clients.local.lock import runs
from clients.local.ports import Ports
from clients.local.services import Databases
from clients.local.services import settings as told_by_up
from license_verify.refusal import Refusal
from license_verify.rpc.settings import ConfigRefused, file_table
from license_verify.server.store import BundleStore
from license_verify.trust import HighestSeen

if TYPE_CHECKING:
    from registry_service.store.health import DatabaseRefused, Health

DATABASE_URL: Final = "DATABASE_URL"
PREFIXES: Final = {"registry": "YIZHAO_REGISTRY_", "verify": "YIZHAO_VERIFY_"}
_SPARE_BYTES: Final = 1 << 30
_START: Final = {"registry": "yizhao registry serve", "verify": "yizhao verify serve"}


@dataclass(frozen=True, slots=True)
class ServiceKnown:
    """One service's settings, by name without prefix, unchecked."""

    name: str
    values: Mapping[str, str] = field(repr=False)
    of_instance: bool
    """`yizhao up` runs it here; else it has an environment of its own."""

    def text(self, name: str) -> str:
        """A setting; empty where absent."""
        return self.values.get(name, "")

    def path(self, name: str) -> Path | None:
        """A setting that names a file or folder."""
        return Path(self.values[name]) if self.values.get(name) else None

    @property
    def start(self) -> str:
        """The command that starts it, also after something was mended."""
        return "yizhao up" if self.of_instance else _START[self.name]

    @property
    def restart(self) -> str:
        """The command that starts it anew where it may be running."""
        if self.of_instance and self.name == "registry":
            return "yizhao registry stop && yizhao registry start"
        return self.start


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything that checks look at."""

    services: Mapping[str, ServiceKnown]
    """By name; those that are set up here."""
    instance: Instance
    running: Running | None
    """What `yizhao up` runs here; None where it does not."""
    killed: bool
    """What it wrote down is still there, and the process is gone."""
    database: "Health | None"
    """None where it can't be asked."""
    refused: "DatabaseRefused | None"
    """Why it can't; None also where no database is named."""
    environ: Mapping[str, str] = field(repr=False)
    seen: HighestSeen | None = None
    """The newest data that the verifier here had seen before the database was asked: what it saw
    since may well be newer than what the database told."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    spare_bytes: int = _SPARE_BYTES
    """Less free space than this is a warning, less than a quarter of it a failure."""

    @property
    def registry(self) -> ServiceKnown | None:
        """The registry's settings."""
        return self.services.get("registry")

    @property
    def verify(self) -> ServiceKnown | None:
        """The verifying service's settings."""
        return self.services.get("verify")

    def psql(self, statement: str) -> str:
        """The command that runs a statement; passwords stay in the variable."""
        url = "$YIZHAO_REGISTRY_DATABASE_URL"
        if "YIZHAO_REGISTRY_DATABASE_URL" not in self.environ and self.running is not None:
            folder = self.instance.folder / "database"
            url = f"$(python -m registry_service.embedded {folder} --url)"
        return f'psql "{url}" -c "{statement}"'


def read_subject(
    folder: Path, environ: Mapping[str, str], spare_bytes: int = _SPARE_BYTES
) -> Subject:
    """Read what there is; what can't be read is absent, and a check says why."""
    instance = Instance(folder)
    written = _written(instance)
    running = written if written and runs(folder, written.up) else None
    services = {
        name: known for name in PREFIXES if (known := _known(name, instance, running, environ))
    }
    registry = services.get("registry")
    url = registry.text(DATABASE_URL) if registry else ""
    seen = _seen(services.get("verify"))
    database, refused = _asked(url) if url else (None, None)
    return Subject(
        services=services,
        instance=instance,
        running=running,
        killed=written is not None and running is None,
        database=database,
        refused=refused,
        environ=environ,
        seen=seen,
        spare_bytes=spare_bytes,
    )


def own_settings(name: str, environ: Mapping[str, str]) -> dict[str, str]:
    """A service's settings of the environment, or else of the file that it names."""
    prefix = PREFIXES[name]
    try:
        of_file = {key.upper(): str(value) for key, value in file_table(name).items()}
    except ConfigRefused:
        of_file = {}
    given = {k.removeprefix(prefix): v for k, v in environ.items() if k.startswith(prefix)}
    return of_file | given


def _known(
    name: str, instance: Instance, running: Running | None, environ: Mapping[str, str]
) -> ServiceKnown | None:
    own = own_settings(name, environ)
    if own.keys() - {DATABASE_URL, "LOG_LEVEL"}:
        return ServiceKnown(name, own, of_instance=False)
    ports = _ports(instance)
    if ports is None:
        # A database alone is what `yizhao db migrate` takes, too.
        return ServiceKnown(name, own, of_instance=False) if own.get(DATABASE_URL) else None
    urls = Databases(running.database, running.verify_database) if running else Databases("", "")
    told = told_by_up(instance.folder, ports, urls)[name]
    return ServiceKnown(name, {k: str(v) for k, v in told.items()} | own, of_instance=True)


def _written(instance: Instance) -> Running | None:
    try:
        return instance.running()
    except (exits.Failure, OSError, ValueError, TypeError):
        return None


def _ports(instance: Instance) -> Ports | None:
    try:
        return Ports.known(instance.folder / "ports.json")
    except (OSError, TypeError, json.JSONDecodeError):
        return None


def _seen(verify: ServiceKnown | None) -> HighestSeen | None:
    cache = verify.path("CACHE") if verify else None
    try:
        return BundleStore(cache, writes=False).highest_seen() if cache else None
    except (Refusal, OSError):
        return None


def _asked(url: str) -> "tuple[Health | None, DatabaseRefused | None]":
    try:
        from registry_service.store.health import DatabaseRefused, read_health
    except ModuleNotFoundError:  # a node that only verifies
        return None, None
    try:
        return read_health(url), None
    except DatabaseRefused as refused:
        return None, refused
