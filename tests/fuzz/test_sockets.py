"""Hostile bytes over real connections: the server answers people, and stays."""

from random import Random

from tests.fuzz import sockets


def test_what_no_browser_sends_is_answered_or_left_and_breaks_nothing() -> None:
    report = sockets.run(150, seed=5)
    assert report.wrong == []
    assert report.connections == 150
    assert report.statuses[400] > 0


def test_each_way_of_asking_wrongly_is_drawn() -> None:
    chance = Random(1)  # noqa: S311 - not a secret
    drawn = [sockets.request(chance) for _ in range(300)]
    assert len(set(drawn)) > 280
    assert any(len(each) > 900_000 for each in drawn)
