"""The decision table: what comes out of which inputs."""

import copy
import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from license_verify import (
    DEFAULT,
    Anchor,
    CheckName,
    Claimed,
    DocumentStatus,
    NotVerified,
    Outcome,
    Policy,
    Proof,
    PublicPremises,
    PublicRecord,
    Reason,
    Refusal,
    Result,
    Severity,
    Status,
    Trust,
    Verdict,
    VerifiedLicense,
    judge,
    open_scan,
    policy_for,
    verify,
    verify_subject,
)
from license_verify.checks import check
from license_verify.lists.trust_list import KeyState, TrustedHost
from license_verify.policy import UnknownPurpose
from license_verify.token import cose
from license_verify.token.claims import StatusRef, end_of, status_uri
from license_verify.token.scan import ScanText
from license_verify.trust import Source
from tests.unit.verify.world import (
    CLAIMS,
    FACE,
    HOST,
    INDEX,
    NOW,
    SITE_CLAIMS,
    T0,
    URI,
    USCC,
    Signer,
    World,
    with_status,
)

WORLD = World()
TRUST = WORLD.trust()
SCAN = WORLD.scan()
SITE_SCAN = WORLD.scan(SITE_CLAIMS)
STALE = NOW + timedelta(days=3)
TERMINAL = [s for s in Status if s.terminal]
MILD = [Status.SUSPENDED, Status.SUPERSEDED]


def result(verdict: Verdict, name: CheckName) -> tuple[Result, Reason]:
    one = verdict.check(name)
    return one.result, one.reason


def record(**changed: object) -> PublicRecord:
    base = PublicRecord(
        uscc=USCC,
        name=FACE.name,
        person=FACE.person,
        address=FACE.address or "",
        scope="一般项目：日用百货销售",
        status=Status.VALID,
        version=3,
        version_since=date(2026, 3, 4),
        answered_at=NOW,
        premises=(
            PublicPremises(
                number=7,
                address="曲阜市鲁城街道样例街8号",
                unit=20,
                state="FILED",
                since=date(2026, 4, 1),
            ),
            PublicPremises(
                number=8,
                address="邹城市钢山街道样例巷9号",
                unit=21,
                state="REMOVED",
                since=date(2026, 4, 1),
            ),
        ),
    )
    return replace(base, **changed)  # type: ignore[arg-type] # names of the record's fields


def test_a_good_licence_is_valid_with_every_check_told() -> None:
    verdict = verify(SCAN, TRUST, NOW)
    assert (verdict.outcome, verdict.status, verdict.proof) == (
        Outcome.VALID,
        DocumentStatus.VALID,
        Proof.SIGNED,
    )
    assert [one.name for one in verdict.checks] == list(CheckName)
    assert all(one.result is Result.PASSED for one in verdict.checks[:7])
    assert verdict.verified().face.name == FACE.name
    assert verdict.freshness.manifest_age == timedelta(minutes=3)
    assert verdict.environment == "production"


def test_a_good_site_code_is_valid_and_names_the_firm_by_code() -> None:
    verdict = verify(SITE_SCAN, TRUST, NOW)
    assert verdict.outcome is Outcome.VALID
    assert verdict.face
    assert (verdict.face.uscc, verdict.face.site, verdict.face.supervisor_name) == (
        USCC,
        7,
        "曲阜市",
    )
    assert result(verdict, CheckName.PLACE) == (Result.PASSED, Reason.PLACE_IS_SITE)


@pytest.mark.parametrize("status", TERMINAL)
@pytest.mark.parametrize("now", [NOW, STALE])
def test_a_terminal_status_is_invalid_however_old_the_data(status: Status, now: datetime) -> None:
    verdict = verify(SCAN, with_status(status, WORLD).trust(), now)
    assert verdict.outcome is Outcome.INVALID
    assert verdict.status is DocumentStatus[status.name]
    assert verdict.words.severity is Severity.RED
    with pytest.raises(NotVerified):
        verdict.verified()


@pytest.mark.parametrize("status", MILD)
def test_a_mild_status_fails_in_amber_unless_the_purpose_accepts_it(status: Status) -> None:
    trust = with_status(status, WORLD).trust()
    verdict = verify(SCAN, trust, NOW)
    assert (verdict.outcome, verdict.words.severity) == (Outcome.INVALID, Severity.AMBER)
    assert "存续" in verdict.words.zh.sentence
    accepted = verify(SCAN, trust, NOW, policy_for("inspection"))
    assert (accepted.outcome, accepted.status) == (Outcome.VALID, DocumentStatus[status.name])
    assert result(accepted, CheckName.STATUS) == (Result.PASSED, Reason.STATUS_ACCEPTED)
    assert "可以接受" in accepted.words.zh.sentence
    assert accepted.words.severity is Severity.AMBER


@pytest.mark.parametrize("status", [Status.VALID, *MILD])
@pytest.mark.parametrize("purpose", ["", "inspection"])
def test_stale_data_that_says_no_harm_is_indeterminate(status: Status, purpose: str) -> None:
    verdict = verify(SCAN, with_status(status, WORLD).trust(), STALE, policy_for(purpose))
    assert (verdict.outcome, verdict.reason) == (Outcome.INDETERMINATE, Reason.DATA_STALE)
    assert (verdict.status, verdict.listed) == (DocumentStatus.UNKNOWN, status)
    assert status.zh in verdict.words.zh.sentence


def test_data_is_fresh_until_the_very_end_of_its_age() -> None:
    policy = Policy("x", "x", timedelta(hours=1))
    assert verify(SCAN, TRUST, T0 + timedelta(hours=1), policy).outcome is Outcome.VALID
    late = verify(SCAN, TRUST, T0 + timedelta(hours=1, seconds=1), policy)
    assert late.outcome is Outcome.INDETERMINATE


def test_an_expired_status_list_is_stale() -> None:
    world = replace(WORLD, list_life=timedelta(minutes=1))
    verdict = verify(SCAN, world.trust(), NOW)
    assert (verdict.outcome, verdict.reason) == (Outcome.INDETERMINATE, Reason.LIST_EXPIRED)


def test_a_status_list_older_than_the_purpose_allows_is_stale() -> None:
    policy = replace(DEFAULT, max_list_age=timedelta(minutes=1))
    assert verify(SCAN, TRUST, NOW, policy).reason is Reason.DATA_STALE


def test_a_token_younger_than_the_list_is_not_called_unissued() -> None:
    young = replace(CLAIMS, issued_at=T0 + timedelta(minutes=1), status=StatusRef(5, URI))
    verdict = verify(WORLD.scan(young), TRUST, NOW)
    assert (verdict.outcome, verdict.reason) == (Outcome.INDETERMINATE, Reason.LIST_PREDATES_TOKEN)
    old = replace(CLAIMS, status=StatusRef(5, URI))
    assert verify(WORLD.scan(old), TRUST, NOW).reason is Reason.STATUS_INVALID


def test_no_data_at_all_is_indeterminate_and_shows_no_face() -> None:
    for trust in (Trust.missing(), Trust.missing(Reason.ROLLBACK, TRUST.highest_seen)):
        verdict = verify(SCAN, trust, NOW)
        assert verdict.outcome is Outcome.INDETERMINATE
        assert verdict.reason in (Reason.TRUST_MISSING, Reason.ROLLBACK)
        assert (verdict.face, verdict.token_id, verdict.uscc) == (None, None, None)
        assert json.dumps(verdict.to_dict())


def test_with_any_one_input_missing_nothing_is_valid() -> None:
    """Take each input away in turn; what is left never suffices."""
    takes = [
        replace(TRUST, keys={}),
        replace(TRUST, hosts=()),
        replace(TRUST, lists={}),
        replace(TRUST, manifest=None),
    ]
    for less in takes:
        assert verify(SCAN, less, NOW).outcome is not Outcome.VALID
    one_less = {kid: key for kid, key in TRUST.keys.items() if kid != WORLD.token.kid}
    assert verify(SCAN, replace(TRUST, keys=one_less), NOW).reason is Reason.KEY_UNKNOWN
    assert verify("", TRUST, NOW).outcome is Outcome.INVALID


def test_a_clock_behind_the_data_is_noticed_but_cannot_bring_back_an_ended_term() -> None:
    behind = T0 - timedelta(hours=1)
    verdict = verify(SCAN, TRUST, behind)
    assert (verdict.outcome, verdict.reason) == (Outcome.INDETERMINATE, Reason.CLOCK_BEHIND_DATA)
    ended = replace(CLAIMS, expires_at=end_of(date(2026, 11, 1)))
    assert verify(WORLD.scan(ended), TRUST, behind - timedelta(days=9)).reason is Reason.EXPIRED
    revoked = with_status(Status.REVOKED, WORLD).trust()
    assert verify(SCAN, revoked, behind).status is DocumentStatus.REVOKED


def test_an_ended_term_is_expired_from_the_first_moment_of_the_next_day() -> None:
    scan = WORLD.scan(replace(CLAIMS, expires_at=end_of(date(2026, 11, 2))))
    policy = replace(DEFAULT, max_age=timedelta(days=9))
    end = end_of(date(2026, 11, 2))
    assert verify(scan, TRUST, end - timedelta(seconds=1), policy).outcome is Outcome.VALID
    verdict = verify(scan, TRUST, end, policy)
    assert (verdict.outcome, verdict.status) == (Outcome.INVALID, DocumentStatus.EXPIRED)
    assert verdict.face
    assert verdict.face.term_end == date(2026, 11, 2)


def test_a_licence_both_revoked_and_ended_is_called_revoked() -> None:
    scan = WORLD.scan(replace(CLAIMS, expires_at=end_of(date(2026, 11, 1))))
    verdict = verify(scan, with_status(Status.REVOKED, WORLD).trust(), NOW)
    assert (verdict.reason, verdict.status) == (Reason.STATUS_REVOKED, DocumentStatus.REVOKED)
    mild = verify(scan, with_status(Status.SUPERSEDED, WORLD).trust(), NOW)
    assert (mild.reason, mild.status) == (Reason.EXPIRED, DocumentStatus.EXPIRED)


def test_a_document_of_tomorrow_is_not_yet_valid() -> None:
    for early in (
        replace(CLAIMS, issued_at=NOW + timedelta(hours=1)),
        replace(CLAIMS, face=replace(FACE, term_start=date(2026, 12, 1))),
    ):
        verdict = verify(WORLD.scan(early), TRUST, NOW)
        assert verdict.status is DocumentStatus.NOT_YET_VALID
        assert verdict.outcome is Outcome.INVALID


def test_a_code_on_another_host_is_refused_also_if_both_are_accepted() -> None:
    token = ScanText.parse(SCAN).data
    other = str(ScanText.of("fake.example.cn", token))
    assert verify(other, TRUST, NOW).reason is Reason.HOST_DIFFERS
    both = replace(WORLD, hosts=(HOST, "fake.example.cn")).trust()
    assert verify(other, both, NOW).reason is Reason.HOST_DIFFERS


def test_one_token_has_one_text_on_a_loopback_host_too() -> None:
    host = "127.0.0.1:8443"
    uri = status_uri(host, 0)
    world = replace(WORLD, hosts=(host,))
    scan = world.scan(replace(CLAIMS, status=StatusRef(INDEX, uri)), host)
    assert scan.startswith("https://127.0.0.1:8443/")
    assert verify(scan, world.trust(), NOW).check(CheckName.HOST).result is Result.PASSED
    twin = verify(scan.replace("https:", "http:"), world.trust(), NOW)
    assert (twin.outcome, twin.reason) == (Outcome.INVALID, Reason.HOST_DIFFERS)


def test_a_host_that_is_not_accepted_or_no_more_is_refused() -> None:
    assert verify(SCAN, replace(WORLD, hosts=()).trust(), NOW).reason is Reason.HOST_NOT_ACCEPTED
    ended = replace(TRUST, hosts=(TrustedHost(HOST, T0 - timedelta(days=9), T0),))
    assert verify(SCAN, ended, NOW).reason is Reason.HOST_NOT_ACCEPTED
    assert verify(SCAN, ended, NOW).outcome is Outcome.INVALID
    assert verify(SCAN, ended, STALE).outcome is Outcome.INDETERMINATE


def test_a_status_list_of_an_unknown_number_is_not_established() -> None:
    other = replace(CLAIMS, status=StatusRef(INDEX, status_uri(HOST, 9)))
    assert verify(WORLD.scan(other), TRUST, NOW).reason is Reason.LIST_UNKNOWN


@pytest.mark.parametrize(
    ("signer", "reason"),
    [
        ("status", Reason.KEY_WRONG_USE),
        ("publication", Reason.KEY_WRONG_USE),
        ("root", Reason.KEY_UNKNOWN),
    ],
)
def test_a_token_signed_by_a_key_of_another_use_is_refused(signer: str, reason: Reason) -> None:
    scan = replace(WORLD, token=getattr(WORLD, signer)).scan()
    verdict = verify(scan, TRUST, NOW)
    assert (verdict.outcome, verdict.reason, verdict.face) == (Outcome.INVALID, reason, None)


def test_a_token_with_a_borrowed_kid_is_refused_and_shows_no_face() -> None:
    forger = Signer()
    forger.kid = WORLD.token.kid
    verdict = verify(replace(WORLD, token=forger).scan(), TRUST, NOW)
    assert (verdict.reason, verdict.face) == (Reason.SIGNATURE_WRONG, None)
    assert FACE.person not in json.dumps(verdict.to_dict(), ensure_ascii=False)


def test_a_status_list_is_not_taken_for_a_token() -> None:
    listed = WORLD.bundle().lists[URI]
    verdict = verify(str(ScanText.of(HOST, listed)), TRUST, NOW)
    assert (verdict.outcome, verdict.reason) == (Outcome.INVALID, Reason.COSE_REFUSED)


def test_all_tokens_of_a_distrusted_key_fail_whatever_their_date_and_show_no_face() -> None:
    verdict = verify(SCAN, replace(WORLD, token_state=KeyState.DISTRUSTED).trust(), NOW)
    assert (verdict.outcome, verdict.reason) == (Outcome.INVALID, Reason.KEY_DISTRUSTED)
    assert verdict.face is None


def test_a_retired_key_is_good_for_what_it_signed_in_its_time() -> None:
    retired = replace(WORLD, token_state=KeyState.RETIRED, token_until=T0)
    assert verify(SCAN, retired.trust(), NOW).outcome is Outcome.VALID
    late = replace(CLAIMS, issued_at=T0)
    verdict = verify(retired.scan(late), retired.trust(), NOW)
    assert verdict.reason is Reason.KEY_NOT_IN_ITS_TIME


def test_an_unknown_key_under_stale_data_may_be_a_new_one() -> None:
    scan = replace(WORLD, token=Signer()).scan()
    assert verify(scan, TRUST, NOW).outcome is Outcome.INVALID
    assert verify(scan, TRUST, STALE).outcome is Outcome.INDETERMINATE


def test_a_test_system_is_never_valid_under_production_trust_and_says_so() -> None:
    world = replace(WORLD, environment="test")
    verdict = verify(SCAN, world.trust(), NOW)
    assert (verdict.outcome, verdict.reason) == (Outcome.INVALID, Reason.ENVIRONMENT_MISMATCH)
    assert (verdict.face, verdict.environment) == (None, "test")
    own = Trust.from_bundle(world.bundle(), Anchor((WORLD.root.public,), "test"))
    at_home = verify(SCAN, own, NOW)
    assert at_home.outcome is Outcome.VALID
    for words in (verdict.words, at_home.words):
        assert words.zh.headline.startswith("【测试】")
        assert words.en.headline.startswith("[TEST]")


def test_a_national_code_is_sent_to_where_it_can_be_checked() -> None:
    verdict = verify("http://www.gsxt.gov.cn/%7BABC%7D", TRUST, NOW)
    assert (verdict.outcome, verdict.reason) == (Outcome.INDETERMINATE, Reason.FOREIGN_CODE)
    assert "gsxt.gov.cn" in verdict.words.zh.next_step
    assert verdict.foreign_system == "publicity"


@pytest.mark.parametrize(
    ("claimed", "answers"),
    [
        (Claimed(), "NNN"),
        (Claimed(FACE.name, FACE.person, "任城区阜桥街道样例路2号(样例路口向南100米)"), "MMM"),
        (Claimed("别的公司", "别人", "别处1号"), "DDD"),
    ],
)
def test_each_claim_is_answered_and_nothing_else(claimed: Claimed, answers: str) -> None:
    given = verify(SCAN, TRUST, NOW, claims=claimed).answers
    assert "".join(one[0] for one in (given.name, given.person, given.address)) == answers


def test_claims_are_not_compared_with_an_unsigned_face() -> None:
    claimed = Claimed(FACE.name, FACE.person)
    verdict = verify(SCAN[:-1] + str((int(SCAN[-1]) + 1) % 10), TRUST, NOW, claims=claimed)
    assert verdict.outcome is Outcome.INVALID
    assert {verdict.answers.name, verdict.answers.person} == {"NOT_COMPARED"}


def test_claims_are_compared_with_digests_of_what_is_not_printed() -> None:
    name = "济宁市" + "长" * 50 + "公司"
    face = replace(FACE, name=name).with_name_shortened().with_address_digest()
    scan = WORLD.scan(replace(CLAIMS, face=face))
    full = verify(scan, TRUST, NOW, claims=Claimed(name, None, FACE.address)).answers
    assert (full.name, full.address) == ("MATCH", "MATCH")
    other = verify(scan, TRUST, NOW, claims=Claimed("别的", None, "别处")).answers
    assert (other.name, other.address) == ("DIFFERS", "NOT_COMPARED")
    near = verify(scan, TRUST, NOW, claims=Claimed(name + "x")).answers
    assert near.name == "NOT_COMPARED"


def test_a_place_is_found_on_the_face_or_in_the_live_register_or_not_at_all() -> None:
    here, branch, gone = FACE.address, "曲阜市鲁城街道样例街8号", "邹城市钢山街道样例巷9号"
    cases = [
        (here, None, (Result.PASSED, Reason.PLACE_IS_DOMICILE)),
        (branch, None, (Result.NOT_ESTABLISHED, Reason.PLACE_NEEDS_LIVE_RECORD)),
        (branch, record(), (Result.PASSED, Reason.PLACE_FILED)),
        (gone, record(), (Result.FAILED, Reason.PLACE_NOT_FILED)),
        ("别处1号", record(), (Result.FAILED, Reason.PLACE_NOT_FILED)),
        (
            branch,
            record(uscc="91370829MAJN000298"),
            (Result.NOT_ESTABLISHED, Reason.RECORD_OF_ANOTHER),
        ),
        (None, record(), (Result.NOT_REQUIRED, Reason.PLACE_NOT_ASKED)),
    ]
    for address, live, expected in cases:
        verdict = verify(SCAN, TRUST, NOW, claims=Claimed(address=address), live=live)
        assert result(verdict, CheckName.PLACE) == expected


def test_an_old_face_or_old_data_proves_no_place() -> None:
    here = Claimed(address=FACE.address)
    superseded = with_status(Status.SUPERSEDED, WORLD).trust()
    moved = record(version=4, address="邹城市钢山街道样例巷1号")
    for trust, now, live, expected in (
        (superseded, NOW, None, Reason.PLACE_NEEDS_LIVE_RECORD),
        (superseded, NOW, moved, Reason.PLACE_NOT_FILED),
        (TRUST, STALE, None, Reason.PLACE_NEEDS_LIVE_RECORD),
    ):
        verdict = verify(SCAN, trust, now, policy_for("inspection"), claims=here, live=live)
        assert verdict.check(CheckName.PLACE).reason is expected
    ended = verify(SITE_SCAN, with_status(Status.DEREGISTERED, WORLD).trust(), NOW)
    assert result(ended, CheckName.PLACE) == (Result.NOT_ESTABLISHED, Reason.NOT_REACHED)


def test_a_purpose_that_needs_the_place_is_not_satisfied_without_it() -> None:
    policy = policy_for("charging-point")
    assert verify(SCAN, TRUST, NOW, policy).reason is Reason.PLACE_NOT_ASKED
    elsewhere = Claimed(address="曲阜市鲁城街道样例街8号")
    verdict = verify(SCAN, TRUST, NOW, policy, claims=elsewhere)
    assert (verdict.outcome, verdict.reason) == (
        Outcome.INDETERMINATE,
        Reason.PLACE_NEEDS_LIVE_RECORD,
    )
    assert (
        verify(SCAN, TRUST, NOW, policy, claims=elsewhere, live=record()).outcome is Outcome.VALID
    )


def test_a_site_that_the_live_register_ended_is_refused() -> None:
    verdict = verify(SITE_SCAN, TRUST, NOW, live=record(premises=()))
    assert (verdict.outcome, verdict.reason) == (Outcome.INVALID, Reason.PLACE_ENDED)
    assert verify(SITE_SCAN, TRUST, NOW, live=record()).outcome is Outcome.VALID


def test_a_place_of_a_dormant_firm_is_still_filed() -> None:
    asleep = replace(record().premises[0], state="SUSPENDED")
    live = record(status=Status.SUSPENDED, premises=(asleep,))
    trust = with_status(Status.SUSPENDED, WORLD).trust()
    verdict = verify(SITE_SCAN, trust, NOW, live=live)
    assert (verdict.outcome, verdict.reason) == (Outcome.INVALID, Reason.STATUS_SUSPENDED)
    assert result(verdict, CheckName.PLACE)[0] is not Result.FAILED
    assert verdict.words.severity is Severity.AMBER
    accepting = replace(DEFAULT, accepted=frozenset({Status.SUSPENDED}))
    assert verify(SITE_SCAN, trust, NOW, accepting, live=live).outcome is Outcome.VALID
    address = Claimed(address=asleep.address)
    verdict = verify(SCAN, trust, NOW, accepting, claims=address, live=live)
    assert result(verdict, CheckName.PLACE) == (Result.PASSED, Reason.PLACE_FILED)


def test_the_firms_day_is_not_told_of_what_became_of_a_document_alone() -> None:
    live = record(status_since=date(2020, 1, 1))
    struck = verify(SITE_SCAN, with_status(Status.ANNULLED, WORLD).trust(), NOW, live=live)
    assert struck.status is DocumentStatus.ANNULLED
    assert struck.status_since is None
    assert "2020-01-01" not in struck.words.zh.sentence
    assert "备案" in struck.words.zh.sentence
    ended = replace(live, status=Status.DEREGISTERED)
    gone = verify(SITE_SCAN, with_status(Status.DEREGISTERED, WORLD).trust(), NOW, live=ended)
    assert "自2020-01-01起" in gone.words.zh.sentence


def test_the_live_register_can_make_a_verdict_worse_and_never_better() -> None:
    revoked = verify(SCAN, TRUST, NOW, live=record(status=Status.REVOKED))
    assert revoked.status is DocumentStatus.REVOKED
    listed = verify(SCAN, with_status(Status.REVOKED, WORLD).trust(), NOW, live=record())
    assert listed.status is DocumentStatus.REVOKED
    stale = verify(SCAN, TRUST, STALE, live=record())
    assert stale.outcome is Outcome.INDETERMINATE


def test_a_superseded_licence_says_what_changed_and_since_when() -> None:
    live = record(person="孙新任", version=4, version_since=date(2026, 10, 30))
    verdict = verify(SCAN, with_status(Status.SUPERSEDED, WORLD).trust(), NOW, live=live)
    assert verdict.change
    assert (verdict.change.since, verdict.change.items) == (date(2026, 10, 30), ("person",))
    assert "存续" in verdict.words.zh.sentence
    assert "2026-10-30" in verdict.words.zh.sentence
    assert "变更事项：法定代表人。" in verdict.words.zh.sentence
    assert "孙新任" not in json.dumps(verdict.to_dict(), ensure_ascii=False)


def test_what_changed_is_titled_as_the_face_titles_it() -> None:
    face = replace(FACE, type_code=9500, capital=None, many_addresses=False)
    scan = WORLD.scan(replace(CLAIMS, face=face))
    live = record(person="孙新任", version=4, version_since=date(2026, 10, 30), type_code=9500)
    verdict = verify(scan, with_status(Status.SUPERSEDED, WORLD).trust(), NOW, live=live)
    assert verdict.change
    assert "person" in verdict.change.items
    assert "经营者" in verdict.words.zh.sentence
    assert "operator" in verdict.words.en.sentence


def test_another_day_needs_the_registers_history() -> None:
    day = date(2026, 6, 1)
    assert verify(SCAN, TRUST, NOW, as_of=day).reason is Reason.AS_OF_NOT_KNOWN
    assert verify(SCAN, TRUST, NOW, as_of=day, live=record()).reason is Reason.AS_OF_NOT_KNOWN
    then = record(as_of=day)
    verdict = verify(SCAN, with_status(Status.REVOKED, WORLD).trust(), NOW, as_of=day, live=then)
    assert verdict.outcome is Outcome.VALID
    assert "2026-06-01" in verdict.words.zh.sentence
    newer = verify(SCAN, TRUST, NOW, as_of=day, live=record(as_of=day, version=4))
    assert newer.status is DocumentStatus.SUPERSEDED
    before = verify(SCAN, TRUST, NOW, as_of=date(2020, 1, 1), live=record(as_of=date(2020, 1, 1)))
    assert before.status is DocumentStatus.NOT_YET_VALID
    assert verify(SCAN, TRUST, NOW, as_of=date(2026, 11, 2)).outcome is Outcome.VALID


def test_a_typed_code_is_never_valid_and_has_no_face() -> None:
    for live in (None, record(), record(status=Status.REVOKED), record(uscc="x")):
        verdict = verify_subject(USCC, TRUST, NOW, live=live)
        assert verdict.outcome is not Outcome.VALID
        assert (verdict.proof, verdict.face) == (Proof.NONE, None)
    revoked = verify_subject(USCC, TRUST, NOW, live=record(status=Status.REVOKED))
    assert (revoked.outcome, revoked.status) == (Outcome.INVALID, DocumentStatus.REVOKED)
    known = verify_subject(USCC, TRUST, NOW, live=record(), claims=Claimed(FACE.name, "别人"))
    assert (known.answers.name, known.answers.person) == ("MATCH", "DIFFERS")
    assert (known.reason, known.status) == (Reason.NO_LICENSE_PRESENTED, DocumentStatus.VALID)
    assert verify_subject("91370811MAJN000107", TRUST, NOW).reason is Reason.USCC_INVALID
    former = record(found_by="120118000032322")
    assert verify_subject("120118000032322", TRUST, NOW, live=former).uscc == USCC


def test_the_face_is_narrowed_to_the_purpose() -> None:
    face = verify(SCAN, TRUST, NOW, policy_for("telecom")).face
    assert face
    assert (face.name, face.type_label) == (FACE.name, "有限责任公司（自然人投资或控股）")
    assert face.person is face.address is face.capital is face.person_title is None
    with pytest.raises(UnknownPurpose):
        policy_for("fishing")


def test_nobody_else_makes_a_verdict_or_a_verified_licence() -> None:
    verdict = verify(SCAN, with_status(Status.REVOKED, WORLD).trust(), NOW)
    fields = {name: getattr(verdict, name) for name in ("outcome", "status", "proof", "checks")}
    with pytest.raises(TypeError):
        Verdict(**fields)
    with pytest.raises((TypeError, ValueError)):
        replace(verdict, outcome=Outcome.VALID)  # type: ignore[call-arg] # that is the point
    with pytest.raises(AttributeError):
        verdict.outcome = Outcome.VALID  # type: ignore[misc]
    good = verify(SCAN, TRUST, NOW).verified()
    with pytest.raises(TypeError):
        VerifiedLicense(good.face, b"", "production", "general", NOW, None, object())
    assert copy.copy(verdict).outcome is Outcome.INVALID
    with pytest.raises(TypeError):
        bool(verdict)


def test_an_opened_scan_may_be_judged_again_but_not_under_another_trust_list() -> None:
    opened = open_scan(SCAN, TRUST)
    assert judge(opened, TRUST, NOW) == verify(SCAN, TRUST, NOW)
    revoked = with_status(Status.REVOKED, WORLD).trust()
    assert judge(opened, revoked, NOW) == verify(SCAN, revoked, NOW)
    with pytest.raises(ValueError, match="another trust list"):
        judge(opened, replace(WORLD, trust_version=5).trust(), NOW)


def test_what_was_opened_without_data_is_not_judged_with_it() -> None:
    opened = open_scan(SCAN, Trust.missing())
    assert judge(opened, Trust.missing(), NOW).outcome is Outcome.INDETERMINATE
    with pytest.raises(ValueError, match="another trust list"):
        judge(opened, replace(WORLD, trust_version=0).trust(), NOW)


def test_a_clock_without_a_zone_is_a_bug_of_the_caller() -> None:
    with pytest.raises(ValueError, match="time zone"):
        verify(SCAN, TRUST, NOW.replace(tzinfo=None))


def test_every_verdict_says_that_the_person_was_not_checked() -> None:
    for scan in (SCAN, SITE_SCAN, "", "https://www.gsxt.gov.cn/1"):
        words = verify(scan, TRUST, NOW).words
        assert words.zh.holder == "只证明执照，不证明出示人"
        assert words.en.holder


def test_every_reason_that_can_decide_has_words_in_both_languages() -> None:
    from license_verify.wordings import REASONS, SILENT, STATUSES

    assert set(Reason) - set(SILENT) == set(REASONS)
    for wording in (*REASONS.values(), *STATUSES.values()):
        for zh, en in (wording.headline, wording.sentence, wording.next_step):
            assert zh.strip()
            assert zh != en
            assert en.isascii() or "电子营业执照" in en


def test_every_refusal_of_scan_and_token_is_a_documented_reason() -> None:
    from license_verify.token.errors import ScanRefused, TokenRefused

    def below(one: type[Refusal]) -> list[type[Refusal]]:
        return [one] + [more for sub in one.__subclasses__() for more in below(sub)]

    for error in below(ScanRefused) + below(TokenRefused):
        assert Reason(error.reason)
    ours = ("license_verify.", "registry_service.")  # not those that other tests make up
    reasons = [
        error.reason
        for error in below(Refusal)
        if "reason" in vars(error) and error.__module__.startswith(ours)
    ]
    assert len(set(reasons)) == len(reasons)


def test_a_check_is_found_by_its_name() -> None:
    assert verify(SCAN, TRUST, NOW).check(CheckName.HOLDER) is check(
        CheckName.HOLDER, Result.NOT_ESTABLISHED, Reason.HOLDER_NOT_CHECKED
    )
    assert cose.ES256 == -7
    assert TRUST.source is Source.BUNDLED


def test_liquidation_is_told_beside_the_verdict_and_changes_nothing_else() -> None:
    plain = verify(SCAN, TRUST, NOW, live=record())
    told = verify(SCAN, TRUST, NOW, live=record(liquidating=True))
    assert (told.outcome, told.status, told.reason) == (plain.outcome, plain.status, plain.reason)
    assert told.words.zh.sentence == plain.words.zh.sentence + "该主体正在清算。"
    assert told.words.severity is plain.words.severity
