"""From schema 0001 with a register in it, migration by migration, to the newest."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from license_verify import Anchor, Bundle, Trust, verify
from license_verify.server.roots import read_roots
from license_verify.token.scan import ScanText
from registry_service.fsck import check
from registry_service.store.migrate import migrate, migration_files
from tests.db.migrations import first_release
from tests.db.migrations.first_release import write_first_release
from tests.db.migrations.settled import settled
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import Registry, running, settings
from yizhao.registry.v1 import entity_service_pb2, publication_service_pb2

_KEPT = (
    "SELECT entity_no, revision, kind, subject, state_after, actor, actor_name, workload, basis,"
    " recorded_at, row_hash FROM event ORDER BY 1, 2",
    "SELECT entity_no, version, state, to_be_signed, token, token_id, issued_at"
    " FROM license_version ORDER BY 1, 2",
    "SELECT entity_no, premises_no, version, state, token FROM site_code ORDER BY 1, 2, 3",
    "SELECT entity_no, list_no, idx, own FROM status_entry ORDER BY 2, 3",
    "SELECT kid, use, state, public_key FROM signing_key ORDER BY 1",
    "SELECT entity_no, version, business_name, person, address FROM entity_version ORDER BY 1, 2",
    "SELECT entity_no, filing_no, state, address, revision FROM filing ORDER BY 1, 2",
    "SELECT entity_no, handover_no, state, to_unit_id FROM handover ORDER BY 1, 2",
    "SELECT version, content FROM trust_list",
)
"""What a migration never changes: nothing is destroyed, and what was signed says the same."""


_BOOKKEEPING = """
    CREATE TABLE schema_migration (number integer PRIMARY KEY,
                                   applied_at timestamptz NOT NULL DEFAULT now());
    INSERT INTO schema_migration (number) VALUES (1)
"""
"""As the first release kept its books."""


@dataclass(frozen=True)
class Old:
    """A database of the first release."""

    url: str
    keys: Path

    def kept(self) -> list[list[tuple[Any, ...]]]:
        with psycopg.connect(self.url) as connection:
            return [connection.execute(query.encode()).fetchall() for query in _KEPT]


@pytest.fixture
def old(empty_database_url: str, tmp_path: Path) -> Old:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(_BOOKKEEPING)
        connection.execute(migration_files()[0].sql.encode())
        write_first_release(connection, tmp_path / "keys")
    return Old(empty_database_url, tmp_path / "keys")


@pytest.fixture
def upgraded(old: Old, tmp_path: Path) -> Iterator[Registry]:
    """This release, serving from the database of the first."""
    migrate(old.url)
    certificates = Certificates(tmp_path / "ca")
    with running(settings(certificates, old.keys, old.url), certificates) as registry:
        yield registry


def test_each_migration_leaves_events_tokens_and_facts_as_they_were(old: Old) -> None:
    before, files = old.kept(), migration_files()
    for count in range(2, len(files) + 1):
        assert migrate(old.url, files[:count]) == [files[count - 1].number]
        assert old.kept() == before, files[count - 1].name


def test_the_recheck_is_clean_once_this_release_has_caught_up(upgraded: Registry) -> None:
    assert settled(upgraded.database) == []


def test_a_code_printed_by_the_first_release_is_still_checked(old: Old, upgraded: Registry) -> None:
    assert settled(old.url) == []
    roots = read_roots(old.keys / "root.pub.pem")
    answer = upgraded.as_(people.VERIFY).publication.GetBundle(
        publication_service_pb2.GetBundleRequest()
    )
    trust = Trust.from_bundle(Bundle.decode(answer.content), Anchor(roots, "test"))
    assert trust.manifest is not None
    assert trust.manifest.seq > 41, "numbers go on from those of the first release"
    said = {
        (code, version): verify(str(ScanText.of(host, token)), trust, datetime.now(UTC)).status
        for code, version, host, token in upgraded.rows(
            "SELECT e.uscc, l.version, l.scan_host, l.token"
            " FROM license_version l JOIN entity e USING (entity_no)"
        )
    }
    assert {key: str(status).rpartition(".")[2].upper() for key, status in said.items()} == {
        (first_release.COMPANY, 1): "SUPERSEDED",
        (first_release.COMPANY, 2): "VALID",
        (first_release.REVOKED, 1): "REVOKED",
    }


def test_an_entity_of_the_first_release_is_read_with_its_history(upgraded: Registry) -> None:
    name = f"entities/{first_release.COMPANY}"
    client = upgraded.as_(people.RENCHENG)
    entity = client.entities.GetEntity(entity_service_pb2.GetEntityRequest(name=name))
    assert (entity.face.person, entity.version) == ("赵试写", 2)
    told = client.entities.ListEntityEvents(
        entity_service_pb2.ListEntityEventsRequest(parent=name, page_size=100)
    )
    assert {event.revision for event in told.events} == set(range(1, 25))
    assert told.events[-1].kind == "entity.registered"


def test_the_recheck_notices_a_row_that_the_fixture_forgot(old: Old) -> None:
    """Else the two tests above would prove little."""
    with psycopg.connect(old.url) as connection:
        connection.execute("DELETE FROM event WHERE kind = 'site_code.issued'")
    migrate(old.url)
    assert [fault.table for fault in check(old.url) if fault.table == "site_code"]
