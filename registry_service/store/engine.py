"""Being the one process that works on mass runs."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg

from registry_service.store.mass_runs import hold_engine
from registry_service.store.transaction import Store
from registry_service.store.unavailable import unavailable


@contextmanager
def only_engine(store: Store) -> Iterator[bool]:
    """Hold the engine until the end; gives False if another process does.

    If this process dies the server releases it.

    Raises:
        DatabaseUnavailable: the database does not answer.
    """
    try:
        connection = store.connection_for_listening()
        with closing(connection):
            yield hold_engine(connection)
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise unavailable(error) from None
