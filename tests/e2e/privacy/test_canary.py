"""Issue 2: no personal data in any log, ours, psycopg's, PostgreSQL's, uvicorn's, or in traces."""

import json
import os
import ssl
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import grpc
import httpx
import psycopg
import pytest

from clients.local.process import Process
from clients.local.services import Service
from clients.local.stack import Stack, opened
from license_verify.rpc.client import open_channel
from registry_service.embedded.folder import remove_instance
from tests.e2e.privacy.canary import ADDRESS, LATIN, NAME, PERSON, SCOPE, SITE, leaks, log_files
from tests.e2e.privacy.leaky import FORMS
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.test_lifecycle import changed, licensed
from tests.rpc.registry.test_publications import until
from tests.rpc.registry.world import (
    Client,
    a_face,
    a_filing,
    a_registration,
    a_visit,
    an_entity,
    submitted,
)
from yizhao.registry.v1 import entity_pb2
from yizhao.registry.v1 import entity_service_pb2 as pb
from yizhao.registry.v1 import license_service_pb2 as license_pb
from yizhao.registry.v1 import premises_service_pb2 as premises_pb
from yizhao.verify.v1 import verify_service_pb2 as verify_pb
from yizhao.verify.v1.verify_service_pb2_grpc import VerifyServiceStub

FACE = {"business_name": NAME, "person": PERSON, "address": ADDRESS, "scope": SCOPE}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "instance"
    remove_instance(tmp_path / "instance" / "database")


@pytest.fixture
def stack(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """Real processes with their log files, everything that they can say said."""
    for name in ("REGISTRY", "VERIFY"):
        monkeypatch.setenv(f"YIZHAO_{name}_LOG_LEVEL", "DEBUG")
        monkeypatch.setenv(f"YIZHAO_{name}_DRAIN_SECONDS", "0")
    without = {k: v for k, v in os.environ.items() if not k.startswith("YIZHAO_")}
    with opened(folder, without, None, lambda _: None) as started:
        yield started


class Callers:
    """Clients of the instance, by certificate."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self._stack, self._certificates = stack, Certificates(folder)
        self._channels: list[grpc.Channel] = []

    def registry(self, caller: str) -> Client:
        return Client(self.channel(self._stack.facts.registry, caller))

    def verifier(self) -> Any:
        return VerifyServiceStub(self.channel(self._stack.facts.verify, people.BANK))

    def channel(self, address: str, caller: str) -> grpc.Channel:
        tls = self._certificates.tls(caller)
        self._channels.append(open_channel(address, tls, deadline_seconds=30))
        return self._channels[-1]

    def close(self) -> None:
        for channel in self._channels:
            channel.close()


@pytest.fixture
def callers(stack: Stack, folder: Path) -> Iterator[Callers]:
    made = Callers(stack, folder)
    yield made
    made.close()


def acts(callers: Callers) -> tuple[entity_pb2.Entity, list[str]]:
    """What a day brings: registering, filing, handing over, issuing, changing."""
    client = callers.registry(people.RENCHENG)
    entity = an_entity(client, face=a_face(**FACE), application=a_visit(applicant=PERSON))
    filing = submitted(client, a_filing(client, entity, SITE))
    callers.registry(people.QUFU_SUPERVISOR).premises.AcknowledgeHandover(
        premises_pb.AcknowledgeHandoverRequest(name=filing.handover)
    )
    scans = [licensed(client, entity).scan_text]
    site = license_pb.IssueSiteCodeRequest(parent=filing.premises)
    scans.append(client.licenses.IssueSiteCode(site).scan_text)
    current = client.entities.GetEntity(pb.GetEntityRequest(name=entity.name, basis=NAME))
    changed(client, current, person=PERSON + "甲")
    client.entities.SearchEntities(pb.SearchEntitiesRequest(text=NAME, person=PERSON))
    return entity, scans


def refusals(callers: Callers, entity: entity_pb2.Entity) -> None:
    """Each holds a canary where a value is wrong."""
    client = callers.registry(people.RENCHENG)
    unary: Any = client.channel.unary_unary
    revoke = {"name": entity.name, "expected_business_name": NAME + "甲", "basis": NAME}
    for call, request in (
        (client.entities.RegisterEntity, a_registration(uscc=entity.uscc, face=a_face(**FACE))),
        (client.entities.RegisterEntity, a_registration(face=a_face(business_name=NAME + "\0"))),
        (client.entities.RegisterEntity, a_registration(uscc=NAME, request_id=LATIN)),
        (client.entities.RevokeEntity, pb.RevokeEntityRequest(**revoke)),
        (client.entities.GetEntity, pb.GetEntityRequest(name=f"entities/{NAME}")),
        (client.entities.ListEntities, pb.ListEntitiesRequest(page_token=LATIN, registrar=NAME)),
        (client.entities.SearchEntities, pb.SearchEntitiesRequest(text=PERSON, code=NAME)),
        (client.entities.ChangeEntity, pb.ChangeEntityRequest(name=entity.name, etag=NAME)),
        (unary("/yizhao.registry.v1.EntityService/GetEntity"), b"\x0a\xff" + NAME.encode()),
        (unary(f"/yizhao.registry.v1.EntityService/{LATIN}"), b""),
    ):
        with pytest.raises(grpc.RpcError):
            call(request)
    with pytest.raises(grpc.RpcError):
        client.entities.GetEntity(pb.GetEntityRequest(), metadata=(("x-request-id", LATIN),))


def bugs(stack: Stack, callers: Callers, folder: Path, entity: entity_pb2.Entity) -> None:
    """Errors that nobody foresaw, with a canary in their message."""
    client = callers.registry(people.RENCHENG)
    with psycopg.connect(stack.facts.database, autocommit=True) as admin:
        admin.execute("ALTER TABLE entity_version ADD CHECK (person NOT LIKE '%乙') NOT VALID")
        current = client.entities.GetEntity(pb.GetEntityRequest(name=entity.name))
        with pytest.raises(grpc.RpcError) as failed:  # PostgreSQL says: Failing row contains …
            changed(client, current, person=PERSON + "乙")
        assert failed.value.code() == grpc.StatusCode.INTERNAL
        broken = an_entity(client)
        admin.execute("ALTER TABLE entity DROP CONSTRAINT entity_state_check")
        admin.execute("UPDATE entity SET state = %s WHERE uscc = %s", (NAME, broken.uscc))
        with pytest.raises(grpc.RpcError) as failed:  # ValueError: '金丝雀…' is not a valid …
            client.entities.GetEntity(pb.GetEntityRequest(name=broken.name))
        assert failed.value.code() == grpc.StatusCode.INTERNAL
        # The publisher reads the state of whoever has documents, in a thread of its own.
        admin.execute("UPDATE entity SET state = %s WHERE uscc = %s", (NAME, entity.uscc))
        admin.execute("UPDATE event SET feed_no = NULL WHERE kind = 'license.issued'")
        an_entity(client)
        with suppress(psycopg.Error):
            admin.execute("SELECT %s::date", (NAME,))
    log = next(folder.rglob("registry.log"))
    until(lambda: "publisher.bug" in log.read_text("utf-8"))


def checks(stack: Stack, callers: Callers, folder: Path, scans: list[str]) -> None:
    """By RPC and as a page, with the token in the URL."""
    verifier = callers.verifier()
    claims = verify_pb.Claims(name=NAME, person=PERSON, address=ADDRESS)
    for subject in (
        *(verify_pb.Subject(scan=scan) for scan in scans),
        verify_pb.Subject(scan=NAME),
        verify_pb.Subject(uscc=NAME),
    ):
        with suppress(grpc.RpcError):
            verifier.Verify(
                verify_pb.VerifyRequest(
                    subject=subject, claims=claims, case_number=NAME, operator_reference=PERSON
                )
            )
    with suppress(grpc.RpcError):
        verifier.Verify(verify_pb.VerifyRequest(purpose=NAME))
    trusted = ssl.create_default_context(cafile=str(folder / "ca" / "page" / "cert.pem"))
    with httpx.Client(verify=trusted, trust_env=False, timeout=30) as browser:
        pages = [browser.get(scan) for scan in scans]
        assert any(NAME in page.text for page in pages), "the page does show the name"
        base = f"https://{stack.facts.page}"
        for path in (f"/{NAME}", f"{scans[0].removeprefix(base)}?from={NAME}", f"/s/{LATIN}"):
            browser.get(base + path, headers={"User-Agent": LATIN, "Referer": f"{base}/{LATIN}"})


def test_no_log_holds_a_canary(stack: Stack, callers: Callers, folder: Path) -> None:
    entity, scans = acts(callers)
    refusals(callers, entity)
    checks(stack, callers, folder, scans)
    bugs(stack, callers, folder, entity)
    callers.close()
    stack.stop_all()
    names = {path.name for path in log_files(folder)}
    assert names >= {"registry.log", "verify.log", "init.log", "postgres.log"}
    written = [
        json.loads(line)
        for name in ("registry", "verify")
        for path in folder.rglob(f"{name}.log")
        for line in path.read_text("utf-8").splitlines()
    ]
    events = {line["event"] for line in written}
    assert {"rpc.call", "rpc.bug", "registry.serving", "verify.serving"} <= events
    assert "rpc.bug" in {line["event"] for line in written if "sqlstate" in line}
    assert leaks(folder, *(scan.rpartition("/")[2] for scan in scans)) == {}


@pytest.mark.parametrize("form", FORMS)
def test_a_canary_on_plain_stderr_is_found(tmp_path: Path, form: str) -> None:
    """The search can fail: the same files, written by a service that knows no restraint."""
    environ = {**os.environ, "LEAK": form, "PYTHONPATH": str(Path(__file__).parents[3])}
    service = Service("registry", "tests.e2e.privacy.leaky", "leaky.serving", environ)
    process = Process(service, tmp_path / "logs" / "registry.log", SimpleQueue())
    process.wait_until_ready()
    process.stop()
    assert list(leaks(tmp_path)) == ["registry.log"]
