"""A chain of 120 shops: what its firm lives through, each code on a wall shows at once."""

from collections import Counter
from collections.abc import Sequence

from license_verify import verify
from registry_service.composition import utc_now
from tests.e2e.page.node import until
from tests.e2e.statuses.office import Office
from tests.rpc.registry import people
from tests.rpc.registry.second import confirmed
from tests.rpc.registry.test_batch import COUNTIES, SHOPS, batch, outcome_of, shop
from tests.rpc.registry.test_copies import lose, printed
from tests.rpc.registry.test_lifecycle import changed, licensed
from tests.rpc.registry.visits import an_application
from tests.rpc.registry.world import Client, an_entity
from yizhao.registry.v1 import entity_pb2
from yizhao.registry.v1 import entity_service_pb2 as pb
from yizhao.registry.v1 import license_service_pb2 as license_pb

_SECONDS = 60


def statuses(office: Office, scans: Sequence[str]) -> Counter[str]:
    """How many of them the library reads as what, by the bundle that is published now."""
    trust, now = office.trust(), utc_now()
    return Counter(verify(scan, trust, now).status.value for scan in scans)


def all_read(office: Office, scans: Sequence[str], status: str) -> None:
    until(lambda: statuses(office, scans) == {status: len(scans)}, _SECONDS)


def coded(client: Client, entity: entity_pb2.Entity) -> list[str]:
    """File the shops in one batch, and issue a code for each."""
    filings = [shop(entity, f"{COUNTIES[n % 4]}连锁路{n + 1}号") for n in range(SHOPS)]
    outcomes = batch(client, an_application(client, entity), filings).outcomes
    assert {outcome_of(one) for one in outcomes} == {"filed"}
    return [
        client.licenses.IssueSiteCode(
            license_pb.IssueSiteCodeRequest(parent=f"{entity.name}/premises/{number}")
        ).scan_text
        for number in range(1, SHOPS + 1)
    ]


def current(client: Client, entity: entity_pb2.Entity) -> entity_pb2.Entity:
    found: entity_pb2.Entity = client.entities.GetEntity(pb.GetEntityRequest(name=entity.name))
    return found


def test_120_site_codes_outlive_a_name_and_a_person_and_follow_their_firm(office: Office) -> None:
    client = office.registry.as_(people.RENCHENG)
    entity = an_entity(client)
    licence = licensed(client, entity).scan_text
    codes = coded(client, entity)
    all_read(office, codes, "VALID")

    changed(client, current(client, entity), business_name="济宁市试改物流有限公司")
    changed(client, current(client, entity), person="孙试改")
    all_read(office, [licence], "SUPERSEDED")
    assert statuses(office, codes) == {"VALID": SHOPS}

    act = {
        "name": entity.name,
        "expected_business_name": "济宁市试改物流有限公司",
        "basis": "决定书〔2026〕1号",
    }
    confirmed(office.registry, client.entities.RevokeEntity(pb.RevokeEntityRequest(**act)))
    all_read(office, codes, "REVOKED")

    confirmed(office.registry, client.entities.ReinstateEntity(pb.ReinstateEntityRequest(**act)))
    all_read(office, codes, "VALID")

    live = license_pb.GetLicenseRequest(name=f"{entity.name}/licenses/-")
    lost, kept = printed(client, entity), printed(client, entity)
    lose(client, lost)
    all_read(office, [lost.scan_text], "LOST_VOID")
    others = [kept.scan_text, client.licenses.GetLicense(live).scan_text, *codes]
    assert statuses(office, others) == {"VALID": SHOPS + 2}
