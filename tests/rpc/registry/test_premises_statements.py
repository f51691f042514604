"""GetPremisesStatement: what an official gets can be checked by anybody, until the list changes."""

from pathlib import Path

from license_verify import (
    Anchor,
    Bundle,
    Outcome,
    Reason,
    StatementVerdict,
    Trust,
    check_statement,
    open_statement,
)
from license_verify.server.roots import read_roots
from registry_service.composition import utc_now
from registry_service.fsck import check
from registry_service.issuing.keys import ROOT_FILE
from tests.rpc.registry import people
from tests.rpc.registry.files import sent, signed_off
from tests.rpc.registry.test_lifecycle import QUFU_SHOP, ZOUCHENG_SHOP, changed
from tests.rpc.registry.test_publications import until
from tests.rpc.registry.world import Client, Registry, a_visit, an_entity, filed, refused
from yizhao.registry.v1 import entity_pb2, premises_statement_pb2
from yizhao.registry.v1 import entity_service_pb2 as entity_pb
from yizhao.registry.v1 import license_service_pb2 as pb
from yizhao.registry.v1 import publication_service_pb2 as publication_pb

ISSUED = premises_statement_pb2.PREMISES_STATEMENT_STATE_ISSUED
SUPERSEDED = premises_statement_pb2.PREMISES_STATEMENT_STATE_SUPERSEDED


def stated(
    client: Client, entity: entity_pb2.Entity, version: str = "-", **purpose: str
) -> premises_statement_pb2.PremisesStatement:
    name = f"{entity.name}/premisesStatements/{version}"
    found: premises_statement_pb2.PremisesStatement = client.licenses.GetPremisesStatement(
        pb.GetPremisesStatementRequest(name=name, **purpose)
    )
    return found


def found_by_a_checker(registry: Registry, keys: Path, content: bytes) -> StatementVerdict:
    answer = registry.as_(people.VERIFY).publication.GetBundle(publication_pb.GetBundleRequest())
    anchor = Anchor(read_roots(keys / ROOT_FILE), "test")
    trust = Trust.from_bundle(Bundle.decode(answer.content), anchor)
    return check_statement(open_statement(content, trust), trust, utc_now())


def test_the_list_in_force_is_signed_when_asked_for_and_replaced_by_the_next_filing(
    registry: Registry, rencheng: Client, populated: tuple[str, Path]
) -> None:
    keys, entity = populated[1], an_entity(rencheng)
    filed(rencheng, entity, QUFU_SHOP)
    first = stated(rencheng, entity)
    assert (first.version, first.state, first.premises_count) == (1, ISSUED, 1)
    assert first.name == f"{entity.name}/premisesStatements/1"
    assert stated(rencheng, entity) == first
    until(lambda: found_by_a_checker(registry, keys, first.content).outcome is Outcome.VALID)
    filed(rencheng, entity, ZOUCHENG_SHOP)
    until(
        lambda: (
            found_by_a_checker(registry, keys, first.content).reason is Reason.STATEMENT_SUPERSEDED
        )
    )
    second = stated(rencheng, entity)
    assert (second.version, second.premises_count) == (2, 2)
    assert stated(rencheng, entity, "1").state == SUPERSEDED
    assert stated(rencheng, entity, "1").content == first.content
    until(lambda: found_by_a_checker(registry, keys, second.content).outcome is Outcome.VALID)


def test_it_is_bound_to_the_face_in_force(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    first = stated(rencheng, entity)
    assert (first.entity_version, first.premises_count) == (1, 0)
    current = rencheng.entities.GetEntity(entity_pb.GetEntityRequest(name=entity.name))
    changed(rencheng, current, person="孙试改")
    assert stated(rencheng, entity, "1").state == SUPERSEDED
    assert stated(rencheng, entity).entity_version == 2


def test_places_that_an_import_brings_take_it_out_of_force(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    stated(rencheng, entity)
    row = {"uniscid": entity.uscc, "address": "曲阜市鲁城街道清单路4号"}
    signed_off(registry, sent(registry, [row], method="ImportPremises"))
    assert stated(rencheng, entity, "1").state == SUPERSEDED
    assert stated(rencheng, entity).premises_count == 1
    key = f"entity_no={registry.number_of(entity.uscc)} "
    assert [fault for fault in check(registry.database) if fault.key.startswith(key)] == []


def test_it_is_kept_who_looked_and_why(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    stated(registry.as_(people.AUDITOR), entity, basis="核查投诉", case_number="2026-17")
    found = registry.rows(
        "SELECT fields, basis, case_number FROM access"
        " WHERE entity_no = %s AND method = 'GetPremisesStatement'",
        registry.number_of(entity.uscc),
    )
    assert found == [(["statement"], "核查投诉", "2026-17")]


def test_a_version_that_was_never_signed_is_unknown(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    with refused("STATEMENT_UNKNOWN", version="7"):
        stated(rencheng, entity, "7")


def test_a_firm_that_ended_has_no_list_in_force(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    stated(rencheng, entity)
    name = entity.face.business_name
    rencheng.entities.DeregisterEntity(
        entity_pb.DeregisterEntityRequest(
            name=entity.name, expected_business_name=name, application=a_visit()
        )
    )
    with refused("ENTITY_ENDED"):
        stated(rencheng, entity)
    assert stated(rencheng, entity, "1").state == ISSUED  # its entry reads DEREGISTERED


def test_no_service_gets_one(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    with refused("ROLE_MISSING"):
        stated(registry.as_(people.VERIFY), entity)


def test_the_register_has_no_fault_after_all_this(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    stated(rencheng, entity)
    filed(rencheng, entity, QUFU_SHOP)
    stated(rencheng, entity)
    key = f"entity_no={registry.number_of(entity.uscc)} "
    assert [fault for fault in check(registry.database) if fault.key.startswith(key)] == []
