"""How a document stood on another day: the register's record of then, and the list of today."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from license_verify import (
    DEFAULT,
    Claimed,
    DocumentStatus,
    NotRecorded,
    Outcome,
    PublicRecord,
    Reason,
    Severity,
    Status,
    Trust,
    Verdict,
    policy_for,
    verify,
    verify_subject,
)
from license_verify.record import LiveAnswer
from license_verify.server.live import answer_from
from tests.unit.verify.test_missing_inputs import RECORD
from tests.unit.verify.world import (
    CLAIMS,
    FACE,
    NOW,
    SITE,
    SITE_CLAIMS,
    USCC,
    World,
    with_status,
)
from yizhao.registry.v1 import entity_pb2, history_pb2
from yizhao.registry.v1 import publication_service_pb2 as pb

WORLD = World()
TRUST = WORLD.trust()
DAY = date(2026, 6, 1)
THEN = replace(RECORD, as_of=DAY)
LICENCE, SITE_CODE = WORLD.scan(CLAIMS), WORLD.scan(SITE_CLAIMS)


def on_that_day(trust: Trust = TRUST, live: LiveAnswer = THEN, scan: str = LICENCE) -> Verdict:
    return verify(scan, trust, NOW, as_of=DAY, live=live)


def listed(status: Status) -> Trust:
    return with_status(status, WORLD).trust()


@pytest.mark.parametrize("status", [Status.INVALID, Status.ANNULLED])
@pytest.mark.parametrize("live", [THEN, None])
def test_what_was_never_issued_or_is_annulled_is_good_on_no_day(
    status: Status, live: PublicRecord | None
) -> None:
    verdict = on_that_day(listed(status), live)
    assert (verdict.outcome, verdict.status) == (Outcome.INVALID, DocumentStatus[status.name])


def test_since_when_a_document_is_lost_nobody_tells() -> None:
    verdict = on_that_day(listed(Status.LOST_VOID))
    assert (verdict.outcome, verdict.reason) == (Outcome.INDETERMINATE, Reason.AS_OF_LOST_SINCE)


@pytest.mark.parametrize(
    "status", [Status.REVOKED, Status.DEREGISTERED, Status.SUSPENDED, Status.SUPERSEDED]
)
def test_what_came_later_is_told_beside_and_in_amber(status: Status) -> None:
    verdict = on_that_day(listed(status))
    assert (verdict.outcome, verdict.status) == (Outcome.VALID, DocumentStatus.VALID)
    assert (verdict.listed_today, verdict.words.severity) == (status, Severity.AMBER)
    assert f"现时状态：{status.zh}。" in verdict.words.zh.sentence
    assert "当前有效" not in verdict.words.zh.sentence


def test_what_still_holds_is_green_and_says_its_day() -> None:
    verdict = on_that_day()
    words = verdict.words
    assert (words.severity, words.zh.headline) == (Severity.GREEN, "当日有效")
    assert f"以上为{DAY}当日的情况。" in words.zh.sentence
    assert "现时状态" not in words.zh.sentence
    assert verdict.verified().as_of == DAY
    assert verify(LICENCE, TRUST, NOW).verified().as_of is None


def test_another_day_needs_the_list_of_today_too() -> None:
    assert on_that_day(replace(TRUST, lists={})).reason is Reason.LIST_UNKNOWN
    ended = replace(WORLD, list_life=timedelta(minutes=1)).trust()
    assert on_that_day(ended).reason is Reason.LIST_EXPIRED


@pytest.mark.parametrize(
    ("not_yet", "expected"),
    [
        (False, (Outcome.INDETERMINATE, DocumentStatus.UNKNOWN, Reason.AS_OF_BEFORE_RECORD)),
        (True, (Outcome.INVALID, DocumentStatus.NOT_YET_VALID, Reason.AS_OF_NOT_YET)),
    ],
)
def test_what_the_register_does_not_know_is_told(
    not_yet: bool, expected: tuple[Outcome, DocumentStatus, Reason]
) -> None:
    silent = NotRecorded(USCC, DAY, not_yet)
    for verdict in (
        on_that_day(live=silent),
        verify_subject(USCC, TRUST, NOW, as_of=DAY, live=silent),
    ):
        reason = verdict.checks[6].reason
        assert (verdict.outcome, verdict.status, reason) == expected
    other_day = NotRecorded(USCC, date(2026, 6, 2), not_yet)
    assert on_that_day(live=other_day).reason is Reason.AS_OF_NOT_KNOWN


def test_no_record_of_a_day_to_come_is_believed() -> None:
    soon = date(2026, 12, 24)
    verdict = verify(LICENCE, TRUST, NOW, as_of=soon, live=replace(RECORD, as_of=soon))
    assert (verdict.outcome, verdict.reason) == (Outcome.INDETERMINATE, Reason.AS_OF_IN_FUTURE)


def test_a_document_dated_after_the_moment_of_asking_is_good_on_no_day() -> None:
    young = WORLD.scan(replace(CLAIMS, issued_at=NOW + timedelta(days=9)))
    assert on_that_day(scan=young).reason is Reason.NOT_YET_VALID


def test_the_mark_of_a_licence_is_that_of_the_day() -> None:
    assert on_that_day(live=replace(THEN, premises=())).status is DocumentStatus.SUPERSEDED
    plain = WORLD.scan(replace(CLAIMS, face=replace(FACE, many_addresses=False)))
    assert on_that_day(scan=plain).status is DocumentStatus.SUPERSEDED
    assert on_that_day(live=replace(THEN, premises=()), scan=plain).outcome is Outcome.VALID


def test_a_site_code_is_judged_by_what_was_filed_then() -> None:
    assert on_that_day(scan=SITE_CODE).outcome is Outcome.VALID
    moved = replace(THEN.premises[0], version=SITE.version + 1)
    newer = on_that_day(live=replace(THEN, premises=(moved,)), scan=SITE_CODE)
    assert newer.status is DocumentStatus.SUPERSEDED
    gone = on_that_day(live=replace(THEN, premises=()), scan=SITE_CODE)
    assert (gone.outcome, gone.reason) == (Outcome.INVALID, Reason.PLACE_ENDED)


def test_a_document_under_a_former_code_was_replaced_with_the_code() -> None:
    corrected = replace(THEN, uscc="91370829MAJN000298", found_by=USCC)
    assert on_that_day(live=corrected).status is DocumentStatus.SUPERSEDED
    unrelated = replace(THEN, uscc="91370829MAJN000298")
    assert on_that_day(live=unrelated).reason is Reason.AS_OF_NOT_KNOWN


def test_a_purpose_may_demand_the_live_register() -> None:
    policy = policy_for("investigation")
    assert verify(LICENCE, TRUST, NOW, policy, live=RECORD).outcome is Outcome.VALID
    without = verify(LICENCE, TRUST, NOW, policy)
    assert (without.outcome, without.reason, without.status) == (
        Outcome.INDETERMINATE,
        Reason.LIVE_RECORD_REQUIRED,
        DocumentStatus.UNKNOWN,
    )
    revoked = verify(LICENCE, listed(Status.REVOKED), NOW, policy)
    assert revoked.status is DocumentStatus.REVOKED


def answer(**fields: object) -> pb.PublicRecord:
    """What a registry sends about a firm, with an address and dates that can be read."""
    told = pb.PublicRecord(uscc=USCC, state=entity_pb2.ENTITY_STATE_ACTIVE, version=3, **fields)  # type: ignore[arg-type] # its fields
    told.effective_date.year, told.effective_date.month, told.effective_date.day = 2026, 3, 4
    return told


def test_an_answer_of_now_has_no_day_and_one_by_a_former_code_names_it() -> None:
    now = answer_from(answer(), USCC)
    assert isinstance(now, PublicRecord)
    assert (now.as_of, now.found_by) == (None, None)
    former = answer_from(answer(), "120118000032322")
    assert isinstance(former, PublicRecord)
    assert former.found_by == "120118000032322"


@pytest.mark.parametrize(
    ("knowledge", "not_known", "expected"),
    [
        (history_pb2.KNOWLEDGE_NOT_KNOWN, [], NotRecorded(USCC, DAY, False)),
        (history_pb2.KNOWLEDGE_NOT_YET, [], NotRecorded(USCC, DAY, True)),
        (history_pb2.KNOWLEDGE_KNOWN, ["marks", "state"], NotRecorded(USCC, DAY, False)),
        (history_pb2.KNOWLEDGE_KNOWN, ["uscc"], NotRecorded(USCC, DAY, False)),
        (history_pb2.KNOWLEDGE_UNSPECIFIED, [], NotRecorded(USCC, DAY, False)),
    ],
)
def test_an_answer_without_a_state_says_no_more_than_that(
    knowledge: history_pb2.Knowledge.ValueType, not_known: list[str], expected: NotRecorded
) -> None:
    told = answer(knowledge=knowledge, not_known=not_known)
    told.as_of.date.year, told.as_of.date.month, told.as_of.date.day = 2026, 6, 1
    assert answer_from(told, USCC) == expected


def test_a_claim_about_another_day_is_compared_with_the_record_of_then() -> None:
    earlier = replace(THEN, person="钱前任")
    asked = Claimed(person="钱前任", address=SITE.address)
    verdict = verify_subject(USCC, TRUST, NOW, DEFAULT, DAY, asked, earlier)
    assert (verdict.answers.person, verdict.answers.address) == ("MATCH", "MATCH")
