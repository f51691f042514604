"""kill -9 in the middle of a mass revocation: in the end each entity was revoked exactly once."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, LiteralString

import psycopg

from registry_service.fsck import check
from tests.database import SharedServer
from tests.load.bulk import fill
from tests.load.mass import over
from tests.load.registry_process import RegistryProcess
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import Registry
from yizhao.registry.v1 import admin_service_pb2 as pb
from yizhao.registry.v1 import mass_run_pb2

_LOOK_SECONDS: Final = 0.02
_OF_RENCHENG: LiteralString = (
    "SELECT uscc FROM entity WHERE registrar_unit_id = 11 ORDER BY entity_no"
)
_TIMES_REVOKED: LiteralString = """
    SELECT e.uscc, count(*) FROM event v JOIN entity e USING (entity_no)
     WHERE v.kind = 'entity.revoked' GROUP BY e.uscc
"""
_DONE: LiteralString = "SELECT count(*) FROM mass_entity WHERE state = 'done'"


@dataclass(frozen=True)
class Report:
    """What came of it."""

    listed: list[str]
    killed_at: list[int]
    """Entities that were done at each kill."""
    revoked: dict[str, int]
    """How often, by code."""
    counted: int
    """As the run tells."""
    faults: list[str]


def trial(server: SharedServer, folder: Path, stops: tuple[int, ...], entities: int) -> Report:
    """Revoke those of one unit; the registry is killed while it is at each of those on the list."""
    certificates, killed_at = Certificates(folder / "ca"), list[int]()
    with ExitStack() as stack:
        url = stack.enter_context(server.clone())
        process = RegistryProcess(certificates, folder, url)
        fill(url, 1, entities)
        process.start()
        stack.callback(process.stop)
        registry = Registry(process.address, certificates, url)
        stack.callback(registry.close)
        listed = [code for (code,) in _rows(url, _OF_RENCHENG)]
        name = _asked(registry, listed)
        holds = {index: stack.enter_context(_held(url, listed[index])) for index in stops}
        _confirm(registry, name, len(listed))
        for index, hold in holds.items():
            _wait_for(url, index)
            process.kill()
            killed_at.append(_rows(url, _DONE)[0][0])
            hold.rollback()
            process.start()
        run = over(registry, name)
        process.stop()
        return Report(
            listed,
            killed_at,
            dict(_rows(url, _TIMES_REVOKED)),
            run.issued_count,
            [str(fault) for fault in check(url)],
        )


@contextmanager
def _held(url: str, code: str) -> "Iterator[psycopg.Connection[Any]]":
    """Nobody comes past that entity before this is rolled back."""
    with psycopg.connect(url) as connection:
        connection.execute("SELECT FROM entity WHERE uscc = %s FOR UPDATE", (code,))
        yield connection


def _asked(registry: Registry, codes: list[str]) -> str:
    request = pb.StartMassActRequest(
        kind=mass_run_pb2.MASS_KIND_REVOKE, codes=codes, basis="任市监处罚〔2026〕7号"
    )
    return str(registry.as_(people.RENCHENG).admin.StartMassAct(request).name)


def _confirm(registry: Registry, name: str, count: int) -> None:
    registry.as_(people.CITY).admin.ConfirmMassRun(
        pb.ConfirmMassRunRequest(name=name, expected_count=count)
    )


def _wait_for(url: str, done: int) -> None:
    pause = threading.Event()
    while _rows(url, _DONE)[0][0] < done:
        pause.wait(_LOOK_SECONDS)


def _rows(url: str, query: LiteralString) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()
