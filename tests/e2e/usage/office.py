"""The verifying side's surroundings: folders, keys, database, and what stands in it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from psycopg.rows import dict_row

from license_verify import Anchor, Trust
from license_verify.lists.trust_list import KeyState, TrustedKey, Use
from license_verify.policy import ALL_ITEMS, POLICIES
from license_verify.server.config import Config
from tests.e2e.page.node import Node, settings, until
from tests.rpc.verify.authority import Authorities
from tests.unit.verify.world import Signer, World
from yizhao.verify.v1.verdict_pb2 import Verdict
from yizhao.verify.v1.verify_service_pb2 import Subject, VerifyRequest


def receipt_key(signer: Signer, state: KeyState = KeyState.ACTIVE) -> TrustedKey:
    """Its entry in a trust list."""
    return TrustedKey.of(signer.public, Use.RECEIPT, state, datetime(2025, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Office:
    """Where a node runs; nodes of one office share the journal folder."""

    folder: Path
    authorities: Authorities
    world: World
    registry: str
    database_url: str

    def give_key(self, signer: Signer) -> None:
        """Put a private key into the node's folder, as the registry writes it."""
        folder = self.folder / "receipt-keys"
        folder.mkdir(mode=0o700, exist_ok=True)
        pem = signer.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file = folder / f"receipt-{signer.kid.hex()}.pem"
        file.touch(0o600)
        file.write_bytes(pem)

    def config(self, **changes: str | None) -> Config:
        """Settings of a node here."""
        told: dict[str, str | None] = {
            "DATABASE_URL": self.database_url,
            "JOURNAL": str(self.journal),
            "RECEIPT_KEYS": str(self.folder / "receipt-keys"),
        }
        return settings(self.folder, self.authorities, self.world, self.registry, **told | changes)

    @property
    def journal(self) -> Path:
        """Folder of the journals."""
        return self.folder / "journal"

    def rows(self, query: LiteralString, *values: object) -> list[dict[str, Any]]:
        """What the database says."""
        with psycopg.connect(self.database_url, row_factory=dict_row) as connection:
            return connection.execute(query, values).fetchall()

    def counted(self, partner: str = "partner/icbank") -> int:
        """How many checks of a partner are counted."""
        found = self.rows(
            "SELECT coalesce(sum(count), 0) AS n FROM usage_day WHERE partner = %s", partner
        )
        return int(found[0]["n"])

    def await_count(self, count: int, partner: str = "partner/icbank") -> None:
        """Wait until so many are counted."""
        until(lambda: self.counted(partner) >= count)
        assert self.counted(partner) == count


_PARTNER: LiteralString = """
    INSERT INTO partner (id, title, state, calls_per_second, burst, calls_at_once, checks_per_day,
                         revision, created_at, changed_at)
    VALUES (%s, %s, 'active', 100000, 100000, 64, 100000000, 1, now(), now())
"""
_GRANT: LiteralString = """
    INSERT INTO partner_grant (partner_id, purpose, items, claims, from_date, revision)
    VALUES (%s, %s, %s, %s, '2020-01-01', 1)
"""


def enrol(database_url: str, *partners: str) -> None:
    """Partners that may check for every purpose and see everything, as often as they like."""
    with psycopg.connect(database_url) as connection:
        for partner in partners:
            connection.execute(_PARTNER, (partner, f"虚构单位{partner}"))
            for purpose in POLICIES:
                row = (partner, purpose, list(ALL_ITEMS), ["name", "person", "address"])
                connection.execute(_GRANT, row)
        connection.execute("UPDATE directory_revision SET number = number + 1")


def trust_of(world: World) -> Trust:
    """What a checker of the test system believes."""
    return Trust.from_bundle(world.bundle(), Anchor((world.root.public,), "test"))


def ask(node: Node, world: World, name: str = "partner/icbank", **more: Any) -> Verdict:
    """One scan checked."""
    with node.verifier(name) as stub:
        answer = stub.Verify(VerifyRequest(subject=Subject(scan=world.scan()), **more))
    assert isinstance(answer, Verdict)
    return answer
