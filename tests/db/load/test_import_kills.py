"""Three of the thirty kills of `make import-kills`."""

from pathlib import Path

from tests.database import SharedServer
from tests.load.import_kills import trial


def test_an_import_that_was_killed_and_resumed_gives_the_same_register(
    postgres: SharedServer, tmp_path: Path
) -> None:
    report = trial(postgres, tmp_path, kills=3, rows=4_000, seed=5)
    assert report.different == []
    assert report.faults == []
    assert report.kills.total() > 0
