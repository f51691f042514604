"""What operators run: retention, and a recheck of usage and receipts."""

from datetime import UTC, datetime

import psycopg
import pytest

from license_verify.database.migration_errors import SchemaNewer, SchemaOlder
from license_verify.server.composition import serving
from license_verify.server.config import Config
from license_verify.server.database import partitions
from license_verify.server.database.partitions import Month
from license_verify.server.usage import upkeep
from license_verify.server.usage.ids import business_day
from license_verify.server.usage.upkeep import make_partitions, opened, recheck_all, retain
from tests.e2e.page.node import Node
from tests.e2e.usage.office import Office, ask
from tests.unit.verify.world import World


@pytest.fixture
def config(node: Node, office: Office, world: World) -> Config:
    """Of a node that answered two checks and one scan of the page; they are counted."""
    ask(node, world, purpose="banking")
    ask(node, world, "partner/unicom")
    node.scan(world.scan())
    office.await_count(1)
    office.await_count(1, "partner/unicom")
    office.await_count(1, "page")
    return office.config()


def this_month() -> Month:
    return Month.of(business_day(datetime.now(UTC)))


def change(office: Office, statement: str) -> None:
    with psycopg.connect(office.database_url) as connection:
        connection.execute(statement.encode())


def test_what_nodes_stored_is_found_in_order(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    assert recheck_all(config) == 0
    assert capsys.readouterr().out == "0 wrong\n"


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        ("UPDATE usage_day SET count = count + 1 WHERE partner = 'page'", "2 counted, 1 stored"),
        ("DELETE FROM usage_day WHERE partner = 'partner/icbank'", "0 counted, 1 stored"),
        ("DELETE FROM receipt WHERE partner = 'partner/unicom'", "1 counted, 0 stored"),
        (
            "UPDATE receipt SET outcome = 'INVALID' WHERE partner = 'partner/icbank';"
            " UPDATE usage_day SET outcome = 'INVALID' WHERE partner = 'partner/icbank'",
            "its row says something else",
        ),
        (
            "UPDATE receipt SET document = set_byte(document, 80, 0)"
            " WHERE partner = 'partner/icbank'",
            "receipts/",
        ),
    ],
)
def test_what_was_altered_is_named(
    config: Config, office: Office, capsys: pytest.CaptureFixture[str], spoilt: str, told: str
) -> None:
    change(office, spoilt)
    assert recheck_all(config) == 1
    out = capsys.readouterr().out
    assert told in out
    assert out.endswith("1 wrong\n")


def test_months_that_are_over_go_and_their_sums_stay(config: Config, office: Office) -> None:
    old, kept = Month(2019, 12), this_month().plus(-36)
    with opened(config) as database, database.transaction() as connection:
        partitions.make(connection, [old, kept])
    change(
        office,
        "INSERT INTO page_scan VALUES ('2019-12-31', gen_random_uuid(), 11, 5);"
        "INSERT INTO usage_day VALUES ('2019-12-31', 'page', 'page', '', '', 11, '', 5)",
    )
    assert retain(config) == 0
    left = {row["name"] for row in office.rows("SELECT relname AS name FROM pg_class")}
    assert not {"receipt_2019_12", "page_scan_2019_12"} & left
    assert {"usage_day_2019_12", kept.partition("receipt"), "receipt"} <= left
    assert office.counted("page") == 6
    assert recheck_all(config) == 0


def test_a_clock_that_runs_ahead_drops_nothing(
    config: Config, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(config) as database, database.transaction() as connection:
        today = partitions.today_by_the_server(connection)
    monkeypatch.setattr(upkeep, "business_day", lambda _: today.replace(year=today.year + 50))
    assert retain(config) == 0
    left = {row["name"] for row in office.rows("SELECT relname AS name FROM pg_class")}
    assert this_month().partition("receipt") in left


def test_a_node_does_not_start_on_tables_of_another_release(config: Config, office: Office) -> None:
    other = config.model_copy(update={"cache": config.cache / "of-another-node"})
    change(office, "INSERT INTO schema_migration (number) VALUES (9999)")
    with pytest.raises(SchemaNewer), serving(other):
        pass
    change(office, "DELETE FROM schema_migration")
    with pytest.raises(SchemaOlder, match="yizhao db migrate"), serving(other):
        pass


def test_partitions_stand_ready_for_the_months_to_come(config: Config, office: Office) -> None:
    for _ in range(2):
        with opened(config) as database:
            make_partitions(database)
    today = this_month()
    left = {row["name"] for row in office.rows("SELECT relname AS name FROM pg_class")}
    assert {
        today.plus(months).partition(table)
        for months in range(3)
        for table in ("receipt", "page_scan", "usage_day")
    } <= left


@pytest.mark.parametrize(
    ("month", "months", "found"),
    [
        (Month(2026, 11), 2, Month(2027, 1)),
        (Month(2026, 1), -1, Month(2025, 12)),
        (Month(2026, 12), 0, Month(2026, 12)),
        (Month(2026, 11), -36, Month(2023, 11)),
    ],
)
def test_months_are_counted_across_years(month: Month, months: int, found: Month) -> None:
    assert month.plus(months) == found


def test_a_month_whose_partition_is_gone_gets_another_and_nothing_is_lost(
    config: Config, node: Node, office: Office, world: World
) -> None:
    change(office, f"DROP TABLE {this_month().partition('receipt')}")
    ask(node, world, purpose="counter")
    office.await_count(2)
    assert len(office.rows("SELECT 1 FROM receipt WHERE purpose = 'counter'")) == 1
