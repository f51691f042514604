"""PostgreSQL's own catalogue proves ADR 0002: keys of tables that grow begin with `entity_no`."""

from typing import Final

import psycopg
import pytest

REFERENCE: Final = {
    "unit": "the administration's tree",
    "unit_alias": "what other systems call a unit",
    "staff": "people who act",
    "staff_assignment": "their roles",
    "staff_event": "what was done to the two",
    "workload_disabled": "certificates refused until they end",
    "signing_key": "public halves of a handful of keys",
    "key_act": "a few a year: what is done to them",
    "key_event": "likewise, and who did it",
    "review_policy": "versions of the rules' settings",
    "person_bar": "people barred from registering; asked by name, of whatever entity",
    "import_run": "one row a file",
    "import_reject": "rows of a file that became no entity",
    "import_unit": "one row a file and unit",
    "import_entity": "rows of a file that wait; gone once they are on the register",
    "import_premises": "likewise",
    "import_copy": "likewise",
    "mass_run": "one row an act on many entities",
    "mass_chunk": "one row a thousand entities of such an act",
    "mass_entity": "codes that people listed for such an act, also of nobody",
    "mass_remark": "entities of which such an act could do nothing, few, by run",
    "trust_list": "one row a version",
    "published_list": "one row a status list and host",
    "recovery": "one row a restore from a backup",
    "lost_entry": "documents of which a restore left nothing, not even whose they were",
    "schema_migration": "one row a migration",
}
DIRECTORIES: Final = {
    "code_directory": "looked up by code, before the entity is known",
    "receipt_directory": "looked up by receipt number, before the entity is known",
    "source_gone": "looked up by code, also of entities that are not here yet",
    "request_log": "recognises a repetition before the entity is known",
}
COUNTERS: Final = {
    "feed": "the sequencer's last number",
    "manifest": "the manifest in force",
    "standing_revision": "how often anybody's roles or bars changed",
}
ELSEWHERE: Final = REFERENCE | DIRECTORIES | COUNTERS
"""Table → why it does not begin with the entity's number."""

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
# Unique indexes made without a constraint count too: a shard can't check them either.
_UNIQUE = """
    SELECT t.relname, i.relname, a.attname
      FROM pg_index x
      JOIN pg_class t ON t.oid = x.indrelid
      JOIN pg_class i ON i.oid = x.indexrelid
      JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
      LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
     WHERE x.indisunique
"""
_FOREIGN = """
    SELECT t.relname, c.conname, o.relname, a.attname, b.attname
      FROM pg_constraint c
      JOIN pg_class t ON t.oid = c.conrelid
      JOIN pg_class o ON o.oid = c.confrelid
      JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
      JOIN pg_attribute b ON b.attrelid = o.oid AND b.attnum = c.confkey[1]
     WHERE c.contype = 'f'
"""


def growing(connection: psycopg.Connection) -> set[str]:
    return {name for (name,) in connection.execute(_TABLES)} - set(ELSEWHERE)


def test_every_table_grows_by_entity_or_is_explained(connection: psycopg.Connection) -> None:
    """A new table goes to one of the lists above, or has `entity_no`."""
    without = {
        name
        for name in growing(connection)
        if not connection.execute(
            "SELECT 1 FROM information_schema.columns"
            " WHERE table_name = %s AND column_name = 'entity_no'",
            (name,),
        ).fetchone()
    }
    assert without == set()


def test_the_lists_name_no_table_that_is_gone(connection: psycopg.Connection) -> None:
    assert set(ELSEWHERE) <= {name for (name,) in connection.execute(_TABLES)}


def test_primary_and_unique_keys_begin_with_the_entitys_number(
    connection: psycopg.Connection,
) -> None:
    tables = growing(connection)
    found = [row for row in connection.execute(_UNIQUE) if row[0] in tables]
    assert {row[0] for row in found} == tables, "each has a key"
    assert [row for row in found if row[2] != "entity_no"] == []


def test_foreign_keys_between_them_begin_with_the_entitys_number(
    connection: psycopg.Connection,
) -> None:
    tables = growing(connection)
    found = [row for row in connection.execute(_FOREIGN) if row[0] in tables]
    wrong = [
        row
        for row in found
        if row[2] not in REFERENCE and (row[3], row[4]) != ("entity_no", "entity_no")
    ]
    assert found
    assert wrong == []


def test_nothing_small_points_at_what_grows(connection: psycopg.Connection) -> None:
    """A reference table is copied to every node; it can't hold a key into a shard."""
    tables = growing(connection)
    found = [row for row in connection.execute(_FOREIGN) if row[0] not in tables]
    assert [row for row in found if row[2] in tables] == []


def test_the_check_can_fail(connection: psycopg.Connection) -> None:
    connection.execute("CREATE TABLE sample (n int PRIMARY KEY, entity_no bigint)")
    with pytest.raises(AssertionError):
        test_primary_and_unique_keys_begin_with_the_entitys_number(connection)
    connection.execute("DROP TABLE sample; CREATE TABLE sample (n int PRIMARY KEY)")
    with pytest.raises(AssertionError):
        test_every_table_grows_by_entity_or_is_explained(connection)
