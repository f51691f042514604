"""What is written down of calls that share a commit: each by the key of its own time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from license_verify import verify
from license_verify.receipt import Asked
from license_verify.receipt_document import open_receipt
from license_verify.server.usage.journal import Journal
from license_verify.server.usage.receipt_keys import ReceiptKeys
from license_verify.server.usage.recorder import Recorder
from license_verify.verdict import Verdict
from tests.unit.usage.test_receipt_keys import KEY, listed, put, trust_with
from tests.unit.verify.test_receipt import ASKED, WORLD
from tests.unit.verify.world import NOW

END = NOW + timedelta(seconds=1)
TRUST = trust_with(replace(listed(), since=NOW, until=END))
EARLY, GOOD, LATE = NOW - timedelta(seconds=1), NOW, END


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    put(tmp_path / "keys", KEY)
    journal = Journal(tmp_path / "journal", 1 << 20)
    yield Recorder(journal, ReceiptKeys(tmp_path / "keys"), lambda: TRUST)
    journal.close()


def checked(*moments: datetime) -> list[tuple[Verdict, Asked]]:
    return [(verify(WORLD.scan(), TRUST, moment), ASKED) for moment in moments]


@pytest.mark.parametrize("outside", [EARLY, LATE])
def test_calls_of_one_commit_are_signed_each_in_its_own_time(
    recorder: Recorder, outside: datetime
) -> None:
    """Else one gets a receipt that no checker believes, or another gets none."""
    for moments in ((GOOD, outside), (outside, GOOD)):
        calls = recorder._put_down([checked(moment) for moment in moments])
        for moment, (issued,) in zip(moments, calls, strict=True):
            assert bool(issued.document) is (moment is GOOD)
            assert issued.document == b"" or open_receipt(issued.document, TRUST)


@pytest.mark.parametrize("moments", [(EARLY, GOOD), (GOOD, LATE), (LATE, LATE), (GOOD, GOOD)])
def test_no_receipt_of_a_long_batch_is_one_that_no_checker_believes(
    recorder: Recorder, moments: tuple[datetime, datetime]
) -> None:
    issued = recorder.record(checked(*moments))
    for each in issued:
        assert each.document == b"" or open_receipt(each.document, TRUST)
    assert all(each.document for each in issued) is (moments == (GOOD, GOOD))
