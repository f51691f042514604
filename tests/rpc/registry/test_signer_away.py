"""A registry whose token and root keys live in an HSM that is there, away, or hangs."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from license_verify import Anchor, Bundle, Outcome, Trust, verify
from license_verify.server.roots import read_roots
from registry_service.config import Config
from registry_service.fsck import check
from registry_service.issuing import hsm as hsm_module
from registry_service.issuing.keys import ROOT_FILE
from tests.hsm import PIN, USES, SoftHsm, soft_hsm
from tests.rpc.registry import people
from tests.rpc.registry.keeping import rotated, until
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.test_lifecycle import changed
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_request_id,
    an_entity,
    populate,
    refused,
    running,
    settings,
)
from yizhao.registry.v1 import (
    entity_service_pb2,
    key_pb2,
    license_pb2,
    license_service_pb2,
    publication_service_pb2,
)


@pytest.fixture(scope="module")
def hsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftHsm]:
    with soft_hsm(tmp_path_factory.mktemp("hsm")) as started:
        yield started


@pytest.fixture
def config(hsm: SoftHsm, certificates: Certificates, database_url: str, tmp_path: Path) -> Config:
    """Settings of a database made ready with its keys in the HSM."""
    made = settings(certificates, tmp_path / "keys", database_url).model_copy(
        update={
            "hsm_module": hsm.module,
            "hsm_token": hsm.token(),
            "hsm_pin": SecretStr(PIN),
            "hsm_uses": USES,
            "hsm_seconds": 60.0,
        }
    )
    populate(made, database_url)
    return made


@pytest.fixture
def registry(config: Config, certificates: Certificates) -> Iterator[Registry]:
    with running(config, certificates) as started:
        yield started


@contextmanager
def away(hsm: SoftHsm) -> Iterator[None]:
    """Nobody has the token."""
    elsewhere = hsm.tokens.with_name("away")
    hsm.tokens.rename(elsewhere)
    try:
        yield
    finally:
        elsewhere.rename(hsm.tokens)


@contextmanager
def hanging() -> Iterator[None]:
    """A call of the HSM does not come back; no other is made before it does."""
    let, begun = threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        let.wait()

    thread = threading.Thread(
        target=hsm_module._thread(os.getpid()).do, args=(hang, threading.TIMEOUT_MAX)
    )
    thread.start()
    begun.wait()
    try:
        yield
    finally:
        let.set()
        thread.join()


def issue(client: Client, entity: str, request_id: str = "") -> license_pb2.License:
    answer: license_pb2.License = client.licenses.IssueLicense(
        license_service_pb2.IssueLicenseRequest(
            parent=entity, request_id=request_id or a_request_id()
        )
    )
    return answer


def licences(registry: Registry) -> list[tuple[int, str, bool]]:
    return registry.rows(
        "SELECT version, state, token IS NOT NULL FROM license_version ORDER BY version"
    )


def outcome(registry: Registry, config: Config, document: license_pb2.License) -> Outcome:
    request = publication_service_pb2.GetBundleRequest()
    bundle = registry.as_(people.VERIFY).publication.GetBundle(request)
    roots = read_roots(config.keys / ROOT_FILE)
    trust = Trust.from_bundle(Bundle.decode(bundle.content), Anchor(roots, "test"))
    return verify(document.scan_text, trust, datetime.now(UTC)).outcome


def test_licences_are_issued_through_the_hsm_end_to_end(
    registry: Registry, config: Config, database_url: str
) -> None:
    client = registry.as_(people.RENCHENG)
    first = issue(client, an_entity(client).name)
    key = rotated(registry, key_pb2.KEY_USE_TOKEN)
    second = issue(client, an_entity(client).name)
    for document in (first, second):
        until(lambda document=document: outcome(registry, config, document) is Outcome.VALID)  # type: ignore[misc] # bound as a default
    kids = registry.rows("SELECT encode(kid, 'hex') FROM license_version ORDER BY created_at")
    assert f"keys/{kids[-1][0]}" == key
    assert not list(config.keys.glob("token-*")) + list(config.keys.glob("root-*"))
    assert check(database_url, read_roots(config.keys / ROOT_FILE)) == []


def test_while_the_hsm_is_away_nothing_is_half_issued_and_the_act_may_be_repeated(
    registry: Registry, config: Config, hsm: SoftHsm
) -> None:
    client = registry.as_(people.RENCHENG)
    entity, number = an_entity(client), a_request_id()
    with away(hsm):
        with refused("SIGNER_UNAVAILABLE"):
            issue(client, entity.name, number)
        with refused("SIGNER_UNAVAILABLE"):
            issue(client, entity.name, number)  # the same request again
        with refused("SIGNER_UNAVAILABLE"):
            issue(client, entity.name)  # asked anew
        assert licences(registry) == [(1, "intent", False)]
    document = issue(client, entity.name, number)
    assert document.state == license_pb2.LICENSE_STATE_ISSUED
    assert licences(registry) == [(1, "issued", True)]
    until(lambda: outcome(registry, config, document) is Outcome.VALID)


def test_an_act_on_the_register_is_done_while_the_hsm_is_away(
    registry: Registry, hsm: SoftHsm
) -> None:
    client = registry.as_(people.RENCHENG)
    entity = an_entity(client)
    issue(client, entity.name)
    read = entity_service_pb2.GetEntityRequest(name=entity.name)
    with away(hsm):
        after = changed(client, client.entities.GetEntity(read), person="孙试改")
        assert after.face.person == "孙试改"
        assert licences(registry) == [(1, "superseded", True), (2, "intent", False)]
    assert issue(client, entity.name).version == 2
    assert licences(registry) == [(1, "superseded", True), (2, "issued", True)]


def test_a_registry_that_starts_while_the_hsm_is_away_serves_and_signs_once_it_is_back(
    config: Config, certificates: Certificates, hsm: SoftHsm
) -> None:
    with away(hsm), running(config, certificates) as registry:
        client = registry.as_(people.RENCHENG)
        entity = an_entity(client)
        with refused("SIGNER_UNAVAILABLE"):
            issue(client, entity.name)
    with running(config, certificates) as registry:  # its start signs what was left
        assert licences(registry) == [(1, "issued", True)]


def test_who_asks_an_hsm_that_hangs_is_answered_and_others_are_served(
    config: Config, certificates: Certificates
) -> None:
    hasty = config.model_copy(update={"hsm_seconds": 0.2})
    with running(hasty, certificates) as registry:
        client = registry.as_(people.RENCHENG)
        entity = an_entity(client)
        with hanging():
            with refused("SIGNER_UNAVAILABLE"):
                issue(client, entity.name)
            assert licences(registry) == [(1, "intent", False)]
            read = entity_service_pb2.GetEntityRequest(name=entity.name)
            assert client.entities.GetEntity(read).uscc == entity.uscc
    with running(config, certificates) as registry:
        assert licences(registry) == [(1, "issued", True)]
