"""Who enrols, grants and confirms; what is asked twice, too late or by the wrong person."""

from typing import Any
from uuid import uuid4

import pytest

from license_verify.server.partners.authority import TABLE, ActName
from tests.e2e.page.node import Node
from tests.e2e.page.registry import Publisher
from tests.e2e.partners.desk import (
    AUDITOR,
    CITY,
    OPERATOR,
    POLICY,
    POLICY_2,
    STAFF,
    TITLE,
    Desk,
    refused,
)
from yizhao.verify.v1 import partner_pb2
from yizhao.verify.v1 import partner_service_pb2 as pb

NAME = "partners/icbank"
REASON = "协议 2026-1 号"


def an_enrolment(partner: str = "icbank", **more: Any) -> pb.EnrolPartnerRequest:
    return pb.EnrolPartnerRequest(
        partner_id=partner, partner=partner_pb2.Partner(title=TITLE), reason=REASON, **more
    )


def a_grant(**more: Any) -> pb.GrantPurposeRequest:
    told = {"purpose": "banking", "items": ["name"], "claims": ["name"]} | more
    return pb.GrantPurposeRequest(
        parent=NAME, grant=partner_pb2.Grant(**told), expected_title=TITLE, reason=REASON
    )


def requests() -> dict[ActName, Any]:
    """A request of each method about a partner of that name."""
    moved = {"name": NAME, "expected_title": TITLE, "reason": REASON}
    code = ["91370811MAJN000108"]
    return {
        ActName.ENROL_PARTNER: an_enrolment("another"),
        ActName.GET_PARTNER: pb.GetPartnerRequest(name=NAME),
        ActName.LIST_PARTNERS: pb.ListPartnersRequest(),
        ActName.UPDATE_PARTNER: pb.UpdatePartnerRequest(partner=partner_pb2.Partner(name=NAME)),
        ActName.SUSPEND_PARTNER: pb.SuspendPartnerRequest(**moved),
        ActName.RESUME_PARTNER: pb.ResumePartnerRequest(**moved),
        ActName.END_PARTNER: pb.EndPartnerRequest(**moved),
        ActName.GRANT_PURPOSE: a_grant(),
        ActName.REVOKE_GRANT: pb.RevokeGrantRequest(name=f"{NAME}/grants/banking", reason="试"),
        ActName.LIST_GRANTS: pb.ListGrantsRequest(parent=NAME),
        ActName.LIST_CERTIFICATES: pb.ListCertificatesRequest(parent=NAME),
        ActName.DISABLE_CERTIFICATE: pb.DisableCertificateRequest(
            name=f"{NAME}/certificates/{'0' * 64}", reason="试"
        ),
        ActName.CONFIRM_PARTNER_ACT: pb.ConfirmPartnerActRequest(name=f"{NAME}/acts/9"),
        ActName.WITHDRAW_PARTNER_ACT: pb.WithdrawPartnerActRequest(
            name=f"{NAME}/acts/9", reason="试"
        ),
        ActName.LIST_PARTNER_ACTS: pb.ListPartnerActsRequest(parent="partners/-"),
        ActName.WATCH_CODES: pb.WatchCodesRequest(parent=NAME, usccs=code),
        ActName.UNWATCH_CODES: pb.UnwatchCodesRequest(parent=NAME, usccs=code),
        ActName.LIST_WATCHED_CODES: pb.ListWatchedCodesRequest(parent=NAME),
        ActName.LIST_WATCHED_CHANGES: pb.ListWatchedChangesRequest(parent=NAME),
    }


def test_every_method_asks_the_table_first(desk: Desk) -> None:
    desk.enrol()
    desk.enrol("rival", "济宁对手公司")
    assert set(requests()) == set(ActName)
    for act, request in requests().items():
        rule = TABLE[act]
        for name, roles in STAFF.items():
            if not {role.lower() for role in roles} & set(rule.roles):
                with refused("PARTNER_ROLE_MISSING"):
                    getattr(desk.as_(name.removeprefix("staff/")).partners, act.method)(request)
        if not rule.own:
            with refused("PARTNER_ROLE_MISSING"):
                getattr(desk.as_("partner/icbank").partners, act.method)(request)
        with refused("PARTNER_ROLE_MISSING"):  # of another's record nobody learns if it is there
            getattr(desk.as_("partner/rival").partners, act.method)(request)


def test_a_partner_reads_its_own_record(desk: Desk) -> None:
    desk.enrol()
    desk.grant()
    bank = desk.as_("partner/icbank").partners
    assert bank.GetPartner(pb.GetPartnerRequest(name=NAME)).title == TITLE
    (grant,) = bank.ListGrants(pb.ListGrantsRequest(parent=NAME)).grants
    assert (grant.purpose, grant.title, grant.in_force) == ("banking", "银行开户", True)
    with refused("PARTNER_ROLE_MISSING"):
        bank.GetPartner(pb.GetPartnerRequest(name="partners/nobody"))


def test_who_asked_takes_an_act_back_and_may_ask_anew(desk: Desk) -> None:
    desk.enrol()
    policy = desk.as_(POLICY).partners
    asked = policy.GrantPurpose(a_grant())
    taking = pb.WithdrawPartnerActRequest(name=asked.name, reason="无人可以复核")
    with refused("OTHER_OFFICIAL") as other:
        desk.as_(POLICY_2).partners.WithdrawPartnerAct(taking)
    assert other[0].metadata["asked_by"] == f"staff/{POLICY}"
    with refused("INVALID_REQUEST"):
        policy.WithdrawPartnerAct(pb.WithdrawPartnerActRequest(name=asked.name))
    taken = policy.WithdrawPartnerAct(taking)
    assert taken.state == partner_pb2.PARTNER_ACT_STATE_WITHDRAWN
    assert (taken.answer, taken.answered_by) == ("无人可以复核", f"staff/{POLICY}")
    (listed, _) = policy.ListPartnerActs(pb.ListPartnerActsRequest(parent=NAME)).acts
    assert listed == taken
    with refused("PARTNER_ACT_ENDED"):
        policy.WithdrawPartnerAct(taking)
    with refused("PARTNER_ACT_ENDED") as ended:
        desk.confirm(asked, POLICY_2)
    assert ended[0].metadata["state"] == "withdrawn"
    again = policy.GrantPurpose(a_grant())
    assert again.state == partner_pb2.PARTNER_ACT_STATE_WAITING


def test_a_grant_needs_another_person_who_names_the_partner(desk: Desk) -> None:
    desk.enrol()
    asked = desk.as_(POLICY).partners.GrantPurpose(a_grant())
    assert asked.state == partner_pb2.PARTNER_ACT_STATE_WAITING
    told = {"name": asked.name, "expected_title": TITLE}
    with refused("SAME_OFFICIAL"):
        desk.as_(POLICY).partners.ConfirmPartnerAct(pb.ConfirmPartnerActRequest(**told))
    with refused("PARTNER_ROLE_MISSING"):
        desk.as_(OPERATOR).partners.ConfirmPartnerAct(pb.ConfirmPartnerActRequest(**told))
    with refused("EXPECTED_TITLE_DIFFERS") as differs:
        desk.as_(POLICY_2).partners.ConfirmPartnerAct(
            pb.ConfirmPartnerActRequest(name=asked.name, expected_title="别的银行")
        )
    assert differs[0].metadata["title"] == TITLE
    with refused("PARTNER_ACT_WAITING"):
        desk.as_(POLICY_2).partners.GrantPurpose(a_grant(items=[]))
    assert desk.confirm(asked, POLICY_2).answered_by == f"staff/{POLICY_2}"
    with refused("PARTNER_ACT_ENDED"):
        desk.confirm(asked, CITY)


def test_acts_are_listed_of_a_partner_that_is_there_or_shall_be(desk: Desk) -> None:
    city = desk.as_(CITY).partners
    with refused("PARTNER_UNKNOWN"):
        city.ListPartnerActs(pb.ListPartnerActsRequest(parent=NAME))
    wish = partner_pb2.Partner(title=TITLE)
    asked = desk.as_(OPERATOR).partners.EnrolPartner(
        pb.EnrolPartnerRequest(partner_id="icbank", partner=wish, reason="协议")
    )
    (listed,) = city.ListPartnerActs(pb.ListPartnerActsRequest(parent=NAME)).acts
    assert listed.name == asked.name


def test_what_is_turned_down_changes_nothing(desk: Desk) -> None:
    desk.enrol()
    asked = desk.as_(POLICY).partners.GrantPurpose(a_grant())
    refusing = pb.ConfirmPartnerActRequest(name=asked.name, refuse=True)
    with refused("INVALID_REQUEST"):
        desk.as_(CITY).partners.ConfirmPartnerAct(refusing)
    refusing.reason = "协议未生效"
    told = desk.as_(CITY).partners.ConfirmPartnerAct(refusing)
    assert (told.state, told.answer) == (partner_pb2.PARTNER_ACT_STATE_REFUSED, "协议未生效")
    listed = desk.as_(AUDITOR).partners.ListGrants(pb.ListGrantsRequest(parent=NAME))
    assert not listed.grants


def update(desk: Desk, burst: int) -> partner_pb2.Partner:
    wish = partner_pb2.Partner(name=NAME, quota=partner_pb2.PartnerQuota(burst=burst))
    request = pb.UpdatePartnerRequest(partner=wish, expected_title=TITLE, reason=REASON)
    request.update_mask.paths.append("quota.burst")
    updated: partner_pb2.Partner = desk.as_(OPERATOR).partners.UpdatePartner(request)
    return updated


def test_lower_quotas_hold_at_once_and_higher_ones_wait_for_the_city(desk: Desk) -> None:
    desk.enrol(burst=100)
    lowered = update(desk, 50)
    assert (lowered.quota.burst, list(lowered.waiting_acts)) == (50, [])
    assert lowered.quota.checks_per_day == 100_000
    raised = update(desk, 60)
    assert raised.quota.burst == 50
    (waiting,) = raised.waiting_acts
    with refused("PARTNER_ACT_WAITING"):
        update(desk, 70)
    desk.as_(CITY).partners.ConfirmPartnerAct(
        pb.ConfirmPartnerActRequest(name=waiting, expected_title=TITLE)
    )
    now = desk.as_(AUDITOR).partners.GetPartner(pb.GetPartnerRequest(name=NAME))
    assert (now.quota.burst, list(now.waiting_acts)) == (60, [])


def test_what_waits_does_not_undo_what_was_done_meanwhile(desk: Desk) -> None:
    desk.enrol(burst=100)
    (waiting,) = update(desk, 200).waiting_acts
    update(desk, 20)
    told = desk.as_(CITY).partners.ConfirmPartnerAct(
        pb.ConfirmPartnerActRequest(name=waiting, expected_title=TITLE)
    )
    assert told.state == partner_pb2.PARTNER_ACT_STATE_LAPSED
    assert "PARTNER_CHANGED" in told.answer
    now = desk.as_(AUDITOR).partners.GetPartner(pb.GetPartnerRequest(name=NAME))
    assert now.quota.burst == 20


def test_a_stale_change_is_refused(desk: Desk) -> None:
    desk.enrol()
    request = pb.UpdatePartnerRequest(
        partner=partner_pb2.Partner(name=NAME, title="新名试写银行", etag="1"),
        expected_title=TITLE,
        reason=REASON,
    )
    request.update_mask.paths.append("title")
    renamed = desk.as_(OPERATOR).partners.UpdatePartner(request)
    assert (renamed.title, renamed.etag) == ("新名试写银行", "2")
    request.expected_title = "新名试写银行"
    with refused("PARTNER_CHANGED"):
        desk.as_(OPERATOR).partners.UpdatePartner(request)


def test_a_repeated_request_gets_the_first_answer(desk: Desk) -> None:
    number = str(uuid4())
    operator = desk.as_(OPERATOR).partners
    first = operator.EnrolPartner(an_enrolment(request_id=number))
    assert operator.EnrolPartner(an_enrolment(request_id=number)) == first
    with refused("REQUEST_ID_USED"):
        operator.EnrolPartner(an_enrolment("other", request_id=number))
    with refused("PARTNER_ACT_WAITING"):
        operator.EnrolPartner(an_enrolment(request_id=str(uuid4())))
    acts = desk.as_(AUDITOR).partners.ListPartnerActs(pb.ListPartnerActsRequest(parent=NAME))
    assert [act.name for act in acts.acts] == [first.name]


def test_an_id_is_given_once(desk: Desk) -> None:
    desk.enrol()
    with refused("PARTNER_EXISTS"):
        desk.as_(OPERATOR).partners.EnrolPartner(an_enrolment())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"items": ["passport"]}, "grant.items"),
        ({"purpose": "telecom", "items": ["person"]}, "grant.items"),
        ({"items": ["x" * 100_000]}, "grant.items"),
        ({"claims": ["capital"]}, "grant.claims"),
        ({"purpose": ""}, "grant.purpose"),
        ({"until_date": {"year": 2020, "month": 1, "day": 1}}, "grant.until_date"),
        ({"from_date": {"year": 2026, "month": 2, "day": 30}}, "grant.from_date"),
    ],
)
def test_a_grant_of_what_is_not_there_is_named(
    desk: Desk, wrong: dict[str, Any], field: str
) -> None:
    desk.enrol()
    with refused("INVALID_REQUEST") as told:
        desk.as_(POLICY).partners.GrantPurpose(a_grant(**wrong))
    assert [each.field for each in told[0].fields] == [field]


def test_a_grant_of_what_is_not_there_is_told_what_there_is(desk: Desk) -> None:
    desk.enrol()
    with refused("INVALID_REQUEST") as told:
        desk.as_(POLICY).partners.GrantPurpose(a_grant(items=["name", "colour"]))
    assert told[0].zh.startswith("不能有 'colour'，可选 address、")


def test_a_revoked_grant_is_over_within_seconds_and_may_be_given_again(desk: Desk) -> None:
    desk.enrol()
    desk.grant()
    revoking = pb.RevokeGrantRequest(name=f"{NAME}/grants/banking", reason="协议终止")
    assert not desk.as_(CITY).partners.RevokeGrant(revoking).in_force
    desk.await_refused(desk.as_("partner/icbank"), "PURPOSE_NOT_GRANTED")
    with refused("GRANT_UNKNOWN"):
        desk.as_(CITY).partners.RevokeGrant(revoking)
    desk.grant()


def test_without_the_registry_nothing_is_changed(
    desk: Desk, node: Node, publisher: Publisher
) -> None:
    desk.enrol()
    publisher.staff.clear()
    with refused("PARTNER_ROLE_MISSING") as told:
        desk.as_(CITY).partners.ListPartners(pb.ListPartnersRequest())
    assert "未登记或已停用" in told[0].zh
    publisher.roles_away = True
    with refused("ROLES_UNAVAILABLE") as told:
        desk.as_(CITY).partners.EndPartner(
            pb.EndPartnerRequest(name=NAME, expected_title=TITLE, reason="试")
        )
    assert "未作任何更改" in told[0].zh


def test_lists_are_paged(desk: Desk) -> None:
    names = ["abank", "bbank", "cbank"]
    for name in names:
        desk.enrol(name, f"试写{name}")
    city, found, token = desk.as_(CITY).partners, [], ""
    while True:
        page = city.ListPartners(pb.ListPartnersRequest(page_size=2, page_token=token))
        found += [each.name.removeprefix("partners/") for each in page.partners]
        token = page.next_page_token
        if not token:
            break
    assert found == names
    acts, token = [], ""
    while True:
        listed = city.ListPartnerActs(
            pb.ListPartnerActsRequest(parent="partners/-", page_size=2, page_token=token)
        )
        acts += [each.title for each in listed.acts]
        token = listed.next_page_token
        if not token:
            break
    assert acts == [f"试写{name}" for name in reversed(names)]
