"""What a node knows of its partners while its database is away."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

from license_verify.server.database.partners import PartnerTable
from license_verify.server.partners.directory import FILE
from tests.database import SharedServer
from tests.e2e.page.node import a_node, settings, until
from tests.e2e.page.registry import Publisher, a_registry
from tests.e2e.partners.desk import OPERATOR, STAFF, TITLE, Desk, a_check, refused
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.logs import Log
from tests.unit.verify.world import World
from yizhao.verify.v1 import partner_service_pb2 as pb
from yizhao.verify.v1 import verdict_pb2

AWAY = "postgresql://127.0.0.1:1/nowhere"


@contextmanager
def a_desk(folder: Path, authorities: Authorities, world: World, database: str) -> Iterator[Desk]:
    """A node in `folder`, with that database."""
    with a_registry(Publisher(world, staff=dict(STAFF)), authorities) as registry:
        config = settings(folder, authorities, world, registry.address, DATABASE_URL=database)
        with a_node(config, authorities) as node:
            until(lambda: node.has("live"))
            desk = Desk(node.rpc_address, authorities)
            yield desk
            desk.close()


@pytest.fixture
def known(
    tmp_path: Path, authorities: Authorities, world: World, verify_database_url: str, log: Log
) -> Path:
    """The folder of a node that knew a partner with a grant, and was stopped."""
    with a_desk(tmp_path, authorities, world, verify_database_url) as desk:
        desk.enrol()
        desk.grant()
    return tmp_path


def test_a_restart_without_database_goes_on_by_what_was_known(
    known: Path, authorities: Authorities, world: World, log: Log
) -> None:
    with a_desk(known, authorities, world, AWAY) as desk:
        bank = desk.as_("partner/icbank").verify
        assert bank.Verify(a_check(world.scan())).outcome == verdict_pb2.OUTCOME_VALID
        with refused("PURPOSE_NOT_GRANTED"):
            bank.Verify(a_check(world.scan(), "bidding"))
        with refused("PARTNER_NOT_ENROLLED"):
            desk.as_("partner/other").verify.Verify(a_check(world.scan()))
        said = {"name": "partners/icbank", "expected_title": TITLE, "reason": "试"}
        with refused("VERIFY_DATABASE_UNAVAILABLE") as told:
            desk.as_(OPERATOR).partners.SuspendPartner(pb.SuspendPartnerRequest(**said))
        assert "未作任何更改" in told[0].zh
    assert log.lines("partners.database_away")


@pytest.mark.parametrize("spoil", ["cut", "flipped", "nothing", "not ours"])
def test_a_damaged_file_is_told_of_and_no_partner_is_let_in_by_it(
    known: Path, authorities: Authorities, world: World, log: Log, spoil: str
) -> None:
    file = known / "cache" / FILE
    whole = file.read_bytes()
    at = whole.index(b"banking")
    contents = {
        "cut": whole[:-9],
        "flipped": whole[:at] + b"bidding" + whole[at + 7 :],
        "nothing": b"",
        "not ours": b"{}",
    }
    file.write_bytes(contents[spoil])
    with a_desk(known, authorities, world, AWAY) as desk:
        with refused("PARTNERS_UNAVAILABLE") as told:
            desk.as_("partner/icbank").verify.Verify(a_check(world.scan()))
        assert told[0].retry_after == timedelta(seconds=5)
        verdict = desk.as_("0101").verify.Verify(a_check(world.scan()))
        assert verdict.outcome == verdict_pb2.OUTCOME_VALID
    (line,) = log.lines("partners.file_damaged")
    assert line["file"] == FILE


def test_a_damaged_file_is_written_anew_once_the_database_answers(
    known: Path, authorities: Authorities, world: World, verify_database_url: str, log: Log
) -> None:
    file = known / "cache" / FILE
    file.write_bytes(b"spoilt")
    with a_desk(known, authorities, world, verify_database_url) as desk:
        verdict = desk.as_("partner/icbank").verify.Verify(a_check(world.scan()))
        assert verdict.outcome == verdict_pb2.OUTCOME_VALID
    assert file.read_bytes() != b"spoilt"


def test_a_node_without_a_database_needs_no_grants(
    tmp_path: Path, authorities: Authorities, world: World, log: Log
) -> None:
    with a_registry(Publisher(world), authorities) as registry:
        config = settings(tmp_path, authorities, world, registry.address)
        with a_node(config, authorities) as node:
            until(lambda: node.has("live"))
            desk = Desk(node.rpc_address, authorities)
            verdict = desk.as_("partner/anybody").verify.Verify(a_check(world.scan()))
            assert verdict.outcome == verdict_pb2.OUTCOME_VALID
            desk.close()
    assert log.lines("partners.no_database")


def test_the_database_going_away_under_a_node_stops_no_check(
    desk: Desk, world: World, verify_database_url: str, postgres: SharedServer, log: Log
) -> None:
    desk.enrol()
    desk.grant()
    bank = desk.as_("partner/icbank").verify
    name = conninfo_to_dict(verify_database_url)["dbname"]
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        connection.execute(allow.format(sql.Identifier(str(name)), sql.Literal(False)))
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        until(lambda: bool(log.lines("partners.database_away")))
        assert bank.Verify(a_check(world.scan())).outcome == verdict_pb2.OUTCOME_VALID
        connection.execute(allow.format(sql.Identifier(str(name)), sql.Literal(True)))
    until(lambda: bool(log.lines("partners.database_back")))
    assert bank.Verify(a_check(world.scan())).outcome == verdict_pb2.OUTCOME_VALID


def test_a_restored_database_that_reaches_the_same_number_is_followed(
    tmp_path: Path, authorities: Authorities, world: World, verify_database_url: str, log: Log
) -> None:
    with a_desk(tmp_path, authorities, world, verify_database_url) as desk:
        desk.enrol()
        desk.grant()
        with psycopg.connect(verify_database_url, row_factory=dict_row) as connection:
            # As if the backup had one act less, and another act came before this node asked.
            connection.execute("UPDATE directory_revision SET number = number - 1")
            connection.execute("UPDATE partner SET state = 'suspended'")
            PartnerTable(connection).touch()
        bank = desk.as_("partner/icbank")
        assert desk.await_refused(bank, "PARTNER_SUSPENDED")
