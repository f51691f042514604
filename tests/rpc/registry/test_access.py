"""Every read of a named entity is kept, and auditors can list it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.api import annotations_pb2
from google.protobuf.message_factory import GetMessageClass

from registry_service.domain.access import Channel, reads, shown_by
from registry_service.domain.authority import TABLE, ActName, Scope
from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.store.transaction import Store
from tests.rpc.registry import people
from tests.rpc.registry.files import sent, signed_off
from tests.rpc.registry.test_every_method import STUBS, named
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_filing,
    a_request_id,
    an_entity,
    filed,
    invalid,
    refused,
)
from tests.unit.registry.test_authority_table import SERVICES
from yizhao.registry.v1 import (
    access_pb2,
    entity_pb2,
    entity_service_pb2,
    license_pb2,
    license_service_pb2,
    premises_service_pb2,
    publication_service_pb2,
)

BASIS, CASE = "核对投诉", "济市监投〔2026〕7号"
OF_NOBODY = {
    "ListUnits": "the administration's tree",
    "GetStaff": "roles of one who acts",
    "ListStaff": "the people who act",
    "ListReviewPolicies": "what review goes by",
    "GetTrustList": "published to everybody",
    "GetStatusList": "published to everybody; it names no entity",
    "GetBundle": "published to everybody",
    "WatchBundle": "published to everybody",
    "GetImportRun": "counts of a file",
    "ListImportRuns": "counts of files",
    "GetMassRun": "counts of an act on many",
    "ListMassRuns": "counts of acts on many",
    "ListImportRemarks": "rows of a file that are not on the register",
    "ListKeys": "public halves of the registry's own keys",
    "ListKeyActs": "what custodians did to them",
    "ListKeyDocuments": "numbers of what is to be issued anew; reading one of them is kept",
    "DraftTrustList": "published to everybody, once it is signed",
}
"""Reads that show no named entity, and why."""
_MODULES = SERVICES | {"PublicationService": publication_service_pb2}
_STUBS = STUBS | {"PublicationService": "publication"}
METHODS = {
    method.name: (service, method)
    for service, module in _MODULES.items()
    for method in module.DESCRIPTOR.services_by_name[service].methods
}
"""Every method of the contract, by its name."""


@pytest.fixture(scope="module")
def firm(rencheng: Client, registry: Registry) -> entity_pb2.Entity:
    """An entity of which there is one of everything that can be read."""
    entity = an_entity(rencheng)
    filing = filed(rencheng, entity, "曲阜市鲁城街道查阅路1号")
    a_filing(rencheng, entity, "曲阜市鲁城街道查阅路2号")
    place = filing.premises
    rencheng.licenses.IssueLicense(
        license_service_pb2.IssueLicenseRequest(parent=entity.name, request_id=a_request_id())
    )
    rencheng.licenses.PrintLicenseCopy(
        license_service_pb2.PrintLicenseCopyRequest(
            parent=entity.name,
            kind=license_pb2.COPY_KIND_ORIGINAL,
            request_id=a_request_id(),
        )
    )
    rencheng.licenses.IssueSiteCode(
        license_service_pb2.IssueSiteCodeRequest(parent=place, request_id=a_request_id())
    )
    rencheng.licenses.GetPremisesStatement(
        license_service_pb2.GetPremisesStatementRequest(name=f"{entity.name}/premisesStatements/-")
    )
    registry.as_(people.QUFU_SUPERVISOR).premises.FlagPremises(
        premises_service_pb2.FlagPremisesRequest(
            name=place, finding="无人经营", request_id=a_request_id()
        )
    )
    row = {"uniscid": entity.uscc, "address": "曲阜市鲁城街道查阅路4号"}
    signed_off(registry, sent(registry, [row], method="ImportPremises"))
    _as_if_restored(registry, registry.number_of(entity.uscc))
    _as_if_gone(registry, registry.number_of(entity.uscc))
    _as_if_left_out(registry, registry.number_of(entity.uscc))
    rencheng.entities.RevokeEntity(
        entity_service_pb2.RevokeEntityRequest(
            name=entity.name,
            expected_business_name=entity.face.business_name,
            basis="济市监处罚〔2026〕1号",
            request_id=a_request_id(),
        )
    )
    return entity


def _as_if_restored(registry: Registry, number: int) -> None:
    """Something of the entity's to be entered again, as a recovery leaves it."""
    registry.run(
        "INSERT INTO recovery VALUES (1, now(), sha256(''), 1, 0, 1, 1, 0, 1, 0, 0)"
        " ON CONFLICT DO NOTHING"
    )
    registry.run(
        "INSERT INTO recovery_item (entity_no, item_no, epoch, list_no, idx, published, restored)"
        " SELECT entity_no, 1, 1, list_no, idx, 12, 0 FROM status_entry WHERE entity_no = %s"
        " ORDER BY idx LIMIT 1",
        number,
    )


def _as_if_gone(registry: Registry, number: int) -> None:
    """Something to be decided about the entity, as a delta leaves it."""
    registry.run(
        "INSERT INTO sync_item (entity_no, item_no, kind, source, source_date, run_no, state,"
        " created_at) VALUES (%s, 1, 'gone', 'provincial', '2026-01-01', 1, 'open', now())",
        number,
    )


def _as_if_left_out(registry: Registry, number: int) -> None:
    """Something to be said of the entity, as a mass run leaves it."""
    registry.run(
        "INSERT INTO mass_run (run_no, kind, state, basis, wanted, staff_no, staff_name, workload,"
        " created_at) OVERRIDING SYSTEM VALUE"
        " VALUES (1, 'issue', 'cancelled', '首日', 1, '0001', '钱守信', '', now())"
    )
    registry.run("INSERT INTO mass_remark VALUES (1, %s, 'FACE_INCOMPLETE', '照面不全')", number)


def is_read(method: Any) -> bool:
    """Whether the method only reads: its HTTP form is a GET, or it takes no `request_id`."""
    rule = method.GetOptions().Extensions[annotations_pb2.http]
    return bool(rule.get) or not (asks_for(method, "request_id") or method.client_streaming)


def asks_for(method: Any, field: str) -> bool:
    return field in method.input_type.fields_by_name


def test_every_read_of_the_contract_is_kept_or_shows_nobody() -> None:
    """A new method goes to one of the two lists."""
    found = {name for name, (_, method) in METHODS.items() if is_read(method)}
    assert found == reads() | set(OF_NOBODY)
    assert not reads() & set(OF_NOBODY)


def test_every_read_of_an_entity_takes_a_ground_and_a_case() -> None:
    for name in reads():
        _, method = METHODS[name]
        assert asks_for(method, "basis"), name
        assert asks_for(method, "case_number"), name


def test_reads_ask_for_no_unit_that_only_the_entity_could_tell() -> None:
    """The entity is found by the statement that keeps the read: who may is decided before."""
    unit_wide = {Scope.ANYWHERE, Scope.NAMED}
    for act in ActName:
        if act.method in reads():
            assert {grant.scope for grant in TABLE[act].grants} <= unit_wide, act


def read_of(name: str, entity: entity_pb2.Entity, receipt: str) -> Any:
    """A request that reads that entity, with ground and case."""
    _, method = METHODS[name]
    request: Any = GetMessageClass(method.input_type)(basis=BASIS, case_number=CASE)
    for field in ("name", "parent"):
        if asks_for(method, field):
            words = named(NAMES.get(name, "entities/*"), entity.uscc).split("/")
            given = [receipt if word.startswith("YZ") else word for word in words]
            setattr(request, field, "/".join(given))
    if asks_for(method, "unit"):
        of_host = name in ("ListHandovers", "ListUnclaimedPremises")
        request.unit = "units/20" if of_host else "units/11"
    if name == "ListEntities":
        request.registrar, request.page_size = "units/11", 1000
    elif name == "SearchEntities":
        request.code, request.page_size = entity.uscc, 1
    elif name == "CheckFiling":
        request.site.address.text = "曲阜市鲁城街道查阅路3号"
    elif name == "ListAccess":
        request.entity = entity.name
    elif name == "WatchEvents":
        request.unit, request.entity = "", entity.name
    elif asks_for(method, "page_size"):
        request.page_size = 1000
    return request


NAMES = {
    "GetApplication": "entities/*/applications/*",
    "ListNotices": "entities/*/applications/*",
    "GetPremisesFiling": "entities/*/filings/*",
    "GetPremises": "entities/*/premises/*",
    "GetLicense": "entities/*/licenses/*",
    "GetLicenseCopy": "entities/*/copies/*",
    "GetSiteCode": "entities/*/premises/*/codes/*",
    "RenderSymbol": "entities/*/licenses/*",
    "RenderLicense": "entities/*/licenses/*",
    "GetPremisesStatement": "entities/*/premisesStatements/*",
    "ListMassRemarks": "massRuns/*",
}


@pytest.mark.parametrize("name", sorted(reads()))
def test_a_read_is_kept_with_person_channel_fields_ground_and_case(
    registry: Registry, firm: entity_pb2.Entity, name: str
) -> None:
    auditor, number = registry.as_(people.AUDITOR), registry.number_of(firm.uscc)
    ((receipt,),) = registry.rows(
        "SELECT min(receipt_number) FROM application WHERE entity_no = %s", number
    )
    service, _ = METHODS[name]
    stub = getattr(auditor, _STUBS[service])
    answer = getattr(stub, name)(read_of(name, firm, receipt))
    if name == "WatchEvents":
        next(iter(answer))
        answer.cancel()
    found = registry.rows(
        "SELECT staff_no, channel, fields, basis, case_number FROM access"
        " WHERE entity_no = %s AND method = %s AND staff_no = '0999'",
        number,
        name,
    )
    assert ("0999", Channel.COUNTER, list(shown_by(name)), BASIS, CASE) in found


def test_a_list_keeps_each_entity_once(registry: Registry, firm: entity_pb2.Entity) -> None:
    number = registry.number_of(firm.uscc)
    count = "SELECT count(*) FROM access WHERE entity_no = %s AND method = 'ListFilings'"
    ((before,),) = registry.rows(count, number)
    request = premises_service_pb2.ListFilingsRequest(unit="units/11", page_size=1000)
    shown = registry.as_(people.RENCHENG_HEAD).premises.ListFilings(request)
    of_firm = [f for f in shown.filings if f.name.startswith(f"{firm.name}/")]
    assert len(of_firm) > 1
    ((after,),) = registry.rows(count, number)
    assert after == before + 1


def test_a_service_is_kept_by_its_workload(registry: Registry, firm: entity_pb2.Entity) -> None:
    request = publication_service_pb2.GetPublicRecordRequest(name=firm.name, basis="核验")
    registry.as_(people.VERIFY).publication.GetPublicRecord(request)
    listed = registry.as_(people.AUDITOR).admin.ListAccess(
        access_pb2.ListAccessRequest(entity=firm.name, page_size=1000)
    )
    (by_service,) = [a for a in listed.accesses if a.channel == access_pb2.ACCESS_CHANNEL_SERVICE]
    assert by_service.workload.endswith("/service/verify")
    assert (by_service.person, by_service.basis) == ("", "核验")


def test_a_refused_read_and_a_code_of_nobody_leave_nothing(
    registry: Registry, firm: entity_pb2.Entity
) -> None:
    count = "SELECT count(*) FROM access"
    ((before,),) = registry.rows(count)
    with refused("ROLE_MISSING"):
        registry.as_(people.BANK).entities.GetEntity(
            entity_service_pb2.GetEntityRequest(name=firm.name)
        )
    with refused("ENTITY_UNKNOWN"):
        registry.as_(people.RENCHENG).entities.GetEntity(
            entity_service_pb2.GetEntityRequest(name="entities/91370811MAJN0000XX")
        )
    assert registry.rows(count) == [(before,)]


def list_by(registry: Registry, **query: Any) -> list[Any]:
    """Every page of a list, as an auditor sees it."""
    auditor, found, token = registry.as_(people.AUDITOR), list[Any](), ""
    while True:
        request = access_pb2.ListAccessRequest(page_token=token, **query)
        page = auditor.admin.ListAccess(request)
        found += page.accesses
        token = page.next_page_token
        if not token:
            return found


def a_reader(registry: Registry, number: str, name: str, *roles: Role) -> Client:
    with Store(registry.database, 1) as store, store.transaction() as tx:
        held = tuple(Assignment(11, role, people.SINCE) for role in roles)
        tx.staff.put(Staff(number, name, held))
    return registry.as_(f"staff/{number}")


def get(client: Client, entity: entity_pb2.Entity, **more: Any) -> entity_pb2.Entity:
    request = entity_service_pb2.GetEntityRequest(name=entity.name, **more)
    found: entity_pb2.Entity = client.entities.GetEntity(request)
    return found


def test_what_a_person_read_is_listed_newest_first_page_by_page(
    registry: Registry, rencheng: Client
) -> None:
    reader = a_reader(registry, "7301", "吴查阅", Role.REGISTRAR)
    entities = [an_entity(rencheng) for _ in range(5)]
    for number, entity in enumerate(entities):
        get(reader, entity, basis=f"第{number}次")
    found = list_by(registry, person="staff/7301", page_size=2)
    assert [access.entity for access in found] == [e.name for e in reversed(entities)]
    assert [access.basis for access in found] == [f"第{n}次" for n in (4, 3, 2, 1, 0)]
    assert {(a.person, a.person_name, a.method) for a in found} == {
        ("staff/7301", "吴查阅", "GetEntity")
    }


def test_a_span_of_time_holds_from_its_first_moment_to_before_its_last(
    registry: Registry, firm: entity_pb2.Entity
) -> None:
    reader = a_reader(registry, "7302", "吴时段", Role.REGISTRAR)
    for _ in range(3):
        get(reader, firm)
    times = sorted(a.read_time.ToDatetime(UTC) for a in list_by(registry, person="staff/7302"))
    found = list_by(registry, person="staff/7302", from_time=times[1], until_time=times[2])
    assert [access.read_time.ToDatetime(UTC) for access in found] == [times[1]]
    later = datetime.now(UTC) + timedelta(hours=1)
    assert list_by(registry, person="staff/7302", from_time=later) == []


def test_reading_the_record_is_kept_as_well(registry: Registry, firm: entity_pb2.Entity) -> None:
    assert list_by(registry, entity=firm.name, basis="抽查")[0].basis == "抽查", "its own read"
    list_by(registry, person="staff/0301", basis="抽查人员", case_number="审1")
    last = list_by(registry, person="staff/0999", page_size=50)
    about = [access for access in last if access.about == "staff/0301"]
    assert about
    assert {(a.entity, a.basis, a.case_number) for a in about} == {("", "抽查人员", "审1")}


def test_a_page_token_belongs_to_its_query(registry: Registry, firm: entity_pb2.Entity) -> None:
    auditor = registry.as_(people.AUDITOR)
    for _ in range(2):
        get(auditor, firm)
    request = access_pb2.ListAccessRequest(entity=firm.name, page_size=1)
    token = auditor.admin.ListAccess(request).next_page_token
    assert token
    with invalid("page_token"):
        auditor.admin.ListAccess(
            access_pb2.ListAccessRequest(person="staff/0101", page_token=token)
        )


def test_a_query_names_an_entity_or_a_person(registry: Registry) -> None:
    both = access_pb2.ListAccessRequest(entity="entities/91370811MAJN000108", person="staff/1")
    for query in (access_pb2.ListAccessRequest(), both):
        with invalid("person"):
            registry.as_(people.AUDITOR).admin.ListAccess(query)


@pytest.mark.parametrize("field", ["basis", "case_number"])
def test_a_ground_that_nobody_could_read_is_refused(
    registry: Registry, firm: entity_pb2.Entity, field: str
) -> None:
    with invalid(field):
        get(registry.as_(people.AUDITOR), firm, **{field: "长" * 300})


def test_whoever_is_disabled_or_loses_a_role_reads_no_more_from_that_moment(
    registry: Registry, firm: entity_pb2.Entity
) -> None:
    reader = a_reader(registry, "7303", "吴停用", Role.REGISTRAR)
    get(reader, firm)
    get(reader, firm)
    registry.run("UPDATE staff_assignment SET until_date = '2020-01-02' WHERE staff_no = '7303'")
    with refused("ROLE_MISSING"):
        get(reader, firm)
    registry.run("UPDATE staff_assignment SET until_date = NULL WHERE staff_no = '7303'")
    get(reader, firm)
    registry.run("UPDATE staff SET disabled = true WHERE staff_no = '7303'")
    with refused("STAFF_UNKNOWN"):
        get(reader, firm)


def test_a_disabled_workload_reads_no_more_from_that_moment(
    registry: Registry, firm: entity_pb2.Entity
) -> None:
    reader = a_reader(registry, "7304", "吴证书", Role.REGISTRAR)
    get(reader, firm)
    workload = "spiffe://jining.yizhao.test/staff/7304"
    registry.run("INSERT INTO workload_disabled VALUES (%s, now(), 'lost')", workload)
    with refused("WORKLOAD_DISABLED"):
        get(reader, firm)
    registry.run("DELETE FROM workload_disabled WHERE spiffe_id = %s", workload)
    assert get(reader, firm).uscc == firm.uscc


def test_a_read_goes_on_over_a_connection_that_the_server_dropped(
    registry: Registry, firm: entity_pb2.Entity
) -> None:
    registry.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'yizhao-registry' AND datname = current_database()"
    )
    assert get(registry.as_(people.AUDITOR), firm).uscc == firm.uscc
