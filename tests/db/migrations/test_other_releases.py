"""A database of another release is refused by name, unless that release said that this one may."""

from pathlib import Path

import psycopg
import pytest

from clients import exits
from clients.cli.main import main
from license_verify.database.migration_errors import SchemaNewer, SchemaOlder
from license_verify.database.migration_files import Migration
from registry_service.composition import serving
from registry_service.store.migrate import PREVIOUS_NEWEST, migrate, migration_files, read_version
from tests.db.migrations.files import COLUMN, NUMBER, with_more
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import populate, settings


def applied(url: str, number: int, oldest: int | None) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO schema_migration (number, oldest_program) VALUES (%s, %s)",
            (number, oldest),
        )


def test_a_newer_database_is_not_migrated(database_url: str) -> None:
    applied(database_url, NUMBER, None)
    with pytest.raises(SchemaNewer, match=r"9001.*nothing was changed") as caught:
        migrate(database_url)
    assert caught.value.metadata["unknown"] == "9001"
    assert "9001" in caught.value.zh


def test_the_command_refuses_a_newer_database(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    applied(database_url, NUMBER, None)
    monkeypatch.setenv("YIZHAO_REGISTRY_DATABASE_URL", database_url)
    assert main(["db", "migrate"]) == exits.REFUSED
    assert "SCHEMA_NEWER" in capsys.readouterr().err


def test_a_registry_does_not_start_on_a_database_made_for_newer_ones_only(
    database_url: str, tmp_path: Path
) -> None:
    config = settings(Certificates(tmp_path / "ca"), tmp_path / "keys", database_url)
    populate(config, database_url)
    applied(database_url, NUMBER, NUMBER)
    with pytest.raises(SchemaNewer, match="9001"), serving(config):
        pass


def test_a_registry_starts_again_while_the_next_release_takes_over(
    database_url: str, tmp_path: Path
) -> None:
    config = settings(Certificates(tmp_path / "ca"), tmp_path / "keys", database_url)
    populate(config, database_url)
    applied(database_url, NUMBER, migration_files()[-1].number)
    with serving(config) as server:
        assert server.address


def test_a_registry_does_not_start_before_the_migrations_ran(
    database_url: str, tmp_path: Path
) -> None:
    config = settings(Certificates(tmp_path / "ca"), tmp_path / "keys", database_url)
    populate(config, database_url)
    newest = migration_files()[-1]
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM schema_migration WHERE number = %s", (newest.number,))
    with pytest.raises(SchemaOlder, match=rf"{newest.name}.*yizhao db migrate"), serving(config):
        pass


def test_a_migration_says_which_release_may_go_on(database_url: str) -> None:
    migrate(database_url, with_more(COLUMN))
    with psycopg.connect(database_url) as connection:
        previous = [each for each in migration_files() if each.number <= PREVIOUS_NEWEST]
        seen = read_version(connection, previous)
        assert (seen.unknown[-1], seen.too_new) == (NUMBER, False)
        one_before = read_version(connection, previous[:-1])
        assert one_before.too_new


def test_a_database_without_any_table_waits_for_all(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        version = read_version(connection)
    assert version.missing == tuple(each.name for each in migration_files())


def test_a_migration_outside_a_transaction_builds_indexes_and_nothing_else() -> None:
    wrong = Migration("9001_wrong", "-- outside a transaction\nDROP TABLE entity;")
    with pytest.raises(ValueError, match=r"9001_wrong.*CREATE INDEX CONCURRENTLY"):
        wrong.indexes()
