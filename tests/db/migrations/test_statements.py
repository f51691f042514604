"""What every migration may do while the release before it goes on running, read off its text.

docs/migrations.md says why. What breaks a rule here and is right all the same stands in `ACCEPTED`
with its reason.
"""

import re
from typing import Final

import pytest

from license_verify.database.migration_files import OUTSIDE, Migration
from registry_service.store.migrate import migration_files
from tests.db.registry.test_catalogue import REFERENCE

_UNRELEASED = "no release runs on the schema before it, and no table is large yet"
ACCEPTED: Final = {
    (3, "plain index"): _UNRELEASED,
    (6, "drop"): "the key goes over to a number of its own; both releases insert without naming it",
    (7, "drop"): "the same check again in the same statement, with one more state",
    (7, "checked at once"): _UNRELEASED,
    (
        3,
        "checked at once",
    ): "the columns are new in the same statement, so every row has NULL there",
    (4, "checked at once"): "the table has one row",
    (9, "drop"): "of a foreign key that made every read rewrite its entity; nothing relies on it",
    (9, "checked at once"): _UNRELEASED,
    (9, "plain index"): _UNRELEASED,
    (9, "rewrites or takes away"): _UNRELEASED,
    (
        10,
        "plain index",
    ): "on premises, which are a few ten thousand in a city, of imported ones alone",
    (17, "drop"): "the same check again in the same statement, with more kinds of runs",
    (17, "checked at once"): "the table has one row an act on many entities",
}
"""Migration and rule → why it may."""

_COMMENT = re.compile(r"--[^\n]*")
_SPACE = re.compile(r"\s+")
_DROP = re.compile(r"\bDROP (TABLE|COLUMN|CONSTRAINT|INDEX|SEQUENCE|VIEW|TYPE|DEFAULT|IDENTITY)\b")
_FORBIDDEN = re.compile(
    r"\b(RENAME|TRUNCATE|VACUUM|CLUSTER|REINDEX|LOCK TABLE|SET NOT NULL|SET SCHEMA|DELETE FROM)\b"
    r"|\bALTER COLUMN \w+ (SET DATA )?TYPE\b|\bALTER COLUMN \w+ SET DEFAULT\b"
)
_ADD_COLUMN = re.compile(
    r"\bADD COLUMN (?:IF NOT EXISTS )?(\w+) (.*?)(?=, ADD |, ALTER |, DROP |$)"
)
_CREATE_TABLE = re.compile(r"\bCREATE TABLE (?:IF NOT EXISTS )?(\w+)")
_CREATE_INDEX = re.compile(
    r"\bCREATE (?:UNIQUE )?INDEX (CONCURRENTLY )?(?:IF NOT EXISTS )?\w+ ON (\w+)"
)
_ADD_CONSTRAINT = re.compile(
    r"\bADD (?:CONSTRAINT \w+ )?(?:CHECK|FOREIGN KEY|UNIQUE|PRIMARY KEY|EXCLUDE)\b"
)
_ALTERED = re.compile(r"\bALTER TABLE (?:ONLY )?(\w+)")


def statements(migration: Migration) -> list[str]:
    """Each statement on one line, without comments, keywords in capitals as they are written."""
    whole = _SPACE.sub(" ", _COMMENT.sub("", migration.sql))
    return [part.strip() for part in whole.split(";") if part.strip()]


def faults(migration: Migration) -> set[str]:
    """The rules that a migration breaks."""
    all_of_it = statements(migration)
    new = {name for each in all_of_it for name in _CREATE_TABLE.findall(each)}
    found: set[str] = set()
    for each in all_of_it:
        if _DROP.search(each):
            found.add("drop")
        if _FORBIDDEN.search(each):
            found.add("rewrites or takes away")
        altered = _ALTERED.match(each)
        if altered and altered[1] not in new:
            found |= _of_alteration(each)
        found |= {
            "plain index"
            for concurrently, table in _CREATE_INDEX.findall(each)
            if not concurrently and table not in new and table not in REFERENCE
        }
    if any(" CONCURRENTLY " in each for each in all_of_it) != migration.outside_transaction:
        found.add("concurrent index without the first line")
    return found


def _of_alteration(statement: str) -> set[str]:
    found = set()
    for _, definition in _ADD_COLUMN.findall(statement):
        if "GENERATED ALWAYS AS (" in definition:  # computed for every row, behind one lock
            found.add("rewrites or takes away")
        elif "NOT NULL" in definition and not re.search("DEFAULT|GENERATED", definition):
            found.add("column without default")
    if _ADD_CONSTRAINT.search(statement) and "NOT VALID" not in statement:
        found.add("checked at once")
    return found


@pytest.mark.parametrize("migration", migration_files()[1:], ids=lambda each: each.name)
def test_a_migration_leaves_the_release_before_it_running(migration: Migration) -> None:
    unexplained = {rule for rule in faults(migration) if (migration.number, rule) not in ACCEPTED}
    assert unexplained == set(), (
        f"{migration.name}: see docs/migrations.md, or explain it in ACCEPTED of this file"
    )


def test_what_is_accepted_is_still_there() -> None:
    found = {(each.number, rule) for each in migration_files() for rule in faults(each)}
    assert ACCEPTED.keys() <= found


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("ALTER TABLE entity DROP COLUMN uscc", "drop"),
        ("DROP TABLE entity", "drop"),
        ("DROP INDEX entity_by_code", "drop"),
        ("ALTER TABLE entity RENAME COLUMN uscc TO code", "rewrites or takes away"),
        ("ALTER TABLE entity RENAME TO firm", "rewrites or takes away"),
        ("ALTER TABLE entity ALTER COLUMN version TYPE bigint", "rewrites or takes away"),
        ("ALTER TABLE entity ALTER COLUMN revision SET NOT NULL", "rewrites or takes away"),
        ("DELETE FROM entity", "rewrites or takes away"),
        ("ALTER TABLE entity ADD COLUMN a text NOT NULL GENERATED ALWAYS AS (uscc) STORED",
         "rewrites or takes away"),
        ("ALTER TABLE x ADD COLUMN a text, ADD COLUMN b text NOT NULL", "column without default"),
        ("ALTER TABLE entity ADD COLUMN b text NOT NULL, ADD COLUMN a text DEFAULT ''",
         "column without default"),
        ("CREATE INDEX a ON entity (state)", "plain index"),
        ("CREATE UNIQUE INDEX a ON filing (entity_no)", "plain index"),
        ("CREATE INDEX CONCURRENTLY a ON x (n)", "concurrent index without the first line"),
        ("ALTER TABLE entity ADD CHECK (version > 0)", "checked at once"),
        ("ALTER TABLE entity ADD CONSTRAINT c FOREIGN KEY (uscc) REFERENCES x", "checked at once"),
    ],
)  # fmt: skip
def test_each_rule_can_fail(sql: str, rule: str) -> None:
    assert faults(Migration("9001_sample", sql)) == {rule}


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE entity ADD COLUMN a text, ADD COLUMN b text NOT NULL DEFAULT ''",
        "CREATE TABLE sample (n integer PRIMARY KEY); CREATE INDEX a ON sample (n)",
        "CREATE INDEX a ON staff (disabled)",
        "ALTER TABLE staff ADD COLUMN n bigint NOT NULL GENERATED ALWAYS AS IDENTITY",
        f"{OUTSIDE}\nCREATE INDEX CONCURRENTLY a ON entity (state)",
        "ALTER TABLE entity ADD CONSTRAINT c CHECK (version > 0) NOT VALID",
        "ALTER TABLE entity VALIDATE CONSTRAINT c",
        "UPDATE entity SET version = 1 -- DROP TABLE in a comment",
    ],
)  # fmt: skip
def test_what_is_safe_is_let_through(sql: str) -> None:
    assert faults(Migration("9001_sample", sql)) == set()
