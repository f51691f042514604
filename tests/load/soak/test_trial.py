"""A few seconds of `make soak`, with one kill."""

from pathlib import Path

from tests.database import SharedServer
from tests.load.soak.stack import a_stack
from tests.load.soak.trial import Trial
from tests.rpc.registry import people


def test_under_load_with_a_kill_nothing_is_wrong(postgres: SharedServer, tmp_path: Path) -> None:
    with a_stack(postgres, tmp_path, 60) as stack:
        report = Trial(stack, seconds=8, kills=1, seed=1).run(0, rate=20)
        one_more = report.to_be_counted | {people.BANK: report.to_be_counted[people.BANK] + 1}
        miscounted = list(stack.books.wrong(one_more, patience=0))
    assert len([each for each in miscounted if "partner/icbank" in each]) == 2  # usage, receipts
    assert report.wrong == []
    assert len(report.outages) == 1
    assert report.tally.answered.total() > 0
    assert report.tally.statuses["VALID"] > 0
