"""The folder that `yizhao up` works in, as the other commands see it."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, cast

from clients import exits

if TYPE_CHECKING:
    from license_verify.rpc.tls import TlsFiles

KINDS: Final = ("staff", "console", "partner", "service")


@dataclass(frozen=True, slots=True)
class Running:
    """What `yizhao up` started, as it wrote it down."""

    up: int
    """Process number of `yizhao up`."""
    started: str
    """When, ISO."""
    registry: str
    """gRPC, host:port."""
    verify: str
    """gRPC, host:port."""
    page: str
    """Host and port of the scan texts, as `localhost:8443`."""
    database: str
    """URL of the register's."""
    verify_database: str
    """URL of the verifying side's own."""
    processes: dict[str, int]
    """Process number of each service, which is its group too; absent while it is stopped."""


@dataclass(frozen=True, slots=True)
class Instance:
    """Paths inside the folder."""

    folder: Path

    @property
    def running_file(self) -> Path:
        """Written once everything is up, removed when all is stopped."""
        return self.folder / "instance.json"

    @property
    def keys(self) -> Path:
        """Issuing keys of the registry."""
        return self.folder / "keys"

    @property
    def root_key(self) -> Path:
        """Public root key, which checkers pin."""
        return self.keys / "root.pub.pem"

    @property
    def receipt_keys(self) -> Path:
        """The verifier's own: those of the registry's keys that sign receipts."""
        return self.folder / "receipt-keys"

    @property
    def page_ca(self) -> Path:
        """CA of the page, which a browser would have to trust."""
        return self.folder / "ca" / "page" / "cert.pem"

    def log(self, service: str) -> Path:
        """Log file of a service."""
        return self.folder / "logs" / f"{service}.log"

    def running(self) -> Running:
        """What is up.

        Raises:
            Failure: nothing is.
        """
        try:
            text = self.running_file.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise exits.Failure(
                f"nothing runs in {self.folder}: start it with `yizhao up`, or say where with "
                "--instance FOLDER",
                exit_code=exits.UNREACHABLE,
                zh="服务未启动",
            ) from None
        return Running(**json.loads(text))

    def write_running(self, running: Running) -> None:
        """Write it whole or not at all."""
        new = self.running_file.with_suffix(".new")
        new.write_text(json.dumps(asdict(running), indent=2) + "\n", encoding="utf-8")
        new.replace(self.running_file)

    def people(self) -> list[str]:
        """Who has a certificate here: staff by number, others as `partner/name`."""
        found = sorted(folder.name for folder in (self.folder / "certs").glob("*-*"))
        pairs = [name.split("-", 1) for name in found]
        staff = [name for kind, name in pairs if kind == "staff"]
        return staff + [f"{kind}/{name}" for kind, name in pairs if kind == "partner"]

    def identity(self, who: str) -> "TlsFiles":
        """The certificate of `0101` or `partner/icbank`; the development CA renews or makes it.

        Raises:
            Failure: this is no development instance, or `who` can't be a name.
        """
        from clients.development.ca import DevelopmentCa
        from license_verify.rpc.tls import TlsFiles

        kind, _, name = who.rpartition("/")
        kind = kind or "staff"
        if kind not in KINDS:
            raise exits.Failure(
                f"--as {who}: give a staff number or {', '.join(KINDS)}/NAME",
                exit_code=exits.USAGE,
                zh=f"--as 应填工号，或 {'、'.join(f'{each}/标识' for each in KINDS)}",
            )
        if not (self.folder / "ca").is_dir():
            raise exits.Failure(
                f"{self.folder} has no certificates: run `yizhao up` there first",
                exit_code=exits.UNREACHABLE,
                zh="尚未初始化，请先运行 yizhao up",
            )
        authority = DevelopmentCa(self.folder, now=lambda: datetime.now(UTC))
        try:
            kind_of = cast("Literal['staff', 'console', 'partner', 'service']", kind)
            found = authority.issue(kind_of, name)
        except ValueError as error:
            raise exits.Failure(
                f"--as {who}: {error}",
                exit_code=exits.USAGE,
                zh=f"--as {who} 有误，不能作为证书中的标识",
            ) from error
        return TlsFiles.load(found.cert, found.key, [found.ca])
