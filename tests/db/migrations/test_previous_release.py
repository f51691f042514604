"""The release before this one goes on working on the newest schema, while this one takes over."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from clients.local.process import Process
from registry_service.config import Config
from registry_service.store.migrate import PREVIOUS_NEWEST
from tests.db.migrations import previous
from tests.db.migrations.settled import settled
from tests.load.registry_process import free_port
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.test_import import a_row
from tests.rpc.registry.world import (
    Registry,
    a_request_id,
    a_visit,
    an_entity,
    filed,
    populate,
    running,
    settings,
)
from yizhao.registry.v1 import entity_pb2, entity_service_pb2, license_service_pb2, premises_pb2


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return previous.unpack(tmp_path_factory.mktemp("previous"))
    except previous.NoHistory as error:
        pytest.skip(f"no history back to the release before this one: {error}")


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path / "ca")


@pytest.fixture
def config(database_url: str, certificates: Certificates, tmp_path: Path) -> Config:
    """A database of the newest schema, made ready by this release."""
    made = settings(certificates, tmp_path / "keys", database_url)
    populate(made, database_url)
    return made


@pytest.fixture
def registry(
    code: Path, config: Config, certificates: Certificates, database_url: str, tmp_path: Path
) -> Iterator[Registry]:
    """The registry of the release before, as a process."""
    address = f"127.0.0.1:{free_port()}"
    log = tmp_path / "log" / "previous.log"
    process = Process(previous.service(code, config, address), log, SimpleQueue())
    client = Registry(address, certificates, database_url)
    try:
        process.wait_until_ready()
        yield client
    finally:
        client.close()
        process.stop()


def test_what_runs_is_the_code_of_that_release(code: Path) -> None:
    script = (
        "import registry_service, yizhao.registry.v1 as contract\n"
        "print(registry_service.__file__, contract.__path__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=previous.environ(code),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.count(str(code)) == 2


def test_its_newest_migration_is_the_one_that_new_migrations_reckon_with(code: Path) -> None:
    folder = code / "registry_service" / "store" / "migrations"
    numbers = [int(path.name[:4]) for path in folder.glob("*.sql")]
    assert max(numbers) == PREVIOUS_NEWEST


def test_the_record_names_one_commit_whole() -> None:
    assert re.fullmatch(r"[0-9a-f]{40}", previous.COMMIT)


def test_without_that_commit_the_reason_is_told(tmp_path: Path) -> None:
    with pytest.raises(previous.NoHistory, match=r"\w"):
        previous.unpack(tmp_path, "0" * 40)


def test_the_release_before_works_on_the_newest_schema_and_this_one_takes_over(
    code: Path, registry: Registry, config: Config, certificates: Certificates
) -> None:
    client = registry.as_(people.RENCHENG)
    entity = an_entity(client)
    changed = _changed(client, entity)
    assert (changed.version, changed.face.person) == (2, "赵试写")
    filing = filed(client, changed, "曲阜市鲁城街道试验路8号")
    assert filing.state == premises_pb2.FILING_STATE_FILED
    license_ = client.licenses.IssueLicense(
        license_service_pb2.IssueLicenseRequest(parent=entity.name, request_id=a_request_id())
    )
    assert license_.scan_text
    row = a_row()
    operator, root = certificates.issue(people.OPERATOR), certificates.root("services")
    assert previous.import_row(code, registry.address, operator, root, row) == 1
    assert _read(client, entity.name).face.person == "赵试写"

    with running(config, certificates) as newer:
        assert settled(newer.database) == []
        ours = newer.as_(people.RENCHENG)
        assert _read(ours, entity.name).face.person == "赵试写"
        assert _read(ours, f"entities/{row['uniscid']}").face.business_name == row["entname"]
        assert _changed(ours, _read(ours, entity.name), "孙试写").version == 3
    assert _read(client, entity.name).version == 3, "both run until the old one is stopped"


def _changed(client: Any, entity: entity_pb2.Entity, person: str = "赵试写") -> entity_pb2.Entity:
    changed: entity_pb2.Entity = client.entities.ChangeEntity(
        entity_service_pb2.ChangeEntityRequest(
            name=entity.name,
            face=entity_pb2.Face(person=person),
            update_mask=FieldMask(paths=["person"]),
            application=a_visit(),
            etag=entity.etag,
            request_id=a_request_id(),
        )
    )
    return changed


def _read(client: Any, name: str) -> entity_pb2.Entity:
    found: entity_pb2.Entity = client.entities.GetEntity(
        entity_service_pb2.GetEntityRequest(name=name)
    )
    return found
