"""A live record ages too: an old one establishes nothing, and may still make a verdict worse."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from license_verify import (
    POLICIES,
    Answer,
    CheckName,
    Claimed,
    DocumentStatus,
    Outcome,
    PublicRecord,
    Reason,
    Result,
    Status,
    Verdict,
    policy_for,
    verify,
    verify_subject,
)
from tests.unit.verify.test_missing_inputs import (
    BASES,
    LICENCE,
    NEEDS_THE_REGISTER,
    RECORD,
    SITE_CODE,
    THEN,
    TRUST,
)
from tests.unit.verify.test_verdict import SCAN, WORLD
from tests.unit.verify.world import NOW, SITE, USCC, with_status

GENERAL = policy_for("general")
LIMIT = GENERAL.max_live_age
OLD = replace(RECORD, answered_at=NOW - LIMIT - timedelta(seconds=1))
AT_ITS_SITE = Claimed(address=SITE.address)
ENDED = tuple(replace(place, state="REMOVED") for place in RECORD.premises)


def answered(base: str, at: datetime) -> Outcome:
    inputs = BASES[base]
    assert isinstance(inputs.live, PublicRecord)
    return replace(inputs, live=replace(inputs.live, answered_at=at)).outcome()


def of_place(live: PublicRecord, scan: str = LICENCE) -> Verdict:
    return verify(scan, TRUST, NOW, policy_for("charging-point"), claims=AT_ITS_SITE, live=live)


@given(
    st.timedeltas(timedelta(microseconds=1), timedelta(days=9_000)),
    st.sampled_from(sorted(NEEDS_THE_REGISTER)),
)
def test_no_record_older_than_its_purpose_allows_makes_anything_valid(
    late: timedelta, base: str
) -> None:
    limit = BASES[base].policy.max_live_age
    assert answered(base, NOW - limit - late) is Outcome.INDETERMINATE


@given(
    st.timedeltas(timedelta(microseconds=1), timedelta(days=9_000)),
    st.sampled_from(sorted(NEEDS_THE_REGISTER)),
)
def test_nor_does_one_of_a_moment_that_this_clock_has_not_reached(
    early: timedelta, base: str
) -> None:
    assert answered(base, NOW + BASES[base].policy.skew + early) is Outcome.INDETERMINATE


@pytest.mark.parametrize("base", sorted(NEEDS_THE_REGISTER))
def test_a_record_holds_until_the_very_end_of_its_age(base: str) -> None:
    policy = BASES[base].policy
    assert answered(base, NOW - policy.max_live_age) is Outcome.VALID
    assert answered(base, NOW + policy.skew) is Outcome.VALID


@given(
    st.timedeltas(timedelta(0), timedelta(days=9_000)),
    st.sampled_from(sorted(POLICIES)),
    st.sampled_from([Status.VALID, Status.SUSPENDED, Status.REVOKED]),
    st.booleans(),
    st.sampled_from([LICENCE, SITE_CODE]),
)
def test_an_old_record_never_makes_a_verdict_better_than_none(
    late: timedelta, purpose: str, status: Status, filed: bool, scan: str
) -> None:
    policy = policy_for(purpose)
    live = replace(
        RECORD,
        answered_at=NOW - policy.max_live_age - timedelta(seconds=1) - late,
        status=status,
        premises=RECORD.premises if filed else (),
    )
    for claims in (None, AT_ITS_SITE):
        without = verify(scan, TRUST, NOW, policy, claims=claims)
        told = verify(scan, TRUST, NOW, policy, claims=claims, live=live)
        assert told.outcome is without.outcome or told.outcome is not Outcome.VALID
        place, silent = told.check(CheckName.PLACE), without.check(CheckName.PLACE)
        assert place.result is silent.result or place.result is not Result.PASSED


def test_each_check_that_an_old_record_leaves_open_says_so() -> None:
    place = of_place(OLD)
    assert (place.reason, place.status) == (Reason.LIVE_RECORD_STALE, DocumentStatus.VALID)
    assert place.check(CheckName.PLACE).result is Result.NOT_ESTABLISHED
    required = verify(LICENCE, TRUST, NOW, policy_for("investigation"), live=OLD)
    assert required.reason is Reason.LIVE_RECORD_STALE
    day = verify(LICENCE, TRUST, NOW, as_of=THEN, live=replace(OLD, as_of=THEN))
    assert (day.reason, day.status) == (Reason.LIVE_RECORD_STALE, DocumentStatus.UNKNOWN)
    ahead = replace(RECORD, answered_at=NOW + GENERAL.skew + timedelta(seconds=1))
    assert of_place(ahead).reason is Reason.CLOCK_BEHIND_DATA
    assert "登记系统的答复已超过本用途允许的时限" in place.words.zh.sentence


@pytest.mark.parametrize("status", [s for s in Status if s.terminal])
def test_what_an_old_record_says_has_ended_stays_ended(status: Status) -> None:
    for verdict in (
        verify(LICENCE, TRUST, NOW, live=replace(OLD, status=status)),
        verify(LICENCE, TRUST, NOW, as_of=THEN, live=replace(OLD, status=status, as_of=THEN)),
        verify_subject(USCC, TRUST, NOW, live=replace(OLD, status=status)),
    ):
        assert (verdict.outcome, verdict.status) == (
            Outcome.INVALID,
            DocumentStatus[status.name],
        )


def test_a_milder_state_of_an_old_record_may_have_passed() -> None:
    for live in (replace(OLD, status=Status.SUSPENDED), replace(OLD, version=RECORD.version + 1)):
        for purpose in ("general", "inspection"):
            verdict = verify(LICENCE, TRUST, NOW, policy_for(purpose), live=live)
            assert (verdict.outcome, verdict.reason) == (
                Outcome.INDETERMINATE,
                Reason.LIVE_RECORD_STALE,
            )


def test_a_place_that_an_old_record_ended_stays_ended_and_one_it_lacks_may_be_new() -> None:
    ended = verify(SITE_CODE, TRUST, NOW, live=replace(OLD, premises=ENDED))
    assert ended.reason is Reason.PLACE_ENDED
    lacking = verify(SITE_CODE, TRUST, NOW, live=replace(OLD, premises=()))
    assert lacking.outcome is Outcome.VALID
    assert of_place(replace(OLD, premises=())).reason is Reason.LIVE_RECORD_STALE


def test_what_the_published_data_prove_needs_no_live_record() -> None:
    assert verify(LICENCE, TRUST, NOW, live=OLD).outcome is Outcome.VALID
    assert of_place(OLD, SITE_CODE).check(CheckName.PLACE).reason is Reason.PLACE_IS_SITE


def test_nothing_is_compared_with_or_told_from_an_old_record() -> None:
    superseded = with_status(Status.SUPERSEDED, WORLD).trust()
    newer = replace(OLD, version=RECORD.version + 1, person="孙新任")
    verdict = verify(SCAN, superseded, NOW, claims=AT_ITS_SITE, live=newer)
    assert verdict.answers.address is not Answer.MATCH
    assert (verdict.change, verdict.live_record_used) == (None, False)


def test_of_a_typed_code_an_old_record_says_no_more_than_its_last_state() -> None:
    asked = Claimed(name=RECORD.name, address=SITE.address)
    verdict = verify_subject(USCC, TRUST, NOW, claims=asked, live=OLD)
    assert verdict.outcome is Outcome.INDETERMINATE
    assert verdict.status is DocumentStatus.UNKNOWN
    assert verdict.check(CheckName.STATUS).reason is Reason.LIVE_RECORD_STALE
    assert verdict.check(CheckName.PLACE).reason is Reason.LIVE_RECORD_STALE
    assert {verdict.answers.name, verdict.answers.address} == {Answer.NOT_COMPARED}
    assert "答复已超过本用途允许的时限" in verdict.words.zh.sentence


def test_a_record_without_a_zone_is_a_bug_of_the_caller() -> None:
    with pytest.raises(ValueError, match="time zone"):
        replace(RECORD, answered_at=datetime(2026, 11, 2))  # noqa: DTZ001 - what is refused
