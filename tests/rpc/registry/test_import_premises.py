"""Files of premises and of licences in use: nothing is lost, hosts claim what is theirs."""

from typing import Any

import pytest

from tests.rpc.registry import people
from tests.rpc.registry.files import Row, counts, faults_of, remarks, sent, signed_off
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_code,
    a_request_id,
    an_entity,
    filed,
    refused,
)
from yizhao.registry.v1 import entity_pb2, premises_pb2
from yizhao.registry.v1 import entity_service_pb2 as entity_pb
from yizhao.registry.v1 import import_run_pb2 as run_pb
from yizhao.registry.v1 import license_service_pb2 as license_pb
from yizhao.registry.v1 import premises_service_pb2 as pb

PLACE = "曲阜市鲁城街道样例街8号"
ELSEWHERE = "邹城市钢山街道样例街9号"


def a_place(entity: entity_pb2.Entity, address: str = PLACE, **other: str) -> Row:
    row = {
        "uniscid": entity.uscc,
        "address": address,
        "title": "曲阜店",
        "filed_date": "2023-09-01",
    }
    return row | {"record_id": "备2023-7", "scope": ""} | other


def a_copy(entity: entity_pb2.Entity, copy: str = "正本", **other: str) -> Row:
    row = {"uniscid": entity.uscc, "copy": copy, "license_number": f"N{entity.uscc}"}
    return row | {"document_id": "", "printed_date": "2022-03-04", "state": "在用"} | other


def loaded(registry: Registry, rows: list[Row], method: str = "ImportPremises") -> Any:
    return sent(registry, rows, method=method)


def reasons(registry: Registry, run: run_pb.ImportRun) -> list[tuple[int, str]]:
    return [(remark.line, remark.reason) for remark in remarks(registry, run)]


def places(client: Client, entity: entity_pb2.Entity) -> list[premises_pb2.Premises]:
    return list(client.premises.ListPremises(pb.ListPremisesRequest(parent=entity.name)).premises)


def unclaimed(client: Client, unit: str) -> pb.ListUnclaimedPremisesResponse:
    answer: pb.ListUnclaimedPremisesResponse = client.premises.ListUnclaimedPremises(
        pb.ListUnclaimedPremisesRequest(unit=unit, page_size=1000)
    )
    return answer


def test_an_imported_place_has_no_hand_over_and_waits_for_its_host(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    run = signed_off(registry, loaded(registry, [a_place(entity), a_place(entity, ELSEWHERE)]))
    assert counts(run) == (2, 0, 0, 0)
    first, second = places(rencheng, entity)
    assert (first.number, second.number) == (1, 2)
    assert (first.site.address.unit, first.unclaimed) == ("units/20", True)
    assert (first.source.system, first.source.record_id) == ("provincial", "备2023-7")
    number = registry.number_of(entity.uscc)
    assert registry.rows("SELECT 1 FROM handover WHERE entity_no = %s", number) == []
    waiting = unclaimed(registry.as_(people.QUFU_SUPERVISOR), "units/20")
    assert first.name in {place.name for place in waiting.premises}
    assert second.name not in {place.name for place in waiting.premises}
    assert faults_of(registry, entity.uscc) == []


def test_its_supervisor_claims_a_place_once(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    signed_off(registry, loaded(registry, [a_place(entity)]))
    (place,) = places(rencheng, entity)
    claim = pb.ClaimPremisesRequest(name=place.name, etag=place.etag, request_id=a_request_id())
    with refused("NOT_YOUR_UNIT", owner="units/20"):
        registry.as_(people.ZOUCHENG_SUPERVISOR).premises.ClaimPremises(claim)
    host = registry.as_(people.QUFU_SUPERVISOR)
    claimed = host.premises.ClaimPremises(claim)
    assert (claimed.unclaimed, claimed.claimed_by) == (False, people.QUFU_SUPERVISOR)
    assert place.name not in {each.name for each in unclaimed(host, "units/20").premises}
    with refused("PREMISES_CLAIMED"):
        host.premises.ClaimPremises(pb.ClaimPremisesRequest(name=place.name))
    assert faults_of(registry, entity.uscc) == []


def test_a_place_that_was_handed_over_needs_no_claim(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    filed(rencheng, entity, PLACE)
    (place,) = places(rencheng, entity)
    assert not place.unclaimed
    with refused("PREMISES_CLAIMED"):
        registry.as_(people.QUFU_SUPERVISOR).premises.ClaimPremises(
            pb.ClaimPremisesRequest(name=place.name)
        )


def test_a_place_at_home_is_nobody_elses_to_claim(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    signed_off(registry, loaded(registry, [a_place(entity, "任城区古槐街道样例街1号")]))
    (place,) = places(rencheng, entity)
    waiting = unclaimed(registry.as_(people.RENCHENG_SUPERVISOR), "units/11")
    assert place.name not in {each.name for each in waiting.premises}


def test_the_same_file_again_changes_nothing(registry: Registry, rencheng: Client) -> None:
    rows = [a_place(an_entity(rencheng)) for _ in range(3)]
    signed_off(registry, loaded(registry, rows))
    assert counts(loaded(registry, rows)) == (0, 3, 0, 0)


def test_rows_that_the_register_cannot_take_are_told_of(
    registry: Registry, rencheng: Client
) -> None:
    entity, other = an_entity(rencheng), an_entity(rencheng)
    filed(rencheng, entity, PLACE)
    run = loaded(
        registry,
        [
            a_place(entity, title="另一店名"),
            a_place(other, other.face.address.text),
            a_place(other, ELSEWHERE),
            a_place(other, ELSEWHERE, title="重复"),
            a_place(other, "人民路1号"),
            a_place(other, unit="火星"),
            a_place(other, filed_date="2999-01-01"),
            a_place(other) | {"uniscid": a_code()},
        ],
    )
    assert reasons(registry, run) == [
        (2, "ADDRESS_FILED"),
        (3, "ADDRESS_IS_DOMICILE"),
        (4, "ADDRESS_DOUBLED"),
        (5, "ADDRESS_DOUBLED"),
        (6, "VALUE_UNFIT"),
        (7, "VALUE_UNFIT"),
        (8, "VALUE_UNFIT"),
        (9, "ENTITY_UNKNOWN"),
    ]
    assert counts(run) == (0, 0, 4, 4)


def test_a_place_filed_meanwhile_is_set_aside(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    run = loaded(registry, [a_place(entity), a_place(entity, ELSEWHERE)])
    filed(rencheng, entity, PLACE)
    run = signed_off(registry, run)
    assert counts(run) == (1, 0, 0, 1)
    assert len(places(rencheng, entity)) == 2
    assert faults_of(registry, entity.uscc) == []


@pytest.mark.parametrize(
    ("printed", "kind", "number"),
    [("正本", "original", 0), ("副本", "duplicate", 1), ("副本（1-3）", "duplicate", 3)],
)
def test_a_copy_in_use_is_kept_with_its_numbers(
    registry: Registry, rencheng: Client, printed: str, kind: str, number: int
) -> None:
    entity = an_entity(rencheng)
    run = loaded(registry, [a_copy(entity, printed)], "ImportCopies")
    signed_off(registry, run)
    found = registry.rows(
        "SELECT kind, duplicate_no, license_number, state, source FROM printed_copy"
        " WHERE entity_no = %s",
        registry.number_of(entity.uscc),
    )
    assert found == [(kind, number, f"N{entity.uscc}", "in_use", "provincial")]
    answer = rencheng.entities.ListEntityEvents(
        entity_pb.ListEntityEventsRequest(parent=entity.name)
    )
    assert answer.events[0].kind == "copy.migrated"
    assert counts(loaded(registry, [a_copy(entity, printed)], "ImportCopies")) == (0, 1, 0, 0)
    assert faults_of(registry, entity.uscc) == []


def test_a_licence_number_of_two_entities_sets_both_aside(
    registry: Registry, rencheng: Client
) -> None:
    one, other, third = (an_entity(rencheng) for _ in range(3))
    number = f"X{one.uscc}"
    run = loaded(
        registry,
        [a_copy(one, license_number=number), a_copy(other, license_number=number), a_copy(third)],
        "ImportCopies",
    )
    assert counts(run) == (1, 0, 0, 2)
    assert reasons(registry, run) == [(2, "LICENSE_NUMBER_TAKEN"), (3, "LICENSE_NUMBER_TAKEN")]


def test_what_is_wrong_with_a_copy_is_told(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    run = loaded(
        registry,
        [
            a_copy(entity, "影印件"),
            a_copy(entity, state="不知道"),
            a_copy(entity, document_id="1.2.156.3005.2.X"),
        ],
        "ImportCopies",
    )
    assert reasons(registry, run) == [
        (2, "VALUE_UNFIT"),
        (3, "VALUE_UNFIT"),
        (4, "DOCUMENT_ID_CHECK"),
    ]
    assert counts(run) == (1, 0, 2, 0)


def test_a_copy_from_before_is_kept_on_with_its_numbers_and_without_a_token(
    registry: Registry, rencheng: Client
) -> None:
    entity = an_entity(rencheng)
    rows = [a_copy(entity, "正本"), a_copy(entity, "副本")]
    signed_off(registry, loaded(registry, rows, "ImportCopies"))
    licenses = rencheng.licenses
    listed = license_pb.ListLicenseCopiesRequest(parent=entity.name)
    original, duplicate = licenses.ListLicenseCopies(listed).copies
    assert original.license_number == f"N{entity.uscc}"
    assert not original.license
    assert not original.token_state
    with refused("LICENSE_UNKNOWN"):
        licenses.RenderSymbol(license_pb.RenderSymbolRequest(name=original.name))
    licenses.IssueLicense(license_pb.IssueLicenseRequest(parent=entity.name))
    licenses.PrintLicenseCopy(  # the old 正本 is in use, and stops nobody
        license_pb.PrintLicenseCopyRequest(parent=entity.name, kind=original.kind)
    )
    back = licenses.ReturnLicenseCopy(license_pb.ReturnLicenseCopyRequest(name=original.name))
    void = licenses.VoidLostCopy(
        license_pb.VoidLostCopyRequest(name=duplicate.name, basis="公示声明作废")
    )
    assert (back.license_number, void.license_number) == (original.license_number,) * 2
    with refused("COPY_ENDED", state="void"):
        licenses.VoidLostCopy(
            license_pb.VoidLostCopyRequest(name=duplicate.name, basis="公示声明作废")
        )
    again = loaded(registry, rows, "ImportCopies")
    assert counts(again) == (0, 2, 0, 0), "what became of them here is not undone by the file"
    assert faults_of(registry, entity.uscc) == []
