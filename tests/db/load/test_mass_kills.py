"""Three of the fifty kills of `make mass-kills`, and two of a mass revocation."""

from pathlib import Path

from tests.database import SharedServer
from tests.load import revoke_kills
from tests.load.mass_kills import trial


def test_a_mass_issue_that_was_killed_and_resumed_gives_each_entity_one_licence(
    postgres: SharedServer, tmp_path: Path
) -> None:
    report = trial(postgres, tmp_path, kills=3, entities=6_000, seed=11)
    assert report.faults == []
    assert report.live == report.entities == 6_000
    assert report.kills.total() > 0


def test_a_mass_revocation_that_was_killed_and_resumed_revokes_each_entity_once(
    postgres: SharedServer, tmp_path: Path
) -> None:
    report = revoke_kills.trial(postgres, tmp_path, stops=(3, 150), entities=3_000)
    assert report.faults == []
    assert report.killed_at == [3, 150]
    assert report.revoked == dict.fromkeys(report.listed, 1)
    assert report.counted == len(report.listed)
