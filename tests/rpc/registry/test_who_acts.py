"""Certificates, people, roles and units."""

from typing import Any

import grpc
import pytest

from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.store.transaction import Store
from tests.rpc.registry import people
from tests.rpc.registry.files import imported
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_code,
    a_date,
    a_face,
    a_registration,
    a_site,
    a_visit,
    an_entity,
    invalid,
    refused,
)
from yizhao.registry.v1 import admin_service_pb2 as admin_pb
from yizhao.registry.v1 import application_service_pb2 as application_pb
from yizhao.registry.v1 import entity_pb2, unit_pb2
from yizhao.registry.v1 import entity_service_pb2 as pb
from yizhao.registry.v1 import license_service_pb2 as license_pb
from yizhao.registry.v1 import premises_service_pb2 as premises_pb
from yizhao.registry.v1 import publication_service_pb2 as publication_pb


def test_another_countys_registrar_is_told_whose_the_entity_is(
    rencheng: Client, qufu: Client
) -> None:
    entity = an_entity(rencheng)
    whose = {"owner": "units/11", "owner_name": "任城区"}
    with refused("NOT_YOUR_UNIT", **whose):
        qufu.applications.CreateApplication(
            application_pb.CreateApplicationRequest(parent=entity.name, details=a_visit())
        )
    with refused("NOT_YOUR_UNIT", **whose):
        qufu.licenses.IssueLicense(license_pb.IssueLicenseRequest(parent=entity.name))
    with refused("NOT_YOUR_UNIT", **whose) as told:
        qufu.entities.ChangeEntity(pb.ChangeEntityRequest(name=entity.name))
    assert "任城区" in told[0].zh
    assert "曲阜市" in told[0].zh


def test_who_may_not_act_learns_that_before_what_is_wrong_with_the_request(
    rencheng: Client, qufu: Client
) -> None:
    entity = an_entity(rencheng)
    with refused("NOT_YOUR_UNIT"):
        qufu.entities.RevokeEntity(pb.RevokeEntityRequest(name=entity.name, basis="\u202e"))
    with refused("NOT_YOUR_UNIT"):
        qufu.entities.ReinstateEntity(pb.ReinstateEntityRequest(name=entity.name, basis="\u202e"))
    wrong = pb.CorrectEntityRequest(name=entity.name)
    wrong.update_mask.paths.append("nonsense")
    with refused("NOT_YOUR_UNIT"):
        qufu.entities.CorrectEntity(wrong)


def test_a_registrar_registers_in_no_other_county(qufu: Client) -> None:
    with invalid("face.address"):
        qufu.entities.RegisterEntity(a_registration())


def test_a_stated_unit_does_not_outweigh_the_county_in_the_address(qufu: Client) -> None:
    face = a_face()
    face.address.unit = "units/20"
    with invalid("face.address"):
        qufu.entities.RegisterEntity(a_registration(face=face))


def test_a_zone_may_be_stated_for_an_address_that_names_only_its_county(
    registry: Registry,
) -> None:
    face = a_face(address="济宁市任城区柳行街道样例路1号")
    face.address.unit = "units/31"
    entity = an_entity(registry.as_(people.CITY_REGISTRAR), face=face)
    assert (entity.face.address.county, entity.face.address.unit) == ("units/11", "units/31")


@pytest.mark.parametrize("caller", [people.AUDITOR, people.QUFU_SUPERVISOR, people.OPERATOR])
def test_an_act_needs_its_role(registry: Registry, caller: str) -> None:
    with refused("ROLE_MISSING", role="registrar"):
        registry.as_(caller).entities.RegisterEntity(a_registration())


def test_only_operators_import_and_put_staff(registry: Registry, rencheng: Client) -> None:
    with refused("ROLE_MISSING", role="operator"):
        rencheng.admin.PutStaff(admin_pb.PutStaffRequest())
    for method in ("ImportEntities", "ImportPremises", "ImportCopies"):
        with refused("ROLE_MISSING", role="operator"):
            list(getattr(rencheng.admin, method)(iter([])))


@pytest.mark.parametrize("caller", [people.BANK, people.VERIFY])
def test_partners_and_services_do_nothing_on_the_register(
    registry: Registry, rencheng: Client, caller: str
) -> None:
    """Nor do they learn by the refusal whether an entity is there."""
    client = registry.as_(caller)
    for name in (an_entity(rencheng).name, f"entities/{a_code()}"):
        handover = f"{name}/handovers/1"
        acts: list[tuple[Any, Any]] = [
            (client.entities.GetEntity, pb.GetEntityRequest(name=name)),
            (client.entities.ChangeEntity, pb.ChangeEntityRequest(name=name)),
            (client.entities.RevokeEntity, pb.RevokeEntityRequest(name=name)),
            (
                client.applications.CreateApplication,
                application_pb.CreateApplicationRequest(parent=name),
            ),
            (client.licenses.IssueLicense, license_pb.IssueLicenseRequest(parent=name)),
            (
                client.premises.CheckFiling,
                premises_pb.CheckFilingRequest(parent=name, site=a_site("曲阜市样例路1号")),
            ),
            (
                client.premises.AcknowledgeHandover,
                premises_pb.AcknowledgeHandoverRequest(name=handover),
            ),
        ]
        for call, request in acts:
            with refused("ROLE_MISSING"):
                call(request)


def test_a_partner_reads_nothing_from_the_registry(registry: Registry) -> None:
    bank = registry.as_(people.BANK)
    for call, request in (
        (bank.publication.GetBundle, publication_pb.GetBundleRequest()),
        (bank.publication.GetTrustList, publication_pb.GetTrustListRequest()),
        (bank.publication.GetStatusList, publication_pb.GetStatusListRequest(name="statusLists/0")),
        (
            bank.publication.GetPublicRecord,
            publication_pb.GetPublicRecordRequest(name="entities/91370811MAJN000108"),
        ),
        (bank.entities.ListEntities, pb.ListEntitiesRequest()),
        (bank.admin.ListUnits, admin_pb.ListUnitsRequest()),
        (bank.admin.ListStaff, admin_pb.ListStaffRequest()),
    ):
        with refused("ROLE_MISSING"):
            call(request)


def test_a_person_not_on_the_staff_table_is_refused(registry: Registry) -> None:
    with refused("STAFF_UNKNOWN", staff="7777"):
        registry.as_("staff/7777").entities.GetEntity(
            pb.GetEntityRequest(name=f"entities/{a_code()}")
        )


def put(registry: Registry, number: str, *assignments: Assignment, disabled: bool = False) -> None:
    with Store(registry.database, 1) as store, store.transaction() as tx:
        tx.staff.put(Staff(number, "吴试人", assignments, disabled))


def test_a_disabled_person_is_refused(registry: Registry) -> None:
    put(registry, "0501", Assignment(11, Role.REGISTRAR, people.SINCE), disabled=True)
    with refused("STAFF_UNKNOWN", staff="0501"):
        an_entity(registry.as_("staff/0501"))


def test_a_role_ends_with_its_last_day(registry: Registry) -> None:
    put(registry, "0502", Assignment(11, Role.REGISTRAR, people.SINCE, people.SINCE))
    with refused("ROLE_MISSING", role="registrar"):
        an_entity(registry.as_("staff/0502"))


def test_a_disabled_workload_is_refused(registry: Registry) -> None:
    put(registry, "0503", Assignment(11, Role.REGISTRAR, people.SINCE))
    client = registry.as_("staff/0503")
    an_entity(client)
    registry.run(
        "INSERT INTO workload_disabled VALUES (%s, now(), '终端遗失')",
        "spiffe://jining.yizhao.test/staff/0503",
    )
    with refused("WORKLOAD_DISABLED"):
        an_entity(client)


def test_a_certificate_of_the_wrong_authority_names_nobody(registry: Registry) -> None:
    """The partners' authority can't make an official."""
    for root in ("partners", "services"):
        forged = registry.certificates.by_authority(root, people.RENCHENG)
        with refused("IDENTITY_UNKNOWN"):
            an_entity(registry.client(forged))


def test_an_ended_certificate_gets_no_connection(registry: Registry) -> None:
    client = registry.client(registry.certificates.ended(people.RENCHENG))
    with pytest.raises(grpc.RpcError) as caught:
        client.entities.GetEntity(pb.GetEntityRequest(name="entities/91370811MAJN000108"))
    assert caught.value.code() == grpc.StatusCode.UNAVAILABLE


def test_who_holds_several_units_registers_where_the_place_is(registry: Registry) -> None:
    put(
        registry,
        "0504",
        Assignment(20, Role.REGISTRAR, people.SINCE),
        Assignment(21, Role.REGISTRAR, people.SINCE),
    )
    client = registry.as_("staff/0504")
    entity = an_entity(client, face=a_face(address="邹城市钢山街道样例路5号"))
    assert entity.registrar == "units/21"


def test_an_operator_puts_and_lists_staff(registry: Registry) -> None:
    person = unit_pb2.Staff(
        name="staff/0601",
        person_name="周试监",
        assignments=[
            unit_pb2.Assignment(
                unit="units/16", role=unit_pb2.ROLE_SUPERVISOR, from_date=a_date(2026, 1, 1)
            )
        ],
    )
    operator = registry.as_(people.OPERATOR)
    assert operator.admin.PutStaff(admin_pb.PutStaffRequest(staff=person)) == person
    listed = operator.admin.ListStaff(admin_pb.ListStaffRequest(page_size=1000)).staff
    assert person in listed
    assert [each.name for each in listed] == sorted(each.name for each in listed)


def test_an_operator_ends_a_role_and_it_stays_listed(registry: Registry) -> None:
    role = unit_pb2.Assignment(
        unit="units/16", role=unit_pb2.ROLE_SUPERVISOR, from_date=a_date(2026, 1, 1)
    )
    operator = registry.as_(people.OPERATOR)
    person = unit_pb2.Staff(name="staff/0604", person_name="周试监", assignments=[role])
    operator.admin.PutStaff(admin_pb.PutStaffRequest(staff=person))
    person.ClearField("assignments")
    ended = operator.admin.PutStaff(admin_pb.PutStaffRequest(staff=person))
    (over,) = ended.assignments
    assert over.from_date == role.from_date
    assert over.HasField("until_date")
    assert over.HasField("end_time")
    again = operator.admin.PutStaff(admin_pb.PutStaffRequest(staff=ended))
    assert again == ended, "what is over may be sent along"
    with refused("ROLE_MISSING"):
        registry.as_("staff/0604").premises.ListHandovers(
            premises_pb.ListHandoversRequest(unit="units/16")
        )


def test_an_operator_gives_themselves_nothing_but_a_name(registry: Registry) -> None:
    admin = registry.as_(people.OPERATOR).admin
    listed = admin.ListStaff(admin_pb.ListStaffRequest(page_size=1000)).staff
    (own,) = [each for each in listed if each.name == people.OPERATOR]
    head = unit_pb2.Assignment(unit="units/11", role=unit_pb2.ROLE_HEAD)
    more = unit_pb2.Staff(
        name=own.name, person_name=own.person_name, assignments=[*own.assignments, head]
    )
    with refused("SELF_GRANT"):
        admin.PutStaff(admin_pb.PutStaffRequest(staff=more))
    assert admin.PutStaff(admin_pb.PutStaffRequest(staff=own)) == own


def test_the_first_operator_is_the_one_person_whom_nobody_added(registry: Registry) -> None:
    found = registry.rows("SELECT staff_no, kind, workload FROM staff_event WHERE actor = ''")
    assert found == [("0001", "staff.added", "system")]


def test_a_role_given_twice_is_named(registry: Registry) -> None:
    role = unit_pb2.Assignment(
        unit="units/16", role=unit_pb2.ROLE_SUPERVISOR, from_date=a_date(2026, 1, 1)
    )
    person = unit_pb2.Staff(name="staff/0602", person_name="周试监", assignments=[role, role])
    with invalid("staff.assignments[1]"):
        registry.as_(people.OPERATOR).admin.PutStaff(admin_pb.PutStaffRequest(staff=person))


def test_a_role_can_not_end_before_it_begins(registry: Registry) -> None:
    role = unit_pb2.Assignment(
        unit="units/16",
        role=unit_pb2.ROLE_SUPERVISOR,
        from_date=a_date(2026, 1, 2),
        until_date=a_date(2026, 1, 1),
    )
    person = unit_pb2.Staff(name="staff/0603", person_name="周试监", assignments=[role])
    with invalid("staff.assignments[0].until_date"):
        registry.as_(people.OPERATOR).admin.PutStaff(admin_pb.PutStaffRequest(staff=person))


def test_an_inbox_is_for_its_own_people(registry: Registry) -> None:
    request = premises_pb.ListHandoversRequest(unit="units/20")
    with refused("NOT_YOUR_UNIT", owner="units/20", owner_name="曲阜市"):
        registry.as_(people.ZOUCHENG_SUPERVISOR).premises.ListHandovers(request)
    with refused("ROLE_MISSING"):
        registry.as_(people.OPERATOR).premises.ListHandovers(request)
    for caller in (people.QUFU_SUPERVISOR, people.CITY, people.AUDITOR):
        registry.as_(caller).premises.ListHandovers(request)


def test_the_city_assigns_an_entity_whose_unit_is_unclear(
    registry: Registry, rencheng: Client
) -> None:
    code = a_code()
    row = {"uniscid": code, "entname": "济宁市试写商贸有限公司", "dom": "人民北路1号"}
    run = imported(registry, [row])
    assert [(share.unit, share.applied_count) for share in run.shares] == [("", 1)]
    name = f"entities/{code}"
    with refused("UNIT_UNCLEAR"):
        rencheng.licenses.IssueLicense(license_pb.IssueLicenseRequest(parent=name))
    request = pb.CorrectEntityRequest(name=name, registrar="units/11", basis="地址核实记录")
    with refused("ROLE_MISSING", role="city"):
        rencheng.entities.CorrectEntity(request)
    entity = registry.as_(people.CITY).entities.CorrectEntity(request)
    assert (entity.registrar, entity.version) == ("units/11", 2)
    with refused("FACE_INCOMPLETE") as told:
        rencheng.licenses.IssueLicense(license_pb.IssueLicenseRequest(parent=name))
    assert "establish_date" in told[0].metadata["items"] or "type_code" in told[0].metadata["items"]
    assert entity.state == entity_pb2.ENTITY_STATE_ACTIVE
