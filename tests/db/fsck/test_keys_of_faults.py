"""A fault names a row that can be looked up: its table, and columns of that table with values."""

from typing import Final

import psycopg
from psycopg import sql

from registry_service.fsck import check
from registry_service.fsck.facts import RULES
from tests.db.issuing.world import World

_BREAKING: Final = (
    "UPDATE entity SET state = 'deregistered'",
    "UPDATE site_code SET token_id = sha256('another')",
    "UPDATE status_entry SET own = 15",
    "UPDATE event SET basis = 'x' WHERE revision = 1",
    "DELETE FROM event WHERE revision = 2",
    "UPDATE entity_version SET person = '测试己'",
    "UPDATE filing SET premises_no = NULL",
    "SELECT setval('status_entry_seq', 0, false)",
)


def test_every_rule_names_a_table_and_columns_that_it_has(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        ).fetchall()
        known: dict[str, set[str]] = {}
        for table, column in rows:
            known.setdefault(table, set()).add(column)
        for rule in RULES:
            assert set(rule.key) <= known[rule.table], rule
            with connection.cursor() as cursor:
                cursor.execute(rule.query)
                assert cursor.description is not None
                returned = {column.name for column in cursor.description}
            assert set(rule.key) <= returned, rule


def test_the_row_that_a_fault_names_is_there(world: World) -> None:
    world.register()
    world.issue()
    world.issue_site(world.file_site())
    world.publish()
    for statement in _BREAKING:
        world.rows(statement.encode())
    faults = check(world.url)
    assert len({fault.table for fault in faults}) > 5
    with psycopg.connect(world.url) as connection:
        for fault in faults:
            columns = dict(pair.split("=", 1) for pair in fault.key.split(" "))
            wanted = sql.SQL(" AND ").join(
                sql.SQL("{}::text = {}").format(sql.Identifier(name), sql.Literal(value))
                for name, value in columns.items()
            )
            table = sql.Identifier(fault.table)
            query = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(table, wanted)
            found = connection.execute(query).fetchone()
            assert found is not None, fault
            assert found[0] == 1, str(fault)
