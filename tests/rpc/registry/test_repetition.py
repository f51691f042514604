"""Etags and request ids."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from license_verify.rpc.errors import from_rpc_error
from tests.rpc.registry import people
from tests.rpc.registry.test_lifecycle import QUFU_SHOP, changed
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_filing,
    a_registration,
    a_request_id,
    a_visit,
    an_entity,
    filed,
    invalid,
    refused,
    submitted,
)
from yizhao.registry.v1 import entity_service_pb2 as pb
from yizhao.registry.v1 import license_service_pb2 as license_pb
from yizhao.registry.v1 import premises_service_pb2 as premises_pb


def test_a_repeated_request_gets_the_first_answer_and_is_done_once(rencheng: Client) -> None:
    request = a_registration()
    first = rencheng.entities.RegisterEntity(request)
    changed(rencheng, first, person="孙试改")
    assert rencheng.entities.RegisterEntity(request) == first


def test_a_request_id_serves_one_request_only(registry: Registry, rencheng: Client) -> None:
    request = a_registration()
    entity = rencheng.entities.RegisterEntity(request)
    other = a_registration(request_id=request.request_id)
    with refused("REQUEST_ID_REUSED", request_id=request.request_id):
        rencheng.entities.RegisterEntity(other)
    with refused("REQUEST_ID_REUSED"):
        rencheng.licenses.IssueLicense(
            license_pb.IssueLicenseRequest(parent=entity.name, request_id=request.request_id)
        )
    city = registry.as_(people.CITY_REGISTRAR)
    city.entities.RegisterEntity(other)  # another caller's ids are their own


def test_a_refused_request_leaves_its_id_free(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    request = pb.RevokeEntityRequest(
        name=entity.name,
        expected_business_name=entity.face.business_name,
        basis="决定书",
        etag="e0",
        request_id=a_request_id(),
    )
    with refused("ETAG_MISMATCH"):
        rencheng.entities.RevokeEntity(request)
    request.etag = entity.etag
    rencheng.entities.RevokeEntity(request)


@pytest.mark.parametrize("wrong", ["1", "x" * 36, "{3f2b8a52-8a0d-4d0c-9c9a-6a3c1c0f7f10}", "\x00"])
def test_a_request_id_is_a_uuid(rencheng: Client, wrong: str) -> None:
    with invalid("request_id"):
        rencheng.entities.RegisterEntity(a_registration(request_id=wrong))


def test_a_repeated_licence_request_gets_that_licence(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    request = license_pb.IssueLicenseRequest(parent=entity.name, request_id=a_request_id())
    first = rencheng.licenses.IssueLicense(request)
    assert rencheng.licenses.IssueLicense(request) == first


def test_a_repeated_submission_that_was_blocked_is_blocked_again(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    filed(rencheng, entity, QUFU_SHOP)
    draft = a_filing(rencheng, entity, QUFU_SHOP)
    request = premises_pb.SubmitPremisesFilingRequest(name=draft.name, request_id=a_request_id())
    for _ in range(2):
        with refused("FILING_BLOCKED", rules="11", filing=draft.name):
            rencheng.premises.SubmitPremisesFiling(request)


def test_an_old_etag_is_refused_by_every_write(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    changed(rencheng, entity, person="孙试改")
    name = entity.face.business_name
    with refused("ETAG_MISMATCH", code=entity.uscc):
        changed(rencheng, entity, person="李试改")
    for call, request in (
        (
            rencheng.entities.CorrectEntity,
            pb.CorrectEntityRequest(name=entity.name, basis="核对", etag=entity.etag),
        ),
        (
            rencheng.entities.RevokeEntity,
            pb.RevokeEntityRequest(
                name=entity.name, expected_business_name=name, basis="核对", etag=entity.etag
            ),
        ),
        (
            rencheng.entities.ReinstateEntity,
            pb.ReinstateEntityRequest(
                name=entity.name, expected_business_name=name, basis="核对", etag=entity.etag
            ),
        ),
    ):
        with refused("ETAG_MISMATCH"):
            call(request)
    current = rencheng.entities.GetEntity(pb.GetEntityRequest(name=entity.name))
    draft = a_filing(rencheng, current, QUFU_SHOP)
    update = premises_pb.UpdatePremisesFilingRequest(
        name=draft.name, site=draft.site, documents=draft.documents, etag=draft.etag
    )
    rencheng.premises.UpdatePremisesFiling(update)
    with refused("ETAG_MISMATCH", filing="1"):
        rencheng.premises.UpdatePremisesFiling(update)
    with refused("ETAG_MISMATCH", filing="1"):
        submitted(rencheng, draft)
    read = premises_pb.GetPremisesFilingRequest(name=draft.name)
    handover = submitted(rencheng, rencheng.premises.GetPremisesFiling(read)).handover
    with refused("ETAG_MISMATCH", handover="1"):
        registry.as_(people.QUFU_SUPERVISOR).premises.AcknowledgeHandover(
            premises_pb.AcknowledgeHandoverRequest(name=handover, etag="h9")
        )


def test_one_request_sent_by_eight_at_once_is_one_act(registry: Registry, rencheng: Client) -> None:
    request = a_registration()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: rencheng.entities.RegisterEntity(request), range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert registry.rows(
        "SELECT count(*) FROM event WHERE entity_no = %s", registry.number_of(request.uscc)
    ) == [(1,)]


def test_of_two_changes_with_one_etag_exactly_one_wins(rencheng: Client) -> None:
    """Sixty races over the wire."""
    entity = an_entity(rencheng)

    def change(person: str) -> str:
        request = pb.ChangeEntityRequest(name=entity.name, etag=entity.etag, application=a_visit())
        request.face.person = person
        request.update_mask.paths.append("person")
        try:
            rencheng.entities.ChangeEntity(request)
        except grpc.RpcError as error:
            return from_rpc_error(error).reason
        return "won"

    with ThreadPoolExecutor(2) as pool:
        for race in range(60):
            outcomes = list(pool.map(change, (f"甲试{race}", f"乙试{race}")))
            assert sorted(outcomes) == ["ETAG_MISMATCH", "won"]
            entity = rencheng.entities.GetEntity(pb.GetEntityRequest(name=entity.name))
    assert entity.version == 61
