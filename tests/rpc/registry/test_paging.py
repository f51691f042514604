"""Page tokens: every row once, bound to the query, and nothing of the caller's making."""

import base64
import json

import pytest

from tests.rpc.registry import people
from tests.rpc.registry.test_lifecycle import QUFU_SHOP
from tests.rpc.registry.world import Client, Registry, a_face, a_filing, an_entity, filed, invalid
from yizhao.registry.v1 import admin_service_pb2 as admin_pb
from yizhao.registry.v1 import entity_service_pb2 as pb
from yizhao.registry.v1 import premises_service_pb2 as premises_pb


def token_of(query: str, *after: object) -> str:
    return base64.urlsafe_b64encode(json.dumps([query, *after]).encode()).decode()


def query_in(token: str) -> str:
    return str(json.loads(base64.urlsafe_b64decode(token))[0])


def test_a_page_follows_another_without_a_gap_or_a_repetition(registry: Registry) -> None:
    zoucheng = registry.as_(people.ZOUCHENG)
    place = "邹城市钢山街道样例路{}号"
    made = {an_entity(zoucheng, face=a_face(address=place.format(n))).name for n in range(1, 6)}
    seen: list[str] = []
    request = pb.ListEntitiesRequest(registrar="units/21", page_size=2)
    while True:
        answer = zoucheng.entities.ListEntities(request)
        assert len(answer.entities) <= 2
        seen += [entity.name for entity in answer.entities]
        if not answer.next_page_token:
            break
        request.page_token = answer.next_page_token
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen))
    assert made <= set(seen)


def test_versions_events_filings_and_premises_page_too(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    filings = [filed(rencheng, entity, f"曲阜市鲁城街道样例路{n}号") for n in (1, 2, 3)]
    first = rencheng.premises.ListPremisesFilings(
        premises_pb.ListPremisesFilingsRequest(parent=entity.name, page_size=2)
    )
    assert [f.name for f in first.filings] == [filings[2].name, filings[1].name]
    rest = rencheng.premises.ListPremisesFilings(
        premises_pb.ListPremisesFilingsRequest(
            parent=entity.name, page_size=2, page_token=first.next_page_token
        )
    )
    assert [f.name for f in rest.filings] == [filings[0].name]
    assert not rest.next_page_token
    places = rencheng.premises.ListPremises(
        premises_pb.ListPremisesRequest(parent=entity.name, page_size=2)
    )
    assert [p.number for p in places.premises] == [1, 2]
    last = rencheng.premises.ListPremises(
        premises_pb.ListPremisesRequest(parent=entity.name, page_token=places.next_page_token)
    )
    assert [p.number for p in last.premises] == [3]
    events = rencheng.entities.ListEntityEvents(
        pb.ListEntityEventsRequest(parent=entity.name, page_size=9)
    )
    older = rencheng.entities.ListEntityEvents(
        pb.ListEntityEventsRequest(parent=entity.name, page_token=events.next_page_token)
    )
    assert [e.revision for e in [*events.events, *older.events]] == list(range(10, 0, -1))
    versions = rencheng.entities.ListEntityVersions(
        pb.ListEntityVersionsRequest(parent=entity.name)
    )
    assert (len(versions.versions), versions.next_page_token) == (1, "")


def test_the_inbox_pages_oldest_first(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    for n in (1, 2, 3):
        filed(rencheng, entity, f"汶上县中都街道样例路{n}号")
    city = registry.as_(people.CITY)
    request = premises_pb.ListHandoversRequest(unit="units/17", page_size=2)
    seen: list[str] = []
    while True:
        answer = city.premises.ListHandovers(request)
        seen += [handover.name for handover in answer.handovers]
        if not answer.next_page_token:
            break
        request.page_token = answer.next_page_token
    own = [name for name in seen if name.startswith(entity.name)]
    assert own == [f"{entity.name}/handovers/{n}" for n in (1, 2, 3)]
    assert len(seen) == len(set(seen))


def test_a_token_belongs_to_its_query(registry: Registry, rencheng: Client, qufu: Client) -> None:
    an_entity(rencheng)
    an_entity(rencheng)
    token = rencheng.entities.ListEntities(
        pb.ListEntitiesRequest(registrar="units/11", page_size=1)
    ).next_page_token
    assert token
    with invalid("page_token"):
        rencheng.entities.ListEntities(pb.ListEntitiesRequest(page_token=token))
    with invalid("page_token"):
        rencheng.admin.ListUnits(admin_pb.ListUnitsRequest(page_token=token))


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "=",
        "中",
        "W10=",
        token_of("0" * 16),
        "A" * 100_000,
        base64.urlsafe_b64encode(b"[" * 380).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_a_token_of_nobodys_making_is_refused(rencheng: Client, token: str) -> None:
    with invalid("page_token"):
        rencheng.entities.ListEntities(pb.ListEntitiesRequest(page_token=token))


@pytest.mark.parametrize(
    "after", [["x"], [1, 2], [True], [], [10**40], [-1], ["\x00"], [None], [1.5], [[1]]]
)
def test_a_tampered_token_is_refused(registry: Registry, rencheng: Client, after: object) -> None:
    """Whoever knows how a token is made still can't put anything else in."""
    assert isinstance(after, list)
    entity = an_entity(rencheng)
    a_filing(rencheng, entity, QUFU_SHOP)
    events = pb.ListEntityEventsRequest(parent=entity.name, page_size=1)
    query = query_in(rencheng.entities.ListEntityEvents(events).next_page_token)
    events.page_token = token_of(query, *after)
    with invalid("page_token"):
        rencheng.entities.ListEntityEvents(events)


@pytest.mark.parametrize("after", [["x", 1, 1], [1, 1], [10**30, 1, 1], [-(10**18), 1, 1]])
def test_a_tampered_token_of_the_inbox_is_refused(
    registry: Registry, rencheng: Client, after: list[object]
) -> None:
    entity = an_entity(rencheng)
    for n in (1, 2):
        filed(rencheng, entity, f"泗水县泗河街道样例路{n}号")
    city = registry.as_(people.CITY)
    request = premises_pb.ListHandoversRequest(unit="units/18", page_size=1)
    query = query_in(city.premises.ListHandovers(request).next_page_token)
    request.page_token = token_of(query, *after)
    with invalid("page_token"):
        city.premises.ListHandovers(request)


def test_a_tampered_token_of_entities_is_refused(rencheng: Client) -> None:
    an_entity(rencheng)
    an_entity(rencheng)
    request = pb.ListEntitiesRequest(page_size=1)
    query = query_in(rencheng.entities.ListEntities(request).next_page_token)
    for wrong in ("\x00", 5, "\ud800", "x" * 200):
        request.page_token = token_of(query, wrong)
        with invalid("page_token"):
            rencheng.entities.ListEntities(request)


def test_a_page_is_at_most_a_thousand_and_never_negative(rencheng: Client) -> None:
    with invalid("page_size"):
        rencheng.entities.ListEntities(pb.ListEntitiesRequest(page_size=-1))
    rencheng.entities.ListEntities(pb.ListEntitiesRequest(page_size=2**31 - 1))


def test_units_come_parents_first_with_what_others_call_them(rencheng: Client) -> None:
    units = rencheng.admin.ListUnits(admin_pb.ListUnitsRequest()).units
    names = [unit.name for unit in units]
    assert all(not u.parent or names.index(u.parent) < names.index(u.name) for u in units)
    (zone,) = [unit for unit in units if unit.title == "太白湖新区"]
    assert ("city-approvals", "370891") in {(a.source, a.code) for a in zone.aliases}
    first = rencheng.admin.ListUnits(admin_pb.ListUnitsRequest(page_size=3))
    rest = rencheng.admin.ListUnits(admin_pb.ListUnitsRequest(page_token=first.next_page_token))
    assert [u.name for u in [*first.units, *rest.units]] == names


def test_who_lists_whole_entities_leaves_a_trace_at_each(registry: Registry) -> None:
    entity = an_entity(registry.as_(people.RENCHENG))
    request = pb.ListEntitiesRequest(registrar="units/11", page_size=1000)
    listed = registry.as_(people.AUDITOR).entities.ListEntities(request)
    assert entity.name in {each.name for each in listed.entities}
    number = registry.number_of(entity.uscc)
    traces = registry.rows(
        "SELECT staff_no FROM access WHERE entity_no = %s AND method = 'ListEntities'", number
    )
    assert ("0999",) in traces
