"""The embedded server survives what happens to servers."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from registry_service.embedded import binaries
from registry_service.embedded.binaries import version_from
from registry_service.embedded.errors import AlreadyRunning, EmbeddedPostgresError
from registry_service.embedded.folder import DatabaseFolder, remove_instance
from registry_service.embedded.postgres import EmbeddedPostgres, running
from registry_service.embedded.postmaster import Postmaster

VERSION = version_from(os.environ)
CANARY = "王小花的餐馆"

_HOLDER = """
import os, sys, pathlib
from registry_service.embedded.binaries import version_from
from registry_service.embedded.postgres import EmbeddedPostgres
server = EmbeddedPostgres(pathlib.Path(sys.argv[1]), version_from(os.environ), durable=False)
print(server.start(), flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "instance" / "postgres"
    yield place
    remove_instance(place)


def a_server(folder: Path, *, durable: bool = False) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder, VERSION, durable=durable)


def write_a_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (7)")


def read_the_row(url: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT n FROM kept").fetchone()


def postmaster(folder: Path) -> Postmaster:
    found = Postmaster.read(DatabaseFolder.open(folder).data)
    assert found is not None
    return found


def kill_and_wait(pid: int) -> None:
    """Kill a process that is not our child and wait for its end."""
    handle = os.pidfd_open(pid)
    try:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
        wait_for_end(handle)
    finally:
        os.close(handle)


def wait_for_end(handle: int) -> None:
    ready, _, _ = select.select([handle], [], [], 60)
    assert ready, "the process did not end"


def test_what_was_written_is_there_after_a_restart(folder: Path) -> None:
    with a_server(folder) as server:
        write_a_row(server.database("yizhao"))
    with a_server(folder) as server:
        assert read_the_row(server.database("yizhao")) == (7,)


def test_a_killed_postmaster_is_survived_by_the_next_start(folder: Path) -> None:
    server = a_server(folder, durable=True)
    write_a_row(server.start())
    kill_and_wait(postmaster(folder).pid)
    server.stop()
    assert (DatabaseFolder.open(folder).data / "postmaster.pid").exists()
    with a_server(folder) as again:
        assert read_the_row(again.database("postgres")) == (7,)


def test_a_stale_pid_file_naming_a_living_stranger_does_not_stop_the_start(folder: Path) -> None:
    server = a_server(folder, durable=True)
    write_a_row(server.start())
    pid = postmaster(folder).pid
    kill_and_wait(pid)
    server.stop()
    file = DatabaseFolder.open(folder).data / "postmaster.pid"
    file.write_text(file.read_text().replace(str(pid), str(os.getpid()), 1))
    with a_server(folder) as again:
        assert read_the_row(again.database("postgres")) == (7,)


def test_a_start_right_after_the_process_was_killed_takes_over(folder: Path) -> None:
    with holder(folder) as process:
        process.kill()
    with a_server(folder):  # waits for the ending server, whose guard still holds the lock
        pass


def test_the_server_ends_with_its_guard(folder: Path) -> None:
    with holder(folder) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        handle = os.pidfd_open(postmaster(folder).pid)
        os.kill(int(children[0]), signal.SIGKILL)
        wait_for_end(handle)
        os.close(handle)


def test_a_zombie_in_the_pid_file_does_not_stop_the_start(folder: Path) -> None:
    with holder(folder) as process:
        guard = int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text())
        os.kill(guard, signal.SIGSTOP)  # it can't collect its child any more
        zombie = postmaster(folder).pid
        kill_and_wait(zombie)
        assert Path(f"/proc/{zombie}/stat").read_text().split()[2] == "Z"
        process.kill()
        process.wait()
        kill_and_wait(guard)
    with a_server(folder) as server:
        write_a_row(server.database("yizhao"))


def test_a_second_process_is_refused_and_can_ask_for_the_address(folder: Path) -> None:
    with a_server(folder) as server:
        url = server.database("yizhao")
        with pytest.raises(AlreadyRunning, match="another process"):
            a_server(folder).start()
        assert running(folder, "yizhao") == url
    assert running(folder) is None


def test_data_of_another_version_are_refused_by_name(folder: Path) -> None:
    with a_server(folder):
        stored = DatabaseFolder.open(folder).version
    other = {16: 18, 18: 16}[stored or 0]
    with pytest.raises(EmbeddedPostgresError, match=f"made by PostgreSQL {stored}"):
        EmbeddedPostgres(folder, other).start()


def test_a_half_made_data_folder_is_made_again(folder: Path) -> None:
    place = DatabaseFolder.open(folder)
    half = place.data.with_name("data.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with a_server(folder) as server:
        write_a_row(server.database("yizhao"))


def test_an_instance_folder_closed_to_others_keeps_its_data_within_reach(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with a_server(closed / "postgres") as server:
        write_a_row(server.database("yizhao"))
    data = DatabaseFolder.open(closed / "postgres").data
    assert data.stat().st_mode & 0o777 == 0o700
    remove_instance(closed / "postgres")
    assert not data.exists()


def test_programs_are_copied_for_everybody_whatever_the_umask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "SHARED_HOME", tmp_path)
    before = os.umask(0o077)  # as `yizhao up` sets it
    try:
        copied = binaries._copy(binaries._package_folder(), binaries.DEFAULT_VERSION)
    finally:
        os.umask(before)
    folders = [copied, *copied.rglob("*/")]
    assert len(folders) > 5
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o755}


def test_no_value_of_a_statement_reaches_the_servers_log(folder: Path) -> None:
    bad = (
        f"SELECT '{CANARY}'::date",
        f'SELECT no_such_column AS "{CANARY}"',
        f"INSERT INTO named VALUES ('{CANARY}')",  # noqa: S608 - our own constant
        f"DO $$ BEGIN RAISE WARNING '{CANARY}'; END $$",
        f"DO $$ BEGIN RAISE EXCEPTION '{CANARY}'; END $$",
    )
    with (
        a_server(folder) as server,
        psycopg.connect(server.database("yizhao"), autocommit=True) as connection,
    ):
        connection.execute("CREATE TABLE named (name text PRIMARY KEY)")
        connection.execute("INSERT INTO named VALUES (%s)", (CANARY,))
        for statement in bad:
            with suppress(psycopg.Error):
                connection.execute(statement.encode())
        with suppress(psycopg.Error):
            connection.execute("SELECT %s::date", (CANARY,))
    log = DatabaseFolder.open(folder).log.read_text(encoding="utf-8")
    assert "ready to accept connections" in log
    assert CANARY not in log


def holder(folder: Path) -> "subprocess.Popen[str]":
    """A process of its own that runs the server until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgresql://")
    return process
