"""A database server of a program's own, gone with it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.database import DatabaseRun, SharedServer, shared_server


@contextmanager
def a_server() -> Iterator[SharedServer]:
    """A PostgreSQL server with a migrated template, as the tests have."""
    run = DatabaseRun()
    try:
        yield shared_server(run.folder, os.environ)
    finally:
        run.close()
