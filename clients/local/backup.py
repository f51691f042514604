"""A database into a file and back, by PostgreSQL's own pg_dump and pg_restore.

A file holds one moment of the database, whole. Keys, documents and `published.json` are no part of
it (docs/recovery.md).
"""

import os
import secrets
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from clients.exits import Failure
from clients.whole_files import naming
from registry_service.embedded.account import Account
from registry_service.embedded.binaries import programs
from registry_service.embedded.errors import EmbeddedPostgresError
from registry_service.embedded.postgres import with_database

_LAST_LINES: Final = 5


def dump(url: str, file: Path) -> int:
    """Write the database to `file`, for this account alone; returns its size in bytes.

    May run while the registry serves. The old file stays until the new one is whole.

    Raises:
        Failure: `file` is something else than a file, no program of the server's version is here,
            or it failed; its words are in the text.
    """
    if file.exists() and not file.is_file():  # else root would put the backup in a device's place
        raise Failure(
            f"{file} is no file: give the name of one", zh=f"{file} 不是文件，请另指定备份文件"
        )
    draft = file.with_name(f".{file.name}.new")
    with naming(file):
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        _run(url, "pg_dump", "--format=custom", "--no-owner", f"--file={draft}", url)
        with naming(file):
            descriptor = os.open(draft, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return file.stat().st_size


def restore(url: str, file: Path, now: datetime) -> str | None:
    """Put the database of `file` in place of the one at `url`, which is kept.

    It is restored beside it and changes places when it is whole, so a failure changes nothing.

    Returns:
        The name under which the former database is kept; None if there was none.

    Raises:
        Failure: the file can't be restored, or somebody works on the database.
    """
    if not file.is_file():
        raise Failure(f"{file} is no file", zh=f"找不到备份文件 {file}")
    name = unquote(urlsplit(url).path.lstrip("/"))
    fresh = f"{name}_{secrets.token_hex(4)}"
    server = with_database(url, "postgres")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(fresh)))
        target = with_database(url, fresh)
        try:
            _run(
                url,
                "pg_restore",
                "--exit-on-error",
                "--single-transaction",
                "--no-owner",
                f"--dbname={target}",
                str(file),
            )
            return _change_places(connection, name, fresh, f"{name}_before_{now:%Y%m%dT%H%M%S}")
        except BaseException:
            gone = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(fresh))
            connection.execute(gone)
            raise


def _change_places(
    connection: "psycopg.Connection[tuple[object, ...]]", name: str, fresh: str, kept: str
) -> str | None:
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    there = connection.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).fetchone()
    try:
        if there is not None:
            connection.execute(rename.format(sql.Identifier(name), sql.Identifier(kept)))
        connection.execute(rename.format(sql.Identifier(fresh), sql.Identifier(name)))
    except psycopg.errors.ObjectInUse:
        raise Failure(
            f"somebody works on the database {name}: stop every registry first",
            zh="数据库正在使用，请先停止所有登记服务",
        ) from None
    return kept if there is not None else None


def _run(url: str, program: str, *arguments: str) -> None:
    done = subprocess.run(
        [_program(url, program), *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.decode(errors="replace").splitlines()[-_LAST_LINES:]
        raise Failure(f"{program} failed: " + "\n  ".join(lines), zh=f"{program} 执行失败")


def _program(url: str, name: str) -> str:
    """The program of the server's own major version: a newer one writes what it can't read."""
    with psycopg.connect(url) as connection:
        version = connection.info.server_version // 10_000
    try:
        found = programs(version, Account.of_uid(os.geteuid())) / name
    except EmbeddedPostgresError:
        found = Path("absent")
    if found.is_file():
        return str(found)
    installed = shutil.which(name)
    if installed is None:
        raise Failure(
            f"there is no {name} here: install the client programs of PostgreSQL {version}",
            zh=f"本机没有 {name}，请安装 PostgreSQL {version} 的客户端程序",
        )
    return installed
