"""What happens to a watched code reaches the partner that watches it, once, and in its grants."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from clients.sdk import PartnerClient, ServiceError
from license_verify.server.composition import serving
from tests.e2e.beside import node_settings
from tests.e2e.page.node import until
from tests.e2e.recovery.town import Town
from tests.load.registry_process import RegistryProcess
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import Registry
from tests.rpc.verify.logs import Log
from yizhao.verify.v1 import partner_pb2

TITLE, REASON = "济宁试写银行", "协议 2026-1 号"
OWN = "partners/icbank"


class Desk:
    """Clients of one node, by who calls."""

    def __init__(self, address: str, certificates: Certificates) -> None:
        self._address, self._certificates = address, certificates
        self._open: dict[str, PartnerClient] = {}

    def as_(self, caller: str) -> PartnerClient:
        if caller not in self._open:
            tls = self._certificates.tls(caller)
            self._open[caller] = PartnerClient.open(self._address, tls)
        return self._open[caller]

    def enrol(self, items: tuple[str, ...]) -> PartnerClient:
        """Enrol a bank that may see these items; it speaks to the node from then on."""
        wish = partner_pb2.Partner(title=TITLE)
        asked = self.as_(people.OPERATOR).enrol("icbank", wish, REASON)
        self.as_(people.CITY).confirm(asked.name, TITLE)
        grant = partner_pb2.Grant(purpose="banking", items=items, claims=["name"])
        asked = self.as_(people.POLICY).grant(OWN, grant, TITLE, REASON)
        self.as_(people.OTHER_POLICY).confirm(asked.name, TITLE)
        return self.as_(people.BANK)

    def close(self) -> None:
        for client in self._open.values():
            client.close()


def _has_its_place(database: str) -> bool:
    """Whether the first follower ever has found where the feed ends: from then on all is told."""
    with psycopg.connect(database) as connection:
        return connection.execute("SELECT FROM feed_position").fetchone() is not None


@contextmanager
def a_node(
    certificates: Certificates, folder: Path, registry: str, database: str
) -> Iterator[Desk]:
    config = node_settings(certificates, folder, registry, database_url=database)
    with serving(config) as (rpc, _):
        desk = Desk(rpc.address, certificates)
        until(lambda: _has_its_place(database))
        yield desk
        desk.close()


@pytest.fixture
def desk(
    registry: Registry,
    certificates: Certificates,
    tmp_path: Path,
    verify_database_url: str,
    log: Log,
) -> Iterator[Desk]:
    """A node beside a real registry; its follower has found its place in the feed."""
    with a_node(certificates, tmp_path, registry.address, verify_database_url) as opened:
        yield opened


def changes(bank: PartnerClient, after: int = 0) -> list[partner_pb2.WatchedChange]:
    return [change for page in bank.changes(OWN, after) for change in page.changes]


def kinds(bank: PartnerClient, after: int = 0) -> list[str]:
    return [change.kind for change in changes(bank, after)]


def test_a_partner_is_told_what_changed_and_never_the_value(desk: Desk, registry: Registry) -> None:
    town, bank = Town(registry), desk.enrol(("name", "person"))
    firm, other = town.firm(), town.firm()
    assert bank.watch(OWN, [firm.uscc]) == 1
    town.licensed(firm)
    town.change(firm, "孙试改")
    town.change(other, "孙试外")
    town.revoke(firm)
    until(lambda: "entity.revoked" in kinds(bank))
    told = changes(bank)
    assert [each.kind for each in told] == ["entity.changed", "entity.revoked"]
    assert {each.uscc for each in told} == {firm.uscc}
    assert list(told[0].items) == ["person"]
    assert told[0].text == "登记事项变更：法定代表人（负责人）"
    assert told[1].text == "吊销营业执照"
    wire = b"".join(each.SerializeToString() for each in told)
    assert "孙试改".encode() not in wire
    last = told[-1].number
    assert kinds(bank, last) == []
    town.reinstate(firm)
    until(lambda: kinds(bank, last) == ["entity.reinstated"])


def test_items_and_places_outside_the_grants_are_not_told(desk: Desk, registry: Registry) -> None:
    town, bank = Town(registry), desk.enrol(("name",))
    firm = town.firm()
    bank.watch(OWN, [firm.uscc])
    town.licensed(firm)
    shop = town.shop(firm, "曲阜市鲁城街道样例街8号")
    town.change(firm, "孙试改")
    town.strike(firm, shop)
    town.revoke(firm)
    until(lambda: "entity.revoked" in kinds(bank))
    told = changes(bank)
    assert [each.kind for each in told] == ["entity.changed", "entity.revoked"]
    assert list(told[0].items) == []


def test_each_change_is_told_once_whoever_follows_and_however_often_it_starts(
    registry: Registry,
    process: RegistryProcess,
    certificates: Certificates,
    tmp_path: Path,
    verify_database_url: str,
    log: Log,
) -> None:
    town, address = Town(registry), registry.address
    firm = town.firm()

    def folder(name: str) -> Path:
        made = tmp_path / name
        made.mkdir(exist_ok=True)
        if not (made / "keys").exists():
            (made / "keys").symlink_to(tmp_path / "keys")
        return made

    with a_node(certificates, folder("one"), address, verify_database_url) as one:
        bank = one.enrol(("name", "person", "address"))
        bank.watch(OWN, [firm.uscc])
        with a_node(certificates, folder("two"), address, verify_database_url):
            town.change(firm, "孙试一")
            until(lambda: kinds(bank) == ["entity.changed"])
            process.kill()
            process.start()
            town.change(firm, "孙试二")
            until(lambda: kinds(bank) == ["entity.changed"] * 2)
    town.change(firm, "孙试三")
    with a_node(certificates, folder("two"), address, verify_database_url) as two:
        bank = two.as_(people.BANK)
        until(lambda: kinds(bank) == ["entity.changed"] * 3)
        numbers = [each.number for each in changes(bank)]
        assert len(set(numbers)) == 3


def test_a_watch_list_is_its_partners_own(desk: Desk) -> None:
    bank = desk.enrol(("name",))
    code = "91370811MAJN000108"
    assert bank.watch(OWN, [code, code]) == 1
    assert [each.uscc for each in bank.watched(OWN)] == [code]
    assert bank.unwatch(OWN, [code]) == 0
    wrong = ["91370811MAJN000109", "9137"]
    with pytest.raises(ServiceError) as told:
        bank.watch(OWN, [code, *wrong])
    assert all(each in told.value.zh for each in wrong)
    assert [each.field for each in told.value.fields] == ["usccs", "usccs"]
    with pytest.raises(ServiceError) as told:
        desk.as_(people.CITY).watch(OWN, [code])
    assert told.value.reason == "PARTNER_ROLE_MISSING"
