"""The host unit's day over the wire: inboxes, stations, inspections, flags, strikes."""

from typing import Any

import pytest

from tests.rpc.registry import people
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_face,
    a_request_id,
    an_entity,
    filed,
    invalid,
    refused,
)
from yizhao.registry.v1 import admin_service_pb2 as admin_pb
from yizhao.registry.v1 import entity_pb2, license_pb2, premises_pb2, unit_pb2
from yizhao.registry.v1 import license_service_pb2 as license_pb
from yizhao.registry.v1 import premises_service_pb2 as pb
from yizhao.registry.v1 import publication_service_pb2 as publication_pb

QUFU_SHOP = "曲阜市鲁城街道样例街8号"
HOME = premises_pb2.HANDOVER_SIDE_HOME


@pytest.fixture
def supervisor(registry: Registry) -> Client:
    """The supervisor of 曲阜市."""
    return registry.as_(people.QUFU_SUPERVISOR)


@pytest.fixture
def entity(rencheng: Client) -> entity_pb2.Entity:
    """A company of 任城区 with a place in 曲阜市, its hand-over number 1."""
    company = an_entity(rencheng)
    assert filed(rencheng, company, QUFU_SHOP).handover == f"{company.name}/handovers/1"
    return company


def handover(name: str) -> dict[str, Any]:
    return {"name": f"{name}/handovers/1", "request_id": a_request_id()}


def listed(client: Client, unit: int, name: str, **query: Any) -> list[premises_pb2.Handover]:
    """Those of one entity in a list, which all tests of this worker share."""
    found: list[premises_pb2.Handover] = []
    token = ""
    while True:
        request = pb.ListHandoversRequest(
            unit=f"units/{unit}", page_size=1000, page_token=token, **query
        )
        answer = client.premises.ListHandovers(request)
        found += [h for h in answer.handovers if h.name.startswith(f"{name}/")]
        token = answer.next_page_token
        if not token:
            return found


def counts(client: Client, unit: int, **query: Any) -> Any:
    request = pb.ListHandoversRequest(unit=f"units/{unit}", **query)
    return client.premises.ListHandovers(request).counts


def confirm(registry: Registry, asked: premises_pb2.Premises) -> None:
    """The head confirms the act that waits on the place."""
    (pending,) = asked.pending_acts
    request = admin_pb.ConfirmActRequest(
        name=pending.name, expected_business_name=pending.business_name
    )
    registry.as_(people.RENCHENG_HEAD).admin.ConfirmAct(request)


def test_what_was_declined_comes_back_to_the_home_unit_with_its_reason(
    rencheng: Client, supervisor: Client, entity: entity_pb2.Entity
) -> None:
    declined = supervisor.premises.DeclineHandover(
        pb.DeclineHandoverRequest(**handover(entity.name), reason="该地址不在本辖区")
    )
    assert declined.state == premises_pb2.HANDOVER_STATE_DECLINED
    state = premises_pb2.HANDOVER_STATE_DECLINED
    (back,) = listed(rencheng, 11, entity.name, side=HOME, state=state)
    assert (back.reason, back.to_unit) == ("该地址不在本辖区", "units/20")
    assert back == declined
    assert listed(rencheng, 11, entity.name) == []
    with refused("NOT_YOUR_UNIT", owner="units/11"):
        listed(supervisor, 11, entity.name, side=HOME)


def test_an_inbox_counts_what_is_late(
    registry: Registry, supervisor: Client, entity: entity_pb2.Entity
) -> None:
    (waiting,) = listed(supervisor, 20, entity.name)
    assert waiting.due_date.year >= 2026
    before = counts(supervisor, 20)
    number = registry.number_of(entity.name.removeprefix("entities/"))
    registry.run("UPDATE handover SET due_date = '2020-01-02' WHERE entity_no = %s", number)
    late = counts(supervisor, 20)
    assert late.overdue == before.overdue + 1
    assert late.total == before.total
    supervisor.premises.AcknowledgeHandover(pb.AcknowledgeHandoverRequest(**handover(entity.name)))
    assert counts(supervisor, 20).overdue == before.overdue


def test_a_side_that_is_none_is_refused(supervisor: Client) -> None:
    with invalid("side"):
        listed(supervisor, 20, "entities/-", side=7)


def test_a_station_that_an_operator_added_gets_premises_and_its_people_answer(
    registry: Registry, supervisor: Client, entity: entity_pb2.Entity
) -> None:
    operator = registry.as_(people.OPERATOR)
    station = unit_pb2.Unit(
        title=f"样例监管所{entity.name[-4:]}", parent="units/20", kind=unit_pb2.UNIT_KIND_STATION
    )
    added = operator.admin.PutUnit(admin_pb.PutUnitRequest(unit=station, request_id=a_request_id()))
    number = int(added.name.removeprefix("units/"))
    assert number >= 1000
    assert added in operator.admin.ListUnits(admin_pb.ListUnitsRequest()).units
    renamed = unit_pb2.Unit(
        name=added.name, title=f"改名监管所{entity.name[-4:]}", kind=unit_pb2.UNIT_KIND_STATION
    )
    assert operator.admin.PutUnit(admin_pb.PutUnitRequest(unit=renamed)).parent == "units/20"
    person = unit_pb2.Staff(
        name=f"staff/{number}",
        person_name="周试所",
        assignments=[unit_pb2.Assignment(unit=added.name, role=unit_pb2.ROLE_SUPERVISOR)],
    )
    operator.admin.PutStaff(admin_pb.PutStaffRequest(staff=person))
    at_station = registry.as_(f"staff/{number}")
    with refused("NOT_YOUR_UNIT", owner="units/20"):
        at_station.premises.AcknowledgeHandover(
            pb.AcknowledgeHandoverRequest(**handover(entity.name))
        )
    supervisor.premises.ForwardHandover(
        pb.ForwardHandoverRequest(**handover(entity.name), to_unit=added.name)
    )
    (mine,) = listed(at_station, number, entity.name)
    assert mine.state == premises_pb2.HANDOVER_STATE_FORWARDED
    assert list(mine.earlier_units) == ["units/20"]
    assert listed(supervisor, 20, entity.name) == [mine]
    taken = at_station.premises.AcknowledgeHandover(
        pb.AcknowledgeHandoverRequest(**handover(entity.name), etag=mine.etag)
    )
    assert taken.acknowledged_by == f"staff/{number}"
    report = premises_pb2.Inspection(
        result=premises_pb2.INSPECTION_RESULT_AS_FILED,
        inspection_date=taken.due_date,
        inspectors=["3708811001", "3708811002"],
    )
    with invalid("inspection.inspection_date"):
        at_station.premises.ReportInspection(
            pb.ReportInspectionRequest(**handover(entity.name), inspection=report)
        )
    today = at_station.premises.GetPremises(
        pb.GetPremisesRequest(name=f"{entity.name}/premises/1")
    ).filing_date
    report.inspection_date.CopyFrom(today)
    reported = at_station.premises.ReportInspection(
        pb.ReportInspectionRequest(**handover(entity.name), inspection=report)
    )
    assert reported.state == premises_pb2.HANDOVER_STATE_REPORTED
    assert reported.inspections[0].name == f"{entity.name}/handovers/1/inspections/1"
    assert list(reported.inspections[0].inspectors) == ["3708811001", "3708811002"]


def test_only_stations_are_put_and_no_address_lies_in_one(
    registry: Registry, rencheng: Client
) -> None:
    operator = registry.as_(people.OPERATOR)
    county = unit_pb2.Unit(title="某县", parent="units/1", kind=unit_pb2.UNIT_KIND_COUNTY)
    with invalid("unit.kind"):
        operator.admin.PutUnit(admin_pb.PutUnitRequest(unit=county))
    county.kind, county.name = unit_pb2.UNIT_KIND_STATION, "units/20"
    with refused("STATION_UNKNOWN"):
        operator.admin.PutUnit(admin_pb.PutUnitRequest(unit=county))
    with refused("ROLE_MISSING", role="operator"):
        rencheng.admin.PutUnit(admin_pb.PutUnitRequest(unit=county))
    station = unit_pb2.Unit(
        title=f"样例监管所{a_request_id()[:6]}",
        parent="units/11",
        kind=unit_pb2.UNIT_KIND_STATION,
    )
    added = operator.admin.PutUnit(admin_pb.PutUnitRequest(unit=station))
    face = a_face()
    face.address.unit = added.name
    with invalid("face.address.unit"):
        an_entity(rencheng, face=face)


def test_a_dispute_is_the_citys_and_the_site_code_follows_its_decision(
    registry: Registry, rencheng: Client, supervisor: Client, entity: entity_pb2.Entity
) -> None:
    place = f"{entity.name}/premises/1"
    first = rencheng.licenses.IssueSiteCode(license_pb.IssueSiteCodeRequest(parent=place))
    city = registry.as_(people.CITY)
    resolve = pb.ResolveHandoverRequest(
        name=f"{entity.name}/handovers/1", to_unit="units/21", reason="经实地勘界，属邹城市"
    )
    with refused("NOT_DISPUTED", state="pending"):
        city.premises.ResolveHandover(resolve)
    with refused("HANDOVER_NOT_OPEN", side="home"):
        rencheng.premises.DisputeHandover(
            pb.DisputeHandoverRequest(**handover(entity.name), reason="有异议")
        )
    supervisor.premises.DisputeHandover(
        pb.DisputeHandoverRequest(**handover(entity.name), reason="门牌由邹城市核发")
    )
    with refused("ROLE_MISSING", role="city"):
        supervisor.premises.ResolveHandover(resolve)
    decided = city.premises.ResolveHandover(resolve)
    assert decided.state == premises_pb2.HANDOVER_STATE_ACKNOWLEDGED
    assert (decided.to_unit, list(decided.earlier_units)) == ("units/21", ["units/20"])
    moved = rencheng.premises.GetPremises(pb.GetPremisesRequest(name=place))
    assert (moved.site.address.unit, moved.version) == ("units/21", 2)
    live = rencheng.licenses.GetSiteCode(license_pb.GetSiteCodeRequest(name=f"{place}/codes/-"))
    assert (live.version, live.premises_version) == (2, 2)
    assert live.state == license_pb2.LICENSE_STATE_ISSUED
    assert live.scan_text not in ("", first.scan_text)


def test_a_flag_waits_in_the_home_units_list_until_it_is_answered(
    rencheng: Client, supervisor: Client, entity: entity_pb2.Entity
) -> None:
    def flags(*, open_only: bool) -> list[premises_pb2.Flag]:
        request = pb.ListFlagsRequest(unit="units/11", open_only=open_only, page_size=1000)
        answer = rencheng.premises.ListFlags(request)
        assert answer.counts.total >= len(answer.flags)
        return [flag for flag in answer.flags if flag.name.startswith(f"{entity.name}/")]

    place = f"{entity.name}/premises/1"
    flagged = supervisor.premises.FlagPremises(
        pb.FlagPremisesRequest(name=place, finding="现场无人经营", request_id=a_request_id())
    )
    (flag,) = flags(open_only=True)
    assert flag == flagged.flags[0]
    assert (flag.name, flag.unit) == (f"{place}/flags/1", "units/20")
    assert (flag.business_name, flag.address) == (entity.face.business_name, QUFU_SHOP)
    assert flag.due_date.year >= 2026
    answer = pb.AnswerFlagRequest(name=flag.name, answer="已责令整改", request_id=a_request_id())
    with refused("ROLE_MISSING", role="registrar"):
        supervisor.premises.AnswerFlag(answer)
    answered = rencheng.premises.AnswerFlag(answer)
    assert rencheng.premises.AnswerFlag(answer) == answered  # the same request again
    answer.request_id = a_request_id()
    with refused("FLAG_ANSWERED", answered_by="0101"):
        rencheng.premises.AnswerFlag(answer)
    assert flags(open_only=True) == []
    assert flags(open_only=False) == list(answered.flags)
    (listed_place,) = supervisor.premises.ListPremises(
        pb.ListPremisesRequest(parent=entity.name)
    ).premises
    assert listed_place == answered
    with refused("NOT_YOUR_UNIT", owner="units/11"):
        supervisor.premises.ListFlags(pb.ListFlagsRequest(unit="units/11"))


def test_flags_come_page_by_page_the_earliest_due_first(
    registry: Registry, rencheng: Client, supervisor: Client, entity: entity_pb2.Entity
) -> None:
    place = f"{entity.name}/premises/1"
    for finding in ("无人经营", "招牌不符", "另作仓库"):
        supervisor.premises.FlagPremises(pb.FlagPremisesRequest(name=place, finding=finding))
    number = registry.number_of(entity.name.removeprefix("entities/"))
    registry.run(
        "UPDATE flag SET due_date = '2026-01-05'::date - flag_no WHERE entity_no = %s", number
    )
    seen: list[str] = []
    request = pb.ListFlagsRequest(unit="units/11", open_only=True, page_size=1)
    while len(seen) < 3:
        answer = rencheng.premises.ListFlags(request)
        seen += [flag.name for flag in answer.flags if flag.name.startswith(place)]
        request.page_token = answer.next_page_token
    assert seen == [f"{place}/flags/{number}" for number in (3, 2, 1)]
    request.page_token, request.open_only = answer.next_page_token, False
    if request.page_token:
        with invalid("page_token"):
            rencheng.premises.ListFlags(request)


def test_a_strike_waits_for_a_second_person_then_the_public_no_longer_sees_the_place(
    registry: Registry, rencheng: Client, supervisor: Client, entity: entity_pb2.Entity
) -> None:
    place, verifier = f"{entity.name}/premises/1", registry.as_(people.VERIFY)
    supervisor.premises.FlagPremises(pb.FlagPremisesRequest(name=place, finding="查无此店"))

    def public() -> publication_pb.PublicRecord:
        request = publication_pb.GetPublicRecordRequest(name=entity.name, basis="核验")
        record: publication_pb.PublicRecord = verifier.publication.GetPublicRecord(request)
        return record

    assert [shown.number for shown in public().premises] == [1]
    assert "查无此店" not in str(public())
    read = rencheng.premises.GetPremises(pb.GetPremisesRequest(name=place))
    name = entity.face.business_name
    strike = pb.StrikePremisesRequest(
        name=place, expected_business_name=name, basis="济市监撤字〔2026〕8号", etag=read.etag
    )
    with refused("ETAG_MISMATCH"):
        stale = pb.StrikePremisesRequest()
        stale.CopyFrom(strike)
        stale.etag = "p77"
        rencheng.premises.StrikePremises(stale)
    with refused("EXPECTED_NAME_DIFFERS"):
        other = pb.StrikePremisesRequest()
        other.CopyFrom(strike)
        other.expected_business_name = "济宁市别家物流有限公司"
        rencheng.premises.StrikePremises(other)
    asked = rencheng.premises.StrikePremises(strike)
    assert asked.state == premises_pb2.PREMISES_STATE_LIVE
    assert len(asked.pending_acts) == 1
    confirm(registry, asked)
    assert public().premises == []
    struck = rencheng.premises.GetPremises(pb.GetPremisesRequest(name=place))
    assert struck.state == premises_pb2.PREMISES_STATE_STRUCK
    assert [flag.finding for flag in struck.flags] == ["查无此店"]
    (told,) = listed(supervisor, 20, entity.name)
    assert told.premises_state == premises_pb2.PREMISES_STATE_STRUCK
    back = rencheng.premises.ReinstatePremises(
        pb.ReinstatePremisesRequest(
            name=place, expected_business_name=name, basis="济市监复字〔2026〕9号"
        )
    )
    confirm(registry, back)
    assert [shown.number for shown in public().premises] == [1]
