"""Resource names and the short forms people write."""

import pytest

from clients.sdk import names


@pytest.mark.parametrize(
    ("short", "collection", "whole"),
    [
        ("91370811MAJN000108/1", "filings", "entities/91370811MAJN000108/filings/1"),
        ("entities/C/filings/1", "filings", "entities/C/filings/1"),
        ("C/YZ11-20261124-000002", "applications", "entities/C/applications/YZ11-20261124-000002"),
        ("nonsense", "filings", "nonsense"),
    ],
)
def test_a_short_name_becomes_a_whole_one(short: str, collection: str, whole: str) -> None:
    assert names.whole(short, collection) == whole


def test_a_whole_name_is_shown_short_and_read_back() -> None:
    name = "entities/91370811MAJN000108/handovers/2"
    assert names.short(name) == "91370811MAJN000108/2"
    assert names.whole(names.short(name), "handovers") == name
    assert names.code_of(name) == "91370811MAJN000108"


def test_a_version_may_be_given_alone_or_as_a_name() -> None:
    assert names.below("C", "licenses", "-") == "entities/C/licenses/-"
    assert names.below("C", "licenses", "entities/C/licenses/2") == "entities/C/licenses/2"
