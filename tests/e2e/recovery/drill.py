"""A registry process, a verifying node beside it, backups of the database, and their return."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from clients.local.backup import dump, restore
from license_verify import Bundle
from license_verify.rpc.client import open_channel
from license_verify.server.composition import serving
from registry_service.fsck import check
from tests.e2e.beside import node_settings
from tests.e2e.page.node import until
from tests.load.registry_process import DidNotStart, RegistryProcess
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import Registry
from tests.rpc.verify.logs import Log
from yizhao.verify.v1 import verdict_pb2
from yizhao.verify.v1.verify_service_pb2 import Subject, VerifyRequest
from yizhao.verify.v1.verify_service_pb2_grpc import VerifyServiceStub

NUMBERS: Mapping[str, str] = {
    "application": "SELECT e.uscc, application_no FROM application a JOIN entity e USING"
    " (entity_no)",
    "dormancy": "SELECT e.uscc, dormancy_no FROM dormancy JOIN entity e USING (entity_no)",
    "entity": "SELECT entity_no FROM entity",
    "face": "SELECT e.uscc, v.version FROM entity_version v JOIN entity e USING (entity_no)",
    "filing": "SELECT e.uscc, filing_no FROM filing JOIN entity e USING (entity_no)",
    "handover": "SELECT e.uscc, handover_no FROM handover JOIN entity e USING (entity_no)",
    "licence": "SELECT e.uscc, l.version FROM license_version l JOIN entity e USING (entity_no)",
    "pending act": "SELECT e.uscc, act_no FROM pending_act JOIN entity e USING (entity_no)",
    "premises": "SELECT e.uscc, premises_no FROM premises JOIN entity e USING (entity_no)",
    "receipt": "SELECT receipt_number FROM application",
    "site code": "SELECT e.uscc, premises_no, c.version FROM site_code c"
    " JOIN entity e USING (entity_no)",
    "status entry": "SELECT list_no, idx FROM status_entry",
    "feed number": "SELECT feed_no FROM event WHERE feed_no IS NOT NULL",
    "manifest": "SELECT seq FROM manifest",
    "trust list": "SELECT version, sha256(content) FROM trust_list",
}
"""Every kind of number, with what it is unique in. Codes of entities outlast a restore."""

Numbers = dict[str, set[tuple[Any, ...]]]


@dataclass
class Drill:
    """One register and its disasters."""

    folder: Path
    certificates: Certificates
    process: RegistryProcess
    registry: Registry
    log: Log
    """Of the node, which runs in this process."""
    verifier: Any = None
    _backups: int = field(default=0)

    @property
    def cache(self) -> Path:
        """Where the node keeps its bundle."""
        return self.folder / "cache"

    @property
    def waterline(self) -> Path:
        """The file that tells how far this host has published."""
        return Path(self.process.environ["YIZHAO_REGISTRY_WATERLINE"])

    def numbers(self) -> Numbers:
        """All numbers that the database holds now."""
        with psycopg.connect(self.registry.database) as connection:
            return {
                kind: set(connection.execute(query.encode()).fetchall())
                for kind, query in NUMBERS.items()
            }

    def settle(self) -> int:
        """Wait until the node has all that was done; returns the number of its manifest."""
        while self.registry.rows("SELECT FROM event WHERE feed_no IS NULL"):
            pass
        ((last,),) = self.registry.rows("SELECT last_no FROM feed")
        until(lambda: self.kept() is not None and self._watermark() >= last)
        return int(self.kept().read_manifest()[1].seq)  # type: ignore[union-attr] # just seen

    def kept(self) -> Bundle | None:
        """The bundle that the node keeps on disk."""
        file = self.cache / "bundle.cbor"
        return Bundle.decode(file.read_bytes()) if file.exists() else None

    def _watermark(self) -> int:
        kept = self.kept()
        return kept.read_manifest()[1].watermark if kept else 0

    def backup(self) -> Path:
        """The database of now, in a file."""
        self._backups += 1
        file = self.folder / f"backup-{self._backups}"
        dump(self.registry.database, file)
        return file

    def keep_bundle(self, name: str) -> Path:
        """A copy of the bundle that the node keeps now."""
        return Path(shutil.copy(self.cache / "bundle.cbor", self.folder / name))

    def disaster(self, backup: Path) -> None:
        """kill -9, and the database of the backup in place of the lost one."""
        self.process.kill()
        kept = restore(self.registry.database, backup, datetime.now(UTC))
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{kept}"'.encode())

    @property
    def server(self) -> str:
        """The server's own database."""
        return psycopg.conninfo.make_conninfo(self.registry.database, dbname="postgres")

    def recover(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the command with the registry's settings."""
        return subprocess.run(
            self.command(*words),
            env=self.process.environ,
            capture_output=True,
            text=True,
            check=False,
        )

    def command(self, *words: str) -> list[str]:
        """What recovers."""
        return [sys.executable, "-m", "registry_service.recover", *words]

    def refusal(self) -> str:
        """What the registry says when it refuses to start."""
        with pytest.raises(DidNotStart) as caught:
            self.process.start()
        return str(caught.value)

    def status(self, scan: str) -> str:
        """The status of a licence or site code, as the node knows it."""
        return verdict_pb2.Status.Name(self._verdict(scan).status).removeprefix("STATUS_")

    def outcome(self, scan: str) -> str:
        """Whether the node says that it is good."""
        return verdict_pb2.Outcome.Name(self._verdict(scan).outcome).removeprefix("OUTCOME_")

    def _verdict(self, scan: str) -> verdict_pb2.Verdict:
        verdict: verdict_pb2.Verdict = self.verifier.Verify(
            VerifyRequest(subject=Subject(scan=scan))
        )
        return verdict

    def faults(self) -> list[str]:
        """What fsck finds."""
        return [str(fault) for fault in check(self.registry.database)]


@contextmanager
def a_drill(database: str, folder: Path, log: Log) -> Iterator[Drill]:
    """A registry that runs, and a node in step with it."""
    certificates = Certificates(folder / "ca")
    process = RegistryProcess(certificates, folder, database)
    registry = Registry(process.address, certificates, database)
    drill = Drill(folder, certificates, process, registry, log)
    process.start()
    try:
        with serving(node_settings(certificates, folder, process.address)) as (rpc, _):
            tls = certificates.tls(people.BANK)
            with open_channel(rpc.address, tls, deadline_seconds=30) as channel:
                drill.verifier = VerifyServiceStub(channel)
                yield drill
    finally:
        process.stop()
        registry.close()
