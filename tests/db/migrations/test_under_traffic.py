"""A migration beside running transactions gives way, says who held it up, and changes nothing."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from clients import exits
from clients.cli.main import main
from license_verify.database.migrate import Patience
from license_verify.database.migration_errors import MigrationBlocked, MigrationTimedOut
from registry_service.domain.errors import DatabaseUnavailable
from registry_service.store.migrate import migrate, migration_files
from tests.db.migrations.files import COLUMN, INDEX, LOST, NUMBER, SLOW, with_more

HURRIED = Patience(lock=0.2, statement=0.4, index=0.4, attempts=2, pause=0.05)


@contextmanager
def a_long_reader(url: str) -> Iterator[psycopg.Connection]:
    """A transaction that has read the table of entities and goes on."""
    with psycopg.connect(url, application_name="a-report") as connection:
        connection.execute("SELECT count(*) FROM entity")
        yield connection


def columns(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'entity'"
        )
        return {name for (name,) in rows}


def indexes(url: str) -> list[bool]:
    """Whether the index is valid; empty where there is none."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('entity_sample')"
        )
        return [valid for (valid,) in rows]


def test_a_migration_that_is_held_up_names_itself_and_the_holder(database_url: str) -> None:
    with a_long_reader(database_url) as reader:
        holder = f"process {reader.info.backend_pid} of a-report"
        with pytest.raises(MigrationBlocked) as caught:
            migrate(database_url, with_more(COLUMN), HURRIED)
    told = str(caught.value)
    assert "9001_column" in told
    assert holder in told
    assert "entity" in caught.value.metadata["holders"]
    assert "nothing was changed" in told
    assert "yizhao db migrate" in told
    assert "yizhao db migrate" in caught.value.zh
    assert "sample" not in columns(database_url)


def test_who_reads_meanwhile_waits_for_one_attempt_and_no_longer(database_url: str) -> None:
    patience = Patience(lock=0.2, attempts=2, pause=0.05)
    with a_long_reader(database_url), psycopg.connect(database_url) as other:
        blocked = threading.Thread(target=_migrate_in_vain, args=(database_url, patience))
        blocked.start()
        other.execute("SET lock_timeout = '20s'")
        assert other.execute("SELECT count(*) FROM entity").fetchone() == (0,)
        blocked.join()


def _migrate_in_vain(url: str, patience: Patience) -> None:
    with pytest.raises(MigrationBlocked):
        migrate(url, with_more(COLUMN), patience)


def test_it_succeeds_at_a_later_attempt_once_the_holder_is_done(database_url: str) -> None:
    patience = Patience(lock=0.1, attempts=100, pause=0.05)
    done: list[int] = []
    with a_long_reader(database_url) as reader:
        waiting = threading.Thread(
            target=lambda: done.extend(migrate(database_url, with_more(COLUMN), patience))
        )
        waiting.start()
        _until_somebody_waits_for(reader, database_url)
    waiting.join()
    assert done == [NUMBER]
    assert "sample" in columns(database_url)


def _until_somebody_waits_for(reader: psycopg.Connection, url: str) -> None:
    query = "SELECT 1 FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))"
    with psycopg.connect(url, autocommit=True) as watcher:
        while watcher.execute(query, (reader.info.backend_pid,)).fetchone() is None:
            pass


def test_a_statement_that_takes_too_long_is_stopped_and_undone(database_url: str) -> None:
    with pytest.raises(MigrationTimedOut, match=r"9001_slow.*0\.4 s.*nothing was changed"):
        migrate(database_url, with_more(SLOW), HURRIED)
    assert "sample" not in columns(database_url)
    assert migrate(database_url, with_more(COLUMN)) == [NUMBER]


def test_the_command_says_it_in_a_sentence_and_exits_with_one(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    migrate(empty_database_url, migration_files()[:1])
    monkeypatch.setenv("YIZHAO_REGISTRY_DATABASE_URL", empty_database_url)
    with psycopg.connect(empty_database_url) as reader:
        reader.execute("SELECT count(*) FROM filing")
        assert main(["--json", "db", "migrate", "--attempts", "1"]) == exits.REFUSED
    told = json.loads(capsys.readouterr().out)["error"]
    assert told["reason"] == "MIGRATION_BLOCKED"
    assert "0002_filing_revisions" in told["zh"]
    assert main(["db", "migrate"]) == exits.DONE


def test_without_a_database_the_command_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("YIZHAO_REGISTRY_DATABASE_URL", f"postgresql://?host={tmp_path}")
    assert main(["db", "migrate"]) == exits.REFUSED
    assert "bug" not in capsys.readouterr().err
    with pytest.raises(DatabaseUnavailable):
        migrate(f"postgresql://?host={tmp_path}")


def test_a_connection_that_is_lost_midway_leaves_nothing(database_url: str) -> None:
    with pytest.raises(DatabaseUnavailable):
        migrate(database_url, with_more(LOST))
    assert "sample" not in columns(database_url)


def test_an_index_is_built_while_a_writer_writes(database_url: str) -> None:
    """One that was not built concurrently would wait for the writer, and every later one for it."""
    done: list[int] = []
    with psycopg.connect(database_url) as writer, psycopg.connect(database_url) as later:
        writer.execute("INSERT INTO unit VALUES (1, NULL, 'city', 'x')")
        writer.execute(_ENTITY)
        building = threading.Thread(
            target=lambda: done.extend(migrate(database_url, with_more(INDEX)))
        )
        building.start()
        _until_somebody_waits_for(writer, database_url)
        later.execute("SET lock_timeout = '5s'")
        later.execute(_ENTITY.replace("7,", "8,").replace(" 1, 1, 1,", " NULL, 1, 1,"))
        later.commit()
        writer.commit()
    building.join()
    assert done == [NUMBER]
    assert indexes(database_url) == [True]


_ENTITY = "INSERT INTO entity VALUES (7, 'x', 'active', 1, 1, 1, now(), now())"


def test_a_half_built_index_is_cleared_away_by_the_next_run(database_url: str) -> None:
    with psycopg.connect(database_url) as writer:
        writer.execute("LOCK TABLE entity IN ROW EXCLUSIVE MODE")
        with pytest.raises((MigrationTimedOut, MigrationBlocked), match="half-built index"):
            migrate(database_url, with_more(INDEX), HURRIED)
    assert indexes(database_url) == [False]
    assert migrate(database_url, with_more(INDEX)) == [NUMBER]
    assert indexes(database_url) == [True]


def test_an_index_that_was_built_before_the_books_were_kept_is_not_built_twice(
    database_url: str,
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE INDEX entity_sample ON entity (state)")
        oid = connection.execute("SELECT 'entity_sample'::regclass::oid").fetchone()
    assert migrate(database_url, with_more(INDEX)) == [NUMBER]
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT 'entity_sample'::regclass::oid").fetchone() == oid


def test_two_that_start_at_once_build_an_index_once(database_url: str) -> None:
    applied: list[int] = []
    threads = [
        threading.Thread(target=lambda: applied.extend(migrate(database_url, with_more(INDEX))))
        for _ in range(3)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert applied == [NUMBER]
