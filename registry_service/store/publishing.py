"""A publisher's connections: one to publish on, under a lock; one that hears of events."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import psycopg
from psycopg.rows import dict_row

from registry_service.domain.errors import DatabaseUnavailable
from registry_service.domain.host_errors import (
    RegisterHeld,
)
from registry_service.store.events import CHANNEL as EVENTS
from registry_service.store.publication import CHANNEL as PUBLICATIONS
from registry_service.store.publication import Publication
from registry_service.store.recoveries import hold_register
from registry_service.store.transaction import Connection, Store, Transaction


class Publishing:
    """Made by `publishing`; for one thread."""

    def __init__(self, connection: Connection, listener: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        self._listener = listener

    @contextmanager
    def only_publisher(self) -> Iterator[Transaction]:
        """A transaction on one snapshot, taken while no other process publishes.

        The lock comes first, so the snapshot contains what the publisher before saw and wrote. If
        this process dies the server releases it.

        Raises:
            DatabaseUnavailable: nothing was published.
        """
        publication = Publication(self._connection)
        try:
            publication.lock()
            try:
                with self._connection.transaction():
                    yield Transaction(self._connection)
            finally:
                with suppress(psycopg.Error):
                    publication.unlock()
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise _unavailable(error) from None

    def heard(self, seconds: float, published: int) -> bool:
        """Wait for committed events, or for a publication beyond that number, for at most so long;
        whether any came.

        Raises:
            DatabaseUnavailable: the connection is lost.
        """
        try:
            told = [
                *self._listener.notifies(timeout=seconds, stop_after=1),
                *self._listener.notifies(timeout=0),  # one pass serves all that have come
            ]
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise _unavailable(error) from None
        return any(notice.channel == EVENTS or int(notice.payload) > published for notice in told)


@contextmanager
def serving_register(store: Store) -> Iterator[None]:
    """Hold the register for serving, with others that serve, until the end.

    A publisher holds it too, and takes it again should the connection be lost.

    Raises:
        DatabaseUnavailable: the database does not answer.
        RegisterHeld: it is being recovered.
    """
    try:
        connection = store.connection_for_listening()
    except psycopg.OperationalError as error:
        raise _unavailable(error) from None
    with closing(connection):  # whatever became of it meanwhile
        if not hold_register(connection, alone=False):
            raise _held(alone=False)
        yield


@contextmanager
def publishing(store: Store, *, alone: bool = False) -> Iterator[Publishing]:
    """Connect a publisher, and hold the register until the end.

    Args:
        store: whose database.
        alone: let nobody else publish meanwhile, as a recovery does; by default others may.

    Raises:
        DatabaseUnavailable: the database does not answer.
        RegisterHeld: others publish, or somebody else is alone.
    """
    try:
        connection = store.connection_for_listening()
    except psycopg.OperationalError as error:
        raise _unavailable(error) from None
    with connection:
        connection.row_factory = dict_row
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        try:
            listener = store.connection_for_listening()
        except psycopg.OperationalError as error:
            raise _unavailable(error) from None
        with listener:
            if not hold_register(listener, alone=alone):
                raise _held(alone=alone)
            for channel in (EVENTS, PUBLICATIONS):
                listener.execute(f"LISTEN {channel}")
            yield Publishing(connection, listener)


def _held(*, alone: bool) -> RegisterHeld:
    if alone:
        return RegisterHeld(
            "a registry serves on this database: stop every registry first",
            zh="登记服务正在使用该数据库，请先停止所有登记服务",
        )
    return RegisterHeld(
        "the database is being recovered: start again once `yizhao recover` is done",
        zh="数据库正在执行恢复，请在 `yizhao recover` 完成后再启动",
    )


def _unavailable(error: Exception) -> DatabaseUnavailable:
    return DatabaseUnavailable(
        "the register's database does not answer; nothing was published",
        zh="登记数据库暂时无法访问，未发布任何数据",
        cause=type(error).__name__,
    )
