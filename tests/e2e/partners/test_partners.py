"""A partner from its enrolment to its end, at a node."""

from tests.e2e.partners.desk import CITY, OPERATOR, TITLE, Desk, a_check, refused
from tests.unit.verify.world import FACE, World
from yizhao.verify.v1 import partner_pb2, verdict_pb2, verify_service_pb2
from yizhao.verify.v1 import partner_service_pb2 as pb


def test_a_partner_is_enrolled_and_granted_before_it_is_answered(desk: Desk, world: World) -> None:
    bank = desk.as_("partner/icbank")
    with refused("PARTNER_NOT_ENROLLED") as told:
        bank.verify.Verify(a_check(world.scan()))
    assert "尚未开通" in told[0].zh
    desk.enrol()
    with refused("PURPOSE_NOT_GRANTED") as told:
        bank.verify.Verify(a_check(world.scan()))
    assert told[0].metadata == {"partner": "icbank", "purpose": "banking", "purposes": ""}
    desk.grant("banking")
    verdict = bank.verify.Verify(a_check(world.scan()))
    assert verdict.outcome == verdict_pb2.OUTCOME_VALID
    assert verdict.face.name == FACE.name
    assert (verdict.face.person, verdict.face.address, verdict.face.capital) == ("", "", "")
    for purpose in ("", "general", "bidding"):
        with refused("PURPOSE_NOT_GRANTED") as told:
            bank.verify.Verify(a_check(world.scan(), purpose))
        assert told[0].metadata["purposes"] == "banking"


def test_a_claim_outside_the_grant_is_not_compared(desk: Desk, world: World) -> None:
    desk.enrol()
    desk.grant(claims=("name",))
    claims = verify_service_pb2.Claims(name=str(FACE.name), person=FACE.person, address="任城区")
    verdict = desk.as_("partner/icbank").verify.Verify(a_check(world.scan(), claims=claims))
    assert verdict.claims.name == verdict_pb2.CLAIM_ANSWER_MATCH
    assert verdict.claims.person == verdict_pb2.CLAIM_ANSWER_NOT_COMPARED
    assert verdict.claims.address == verdict_pb2.CLAIM_ANSWER_NOT_COMPARED


def test_officials_and_services_need_no_grant(desk: Desk, world: World) -> None:
    verdict = desk.as_("0101").verify.Verify(a_check(world.scan()))
    assert verdict.face.person == FACE.person


def test_a_suspended_partner_is_refused_and_a_resumed_one_answered(
    desk: Desk, world: World
) -> None:
    desk.enrol()
    desk.grant()
    bank = desk.as_("partner/icbank")
    said = {"name": "partners/icbank", "expected_title": TITLE, "reason": "逾期未整改"}
    partner = desk.as_(OPERATOR).partners.SuspendPartner(pb.SuspendPartnerRequest(**said))
    assert partner.state == partner_pb2.PARTNER_STATE_SUSPENDED
    assert "已暂停" in desk.await_refused(bank, "PARTNER_SUSPENDED").zh
    with refused("PARTNER_ROLE_MISSING"):
        desk.as_(OPERATOR).partners.ResumePartner(pb.ResumePartnerRequest(**said))
    desk.as_(CITY).partners.ResumePartner(pb.ResumePartnerRequest(**said))
    desk.await_not("icbank", "PARTNER_SUSPENDED")
    assert bank.verify.Verify(a_check(world.scan())).outcome == verdict_pb2.OUTCOME_VALID
    desk.as_(CITY).partners.EndPartner(pb.EndPartnerRequest(**said))
    assert "已终止" in desk.await_refused(bank, "PARTNER_ENDED").zh
