"""Every method of the contract asks the table first, whatever else its request says."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from google.api import annotations_pb2
from google.protobuf.message_factory import GetMessageClass

from registry_service.domain.authority import TABLE, ActName, Scope
from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.store.transaction import Store
from tests.rpc.registry import people
from tests.rpc.registry.world import Client, Registry, an_entity, refused
from tests.unit.registry.test_authority_table import SERVICES

ELSEWHERE = 19
"""梁山县: nothing of these tests is there."""
STUBS = {
    "EntityService": "entities",
    "ApplicationService": "applications",
    "PremisesService": "premises",
    "LicenseService": "licenses",
    "AdminService": "admin",
}
METHODS = [
    (service, method.name)
    for service, module in SERVICES.items()
    for method in module.DESCRIPTOR.services_by_name[service].methods
]


@pytest.fixture(scope="module")
def roles(registry: Registry) -> dict[Role | None, Client]:
    """A person for each role in a unit elsewhere, and one without any."""
    clients: dict[Role | None, Client] = {}
    with Store(registry.database, 1) as store, store.transaction() as tx:
        for number, role in enumerate([None, *Role], 7100):
            held = (Assignment(ELSEWHERE, role, people.SINCE),) if role else ()
            tx.staff.put(Staff(str(number), f"吴试{number}", held))
            clients[role] = registry.as_(f"staff/{number}")
    return clients


@pytest.fixture(scope="module")
def code(rencheng: Client) -> str:
    return str(an_entity(rencheng).uscc)


def named(pattern: str, code: str) -> str:
    """A resource name of the pattern: of that entity, and otherwise the first of its kind."""
    receipt = "YZ370811-20261102-000001"
    parts = {"entities": code, "applications": receipt}
    words = pattern.split("/")
    return "/".join(
        parts.get(before, "1") if word == "*" else word
        for before, word in zip(["", *words], words, strict=False)
    )


def request_of(service: str, method: str, code: str) -> Any:
    """A request that names what it is about, and says nothing else."""
    descriptor = SERVICES[service].DESCRIPTOR.services_by_name[service].methods_by_name[method]
    request: Any = GetMessageClass(descriptor.input_type)()
    rule = descriptor.GetOptions().Extensions[annotations_pb2.http]
    for field, pattern in re.findall(r"\{(\w+)=([^}]+)\}", rule.get or rule.post):
        setattr(request, field, named(pattern, code))
    if method in ("RenderSymbol", "RenderLicense"):
        request.name = named("entities/*/licenses/*", code)
    for field in {"unit", "to_unit"} & set(descriptor.input_type.fields_by_name):
        if descriptor.input_type.fields_by_name[field].message_type is None:
            setattr(request, field, "units/11")
    return request


def call(client: Client, service: str, method: str, code: str) -> None:
    stub = getattr(client, STUBS[service])
    if method in ("ImportEntities", "ImportPremises", "ImportCopies", "SyncEntities"):
        list(getattr(stub, method)(iter([])))
        return
    getattr(stub, method)(request_of(service, method, code))


def acts(method: str) -> Iterator[ActName]:
    return (act for act in ActName if act.method == method)


@pytest.mark.parametrize(("service", "method"), METHODS)
def test_whoever_lacks_the_role_is_told_so_before_anything_else(
    roles: dict[Role | None, Client], code: str, service: str, method: str
) -> None:
    granted = {grant.role for act in acts(method) for grant in TABLE[act].grants}
    for role, client in roles.items():
        if role not in granted and method != "ConfirmAct":
            with refused("ROLE_MISSING"):
                call(client, service, method, code)


@pytest.mark.parametrize(
    ("service", "method"),
    [
        (service, method)
        for service, method in METHODS
        if {grant.scope for act in acts(method) for grant in TABLE[act].grants} == {Scope.HOME}
    ],
)
def test_the_right_role_elsewhere_is_told_whose_it_is(
    roles: dict[Role | None, Client], code: str, service: str, method: str
) -> None:
    for grant in TABLE[next(acts(method))].grants:
        with refused("NOT_YOUR_UNIT", owner="units/11", owner_name="任城区"):
            call(roles[grant.role], service, method, code)


@pytest.mark.parametrize(("service", "method"), METHODS)
def test_partners_and_services_act_and_read_nowhere(
    registry: Registry, code: str, service: str, method: str
) -> None:
    for caller in (people.BANK, people.VERIFY):
        with refused("ROLE_MISSING", role="staff"):
            call(registry.as_(caller), service, method, code)
