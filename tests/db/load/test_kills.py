"""Three of the hundred kills of `make kills`."""

from pathlib import Path

from tests.load.kills import a_trial


def test_kill_9_under_load_loses_no_acknowledged_act_and_no_event(
    database_url: str, tmp_path: Path
) -> None:
    with a_trial(database_url, tmp_path, seed=3) as trial:
        report = trial.run(3)
    assert report.wrong == []
    assert report.kills >= 3
    assert report.acknowledged.total() > 0
    assert report.events > 0
