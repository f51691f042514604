"""Fixtures of the tests that talk to PostgreSQL directly."""

from collections.abc import Iterator

import psycopg
import pytest


@pytest.fixture
def connection(database_url: str) -> Iterator[psycopg.Connection]:
    """A connection to this test's migrated database; whoever uses it commits."""
    with psycopg.connect(database_url) as connection:
        yield connection
