"""The documented list of reasons only grows, and names the check that gives each."""

from pathlib import Path

from license_verify.checks import CheckName
from license_verify.reason_list import ANY_CHECK, BY_CHECK
from license_verify.reasons import Reason

PUBLISHED = Path(__file__).parents[2] / "vectors" / "reasons.txt"


def test_no_reason_that_was_ever_published_is_gone_and_new_ones_are_put_down() -> None:
    published = PUBLISHED.read_text("ascii").split()
    assert len(set(published)) == len(published)
    assert set(published) - set(Reason) == set(), "a published reason never goes or is renamed"
    assert set(Reason) - set(published) == set(), f"add new reasons to the end of {PUBLISHED.name}"


def test_every_reason_stands_under_its_check() -> None:
    assert list(BY_CHECK) == list(CheckName)
    listed = {reason for reasons in BY_CHECK.values() for reason in reasons}
    assert listed | set(ANY_CHECK) == set(Reason)
    assert listed.isdisjoint(ANY_CHECK)
