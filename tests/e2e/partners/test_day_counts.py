"""What nodes tell the database of a partner's day, and hear of the others."""

from datetime import date

from license_verify.server.database.connections import Database
from license_verify.server.database.directory import DirectoryTables

DAY = date(2026, 11, 26)


def test_checks_of_all_nodes_add_up(verify_database_url: str) -> None:
    with Database(verify_database_url, 1) as database:
        tables = DirectoryTables(database)
        assert [tables.count("icbank", DAY, count) for count in (3, 4)] == [3, 7]
        assert tables.count("unicom", DAY, 1) == 1


def test_a_node_with_nothing_to_tell_writes_nothing(verify_database_url: str) -> None:
    def written(database: Database) -> list[str]:
        with database.transaction() as connection:
            rows = connection.execute("SELECT xmin::text AS written_by FROM partner_day")
            return [row["written_by"] for row in rows]

    with Database(verify_database_url, 1) as database:
        tables = DirectoryTables(database)
        assert tables.count("icbank", DAY, 0) == 0
        assert written(database) == []
        tables.count("icbank", DAY, 3)
        before = written(database)
        assert tables.count("icbank", DAY, 0) == 3
        assert written(database) == before
