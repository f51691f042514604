"""Whether a genuine statement still holds, and PLACE answered from one in hand."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from license_verify import (
    CheckName,
    Claimed,
    OpenedStatement,
    Outcome,
    PublicRecord,
    Reason,
    Result,
    Statement,
    Status,
    Trust,
    Verdict,
    check_statement,
    open_statement,
    policy_for,
    verify,
    verify_subject,
)
from license_verify.claimed import Answer
from license_verify.lists.errors import Rollback
from license_verify.token.claims import StatusRef
from tests.unit.verify.stated import PLACES, STATED_INDEX, STATEMENT, signed, statement_key
from tests.unit.verify.stated import trust_with as trust_of
from tests.unit.verify.world import CLAIMS, INDEX, NOW, SITE_CLAIMS, SITE_INDEX, T0, URI, World

CHARGING = policy_for("charging-point")
THERE = Claimed(address=PLACES[0].address)
RECORD = PublicRecord(
    uscc=STATEMENT.uscc,
    name="济宁市试写物流有限公司",
    person="钱试写",
    address="山东省济宁市任城区阜桥街道样例路2号（样例路口向南100米）",
    scope="一般项目：日用百货销售",
    status=Status.VALID,
    version=3,
    version_since=date(2026, 3, 4),
    answered_at=NOW,
)
ELSEWHERE = Claimed(address="济宁市任城区别处路9号")


def world(status: Status = Status.VALID, token: Status = Status.VALID) -> World:
    return World(statuses={INDEX: token, SITE_INDEX: token, STATED_INDEX: status})


def trust(status: Status = Status.VALID, token: Status = Status.VALID) -> Trust:
    return trust_of(statement_key(), world=world(status, token))


def opened(believed: Trust, content: Statement = STATEMENT) -> OpenedStatement:
    return open_statement(signed(content), believed)


def scanned(
    source: World,
    claimed: Claimed = THERE,
    content: Statement = STATEMENT,
    now: datetime = NOW,
    live: PublicRecord | None = None,
) -> Verdict:
    believed = trust_of(statement_key(), world=source)
    statement = opened(believed, content)
    return verify(
        source.scan(), believed, now, CHARGING, claims=claimed, live=live, statement=statement
    )


def test_a_statement_in_force_is_valid_and_says_so_to_a_clerk() -> None:
    believed = trust()
    found = check_statement(opened(believed), believed, NOW)
    assert (found.outcome, found.reason, found.listed) == (Outcome.VALID, Reason.OK, Status.VALID)
    assert found.age == NOW - STATEMENT.issued_at
    chinese, english = found.words
    assert chinese.headline == "清单有效"
    assert "第5版经营场所清单" in chinese.sentence
    assert "经营场所2处" in chinese.sentence
    assert "lists 2 places" in english.sentence


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (Status.SUPERSEDED, Outcome.INVALID, Reason.STATEMENT_SUPERSEDED),
        (Status.INVALID, Outcome.INVALID, Reason.STATUS_INVALID),
        (Status.REVOKED, Outcome.INVALID, Reason.STATUS_REVOKED),
        (Status.DEREGISTERED, Outcome.INVALID, Reason.STATUS_DEREGISTERED),
        (Status.ANNULLED, Outcome.INVALID, Reason.STATUS_ANNULLED),
        (Status.LOST_VOID, Outcome.INVALID, Reason.STATUS_LOST_VOID),
        (Status.SUSPENDED, Outcome.INDETERMINATE, Reason.STATEMENT_OF_DORMANT),
    ],
)
@pytest.mark.parametrize("purpose", ["general", "inspection"])
def test_by_its_entry_whatever_the_purpose_accepts(
    status: Status, outcome: Outcome, reason: Reason, purpose: str
) -> None:
    believed = trust(status)
    found = check_statement(opened(believed), believed, NOW, policy_for(purpose))
    assert (found.outcome, found.reason) == (outcome, reason)
    assert found.words[0].sentence.startswith(STATEMENT.uscc)


def test_old_data_make_no_statement_good_and_a_replaced_one_no_better() -> None:
    later = NOW + timedelta(days=8)
    for status, outcome, reason in (
        (Status.VALID, Outcome.INDETERMINATE, Reason.DATA_STALE),
        (Status.SUPERSEDED, Outcome.INVALID, Reason.STATEMENT_SUPERSEDED),
    ):
        believed = trust(status)
        found = check_statement(opened(believed), believed, later)
        assert (found.outcome, found.reason) == (outcome, reason)


def test_a_list_past_its_own_end_says_nothing() -> None:
    short = replace(world(), list_life=timedelta(minutes=2))
    believed = trust_of(statement_key(), world=short)
    found = check_statement(opened(believed), believed, NOW)
    assert (found.outcome, found.reason) == (Outcome.INDETERMINATE, Reason.LIST_EXPIRED)


def test_a_statement_dated_in_the_future_is_refused() -> None:
    believed = trust()
    future = replace(STATEMENT, issued_at=NOW + timedelta(hours=1))
    found = check_statement(opened(believed, future), believed, NOW)
    assert (found.outcome, found.reason) == (Outcome.INVALID, Reason.NOT_YET_VALID)


def test_a_statement_younger_than_the_data_is_not_called_invalid() -> None:
    believed = trust(Status.INVALID)
    young = replace(STATEMENT, issued_at=T0)
    found = check_statement(opened(believed, young), believed, NOW)
    assert (found.outcome, found.reason) == (Outcome.INDETERMINATE, Reason.LIST_PREDATES_TOKEN)


def test_a_list_not_at_hand_leaves_it_open() -> None:
    believed = trust()
    elsewhere = replace(STATEMENT, status=StatusRef(1, URI[:-1] + "7"))
    found = check_statement(opened(believed, elsewhere), believed, NOW)
    assert (found.outcome, found.reason) == (Outcome.INDETERMINATE, Reason.LIST_UNKNOWN)


def test_a_clock_behind_the_data_leaves_it_open() -> None:
    believed = trust()
    found = check_statement(opened(believed), believed, T0 - timedelta(hours=1))
    assert (found.outcome, found.reason) == (Outcome.INDETERMINATE, Reason.CLOCK_BEHIND_DATA)


def test_one_opened_under_another_trust_list_must_be_opened_again() -> None:
    before, after = trust(), trust_of(statement_key(), world=replace(world(), trust_version=5))
    with pytest.raises(ValueError, match="open it again"):
        check_statement(opened(before), after, NOW)
    with pytest.raises(ValueError, match="no time zone"):
        check_statement(opened(before), before, NOW.replace(tzinfo=None))


def test_place_is_established_offline_by_a_statement_in_force() -> None:
    verdict = scanned(world())
    place = verdict.check(CheckName.PLACE)
    assert (place.result, place.reason) == (Result.PASSED, Reason.PLACE_ON_STATEMENT)
    assert verdict.outcome is Outcome.VALID
    assert verdict.answers.address is Answer.MATCH
    assert "第5版经营场所清单" in verdict.words.zh.sentence
    told = verdict.to_dict()["statement"]
    assert told == {
        "version": 5,
        "issued_at": STATEMENT.issued_at.isoformat(),
        "age": int((NOW - STATEMENT.issued_at).total_seconds()),
    }


def test_an_address_not_on_it_may_have_been_filed_since() -> None:
    verdict = scanned(world(), ELSEWHERE)
    place = verdict.check(CheckName.PLACE)
    assert (place.result, place.reason) == (Result.NOT_ESTABLISHED, Reason.PLACE_NOT_ON_STATEMENT)
    assert verdict.outcome is Outcome.INDETERMINATE


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Status.SUPERSEDED, Reason.STATEMENT_SUPERSEDED),
        (Status.SUSPENDED, Reason.STATEMENT_OF_DORMANT),
        (Status.REVOKED, Reason.STATUS_REVOKED),
        (Status.INVALID, Reason.STATUS_INVALID),
    ],
)
def test_no_statement_out_of_force_establishes_a_place(status: Status, reason: Reason) -> None:
    place = scanned(world(status)).check(CheckName.PLACE)
    assert (place.result, place.reason) == (Result.NOT_ESTABLISHED, reason)


def test_stale_data_establish_no_place() -> None:
    place = scanned(world(), now=NOW + timedelta(hours=25)).check(CheckName.PLACE)
    assert (place.result, place.reason) == (Result.NOT_ESTABLISHED, Reason.DATA_STALE)


def test_anothers_statement_establishes_no_place() -> None:
    other = replace(STATEMENT, uscc="91370829MAJN000298")
    place = scanned(world(), content=other).check(CheckName.PLACE)
    assert (place.result, place.reason) == (Result.NOT_ESTABLISHED, Reason.STATEMENT_OF_ANOTHER)


def test_a_statement_of_an_earlier_face_establishes_no_place() -> None:
    earlier = replace(STATEMENT, face_version=STATEMENT.face_version - 1)
    place = scanned(world(), content=earlier).check(CheckName.PLACE)
    assert (place.result, place.reason) == (Result.NOT_ESTABLISHED, Reason.STATEMENT_SUPERSEDED)


def test_the_live_register_outweighs_the_statement_while_its_answer_is_young() -> None:
    verdict = scanned(world(), live=RECORD)
    place = verdict.check(CheckName.PLACE)
    assert (place.result, place.reason) == (Result.FAILED, Reason.PLACE_NOT_FILED)
    assert verdict.statement is None
    old = replace(RECORD, answered_at=NOW - timedelta(hours=1))
    believed = trust()
    typed = verify_subject(
        STATEMENT.uscc, believed, NOW, claims=THERE, live=old, statement=opened(believed)
    )
    for told in (scanned(world(), live=old), typed):
        assert told.check(CheckName.PLACE).reason is Reason.PLACE_ON_STATEMENT
        assert told.statement == STATEMENT


def test_the_domicile_needs_no_statement_and_a_site_code_may_be_asked_by_one() -> None:
    verdict = scanned(world(), Claimed(address=CLAIMS.face.address))
    assert verdict.check(CheckName.PLACE).reason is Reason.PLACE_IS_DOMICILE
    assert verdict.statement is None
    source = world()
    believed = trust_of(statement_key(), world=source)
    site = verify(
        source.scan(SITE_CLAIMS),
        believed,
        NOW,
        CHARGING,
        claims=THERE,
        statement=opened(believed),
    )
    assert site.check(CheckName.PLACE).reason is Reason.PLACE_ON_STATEMENT


def test_a_typed_code_proves_no_licence_and_still_has_its_place_looked_up() -> None:
    believed = trust()
    verdict = verify_subject(
        STATEMENT.uscc, believed, NOW, claims=THERE, statement=opened(believed)
    )
    assert verdict.outcome is Outcome.INDETERMINATE
    assert verdict.check(CheckName.PLACE).reason is Reason.PLACE_ON_STATEMENT
    assert verdict.statement == STATEMENT
    other = verify_subject(
        "91370829MAJN000298", believed, NOW, claims=THERE, statement=opened(believed)
    )
    assert other.check(CheckName.PLACE).reason is Reason.STATEMENT_OF_ANOTHER


def test_a_past_date_is_not_answered_by_todays_statement() -> None:
    source = world()
    believed = trust_of(statement_key(), world=source)
    verdict = verify(
        source.scan(),
        believed,
        NOW,
        CHARGING,
        as_of=date(2026, 3, 10),
        claims=THERE,
        statement=opened(believed),
    )
    assert verdict.check(CheckName.PLACE).result is Result.NOT_ESTABLISHED
    assert verdict.statement is None


def test_a_replay_of_older_data_cannot_bring_a_replaced_statement_back() -> None:
    """The superseding bundle was seen: the one before it is refused whole."""
    before = world()
    after = replace(
        before,
        seq=11,
        published_at=T0 + timedelta(minutes=1),
        statuses={STATED_INDEX: Status.SUPERSEDED},
    )
    seen = after.trust().highest_seen
    with pytest.raises(Rollback):
        Trust.from_bundle(before.bundle(), before.anchor(), seen)
