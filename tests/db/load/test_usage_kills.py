"""Four of the kills of `make usage-kills`."""

from pathlib import Path

from tests.load.usage_kills import trial


def test_kill_9_of_verifying_nodes_loses_no_answer_and_counts_none_twice(
    verify_database_url: str, tmp_path: Path
) -> None:
    report = trial(verify_database_url, tmp_path, kills=4, seed=4)
    assert report.wrong == []
    assert report.answered > 0
    assert report.stored >= report.answered
