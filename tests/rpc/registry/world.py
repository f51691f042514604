"""A registry in this process, behind real mutual TLS, and what tests ask of it."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import psycopg
import pytest
from google.type import date_pb2

from clients.sample.codes import uscc
from license_verify.rpc.client import open_channel
from license_verify.rpc.errors import RpcFailure, from_rpc_error
from license_verify.rpc.tls import TlsFiles
from registry_service.composition import serving
from registry_service.config import PREFIX, Config
from registry_service.setup import initialise
from registry_service.store.transaction import Store
from tests.database import SharedServer
from tests.rpc.registry.people import Certificates, staff
from yizhao.registry.v1 import (
    admin_service_pb2_grpc,
    application_pb2,
    application_service_pb2,
    application_service_pb2_grpc,
    entity_pb2,
    entity_service_pb2,
    entity_service_pb2_grpc,
    license_service_pb2_grpc,
    premises_pb2,
    premises_service_pb2,
    premises_service_pb2_grpc,
    publication_service_pb2_grpc,
)

HOST = "localhost:8443"
_numbers = itertools.count(200_000)
_STUBS = {
    "entities": entity_service_pb2_grpc.EntityServiceStub,
    "applications": application_service_pb2_grpc.ApplicationServiceStub,
    "premises": premises_service_pb2_grpc.PremisesServiceStub,
    "licenses": license_service_pb2_grpc.LicenseServiceStub,
    "publication": publication_service_pb2_grpc.PublicationServiceStub,
    "admin": admin_service_pb2_grpc.AdminServiceStub,
}


class Client:
    """Stubs of every service over one channel; Any because their types lack some arguments."""

    entities: Any
    applications: Any
    premises: Any
    licenses: Any
    publication: Any
    admin: Any

    def __init__(self, channel: grpc.Channel) -> None:
        self.channel = channel
        for name, stub in _STUBS.items():
            setattr(self, name, stub(channel))


@dataclass
class Registry:
    """A running registry."""

    address: str
    certificates: Certificates
    database: str
    _clients: dict[str, Client] = field(default_factory=dict)

    def as_(self, caller: str) -> Client:
        """A client with the certificate of `caller`, as `staff/0101`; kept for the next test."""
        if caller not in self._clients:
            self._clients[caller] = self.client(self.certificates.tls(caller))
        return self._clients[caller]

    def client(self, tls: TlsFiles) -> Client:
        """A client with another certificate."""
        return Client(open_channel(self.address, tls, deadline_seconds=60))

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database says."""
        with psycopg.connect(self.database) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def run(self, statement: str, *values: object) -> None:
        """Change the database behind the registry's back."""
        with psycopg.connect(self.database) as connection:
            connection.execute(statement.encode(), values)

    def number_of(self, code: str) -> int:
        """The own number of the entity with that code."""
        ((number,),) = self.rows("SELECT entity_no FROM code_directory WHERE code = %s", code)
        return int(number)

    def close(self) -> None:
        """Close the clients' channels."""
        for client in self._clients.values():
            client.channel.close()


def settings(certificates: Certificates, keys: Path, database: str) -> Config:
    """Settings of a registry of these tests."""
    own = certificates.issue("service/registry")
    values: dict[str, Any] = {
        "database_url": database,
        "listen": "127.0.0.1:0",
        "tls_cert": own.cert,
        "tls_key": own.key,
        "officials_ca": certificates.root("officials"),
        "partners_ca": certificates.root("partners"),
        "services_ca": certificates.root("services"),
        "keys": keys,
        "waterline": keys.parent / f"{database_of(database)}.json",  # keys are shared
        "host": HOST,
        "environment": "test",
        "trust_domain": "jining.yizhao.test",
        "drain_seconds": 0.2,
        "first_operator_name": "钱守信",
    }
    with pytest.MonkeyPatch.context() as environment:
        for name, value in values.items():
            environment.setenv(f"{PREFIX}{name.upper()}", str(value))
        return Config.load()


def database_of(url: str) -> str:
    """The database's name in a URL."""
    return str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])


def populate(config: Config, database: str) -> None:
    """Schema, units, keys and the development people."""
    initialise(config)
    with Store(database, 1) as store, store.transaction() as tx:
        for person in staff():
            tx.staff.put(person)


@contextmanager
def running(config: Config, certificates: Certificates) -> Iterator[Registry]:
    """Serve until the block ends."""
    with serving(config) as server:
        registry = Registry(server.address, certificates, config.database_url.get_secret_value())
        try:
            yield registry
        finally:
            registry.close()


@contextmanager
def a_registry(
    postgres: SharedServer, populated: tuple[str, Path], certificates: Certificates
) -> Iterator[Registry]:
    """A registry on a clone of the database with units, people and keys."""
    template, keys = populated
    with (
        postgres.clone(database_of(template)) as url,
        running(settings(certificates, keys, url), certificates) as started,
    ):
        yield started


@contextmanager
def refused(reason: str, **metadata: str) -> Iterator[list[RpcFailure]]:
    """The call inside is refused for that reason; every value told is in the metadata."""
    told: list[RpcFailure] = []
    with pytest.raises(grpc.RpcError) as caught:
        yield told
    failure = from_rpc_error(caught.value)
    told.append(failure)
    assert failure.reason == reason, failure
    assert metadata.items() <= failure.metadata.items(), failure.metadata
    assert failure.zh, "a refusal speaks Chinese"


@contextmanager
def invalid(field_name: str) -> Iterator[None]:
    """The call inside is refused because of that field."""
    with refused("INVALID_REQUEST") as told:
        yield
    assert field_name in {each.field for each in told[0].fields}, told[0].fields


def a_code(department: str = "91", region: str = "370811") -> str:
    """A credit code that nobody has."""
    return uscc(department, region, next(_numbers))


def a_date(year: int, month: int, day: int) -> date_pb2.Date:
    return date_pb2.Date(year=year, month=month, day=day)


def a_face(**other: Any) -> entity_pb2.Face:
    """A company's face in 任城区, but for what is given."""
    address = other.pop("address", f"山东省济宁市任城区阜桥街道样例路{next(_numbers)}号")
    values: dict[str, Any] = {
        "business_name": "济宁市试写物流有限公司",
        "type_code": 1130,
        "person": "钱试写",
        "address": {"text": address},
        "capital": "100万元人民币",
        "establish_date": a_date(2020, 5, 6),
        "scope": "一般项目：日用百货销售；普通货物仓储服务",
    }
    return entity_pb2.Face(**(values | other))


def a_visit(**other: Any) -> application_pb2.ApplicationDetails:
    values: dict[str, Any] = {
        "applicant": "钱试写",
        "identity_check": application_pb2.IDENTITY_CHECK_CARD_AT_COUNTER,
        "channel": application_pb2.CHANNEL_COUNTER,
    }
    return application_pb2.ApplicationDetails(**(values | other))


def a_registration(**other: Any) -> entity_service_pb2.RegisterEntityRequest:
    """A request to register a company in 任城区."""
    values: dict[str, Any] = {
        "uscc": a_code(),
        "face": a_face(),
        "application": a_visit(),
        "request_id": a_request_id(),
    }
    return entity_service_pb2.RegisterEntityRequest(**(values | other))


def a_request_id() -> str:
    return str(uuid4())


def an_entity(client: Client, **other: Any) -> entity_pb2.Entity:
    """A registered entity, registered by that client."""
    entity: entity_pb2.Entity = client.entities.RegisterEntity(a_registration(**other))
    return entity


def a_site(address: str, **other: Any) -> premises_pb2.Site:
    return premises_pb2.Site(address=entity_pb2.Address(text=address), **other)


def a_commitment(entity: entity_pb2.Entity) -> premises_pb2.Document:
    """申报承诺书, signed by the entity's person."""
    return premises_pb2.Document(
        kind="commitment", sha256=bytes(range(32)), signer=entity.face.person
    )


def a_filing(
    client: Client, entity: entity_pb2.Entity, address: str
) -> premises_pb2.PremisesFiling:
    """A drafted filing of a place with its commitment, within an application of its own."""
    taken = client.applications.CreateApplication(
        application_service_pb2.CreateApplicationRequest(
            parent=entity.name, details=a_visit(), request_id=a_request_id()
        )
    )
    filing: premises_pb2.PremisesFiling = client.premises.CreatePremisesFiling(
        premises_service_pb2.CreatePremisesFilingRequest(
            parent=taken.name,
            site=a_site(address),
            documents=[a_commitment(entity)],
            request_id=a_request_id(),
        )
    )
    return filing


def submitted(client: Client, filing: premises_pb2.PremisesFiling) -> premises_pb2.PremisesFiling:
    """The filing after its submission."""
    after: premises_pb2.PremisesFiling = client.premises.SubmitPremisesFiling(
        premises_service_pb2.SubmitPremisesFilingRequest(name=filing.name, etag=filing.etag)
    )
    return after


def filed(client: Client, entity: entity_pb2.Entity, address: str) -> premises_pb2.PremisesFiling:
    """A filing that was drafted and submitted."""
    return submitted(client, a_filing(client, entity, address))
