"""What the measurements run on is a register like any other."""

from pathlib import Path

from registry_service.fsck import check
from tests.load.bench_fsck import prepare


def test_a_register_written_in_bulk_keeps_every_invariant(
    database_url: str, tmp_path: Path
) -> None:
    prepare(database_url, tmp_path, 120)
    assert check(database_url) == []
