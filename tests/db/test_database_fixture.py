"""The database that tests get."""

import psycopg
import pytest

from tests.database import SharedServer


@pytest.mark.parametrize("again", [1, 2])
def test_each_test_gets_a_database_of_its_own(database_url: str, again: int) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE only_mine (n int)")


def test_a_clone_is_dropped_even_while_somebody_is_connected(postgres: SharedServer) -> None:
    with postgres.clone() as url:
        forgotten = psycopg.connect(url)
    with pytest.raises(psycopg.OperationalError):
        forgotten.execute("SELECT 1")
    forgotten.close()


def test_an_empty_database_has_no_tables(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert row.fetchone() == (0,)
