"""A chain's 120 shops in one request."""

from typing import Any

from tests.rpc.registry import people
from tests.rpc.registry.visits import INCOMPLETE, an_application, doubtful, notices, read
from tests.rpc.registry.world import (
    Client,
    Registry,
    a_commitment,
    a_request_id,
    a_site,
    an_entity,
    invalid,
    refused,
)
from yizhao.registry.v1 import application_pb2, entity_pb2, premises_pb2
from yizhao.registry.v1 import premises_service_pb2 as pb

SHOPS = 120
COUNTIES = ("曲阜市鲁城街道", "邹城市钢山街道", "泗水县泗河街道", "任城区阜桥街道")


def shop(entity: entity_pb2.Entity, place: str | premises_pb2.Site) -> pb.BatchFiling:
    site = a_site(place) if isinstance(place, str) else place
    return pb.BatchFiling(site=site, documents=[a_commitment(entity)])


def batch(
    client: Client, visit: application_pb2.Application, filings: list[pb.BatchFiling], **other: Any
) -> pb.BatchCreateFilingsResponse:
    values: dict[str, Any] = {"request_id": a_request_id()}
    request = pb.BatchCreateFilingsRequest(parent=visit.name, filings=filings, **(values | other))
    answer: pb.BatchCreateFilingsResponse = client.premises.BatchCreateFilings(request)
    return answer


def mixed(entity: entity_pb2.Entity) -> tuple[list[pb.BatchFiling], list[str]]:
    """120 shops, and what must become of each."""
    filings, outcomes = [], []
    for n in range(SHOPS):
        good = f"{COUNTIES[n % 4]}连锁路{n + 1}号"
        match n % 12:
            case 5:
                filings.append(shop(entity, INCOMPLETE))
                outcomes.append("returned")
            case 7:
                filings.append(shop(entity, doubtful(f"曲阜市鲁城街道存疑路{n}号")))
                outcomes.append("manual")
            case 8:  # the first shop's address, again
                filings.append(shop(entity, f"{COUNTIES[0]}连锁路1号"))
                outcomes.append("rejected")
            case 9:
                filings.append(pb.BatchFiling(site=a_site(good), documents=[]))
                outcomes.append("returned")
            case 10:
                filings.append(shop(entity, "店" * 300))
                outcomes.append("error")
            case 11:
                filings.append(shop(entity, f"济南市历下区连锁路{n}号"))
                outcomes.append("rejected")
            case _:
                filings.append(shop(entity, good))
                outcomes.append("filed")
    return filings, outcomes


def outcome_of(one: pb.BatchOutcome) -> str:
    if one.error:
        return "error"
    return premises_pb2.FilingState.Name(one.filing.state).removeprefix("FILING_STATE_").lower()


def test_each_of_120_shops_has_its_own_outcome(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    visit = an_application(rencheng, entity)
    filings, expected = mixed(entity)
    answer = batch(rencheng, visit, filings)
    assert [outcome_of(one) for one in answer.outcomes] == expected
    assert dict(answer.counts) == {name: expected.count(name) for name in set(expected)}
    for given, one in zip(filings, answer.outcomes, strict=True):
        assert bool(one.error) != one.HasField("filing")
        if one.HasField("filing"):
            assert one.filing.site.address.text == given.site.address.text
            across = not given.site.address.text.startswith("任城区")
            handed = one.filing.state == premises_pb2.FILING_STATE_FILED and across
            assert bool(one.filing.handover) == handed
    assert {one.error for one in answer.outcomes} == {"", "地址：内容有 300 个字符，最多 256 个"}
    (notice,) = notices(rencheng, visit)
    assert len(notice.defects) == expected.count("returned")
    after = read(rencheng, visit)
    assert len(after.items) == SHOPS - expected.count("error")
    assert after.state == application_pb2.APPLICATION_STATE_MANUAL


def test_a_repeated_batch_gets_the_first_answer(rencheng: Client) -> None:
    entity = an_entity(rencheng)
    visit = an_application(rencheng, entity)
    filings = [shop(entity, f"曲阜市鲁城街道重复路{n}号") for n in (1, 2)]
    again = a_request_id()
    first = batch(rencheng, visit, filings, request_id=again)
    assert batch(rencheng, visit, filings, request_id=again) == first
    assert len(read(rencheng, visit).items) == 2
    with refused("REQUEST_ID_REUSED"):
        batch(rencheng, visit, filings[:1], request_id=again)


def test_a_batch_is_1_to_300_of_a_visit_that_has_room(registry: Registry, rencheng: Client) -> None:
    entity = an_entity(rencheng)
    visit = an_application(rencheng, entity)
    with invalid("filings"):
        batch(rencheng, visit, [])
    one = shop(entity, INCOMPLETE)
    with invalid("filings"):
        batch(rencheng, visit, [one] * 301)
    batch(rencheng, visit, [one] * 3)
    with invalid("parent"):
        batch(rencheng, visit, [one] * 298)
    assert len(read(rencheng, visit).items) == 3
    with refused("NOT_YOUR_UNIT", owner="units/11"):
        batch(registry.as_(people.QUFU), visit, [one])
