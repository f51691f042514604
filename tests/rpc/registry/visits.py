"""What tests of visits and filings ask of a registry."""

from typing import Any

from tests.rpc.registry.world import Client, a_commitment, a_request_id, a_site, a_visit
from yizhao.registry.v1 import application_pb2, entity_pb2, premises_pb2
from yizhao.registry.v1 import application_service_pb2 as pb
from yizhao.registry.v1 import premises_service_pb2 as premises_pb

INCOMPLETE = "曲阜市鲁城街道某处"
"""No road and no door: rule 9 sends it back."""


def an_application(client: Client, entity: entity_pb2.Entity) -> application_pb2.Application:
    """A visit of which nothing was asked yet."""
    taken: application_pb2.Application = client.applications.CreateApplication(
        pb.CreateApplicationRequest(
            parent=entity.name, details=a_visit(), request_id=a_request_id()
        )
    )
    return taken


def drafted(
    client: Client,
    entity: entity_pb2.Entity,
    application: application_pb2.Application,
    address: str = "",
    **other: Any,
) -> premises_pb2.PremisesFiling:
    """A draft within a visit."""
    values: dict[str, Any] = {"documents": [a_commitment(entity)], "request_id": a_request_id()}
    if address:
        values["site"] = a_site(address)
    filing: premises_pb2.PremisesFiling = client.premises.CreatePremisesFiling(
        premises_pb.CreatePremisesFilingRequest(parent=application.name, **(values | other))
    )
    return filing


def doubtful(address: str) -> premises_pb2.Site:
    """A place in 曲阜市 that is said to be 邹城市's: rule 10 gives it to an official."""
    site = a_site(address)
    site.address.unit = "units/21"
    return site


def read(client: Client, application: application_pb2.Application) -> application_pb2.Application:
    """The application as it stands now."""
    found: application_pb2.Application = client.applications.GetApplication(
        pb.GetApplicationRequest(name=application.name)
    )
    return found


def notices(
    client: Client, application: application_pb2.Application
) -> list[application_pb2.Notice]:
    """What the applicant was told, oldest first."""
    answer = client.applications.ListNotices(pb.ListNoticesRequest(parent=application.name))
    return list(answer.notices)
