"""Acts on a list of codes over the wire: who asks, wrong lists, and what comes of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry_service.domain.mass_run import MOST_CODES
from registry_service.fsck import check
from tests.database import SharedServer
from tests.load.mass import over
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_code,
    a_registry,
    a_request_id,
    an_entity,
    invalid,
    refused,
)
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import entity_pb2
from yizhao.registry.v1 import entity_service_pb2 as entities_pb
from yizhao.registry.v1 import mass_run_pb2 as run_pb

BASIS = "任市监处罚〔2026〕7号"
REVOKE, MARK = run_pb.MASS_KIND_REVOKE, run_pb.MASS_KIND_MARK
ABNORMAL = entity_pb2.MARK_KIND_ABNORMAL_OTHER
CODE = a_code()


@pytest.fixture
def registry(
    postgres: SharedServer, populated: tuple[str, Path], certificates: Certificates
) -> Iterator[Registry]:
    """One of the test's own: one mass run at a time."""
    with a_registry(postgres, populated, certificates) as started:
        yield started


@pytest.fixture
def rencheng(registry: Registry) -> Client:
    return registry.as_(people.RENCHENG)


def asking(*codes: str, **other: Any) -> pb.StartMassActRequest:
    fields: dict[str, Any] = {"kind": REVOKE, "codes": codes, "basis": BASIS}
    fields |= {"request_id": a_request_id()} | other
    return pb.StartMassActRequest(**fields)


def done(registry: Registry, by: Client, request: pb.StartMassActRequest) -> run_pb.MassRun:
    run = by.admin.StartMassAct(request)
    assert by.admin.StartMassAct(request) == run, "a repetition gets the first answer"
    registry.as_(people.CITY).admin.ConfirmMassRun(
        pb.ConfirmMassRunRequest(name=run.name, expected_count=run.wanted_count)
    )
    finished: run_pb.MassRun = over(registry, run.name)
    return finished


def test_those_on_the_list_are_revoked_and_the_rest_told_of_page_by_page(
    registry: Registry, rencheng: Client
) -> None:
    ours = [an_entity(rencheng).uscc for _ in range(2)]
    theirs = an_entity(registry.as_(people.CITY_REGISTRAR)).uscc
    run = done(registry, rencheng, asking(ours[0], CODE, theirs, ours[1]))
    assert (run.wanted_count, run.issued_count, run.failed_count) == (4, 2, 2)
    assert (run.kind, run.asked_by, run.confirmed_by) == (REVOKE, people.RENCHENG, people.CITY)
    states = [
        rencheng.entities.GetEntity(entities_pb.GetEntityRequest(name=f"entities/{code}")).state
        for code in (*ours, theirs)
    ]
    gone, active = entity_pb2.ENTITY_STATE_REVOKED, entity_pb2.ENTITY_STATE_ACTIVE
    assert states == [gone, gone, active]
    first = rencheng.admin.ListMassRemarks(pb.ListMassRemarksRequest(parent=run.name, page_size=1))
    rest = rencheng.admin.ListMassRemarks(
        pb.ListMassRemarksRequest(parent=run.name, page_size=1, page_token=first.next_page_token)
    )
    told = [*first.remarks, *rest.remarks]
    assert [(remark.entity, remark.reason) for remark in told] == [
        (f"entities/{CODE}", "ENTITY_UNKNOWN"),
        (f"entities/{theirs}", "NOT_YOUR_UNIT"),
    ]
    assert (told[0].business_name, bool(told[1].business_name)) == ("", True)
    assert [str(fault) for fault in check(registry.database)] == []


def test_a_supervisor_lists_many_and_takes_them_off_again(
    registry: Registry, rencheng: Client
) -> None:
    supervisor = registry.as_(people.RENCHENG_SUPERVISOR)
    codes = [an_entity(rencheng).uscc for _ in range(2)]
    entered = done(registry, supervisor, asking(*codes, kind=MARK, mark_kind=ABNORMAL))
    assert (entered.issued_count, entered.mark_kind) == (2, ABNORMAL)
    ended = done(
        registry,
        supervisor,
        asking(*codes, kind=run_pb.MASS_KIND_UNMARK, mark_kind=ABNORMAL),
    )
    assert (ended.issued_count, ended.failed_count) == (2, 0)


def test_the_role_is_that_of_the_single_act(registry: Registry, rencheng: Client) -> None:
    supervisor = registry.as_(people.RENCHENG_SUPERVISOR)
    with refused("ROLE_MISSING"):
        supervisor.admin.StartMassAct(asking(CODE))
    with refused("ROLE_MISSING"):
        rencheng.admin.StartMassAct(asking(CODE, kind=MARK, mark_kind=ABNORMAL))
    rencheng.admin.StartMassAct(asking(CODE))
    with refused("MASS_RUN_OPEN"):
        supervisor.admin.StartMassAct(asking(CODE, kind=MARK, mark_kind=ABNORMAL))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("kind", {"kind": 0}),
        ("kind", {"kind": 77}),
        ("kind", {"kind": run_pb.MASS_KIND_ISSUE}),
        ("basis", {"basis": " "}),
        ("basis", {"basis": "试" * 201}),
        ("codes", {"codes": []}),
        ("codes", {"codes": [CODE] * (MOST_CODES + 1)}),
        ("codes[1]", {"codes": [CODE, "91370811MAJN00010X"]}),
        ("codes[1]", {"codes": [CODE, ""]}),
        ("codes[2]", {"codes": [CODE, a_code(), CODE]}),
        ("mark_kind", {"mark_kind": ABNORMAL}),
    ],
)
def test_a_wrong_list_is_refused_by_field(
    rencheng: Client, field: str, wrong: dict[str, Any]
) -> None:
    with invalid(field):
        rencheng.admin.StartMassAct(asking(**{"codes": [CODE]} | wrong))


def test_a_mark_needs_its_kind(registry: Registry) -> None:
    supervisor = registry.as_(people.RENCHENG_SUPERVISOR)
    for wrong in (0, 77):
        with invalid("mark_kind"):
            supervisor.admin.StartMassAct(asking(CODE, kind=MARK, mark_kind=wrong))


def test_a_list_with_nothing_but_faults_names_the_first(rencheng: Client) -> None:
    with refused("INVALID_REQUEST") as told:
        rencheng.admin.StartMassAct(asking(*["1"] * MOST_CODES))
    assert len(told[0].fields) == 20


def test_the_longest_list_fits_in_a_request(rencheng: Client) -> None:
    codes = [a_code() for _ in range(MOST_CODES)]
    assert rencheng.admin.StartMassAct(asking(*codes)).wanted_count == MOST_CODES


@pytest.mark.parametrize("kind", [REVOKE, MARK, run_pb.MASS_KIND_UNMARK])
def test_a_run_without_a_list_does_no_act_on_one(registry: Registry, kind: int) -> None:
    with invalid("kind"):
        registry.as_(people.CITY).admin.StartMassRun(
            pb.StartMassRunRequest(kind=kind, basis=BASIS)  # type: ignore[arg-type] # of the enum
        )
