"""The verifying side's own database is away: verdicts go on, usage and receipts wait."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime

import grpc
import psycopg
from psycopg import sql

from license_verify.rpc.errors import from_rpc_error
from license_verify.server.usage.entry import Entry, EntryKind, PageScans, pack
from license_verify.server.usage.ids import receipt_id
from license_verify.server.usage.journal_file import PATTERN, JournalFile
from license_verify.server.usage.upkeep import retain
from tests.database import SharedServer
from tests.e2e.page.node import Node, a_node, until
from tests.e2e.usage.office import Office, ask
from tests.rpc.verify.logs import Log
from tests.unit.verify.world import FACE, USCC, World
from yizhao.verify.v1.verify_service_pb2 import BatchVerifyRequest, Subject, VerifyRequest


@contextmanager
def away(server: SharedServer, office: Office) -> Iterator[None]:
    """Nobody gets into the database, and whoever was in it is thrown out."""
    name = psycopg.conninfo.conninfo_to_dict(office.database_url)["dbname"]
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(allow.format(sql.Identifier(str(name)), sql.Literal(False)))
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        try:
            yield
        finally:
            connection.execute(allow.format(sql.Identifier(str(name)), sql.Literal(True)))


def waiting(office: Office) -> int:
    """Entries in journals that nobody holds."""
    found = 0
    for path in office.journal.glob(PATTERN):
        left = JournalFile.left_behind(path)
        if left is not None:
            found += left.size()[0]
            left.close()
    return found


def test_verdicts_go_on_and_are_counted_once_the_database_is_back(
    node: Node, office: Office, world: World, postgres: SharedServer, log: Log
) -> None:
    ask(node, world)
    office.await_count(1)
    with away(postgres, office):
        verdicts = [ask(node, world) for _ in range(5)]
        until(lambda: "drain.waits" in log.getvalue())
    assert all(each.receipt for each in verdicts)
    office.await_count(6)
    stored = {f"receipts/{row['receipt_id']}" for row in office.rows("SELECT * FROM receipt")}
    assert {each.receipt_name for each in verdicts} <= stored


def test_what_a_node_left_is_taken_over_by_the_next_one(
    office: Office, world: World, postgres: SharedServer
) -> None:
    with ExitStack() as running:
        node = running.enter_context(a_node(office.config(), office.authorities))
        until(lambda: node.has("live"))
        ask(node, world)
        office.await_count(1)
        with away(postgres, office):
            ask(node, world)
            ask(node, world)
            running.close()
    assert waiting(office) == 2
    with a_node(office.config(), office.authorities):
        office.await_count(3)
        until(lambda: len(list(office.journal.glob(PATTERN))) == 1)
    assert list(office.journal.glob(PATTERN)) == []


def test_journals_are_this_accounts_alone_and_hold_nothing_of_the_face(
    node: Node, office: Office, world: World, postgres: SharedServer, log: Log
) -> None:
    with away(postgres, office):
        ask(node, world, purpose="banking", case_number="2026-000123")
        files = sorted(office.journal.iterdir())
        assert files
        assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
        assert office.journal.stat().st_mode & 0o777 == 0o700
        written = b"".join(path.read_bytes() for path in files)
    assert b"2026-000123" in written
    assert USCC.encode() in written
    for secret in (FACE.name, FACE.person, FACE.address):
        assert str(secret).encode() not in written
        assert str(secret) not in log.getvalue()


def test_a_full_journal_stops_verdicts_and_not_the_page_until_the_database_is_back(
    office: Office, world: World, postgres: SharedServer
) -> None:
    with a_node(office.config(JOURNAL_BYTES=str(1 << 20)), office.authorities) as node:
        until(lambda: node.has("live"))
        ask(node, world)
        office.await_count(1)
        many = BatchVerifyRequest(
            requests=[VerifyRequest(subject=Subject(scan=world.scan()))] * 900
        )
        answered = 0
        with node.verifier() as stub:
            with away(postgres, office):
                refused = None
                while refused is None:
                    try:
                        answered += len(stub.BatchVerify(many).results)
                    except grpc.RpcError as error:
                        refused = from_rpc_error(error)
                assert refused.code is grpc.StatusCode.UNAVAILABLE
                assert refused.reason == "JOURNAL_UNWRITABLE"
                assert "verdict ok" in node.scan(world.scan()).text
            office.await_count(1 + answered)
            stub.BatchVerify(many)
        assert answered >= 900


def test_a_damaged_journal_is_named_and_keeps_no_other_from_being_taken_over(
    office: Office, world: World, postgres: SharedServer, log: Log
) -> None:
    with ExitStack() as running:
        node = running.enter_context(a_node(office.config(), office.authorities))
        until(lambda: node.has("live"))
        ask(node, world)
        office.await_count(1)
        with away(postgres, office):
            ask(node, world)
            running.close()
    damaged = office.journal / "usage-00000000000000000000000000000000.journal"
    damaged.write_bytes(b"no database at all" * 500)
    with a_node(office.config(), office.authorities):
        office.await_count(2)
        until(lambda: "drain.journal_unreadable" in log.getvalue())
    assert damaged.exists()


def test_what_the_database_will_never_take_is_put_aside_and_the_rest_goes_on(
    office: Office, world: World, log: Log
) -> None:
    office.journal.mkdir(mode=0o700)
    left = JournalFile.create(office.journal)
    odd = Entry(EntryKind.SIGNED, 11, b"no receipt")
    scans = PageScans(receipt_id(datetime.now(UTC)), date(2026, 11, 26), 11, 7)
    too_many = PageScans(receipt_id(datetime.now(UTC)), date(2026, 11, 26), 11, 0)
    left.add(3, pack([odd, scans.entry(), too_many.entry()]))
    left.close()
    with a_node(office.config(), office.authorities) as node:
        until(lambda: node.has("live"))
        ask(node, world)
        office.await_count(1)
        office.await_count(7, "page")
    assert log.getvalue().count("drain.refused") == 2
    again = JournalFile.left_behind(left.path)
    assert again is not None
    assert (again.refused(), again.size()) == (2, (0, 0))
    again.close()


def test_what_comes_again_after_its_month_was_dropped_is_set_aside_and_not_counted_twice(
    office: Office, log: Log
) -> None:
    scans = PageScans(receipt_id(datetime.now(UTC)), date(2019, 12, 31), 11, 5)

    def left_behind() -> JournalFile:
        left = JournalFile.create(office.journal)
        left.add(1, pack([scans.entry()]))
        left.close()
        return left

    left_behind()
    with a_node(office.config(), office.authorities):
        office.await_count(5, "page")
    assert retain(office.config()) == 0
    again = left_behind()  # its process was killed before it could forget
    with a_node(office.config(), office.authorities):
        until(lambda: bool(log.lines("drain.refused")))
    assert office.counted("page") == 5
    assert [line["why"] for line in log.lines("drain.refused")] == ["MonthDropped"]
    kept = JournalFile.left_behind(again.path)
    assert kept is not None
    assert kept.refused() == 1
    kept.close()
