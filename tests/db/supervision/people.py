"""Who acts in these tests, and what they do, one transaction each."""

from typing import Any

from registry_service.domain.address import address_of
from registry_service.domain.premises import (
    Document,
    FilingAct,
    FilingState,
    Handover,
    Premises,
    Site,
)
from registry_service.operations.acknowledge_handover import acknowledge_handover
from registry_service.operations.decline_handover import decline_handover
from registry_service.operations.dispute_handover import dispute_handover
from registry_service.operations.draft_filing import draft_filing
from registry_service.operations.forward_handover import forward_handover
from registry_service.operations.report_inspection import Report, report_inspection
from registry_service.operations.resolve_handover import resolve_handover
from registry_service.operations.submit_filing import submit_filing
from registry_service.operations.take_application import take_application
from tests.db.issuing.world import CODE, REGISTRAR, VISIT, World

QUFU, ZOUCHENG, CITY, OPERATOR = "0202", "0302", "0900", "0001"
HOME = REGISTRAR
RENCHENG_ID, QUFU_ID, ZOUCHENG_ID = 11, 20, 21


def acknowledge(world: World, who: str, number: int = 1, **given: Any) -> Handover:
    with world.act(who) as act:
        return acknowledge_handover(act, CODE, number, **given)


def decline(world: World, who: str, why: str = "不在本辖区", number: int = 1) -> Handover:
    with world.act(who) as act:
        return decline_handover(act, CODE, number, why)


def forward(world: World, who: str, to: int, why: str = "地址属该辖区") -> Handover:
    with world.act(who) as act:
        return forward_handover(act, CODE, 1, to, why)


def dispute(world: World, who: str, why: str = "管辖有争议") -> Handover:
    with world.act(who) as act:
        return dispute_handover(act, CODE, 1, why)


def resolve(world: World, who: str, to: int, why: str = "经实地勘界，属该单位") -> Handover:
    with world.act(who) as act:
        return resolve_handover(act, CODE, 1, to, why)


def report(world: World, who: str, given: Report) -> Handover:
    with world.act(who) as act:
        return report_inspection(act, CODE, 1, given)


def change_site(world: World, address: str) -> None:
    """The firm files another address for its first place."""
    with world.act(HOME) as act:
        _, visit = take_application(act, CODE, VISIT)
        site = Site("曲阜试验店", address_of(address), "日用百货销售")
        papers = (Document("commitment", bytes(32), "测试甲"),)
        _, filing = draft_filing(
            act, CODE, visit.receipt_number, site, papers, filing_act=FilingAct.CHANGE, target=1
        )
        _, filed = submit_filing(act, CODE, filing.number)
    assert filed.state is FilingState.FILED, filed.findings


def place_of(world: World, number: int = 1) -> Premises:
    with world.store.transaction() as tx:
        return tx.premises.find(tx.entities.find(CODE).number, number)


def kinds(world: World) -> list[str]:
    """What happened, oldest first."""
    return [kind for (kind,) in world.rows("SELECT kind FROM event ORDER BY revision")]
