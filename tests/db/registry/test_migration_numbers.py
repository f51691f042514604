"""Migrations bear numbers of their own, from 1 without gaps."""

from registry_service.store.migrate import migration_files


def test_migrations_are_numbered_from_one_without_gaps() -> None:
    numbers = [each.number for each in migration_files()]
    assert numbers == list(range(1, len(numbers) + 1))
