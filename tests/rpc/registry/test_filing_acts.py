"""What becomes of a filing: decided, returned, withdrawn; places changed and removed."""

import pytest

from registry_service.fsck import check
from tests.rpc.registry import people
from tests.rpc.registry.visits import (
    an_application,
    doubtful,
    drafted,
    notices,
    read,
)
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_request_id,
    a_site,
    an_entity,
    filed,
    invalid,
    refused,
    submitted,
)
from yizhao.registry.v1 import application_pb2, entity_pb2, license_pb2, premises_pb2
from yizhao.registry.v1 import entity_service_pb2 as entity_pb
from yizhao.registry.v1 import license_service_pb2 as license_pb
from yizhao.registry.v1 import premises_service_pb2 as pb

FILED = premises_pb2.FILING_STATE_FILED
REJECTED = premises_pb2.FILING_STATE_REJECTED
RETURNED = premises_pb2.FILING_STATE_RETURNED
MANUAL = premises_pb2.FILING_STATE_MANUAL
WITHDRAWN = premises_pb2.FILING_STATE_WITHDRAWN
CHANGE = premises_pb2.FILING_ACT_CHANGE
REMOVE = premises_pb2.FILING_ACT_REMOVE


def waiting(
    client: Client, entity: entity_pb2.Entity, address: str
) -> tuple[application_pb2.Application, premises_pb2.PremisesFiling]:
    """A filing that the rules gave to an official, and its visit."""
    visit = an_application(client, entity)
    filing = submitted(client, drafted(client, entity, visit, site=doubtful(address)))
    assert filing.state == MANUAL
    return visit, filing


def decide(
    client: Client, filing: premises_pb2.PremisesFiling, *, accept: bool, reason: str = "已实地核实"
) -> premises_pb2.PremisesFiling:
    answer: premises_pb2.PremisesFiling = client.premises.DecideFiling(
        pb.DecideFilingRequest(
            name=filing.name,
            accept=accept,
            reason=reason,
            etag=filing.etag,
            request_id=a_request_id(),
        )
    )
    return answer


def place(client: Client, name: str) -> premises_pb2.Premises:
    found: premises_pb2.Premises = client.premises.GetPremises(pb.GetPremisesRequest(name=name))
    return found


def changed(
    client: Client, entity: entity_pb2.Entity, premises: str, address: str, **other: str
) -> premises_pb2.PremisesFiling:
    """A submitted change of a filed place."""
    visit = an_application(client, entity)
    site = a_site(address, **other)
    return submitted(client, drafted(client, entity, visit, act=CHANGE, target=premises, site=site))


def removed(
    client: Client, entity: entity_pb2.Entity, premises: str
) -> premises_pb2.PremisesFiling:
    """A submitted removal of a filed place, without papers."""
    visit = an_application(client, entity)
    return submitted(
        client, drafted(client, entity, visit, act=REMOVE, target=premises, documents=[])
    )


def site_code(client: Client, premises: str) -> license_pb2.SiteCode:
    found: license_pb2.SiteCode = client.licenses.IssueSiteCode(
        license_pb.IssueSiteCodeRequest(parent=premises, request_id=a_request_id())
    )
    return found


def own_status(registry: Registry, entity: entity_pb2.Entity) -> list[int]:
    """The own status of each code of the entity's places, oldest first."""
    number = registry.number_of(entity.uscc)
    rows = registry.rows(
        "SELECT s.own FROM site_code c JOIN status_entry s USING (entity_no, list_no, idx)"
        " WHERE c.entity_no = %s ORDER BY c.premises_no, c.version",
        number,
    )
    return [own for (own,) in rows]


def no_faults_of(registry: Registry, entity: entity_pb2.Entity) -> None:
    key = f"entity_no={registry.number_of(entity.uscc)} "
    assert [str(f) for f in check(registry.database) if f"{f.key} ".startswith(key)] == []


def test_an_official_files_what_the_rules_gave_to_one(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    visit, filing = waiting(rencheng, entity, "曲阜市鲁城街道审定路1号")
    assert read(rencheng, visit).state == application_pb2.APPLICATION_STATE_MANUAL
    after = decide(registry.as_(people.RENCHENG_HEAD), filing, accept=True)
    assert (after.state, after.decision) == (FILED, "已实地核实")
    assert after.handover
    closed = read(rencheng, visit)
    assert closed.state == application_pb2.APPLICATION_STATE_CLOSED
    assert "已实地核实" in closed.items[0].text
    no_faults_of(registry, entity)


def test_a_rejection_keeps_its_reason(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    _, filing = waiting(rencheng, entity, "曲阜市鲁城街道审定路2号")
    with invalid("reason"):
        decide(rencheng, filing, accept=False, reason="")
    after = decide(rencheng, filing, accept=False, reason="查无此址")
    assert (after.state, after.decision, after.premises) == (REJECTED, "查无此址", "")
    with refused("FILING_NOT_UNDER_REVIEW", state="rejected"):
        decide(rencheng, after, accept=True)


def test_a_rule_that_came_to_block_meanwhile_stops_an_official(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    address = "曲阜市鲁城街道审定路3号"
    _, filing = waiting(rencheng, entity, address)
    filed(rencheng, entity, address)
    with refused("FILING_BLOCKED", rules="11"):
        decide(rencheng, filing, accept=True)
    assert decide(rencheng, filing, accept=False).state == REJECTED


def test_what_is_sent_back_is_told_with_the_officials_own_defects(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    visit, filing = waiting(rencheng, entity, "曲阜市鲁城街道退回路1号")
    request = pb.ReturnFilingRequest(name=filing.name, defects=["请补充租赁合同", "请写明管辖单位"])
    after = rencheng.premises.ReturnFiling(request)
    assert after.state == RETURNED
    (notice,) = notices(rencheng, visit)
    assert [(d.rule, d.reason) for d in notice.defects] == [
        (0, "请补充租赁合同"),
        (0, "请写明管辖单位"),
    ]
    with refused("FILING_NOT_UNDER_REVIEW", state="returned"):
        rencheng.premises.ReturnFiling(request)
    for wrong in ([], [""], ["缺" * 501], ["缺"] * 51):
        other, doubted = waiting(rencheng, entity, f"曲阜市鲁城街道退回路{len(wrong) + 2}号")
        with refused("INVALID_REQUEST"):
            rencheng.premises.ReturnFiling(pb.ReturnFilingRequest(name=doubted.name, defects=wrong))
        assert not notices(rencheng, other)
        rencheng.premises.WithdrawFiling(pb.WithdrawFilingRequest(name=doubted.name))


def test_what_is_not_decided_can_be_taken_back(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    _, filing = waiting(rencheng, entity, "曲阜市鲁城街道撤回路1号")
    request = pb.WithdrawFilingRequest(name=filing.name, etag=filing.etag)
    assert rencheng.premises.WithdrawFiling(request).state == WITHDRAWN
    with refused("FILING_DECIDED", state="withdrawn"):
        rencheng.premises.WithdrawFiling(pb.WithdrawFilingRequest(name=filing.name))
    done = filed(rencheng, entity, "曲阜市鲁城街道撤回路2号")
    with refused("FILING_DECIDED", state="filed"):
        rencheng.premises.WithdrawFiling(pb.WithdrawFilingRequest(name=done.name))


def test_an_assignment_makes_nobodys_work_stale(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    _, filing = waiting(rencheng, entity, "曲阜市鲁城街道分派路1号")
    assigned = rencheng.premises.AssignFiling(
        pb.AssignFilingRequest(name=filing.name, assignee=people.RENCHENG)
    )
    assert (assigned.assignee, assigned.etag) == (people.RENCHENG, filing.etag)
    queue = pb.ListFilingsRequest(unit="units/11", state=MANUAL, assignee=people.RENCHENG)
    answer = rencheng.premises.ListFilings(queue)
    assert [found.name for found in answer.filings].count(filing.name) == 1
    assert answer.counts.total == len(answer.filings)
    assert decide(rencheng, filing, accept=True).state == FILED


def test_a_change_within_the_unit_makes_a_new_version_and_renews_the_code(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    first = filed(rencheng, entity, "曲阜市鲁城街道变更路1号")
    site_code(rencheng, first.premises)
    after = changed(rencheng, entity, first.premises, "曲阜市鲁城街道变更路2号", title="变更店")
    assert (after.state, after.premises, after.handover) == (FILED, first.premises, "")
    now = place(rencheng, first.premises)
    assert (now.version, now.site.title) == (2, "变更店")
    assert now.site.address.text == "曲阜市鲁城街道变更路2号"
    code = license_pb.GetSiteCodeRequest(name=f"{first.premises}/codes/2")
    assert rencheng.licenses.GetSiteCode(code).state == license_pb2.LICENSE_STATE_ISSUED
    assert own_status(registry, entity) == [3, 0]
    no_faults_of(registry, entity)


def test_a_place_that_moves_to_another_unit_is_handed_over_to_it(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    first = filed(rencheng, entity, "曲阜市鲁城街道迁移路1号")
    after = changed(rencheng, entity, first.premises, "邹城市钢山街道迁移路2号")
    assert after.handover
    assert after.handover != first.handover
    inbox = registry.as_(people.ZOUCHENG_SUPERVISOR).premises.ListHandovers(
        pb.ListHandoversRequest(unit="units/21", page_size=1000)
    )
    assert after.handover in {handover.name for handover in inbox.handovers}
    no_faults_of(registry, entity)


def test_data_of_a_place_may_change_at_its_own_address_and_not_at_anothers(
    rencheng: Client,
) -> None:
    entity = an_entity(rencheng)
    first = filed(rencheng, entity, "曲阜市鲁城街道原址路1号")
    filed(rencheng, entity, "曲阜市鲁城街道原址路2号")
    same = changed(rencheng, entity, first.premises, "曲阜市鲁城街道原址路1号", title="新店名")
    assert same.state == FILED
    with refused("FILING_BLOCKED", rules="11"):
        changed(rencheng, entity, first.premises, "曲阜市鲁城街道原址路2号")


def test_a_removal_needs_no_papers_and_frees_the_address(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    address = "曲阜市鲁城街道取消路1号"
    first = filed(rencheng, entity, address)
    site_code(rencheng, first.premises)
    assert rencheng.entities.GetEntity(entity_pb.GetEntityRequest(name=entity.name)).multi_address
    assert removed(rencheng, entity, first.premises).state == FILED
    assert place(rencheng, first.premises).state == premises_pb2.PREMISES_STATE_REMOVED
    assert own_status(registry, entity) == [13]
    after = rencheng.entities.GetEntity(entity_pb.GetEntityRequest(name=entity.name))
    assert not after.multi_address
    with refused("PREMISES_ENDED", state="removed"):
        removed(rencheng, entity, first.premises)
    again = filed(rencheng, entity, address)
    assert again.premises != first.premises
    no_faults_of(registry, entity)


def test_a_removal_that_is_late_finds_the_place_gone(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    first = filed(rencheng, entity, "曲阜市鲁城街道取消路2号")
    visit = an_application(rencheng, entity)
    late = drafted(rencheng, entity, visit, act=REMOVE, target=first.premises, documents=[])
    removed(rencheng, entity, first.premises)
    with refused("PREMISES_ENDED"):
        submitted(rencheng, late)


@pytest.mark.parametrize("target", ["", "entities/x", "premises/1"])
def test_a_change_names_a_place_of_the_entity(rencheng: Client, target: str) -> None:
    entity = an_entity(rencheng)
    visit = an_application(rencheng, entity)
    with invalid("target"):
        drafted(rencheng, entity, visit, act=REMOVE, target=target)
    other = filed(rencheng, an_entity(rencheng), "曲阜市鲁城街道他人路1号").premises
    with invalid("target"):
        drafted(rencheng, entity, visit, act=REMOVE, target=other)
    with refused("PREMISES_UNKNOWN"):
        drafted(rencheng, entity, visit, act=REMOVE, target=f"{entity.name}/premises/1")
