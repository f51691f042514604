"""What happens to a watched code reaches the partner that watches it, once, and in its grants."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from clients.sdk import PartnerClient, ServiceError
from license_verify.rpc.metrics import Metrics
from license_verify.server.composition import serving
from tests.e2e.beside import node_settings
from tests.e2e.page.node import until
from tests.e2e.recovery.town import Town
from tests.load.registry_process import RegistryProcess
from tests.rpc.registry import people
from tests.rpc.registry.people import Certificates
from tests.rpc.registry.world import Registry, a_code
from tests.rpc.verify.logs import Log
from yizhao.verify.v1 import partner_pb2

TITLE, REASON = "济宁试写银行", "协议 2026-1 号"
OWN = "partners/icbank"

_SPOIL = """
    UPDATE entity_version SET establish_date = 'infinity' WHERE entity_no = %s AND version = 1
"""
_REVOKED = "SELECT max(feed_no) FROM event WHERE kind = 'entity.revoked'"


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


def test_two_changes_of_one_day_are_told_each_with_its_own_items(
    registry: Registry,
    certificates: Certificates,
    tmp_path: Path,
    verify_database_url: str,
    log: Log,
) -> None:
    town, address = Town(registry), registry.address
    firm = town.firm()
    with a_node(certificates, tmp_path, address, verify_database_url) as desk:
        desk.enrol(("name", "person", "capital")).watch(OWN, [firm.uscc])
    town.change(firm, "孙试一")
    town.amend(firm, capital="200万元人民币")
    with a_node(certificates, tmp_path, address, verify_database_url) as desk:
        bank = desk.as_(people.BANK)
        until(lambda: len(changes(bank)) == 2)
        assert [list(each.items) for each in changes(bank)] == [["person"], ["capital"]]


def test_a_firm_whose_record_cannot_be_read_holds_nobody_elses_changes_up(
    desk: Desk, registry: Registry, log: Log
) -> None:
    town, bank = Town(registry), desk.enrol(("name", "person"))
    spoilt, sound = town.firm(), town.firm()
    bank.watch(OWN, [spoilt.uscc, sound.uscc])
    town.change(spoilt, "孙试一")
    until(lambda: len(changes(bank)) == 1)
    registry.run(_SPOIL, registry.number_of(spoilt.uscc))  # reading it fails from now on
    town.change(spoilt, "孙试二")
    town.change(sound, "孙试三")
    until(lambda: len(changes(bank)) == 3)
    _, second, third = changes(bank)
    assert (second.uscc, list(second.items), second.items_unknown) == (spoilt.uscc, [], True)
    assert "变更的具体事项未能取得" in second.text
    assert (third.uscc, list(third.items), third.items_unknown) == (sound.uscc, ["person"], False)
    (told,) = log.lines("watch.items_unknown")
    assert told["number"] == second.number


def test_a_watcher_of_a_former_code_is_told_of_the_correction_and_of_all_after_it(
    desk: Desk, registry: Registry
) -> None:
    town, bank = Town(registry), desk.enrol(("name", "person"))
    firm, right = town.firm(), a_code()
    bank.watch(OWN, [firm.uscc])
    town.correct_code(firm, right)
    until(lambda: kinds(bank) == ["entity.code_corrected"])
    bank.watch(OWN, [right])
    town.change(firm, "孙试后")
    until(lambda: len(changes(bank)) == 2)
    corrected, changed = changes(bank)
    assert (corrected.uscc, corrected.current_uscc) == (firm.uscc, right)
    assert (changed.uscc, changed.current_uscc, list(changed.items)) == (right, "", ["person"])


def test_a_watch_begun_on_a_node_whose_clock_runs_ahead_misses_nothing(
    desk: Desk, registry: Registry, verify_database_url: str
) -> None:
    town, bank = Town(registry), desk.enrol(("name", "person"))
    firm = town.firm()
    bank.watch(OWN, [firm.uscc])
    with psycopg.connect(verify_database_url) as connection:
        ahead = "UPDATE watched_code SET since_at = since_at + interval '1 hour'"
        connection.execute(ahead)  # as that node would have written
    town.change(firm, "孙试快")
    until(lambda: kinds(bank) == ["entity.changed"])


def test_nothing_is_watched_before_a_node_has_found_its_place_in_the_feed(
    desk: Desk, verify_database_url: str
) -> None:
    bank = desk.enrol(("name",))
    with psycopg.connect(verify_database_url) as connection:
        connection.execute("DELETE FROM feed_position")
    with pytest.raises(ServiceError) as told:
        bank.watch(OWN, ["91370811MAJN000108"])
    assert told.value.reason == "WATCH_LIST_NOT_READY"


def test_changes_that_the_register_no_longer_has_are_told_as_missing_and_the_rest_is_told(
    registry: Registry,
    certificates: Certificates,
    tmp_path: Path,
    verify_database_url: str,
    log: Log,
) -> None:
    town, address = Town(registry), registry.address
    firm = town.firm()
    with a_node(certificates, tmp_path, address, verify_database_url) as desk:
        desk.enrol(("name", "person")).watch(OWN, [firm.uscc])
    town.change(firm, "孙试失")
    town.change(firm, "孙试失又失")
    town.revoke(firm)
    until(lambda: registry.rows(_REVOKED) != [(None,)])  # it has its number
    ((number,),) = registry.rows(_REVOKED)
    registry.run("UPDATE feed SET oldest_no = %s", number)
    with a_node(certificates, tmp_path, address, verify_database_url) as desk:
        bank = desk.as_(people.BANK)
        until(lambda: len(changes(bank)) == 2)
        missing, revoked = changes(bank)
    assert (missing.kind, missing.uscc) == ("watch.interrupted", "")
    assert "请重新核验关注的主体" in missing.text
    assert (revoked.kind, revoked.uscc) == ("entity.revoked", firm.uscc)
    assert log.lines("watch.changes_lost")


def test_how_far_watchers_are_told_can_be_followed_from_outside(
    registry: Registry,
    certificates: Certificates,
    tmp_path: Path,
    verify_database_url: str,
    log: Log,
) -> None:
    town, metrics = Town(registry), Metrics()
    config = node_settings(
        certificates, tmp_path, registry.address, database_url=verify_database_url
    )

    def place() -> float:
        return metrics.registry.get_sample_value("yizhao_verify_feed_position") or 0.0

    with serving(config, metrics=metrics):
        town.revoke(town.firm())
        until(lambda: registry.rows(_REVOKED) != [(None,)])
        ((number,),) = registry.rows(_REVOKED)
        until(lambda: place() >= number)


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
