"""Mass runs over the wire: two people, their mistakes, and the licences that come of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry_service.fsck import check
from tests.database import SharedServer
from tests.load.mass import begun, over
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_registry,
    a_request_id,
    an_entity,
    invalid,
    refused,
)
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import license_service_pb2 as license_pb
from yizhao.registry.v1 import mass_run_pb2 as run_pb

BASIS = "首日批量签发"


@pytest.fixture
def registry(
    postgres: SharedServer, populated: tuple[str, Path], certificates: Certificates
) -> Iterator[Registry]:
    """One of the test's own: a run is of every entity that there is."""
    with a_registry(postgres, populated, certificates) as started:
        yield started


@pytest.fixture
def operator(registry: Registry) -> Client:
    return registry.as_(people.OPERATOR)


@pytest.fixture
def city(registry: Registry) -> Client:
    return registry.as_(people.CITY)


def asking(**other: object) -> pb.StartMassRunRequest:
    request = pb.StartMassRunRequest(kind=run_pb.MASS_KIND_ISSUE, basis=BASIS)
    request.MergeFrom(pb.StartMassRunRequest(**other))  # type: ignore[arg-type]
    return request


def test_every_entity_gets_its_licence_and_the_rest_are_told_of(registry: Registry) -> None:
    rencheng, city = registry.as_(people.RENCHENG), registry.as_(people.CITY)
    made = [an_entity(rencheng) for _ in range(3)]
    bare = an_entity(rencheng)
    number = registry.number_of(bare.uscc)
    registry.run("UPDATE entity_version SET scope = '' WHERE entity_no = %s", number)
    run = over(registry, begun(registry).name)
    assert run.state == run_pb.MASS_RUN_STATE_DONE
    assert (run.wanted_count, run.issued_count, run.failed_count) == (4, 3, 1)
    assert (run.asked_by, run.confirmed_by) == (people.OPERATOR, people.CITY)
    for entity in made:
        found = rencheng.licenses.GetLicense(
            license_pb.GetLicenseRequest(name=f"{entity.name}/licenses/-")
        )
        assert found.scan_text
    reading = pb.ListMassRemarksRequest(parent=run.name, basis="补正照面事项")
    (remark,) = city.admin.ListMassRemarks(reading).remarks
    assert (remark.entity, remark.reason, remark.unit) == (bare.name, "FACE_INCOMPLETE", "units/11")
    kept = registry.rows("SELECT staff_no, basis FROM access WHERE method = 'ListMassRemarks'")
    assert kept == [("0900", "补正照面事项")]
    assert [str(fault) for fault in check(registry.database)] == []


def test_a_run_that_was_asked_for_waits_and_is_listed(
    registry: Registry, operator: Client, city: Client
) -> None:
    an_entity(registry.as_(people.RENCHENG))
    request = asking(request_id=a_request_id())
    run = operator.admin.StartMassRun(request)
    assert operator.admin.StartMassRun(request) == run, "a repetition gets the first answer"
    assert run.state == run_pb.MASS_RUN_STATE_WAITING
    with refused("MASS_RUN_OPEN"):
        city.admin.StartMassRun(asking())
    cancelled = city.admin.CancelMassRun(pb.CancelMassRunRequest(name=run.name))
    assert cancelled.state == run_pb.MASS_RUN_STATE_CANCELLED
    second = city.admin.StartMassRun(asking())
    first_page = city.admin.ListMassRuns(pb.ListMassRunsRequest(page_size=1))
    rest = city.admin.ListMassRuns(
        pb.ListMassRunsRequest(page_size=1, page_token=first_page.next_page_token)
    )
    assert [*first_page.mass_runs, *rest.mass_runs] == [second, cancelled]
    assert not rest.next_page_token


def test_the_second_person_is_another_of_the_city_and_names_the_number(
    registry: Registry, operator: Client, city: Client
) -> None:
    an_entity(registry.as_(people.RENCHENG))
    run = city.admin.StartMassRun(asking())
    confirm = pb.ConfirmMassRunRequest(name=run.name, expected_count=1)
    with refused("SAME_PERSON", asked_by=people.CITY):
        city.admin.ConfirmMassRun(confirm)
    with refused("ROLE_MISSING"):
        operator.admin.ConfirmMassRun(confirm)
    city.admin.CancelMassRun(pb.CancelMassRunRequest(name=run.name))
    again = operator.admin.StartMassRun(asking())
    with refused("MASS_COUNT_DIFFERS", count="1", expected="2"):
        city.admin.ConfirmMassRun(pb.ConfirmMassRunRequest(name=again.name, expected_count=2))


def test_a_run_is_moved_only_from_where_it_can_be(
    registry: Registry, operator: Client, city: Client
) -> None:
    an_entity(registry.as_(people.RENCHENG))
    run = operator.admin.StartMassRun(asking())
    with refused("MASS_RUN_STATE", state="waiting"):
        operator.admin.PauseMassRun(pb.PauseMassRunRequest(name=run.name))
    with refused("MASS_RUN_STATE", state="waiting"):
        operator.admin.ResumeMassRun(pb.ResumeMassRunRequest(name=run.name))
    city.admin.ConfirmMassRun(pb.ConfirmMassRunRequest(name=run.name, expected_count=1))
    over(registry, run.name)
    with refused("MASS_RUN_STATE", state="done"):
        operator.admin.CancelMassRun(pb.CancelMassRunRequest(name=run.name))
    with refused("MASS_RUN_STATE", state="done"):
        city.admin.ConfirmMassRun(pb.ConfirmMassRunRequest(name=run.name, expected_count=1))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("kind", {"kind": 7}),
        ("basis", {"basis": " "}),
        ("basis", {"basis": "试" * 201}),
        ("unit", {"unit": "11"}),
        ("unit", {"unit": "units/999999"}),
        ("kid", {"kind": run_pb.MASS_KIND_REISSUE, "kid": "12"}),
        ("kid", {"kid": "00" * 8}),
        ("host", {"kind": run_pb.MASS_KIND_REISSUE, "host": "Zz.example"}),
        ("host", {"host": "zz.example"}),
    ],
)
def test_a_wrong_request_is_refused_by_field(
    operator: Client, field: str, wrong: dict[str, object]
) -> None:
    request = pb.StartMassRunRequest(kind=run_pb.MASS_KIND_ISSUE, basis=BASIS)
    for name, value in wrong.items():
        setattr(request, name, value)
    with invalid(field):
        operator.admin.StartMassRun(request)


def test_an_unknown_or_malformed_run_is_named(operator: Client, city: Client) -> None:
    with refused("MASS_NOTHING"):
        operator.admin.StartMassRun(asking())
    for name in ("", "massRuns/", "massRuns/0", "massRuns/x", "importRuns/1", "massRuns/1/x"):
        with invalid("name"):
            operator.admin.GetMassRun(pb.GetMassRunRequest(name=name))
        with invalid("parent"):
            operator.admin.ListMassRemarks(pb.ListMassRemarksRequest(parent=name))
    unknown = "massRuns/77"
    for call, request in (
        (operator.admin.GetMassRun, pb.GetMassRunRequest(name=unknown)),
        (operator.admin.ListMassRemarks, pb.ListMassRemarksRequest(parent=unknown)),
        (city.admin.ConfirmMassRun, pb.ConfirmMassRunRequest(name=unknown)),
        (operator.admin.PauseMassRun, pb.PauseMassRunRequest(name=unknown)),
        (operator.admin.ResumeMassRun, pb.ResumeMassRunRequest(name=unknown)),
        (operator.admin.CancelMassRun, pb.CancelMassRunRequest(name=unknown)),
    ):
        with refused("MASS_RUN_UNKNOWN", run="77"):
            call(request)
