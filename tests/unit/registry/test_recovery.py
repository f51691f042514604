"""Where numbers go on after a restore, and what holds documents down."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from license_verify.lists.status import Status, worse
from registry_service.domain.entity import EntityState
from registry_service.domain.feed import Gap, Span
from registry_service.domain.host_errors import HostRefusal
from registry_service.domain.license import entry
from registry_service.domain.recovery import Used, epoch_of, floor_of, is_repeated, jump_past
from registry_service.waterline import Mark, Waterline, WaterlineDamaged

STORE = Path(__file__).parents[3] / "registry_service" / "store"
NOW = datetime(2026, 11, 2, 1, 2, 3, tzinfo=UTC)
small = st.integers(0, 10**6)
statuses = st.sampled_from(Status)
used = st.builds(
    Used,
    epoch=st.integers(0, 50),
    number=small,
    sequence=st.integers(0, 10**9),
    list_no=st.integers(0, 900),
    trust_version=small,
    feed_no=small,
    lost_events=small,
)


@given(used)
def test_every_number_goes_on_above_all_that_was_given(used: Used) -> None:
    jump = jump_past(used)
    assert jump.epoch > used.epoch
    assert jump.number > used.number + used.lost_events
    assert jump.sequence > used.sequence + used.lost_events
    assert jump.list_no > used.list_no + 1
    assert jump.trust_version > used.trust_version
    assert jump.feed_no > used.feed_no
    assert epoch_of(jump.seq + 1) == jump.epoch


@given(used)
def test_a_backup_from_before_a_recovery_does_not_forget_it(used: Used) -> None:
    """The epoch in the bundle's number is all that is left of the first recovery."""
    first = jump_past(used)
    second = jump_past(replace(used, epoch=epoch_of(first.seq + 99)))
    for place in ("epoch", "seq", "number", "sequence", "list_no"):
        assert getattr(second, place) > getattr(first, place)


def test_a_small_register_gets_round_numbers() -> None:
    jump = jump_past(Used(0, 12, 400, 0, 3, 900, 40))
    told = (jump.epoch, jump.number, jump.sequence, jump.list_no, jump.trust_version, jump.feed_no)
    assert told == (1, 10_001, 10_000_000, 64, 1_003, 1_000_900)


@given(statuses, statuses, st.sampled_from(EntityState))
def test_no_document_reads_better_than_it_was_published(
    published: Status, own: Status, state: EntityState
) -> None:
    assume(published is not Status.INVALID)  # an entry that was never issued
    restored = entry(state, own)
    said = entry(state, own, floor_of(published, restored))
    assert worse(said, published) is said
    assert worse(said, restored) is said


@given(statuses, statuses)
def test_what_differs_is_not_repeated_before_it_is(published: Status, restored: Status) -> None:
    assume(published not in (restored, Status.INVALID))
    assert not is_repeated(published, restored, restored)
    assert is_repeated(published, restored, published)
    assert not is_repeated(published, restored, Status.INVALID)


def test_no_page_of_the_feed_ends_within_a_gap() -> None:
    span = Span(1, 2_010, (Gap(7, 1_000), Gap(1_005, 2_000)))
    after = 0
    seen: list[int] = []
    while after < span.newest:
        start, after = span.page(after, 3)
        assert not any(gap.holds(after) for gap in span.gaps)
        seen += range(start + 1, after + 1)
    assert seen == [*range(1, 8), *range(1_001, 1_006), *range(2_001, 2_011)]


@given(st.integers(0, 7) | st.integers(1_000, 1_020) | st.integers(2_000, 2_009), st.integers(1, 9))
def test_a_page_of_the_feed_goes_on(after: int, size: int) -> None:
    gaps = (Gap(7, 1_000), Gap(1_020, 2_000))
    start, until = Span(1, 2_010, gaps).page(after, size)
    assert after <= start < until <= start + size


def test_the_waterline_never_goes_back(tmp_path: Path) -> None:
    waterline = Waterline(tmp_path / "published.json")
    assert waterline.read() is None
    waterline.advance(Mark(7, NOW))
    waterline.advance(Mark(5, NOW))
    assert waterline.read() == Mark(7, NOW)
    assert waterline.file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"seq": 1}', '{"seq": "x", "issued_at": ""}'])
def test_a_damaged_waterline_is_not_believed(tmp_path: Path, text: str) -> None:
    waterline = Waterline(tmp_path / "published.json")
    waterline.file.write_text(text, "ascii")
    with pytest.raises(WaterlineDamaged):
        waterline.read()


def test_what_the_operator_is_refused_is_told_of_in_the_page() -> None:
    page = (STORE.parents[1] / "docs" / "recovery.md").read_text("utf-8")
    reasons = {each.reason for each in HostRefusal.__subclasses__()}
    assert len(reasons) == len(HostRefusal.__subclasses__()) > 5
    assert {reason for reason in reasons if f"| `{reason}` |" not in page} == set()


def test_every_number_is_taken_above_the_floor() -> None:
    """`max + 1` forgets what a lost database gave: numbers come from store/numbers.py."""
    own = re.compile(r"max\(\w+(_no|version)\)[, 0)]*\s*\+\s*1|version \+ 1")
    found = [
        f"{path.name}: {line.strip()}"
        for path in [*STORE.glob("*.py"), *STORE.parent.glob("operations/*.py")]
        for line in path.read_text("utf-8").splitlines()
        if own.search(line) and path.name not in ("numbers.py", "draft_trust.py")
    ]
    assert [each for each in found if "before=version + 1" not in each] == []
