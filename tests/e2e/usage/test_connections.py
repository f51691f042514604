"""Connections to the verifying side's database notice a server that is gone without a word."""

from psycopg.conninfo import make_conninfo

from license_verify.server.database.connections import Database


def told_to(url: str) -> dict[str, str]:
    """What libpq was told, of one connection."""
    with Database(url, 1) as database, database.transaction() as connection:
        return connection.info.get_parameters()


def test_a_server_that_says_nothing_any_more_is_given_up_within_half_a_minute(
    verify_database_url: str,
) -> None:
    told = told_to(verify_database_url)
    assert int(told["tcp_user_timeout"]) <= 30_000
    silent = int(told["keepalives_idle"]) + int(told["keepalives_interval"]) * int(
        told["keepalives_count"]
    )
    assert silent <= 30
    assert int(told["connect_timeout"]) <= 10


def test_what_the_operators_url_says_goes_before(verify_database_url: str) -> None:
    url = make_conninfo(verify_database_url, keepalives_idle=60)
    told = told_to(url)
    assert (told["keepalives_idle"], told["keepalives_interval"]) == ("60", "5")
