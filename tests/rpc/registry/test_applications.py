"""A visit from its receipt to its last outcome."""

import hashlib
from datetime import datetime, timedelta, timezone

from registry_service.domain.working_days import due
from tests.rpc.registry import people
from tests.rpc.registry.visits import (
    INCOMPLETE,
    an_application,
    doubtful,
    drafted,
    notices,
    read,
)
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_commitment,
    a_request_id,
    a_site,
    an_entity,
    invalid,
    refused,
)
from yizhao.registry.v1 import application_pb2, entity_pb2, premises_pb2
from yizhao.registry.v1 import application_service_pb2 as pb
from yizhao.registry.v1 import entity_service_pb2 as entity_pb
from yizhao.registry.v1 import premises_service_pb2 as premises_pb

TODAY = datetime.now(timezone(timedelta(hours=8))).date()
CONTENT = "申报承诺书：所填内容属实。".encode()
OPEN = application_pb2.APPLICATION_STATE_OPEN
RETURNED = application_pb2.APPLICATION_STATE_RETURNED
MANUAL = application_pb2.APPLICATION_STATE_MANUAL
CLOSED = application_pb2.APPLICATION_STATE_CLOSED


def submit(client: Client, application: application_pb2.Application) -> application_pb2.Application:
    answer: application_pb2.Application = client.applications.SubmitApplication(
        pb.SubmitApplicationRequest(name=application.name, request_id=a_request_id())
    )
    return answer


def completed(
    client: Client, entity: entity_pb2.Entity, filing: premises_pb2.PremisesFiling, address: str
) -> premises_pb2.PremisesFiling:
    answer: premises_pb2.PremisesFiling = client.premises.UpdatePremisesFiling(
        premises_pb.UpdatePremisesFilingRequest(
            name=filing.name, site=a_site(address), documents=[a_commitment(entity)]
        )
    )
    return answer


def receipt_of(client: Client, entity: entity_pb2.Entity) -> str:
    """受理编号 that the first event names."""
    answer = client.entities.ListEntityEvents(entity_pb.ListEntityEventsRequest(parent=entity.name))
    return str(answer.events[-1].basis)


def extend(client: Client, application: application_pb2.Application) -> application_pb2.Application:
    answer: application_pb2.Application = client.applications.ExtendApplication(
        pb.ExtendApplicationRequest(
            name=application.name, basis="材料较多，需要核实", request_id=a_request_id()
        )
    )
    return answer


def test_a_visit_is_due_in_three_working_days(rencheng: Client) -> None:
    taken = an_application(rencheng, an_entity(rencheng))
    deadline = due(TODAY, 3)
    day = taken.due_date
    assert (day.year, day.month, day.day) == deadline.date.timetuple()[:3]
    assert taken.due_date_provisional == deadline.provisional
    assert (taken.state, list(taken.items)) == (OPEN, [])
    assert taken.business_name == "济宁市试写物流有限公司"


def test_a_registration_is_a_visit_that_is_closed_at_once(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    name = f"{entity.name}/applications/{receipt_of(rencheng, entity)}"
    found = rencheng.applications.GetApplication(pb.GetApplicationRequest(name=name))
    assert found.state == CLOSED
    (item,) = found.items
    assert (item.subject, item.act, item.outcome) == (entity.name, "entity.registered", "done")
    assert item.text == "设立登记：已办结"
    assert not found.HasField("due_date")


def test_all_of_a_visit_is_submitted_at_once_and_its_defects_told_in_one_notice(
    rencheng: Client,
) -> None:
    entity = an_entity(rencheng)
    visit = an_application(rencheng, entity)
    drafted(rencheng, entity, visit, "曲阜市鲁城街道同申路1号")
    drafted(rencheng, entity, visit, INCOMPLETE)
    drafted(rencheng, entity, visit, "邹城市钢山街道同申路3号", documents=[])
    drafted(rencheng, entity, visit, site=doubtful("曲阜市鲁城街道同申路4号"))
    drafted(rencheng, entity, visit, "曲阜市鲁城街道同申路1号")
    drafted(rencheng, entity, visit, "济南市历下区同申路6号")
    after = submit(rencheng, visit)
    outcomes = [item.outcome for item in after.items]
    assert outcomes == ["filed", "returned", "returned", "manual", "rejected", "rejected"]
    assert after.state == MANUAL
    assert "地址重复" in after.items[4].text
    (notice,) = notices(rencheng, visit)
    assert notice.number == 1
    assert notice.told_by == people.RENCHENG
    told = [(defect.subject, defect.rule) for defect in notice.defects]
    assert told == [(f"{entity.name}/filings/2", 9), (f"{entity.name}/filings/3", 20)]
    assert all(defect.reason and defect.remedy for defect in notice.defects)
    assert read(rencheng, visit) == after


def test_what_was_completed_is_submitted_again_and_what_was_not_stays(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    visit = an_application(rencheng, entity)
    first = drafted(rencheng, entity, visit, INCOMPLETE)
    drafted(rencheng, entity, visit, INCOMPLETE)
    assert submit(rencheng, visit).state == RETURNED
    with refused("NOTHING_TO_SUBMIT"):
        submit(rencheng, visit)
    completed(rencheng, entity, first, "曲阜市鲁城街道补正路1号")
    after = submit(rencheng, visit)
    assert [item.outcome for item in after.items] == ["filed", "returned"]
    assert after.state == RETURNED
    assert len(notices(rencheng, visit)) == 1


def test_a_visit_closes_with_its_last_item(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    visit = an_application(rencheng, entity)
    filing = drafted(rencheng, entity, visit, "曲阜市鲁城街道办结路1号")
    rencheng.premises.WithdrawFiling(premises_pb.WithdrawFilingRequest(name=filing.name))
    closed = read(rencheng, visit)
    assert closed.state == CLOSED
    assert closed.items[0].text == "新增经营场所备案：已撤回"
    drafted(rencheng, entity, visit, "曲阜市鲁城街道办结路2号")
    assert read(rencheng, visit).state == OPEN


def test_only_the_head_gives_more_time_and_only_once(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    visit = an_application(rencheng, entity)
    filing = drafted(rencheng, entity, visit, "曲阜市鲁城街道延期路1号")
    head = registry.as_(people.RENCHENG_HEAD)
    with refused("ROLE_MISSING"):
        extend(rencheng, visit)
    extended = extend(head, visit)
    day, later = extended.due_date, due(TODAY, 6).date
    assert (day.year, day.month, day.day) == later.timetuple()[:3]
    read_filing = premises_pb.GetPremisesFilingRequest(name=filing.name)
    assert rencheng.premises.GetPremisesFiling(read_filing).due_date == day
    with refused("ALREADY_EXTENDED", extended_by=people.RENCHENG_HEAD):
        extend(head, visit)
    rencheng.premises.WithdrawFiling(premises_pb.WithdrawFilingRequest(name=filing.name))
    with refused("APPLICATION_CLOSED"):
        extend(head, visit)


def test_an_assignee_is_of_the_unit_and_found_by_the_queue(
    registry: Registry, rencheng: Client
) -> None:
    visit = an_application(rencheng, an_entity(rencheng))
    assign = pb.AssignApplicationRequest(name=visit.name, assignee=people.RENCHENG_HEAD)
    assert rencheng.applications.AssignApplication(assign).assignee == people.RENCHENG_HEAD
    queue = pb.ListApplicationsRequest(unit="units/11", assignee=people.RENCHENG_HEAD)
    answer = registry.as_(people.RENCHENG_HEAD).applications.ListApplications(queue)
    assert visit.name in {found.name for found in answer.applications}
    nobody = pb.ListApplicationsRequest(unit="units/11", assignee="staff/-", page_size=1000)
    waiting = rencheng.applications.ListApplications(nobody).applications
    assert visit.name not in {found.name for found in waiting}
    for wrong in (people.QUFU, "staff/9999", "0101", "staff/"):
        with invalid("assignee"):
            rencheng.applications.AssignApplication(
                pb.AssignApplicationRequest(name=visit.name, assignee=wrong)
            )
    assign.assignee = ""
    assert rencheng.applications.AssignApplication(assign).assignee == ""


def test_the_queue_pages_once_through_with_counts_of_the_whole(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    made = [an_application(rencheng, entity).name for _ in range(5)]
    request = pb.ListApplicationsRequest(unit="units/11", state=OPEN, page_size=2)
    first = rencheng.applications.ListApplications(request)
    seen = [found.name for found in first.applications]
    while request.page_token or first.next_page_token:
        request.page_token = request.page_token or first.next_page_token
        answer = rencheng.applications.ListApplications(request)
        seen += [found.name for found in answer.applications]
        assert answer.counts.total == first.counts.total
        if not answer.next_page_token:
            break
        request.page_token = answer.next_page_token
    assert len(seen) == len(set(seen)) == first.counts.total
    assert [name for name in seen if name in made] == made
    with refused("NOT_YOUR_UNIT", owner="units/11"):
        registry.as_(people.QUFU).applications.ListApplications(
            pb.ListApplicationsRequest(unit="units/11")
        )


def test_a_filing_says_whether_the_registry_keeps_its_documents(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    visit = an_application(rencheng, entity)
    kept = rencheng.applications.AddDocument(
        pb.AddDocumentRequest(parent=visit.name, content=CONTENT, request_id=a_request_id())
    )
    assert kept.sha256 == hashlib.sha256(CONTENT).digest()
    assert kept.size_bytes == len(CONTENT)
    here, elsewhere = a_commitment(entity), a_commitment(entity)
    here.sha256 = kept.sha256
    filing = drafted(
        rencheng, entity, visit, "曲阜市鲁城街道材料路1号", documents=[here, elsewhere]
    )
    assert [document.held for document in filing.documents] == [True, False]


def test_a_document_is_what_its_digest_says_and_not_too_large(
    registry: Registry, rencheng: Client
) -> None:
    visit = an_application(rencheng, an_entity(rencheng))
    wrong = pb.AddDocumentRequest(parent=visit.name, content=CONTENT, sha256=bytes(32))
    with refused("DIGEST_DIFFERS"):
        rencheng.applications.AddDocument(wrong)
    with invalid("content"):
        rencheng.applications.AddDocument(pb.AddDocumentRequest(parent=visit.name))
    with refused("DOCUMENT_TOO_LARGE", limit=str(3 << 20)):
        rencheng.applications.AddDocument(
            pb.AddDocumentRequest(parent=visit.name, content=bytes((3 << 20) + 1))
        )
    rencheng.applications.AddDocument(
        pb.AddDocumentRequest(parent=visit.name, content=bytes(3 << 20))
    )
    with refused("NOT_YOUR_UNIT"):
        registry.as_(people.QUFU).applications.AddDocument(
            pb.AddDocumentRequest(parent=visit.name, content=CONTENT)
        )
