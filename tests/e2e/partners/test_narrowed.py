"""No value of a field outside a partner's grant leaves the node: in no response, and no log."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from license_verify.policy import ALL_ITEMS, POLICIES
from tests.database import SharedServer
from tests.e2e.page import node as nodes
from tests.e2e.page.registry import Publisher, a_registry
from tests.e2e.partners.desk import STAFF, Desk, a_check
from tests.rpc.verify.authority import Authorities
from tests.rpc.verify.logs import Log, configured_log
from tests.unit.verify.world import CLAIMS, FACE, SITE, SITE_CLAIMS, World
from yizhao.verify.v1 import verdict_pb2, verify_service_pb2

VALUES = {
    "name": {"济宁市试写物流有限公司"},
    "person": {FACE.person},
    "address": {str(FACE.address), str(SITE.address), "阜桥街道样例路", "鲁城街道样例街"},
    "capital": {"壹佰万元整"},
    "site_name": {"曲阜门店"},
}
"""Texts that stand for an item and for no other."""
CLAIMED = verify_service_pb2.Claims(name="另一试写公司", person="孙试写", address="邹城市试写路9号")


@dataclass
class Place:
    """A node whose one partner gets another grant for every example."""

    desk: Desk
    database: str
    world: World
    log: Log
    publisher: Publisher

    def grant(self, purpose: str, items: frozenset[str], claims: frozenset[str]) -> None:
        """As a confirmed grant leaves it; then the node is told by the act of somebody else."""
        with psycopg.connect(self.database) as connection:
            connection.execute("DELETE FROM partner_grant")
            connection.execute(
                "INSERT INTO partner_grant VALUES ('icbank', %s, %s, %s, '2020-01-01', NULL, NULL,"
                " 1)",
                (purpose, sorted(items), sorted(claims)),
            )
            connection.execute("UPDATE directory_revision SET number = number + 1")
        self.desk.tell()


@pytest.fixture(scope="module")
def place(postgres: SharedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder: Path = tmp_path_factory.mktemp("narrowed")
    now = datetime.now(UTC).replace(microsecond=0)
    world = replace(World(environment="test"), published_at=now - timedelta(seconds=3))
    authorities = Authorities.make()
    publisher = Publisher(world, staff=dict(STAFF))
    with (
        configured_log() as log,
        postgres.clone(postgres.verify_template) as database,
        a_registry(publisher, authorities) as registry,
    ):
        config = nodes.settings(folder, authorities, world, registry.address, DATABASE_URL=database)
        with nodes.a_node(config, authorities) as node:
            nodes.until(lambda: node.has("live"))
            desk = Desk(node.rpc_address, authorities)
            desk.enrol(calls_per_second=100_000, burst=100_000)
            yield Place(desk, database, world, log, publisher)
            desk.close()


def responses(place: Place, purpose: str) -> Iterator[Any]:
    """What the node answers of a licence, a site and a typed code, by every way there is."""
    bank = place.desk.as_("partner/icbank").verify
    requests = [
        a_check(place.world.scan(claims), purpose, claims=claimed)
        for claims in (CLAIMS, SITE_CLAIMS)
        for claimed in (None, CLAIMED)
    ]
    yield from (bank.Verify(each) for each in requests)
    yield bank.BatchVerify(verify_service_pb2.BatchVerifyRequest(requests=requests))
    sent = (verify_service_pb2.VerifyStreamRequest(request=each) for each in requests)
    yield from bank.VerifyStream(sent)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(POLICIES)),
    st.frozensets(st.sampled_from(sorted(ALL_ITEMS))),
    st.frozensets(st.sampled_from(["name", "person", "address"])),
)
def test_no_value_outside_a_grant_leaves_the_node(
    place: Place, purpose: str, items: frozenset[str], claims: frozenset[str]
) -> None:
    place.grant(purpose, items, claims)
    before = len(place.log.getvalue())
    shown = items & POLICIES[purpose].items
    for response in responses(place, purpose):
        wire = response.SerializeToString()
        for item, texts in VALUES.items():
            if item not in shown:
                assert not [text for text in texts if text.encode() in wire], item
        for face in faces(response):
            assert "established" in shown or not face.HasField("establish_date")
            assert "approved" in shown or not face.HasField("version_date")
            assert "type" in shown or (face.type_code, face.type_title) == (0, "")
            assert "registrar" in shown or face.registrar == ""
            assert "supervisor" in shown or face.supervisor == ""
            assert "many_addresses" in shown or not face.multi_address
        for answer in answers(response):
            for claim in ("name", "person", "address"):
                if claim not in claims:
                    told = getattr(answer, claim)
                    assert told in (0, verdict_pb2.CLAIM_ANSWER_NOT_COMPARED), claim
    logged = place.log.getvalue()[before:]
    assert not [text for texts in VALUES.values() for text in texts if text in logged]


_CHANGED = {
    "person": ("法定代表人", "legal representative"),
    "type": ("类型", "type"),
    "scope": ("经营范围", "scope"),
}


@pytest.mark.parametrize("purpose", ["investigation", "inspection"])
@pytest.mark.parametrize("items", [[], ["name"], ["person"], ["capital", "type"], ["all"]])
def test_no_changed_item_outside_a_grant_is_named(
    place: Place, purpose: str, items: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The live register answers for a purpose that demands it, or where an address is claimed."""
    granted = ALL_ITEMS if items == ["all"] else frozenset(items)
    place.grant(purpose, granted, frozenset({"address"}))
    newer = {"version": FACE.version + 1, "person": "孙新任", "type_code": 1151, "scope": "餐饮"}
    for field, value in newer.items():
        monkeypatch.setattr(place.publisher, field, value)
    told = [each for response in responses(place, purpose) for each in verdicts(response)]
    replaced = [each for each in told if "新版执照自" in each.words[0].sentence]
    assert len(replaced) >= 3, "by each way"
    # What the face never shows is named to those alone who see all of it.
    seen = granted | ({"scope"} if granted == ALL_ITEMS else set())
    for verdict in replaced:
        for item, names in _CHANGED.items():
            for name, words in zip(names, verdict.words, strict=True):
                # The title of an item may stand elsewhere in a sentence: what follows the day.
                changed = words.sentence.partition("2026-10-09")[2]
                assert (name in changed) == (item in seen), (item, words.sentence)


def verdicts(response: Any) -> Iterator[verdict_pb2.Verdict]:
    """Those of an answer, whichever kind it is."""
    if isinstance(response, verdict_pb2.Verdict):
        yield response
    elif isinstance(response, verify_service_pb2.BatchVerifyResponse):
        yield from (each.verdict for each in response.results)
    else:
        yield response.result.verdict


def faces(response: Any) -> Iterator[verdict_pb2.VerifiedFace]:
    return (each.face for each in verdicts(response) if each.HasField("face"))


def answers(response: Any) -> Iterator[verdict_pb2.ClaimAnswers]:
    return (each.claims for each in verdicts(response) if each.HasField("claims"))
