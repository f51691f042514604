"""The database goes away while the registry serves."""

from pathlib import Path

import psycopg
from psycopg import sql

from tests.database import SharedServer
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import (
    a_registration,
    an_entity,
    database_of,
    refused,
    running,
    settings,
)
from yizhao.registry.v1 import entity_service_pb2 as pb
from yizhao.registry.v1 import publication_service_pb2 as publication_pb


def test_without_its_database_the_registry_says_so_and_goes_on_publishing(
    postgres: SharedServer, populated: tuple[str, Path], certificates: Certificates
) -> None:
    with (
        postgres.clone(database_of(populated[0])) as url,
        running(settings(certificates, populated[1], url), certificates) as registry,
    ):
        client = registry.as_(people.RENCHENG)
        entity = an_entity(client)
        ours = sql.Identifier(database_of(url))
        with psycopg.connect(postgres.url, autocommit=True) as admin:
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(ours))
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                (database_of(url),),
            )
        request = a_registration()
        with refused("DATABASE_UNAVAILABLE"):
            client.entities.RegisterEntity(request, timeout=3)
        with refused("DATABASE_UNAVAILABLE"):
            client.entities.GetEntity(pb.GetEntityRequest(name=entity.name), timeout=3)
        bundle = registry.as_(people.VERIFY).publication.GetBundle(
            publication_pb.GetBundleRequest()
        )
        assert bundle.content
        with psycopg.connect(postgres.url, autocommit=True) as admin:
            admin.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(ours))
        again = client.entities.RegisterEntity(request, timeout=60)
        assert again.uscc == request.uscc
        assert registry.rows("SELECT count(*) FROM entity") == [(2,)]
