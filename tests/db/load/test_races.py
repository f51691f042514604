"""A tenth of what `make races` runs."""

from pathlib import Path
from random import Random

from registry_service.fsck import check
from tests.load.races import Races, a_race_track


def test_of_two_concurrent_writers_exactly_one_wins_and_the_other_is_told_why(
    database_url: str, tmp_path: Path
) -> None:
    with a_race_track(database_url, tmp_path / "keys") as world:
        tally = Races(world, Random(7)).run(100)  # noqa: S311 - draws pairs, not keys
    assert tally.wrong == []
    assert tally.told == {"ETAG_MISMATCH": 100}
    assert check(database_url) == []
