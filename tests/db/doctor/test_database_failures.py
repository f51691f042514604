"""What an operator meets with the database: each caused, each with cause and next command."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from clients import exits
from registry_service.embedded.binaries import version_from
from registry_service.embedded.folder import DatabaseFolder, remove_instance
from registry_service.embedded.postgres import EmbeddedPostgres, with_database
from registry_service.store.migrate import migration_files
from tests.db.doctor.installation import Installation
from tests.rpc.registry.people import Certificates


def test_nothing_answers(installed: Installation, tmp_path: Path) -> None:
    installed.set("registry", database_url=f"postgresql://clerk:s3cret@/yizhao?host={tmp_path}")
    said = installed.doctor()
    assert said.code == exits.REFUSED
    found = said.wrong("database")
    assert "nothing answers" in found["en"]
    assert "无法连接" in found["zh"]
    assert found["next"].startswith("pg_isready")
    assert said.outcomes("schema") == {"not_applicable"}


def test_a_database_that_is_not_there(installed: Installation) -> None:
    installed.set("registry", database_url=with_database(installed.database, "no_such"))
    found = installed.doctor().wrong("database")
    assert "no database of that name" in found["en"]
    assert found["next"].startswith("createdb")


def test_an_address_that_is_none(installed: Installation) -> None:
    installed.set("registry", database_url="postgresql://a b")
    assert "no postgresql:// address" in installed.doctor().wrong("database")["en"]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server that asks everybody but its owner for a password."""
    folder = tmp_path_factory.mktemp("guarded")
    folder.chmod(0o711)
    server = EmbeddedPostgres(folder / "postgres", version_from(os.environ), durable=False)
    owner = server.start()
    try:
        url = server.database("yizhao")
        rules = DatabaseFolder.open(folder / "postgres").data / "pg_hba.conf"
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute("CREATE ROLE clerk LOGIN PASSWORD 'right'")
            connection.execute("ALTER DATABASE yizhao CONNECTION LIMIT 1")
            rules.write_text("local all clerk scram-sha-256\n" + rules.read_text("ascii"), "ascii")
            connection.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        server.stop()
        remove_instance(folder / "postgres")
        shutil.rmtree(folder, ignore_errors=True)


def as_clerk(url: str, password: str) -> str:
    """The URL with another account."""
    return url.replace("yizhao@", f"clerk:{password}@")


def test_a_wrong_password_is_told_without_telling_it(guarded: str, tmp_path: Path) -> None:
    setup = Installation(tmp_path, as_clerk(guarded, "wr0ng-secret"), Certificates(tmp_path / "ca"))
    said = setup.doctor()
    found = said.wrong("database")
    assert "refuses the password" in found["en"]
    assert "YIZHAO_REGISTRY_DATABASE_URL" in found["next"]
    assert "wr0ng-secret" not in said.text


def test_connections_that_are_used_up(guarded: str, tmp_path: Path) -> None:
    url = as_clerk(guarded, "right")
    setup = Installation(tmp_path, url, Certificates(tmp_path / "ca"))
    with psycopg.connect(url):
        found = setup.doctor().wrong("database")
    assert "used up" in found["en"]
    assert "YIZHAO_REGISTRY_CONNECTIONS" in found["en"]
    assert "pg_stat_activity" in found["next"]


def test_a_schema_that_waits_for_its_migration(installed: Installation) -> None:
    newest = migration_files()[-1]
    installed.run("DELETE FROM schema_migration WHERE number = %s", newest.number)
    found = installed.doctor().wrong("schema")
    assert found["outcome"] == "fail"
    assert newest.name in found["en"]
    assert found["next"] == "yizhao db migrate"


def test_a_schema_of_a_newer_release(installed: Installation) -> None:
    installed.run("INSERT INTO schema_migration (number) VALUES (9001)")
    found = installed.doctor().wrong("schema")
    assert (found["outcome"], "9001" in found["zh"]) == ("fail", True)
    assert found["next"] == "pip install --upgrade yizhao"


def test_the_next_release_taking_over_is_worth_attention_only(installed: Installation) -> None:
    newest = migration_files()[-1].number
    installed.run("INSERT INTO schema_migration (number, oldest_program) VALUES (9001, %s)", newest)
    assert installed.doctor().wrong("schema")["outcome"] == "warn"


def test_a_database_without_any_table_is_told_as_such(
    empty_database_url: str, tmp_path: Path
) -> None:
    setup = Installation(tmp_path, empty_database_url, Certificates(tmp_path / "ca"))
    said = setup.doctor()
    assert said.wrong("schema")["next"] == "yizhao db migrate"
    assert said.outcomes("intents") == {"not_applicable"}
    assert "broke" not in said.text


def test_a_transaction_that_others_wait_for(installed: Installation) -> None:
    with psycopg.connect(installed.database, application_name="a-report") as holder:
        holder.execute("LOCK TABLE entity")
        number = holder.info.backend_pid
        waiting = threading.Thread(target=installed.run, args=("SELECT count(*) FROM entity",))
        waiting.start()
        _until_two_seconds_old(installed.database, number)
        found = installed.doctor().wrong("transactions")
    waiting.join()
    assert found["outcome"] == "fail"
    assert f"process {number} of a-report" in found["en"]
    assert "1 connections wait" in found["en"]
    assert f"pg_terminate_backend({number})" in found["next"]


def _until_two_seconds_old(url: str, pid: int) -> None:
    query = "SELECT clock_timestamp() - xact_start > '2s' FROM pg_stat_activity WHERE pid = %s"
    with psycopg.connect(url, autocommit=True) as watcher:
        while watcher.execute(query, (pid,)).fetchone() != (True,):
            pass


def test_a_locked_table_keeps_no_check_from_the_rest(installed: Installation) -> None:
    with psycopg.connect(installed.database) as holder:
        holder.execute("LOCK TABLE license_version, event")
        said = installed.doctor()
    assert said.outcomes("intents") == {"not_applicable"}
    assert said.outcomes("imports") == {"ok"}
