"""What follows from a filing that is filed: a place is added, changed or removed."""

from dataclasses import replace

from registry_service.domain.entity import COUNTER, Entity
from registry_service.domain.errors import FilingBlocked, PremisesEnded
from registry_service.domain.premises import Filing, FilingAct, Premises, PremisesState
from registry_service.operations.act import Act
from registry_service.operations.hand_over import hand_over
from registry_service.operations.premises_end import end_premises
from registry_service.operations.record import record
from registry_service.operations.renew_site_code import renew_site_code
from registry_service.operations.tell_hosts import supervises


def file_place(act: Act, entity: Entity, filing: Filing, unit: int) -> tuple[Entity, Filing]:
    """Carry out what was asked for; the caller saves the filing and records that it is filed.

    Raises:
        PremisesEnded: the place to change or remove is no longer filed.
        FilingBlocked: nobody knows which unit would supervise the place.
    """
    match filing.act:
        case FilingAct.ADD:
            return _add(act, entity, filing)
        case FilingAct.CHANGE:
            return _change(act, entity, filing, unit)
        case FilingAct.REMOVE:
            place = target_of(act, filing)
            entity = end_premises(
                act,
                entity,
                place,
                PremisesState.REMOVED,
                unit=unit,
                basis=filing.receipt_number,
            )
            return entity, replace(filing, premises_no=place.number, premises_version=place.version)


def target_of(act: Act, filing: Filing) -> Premises:
    """The filed place that a filing changes or removes.

    Raises:
        PremisesEnded: it is no longer filed.
    """
    if filing.target is None:
        raise AssertionError("a change or removal was drafted without its place")
    return filed_place(act, filing.entity_no, filing.target)


def filed_place(act: Act, entity_no: int, number: int) -> Premises:
    """The place with that number.

    Raises:
        PremisesUnknown: the entity has none.
        PremisesEnded: it is no longer filed.
    """
    place = act.tx.premises.find(entity_no, number)
    if not place.state.filed:
        raise PremisesEnded(
            f"the premises are {place.state.value}; nothing of them can change",
            zh=f"第 {number} 号经营场所已不在备案之列，不能变更或取消",
            state=place.state.value,
        )
    return place


def _add(act: Act, entity: Entity, filing: Filing) -> tuple[Entity, Filing]:
    host = _host(filing)
    place = act.tx.premises.add(
        Premises(
            entity_no=entity.number,
            number=0,
            state=PremisesState.LIVE,
            version=1,
            site=filing.site,
            unit=host,
            filing_no=filing.number,
            filing_date=act.today,
            revision=1,
            recorded_at=act.now,
            source=COUNTER,
        ),
        act.now,
        act.today,
    )
    filing = replace(filing, premises_no=place.number, premises_version=1)
    return entity, _handed_over(act, entity, filing, host)


def _change(act: Act, entity: Entity, filing: Filing, unit: int) -> tuple[Entity, Filing]:
    before, host = target_of(act, filing), _host(filing)
    newer = replace(before, site=filing.site, unit=host, source=COUNTER)
    place = act.tx.premises.add_version(newer, act.now, act.today)
    filing = replace(filing, premises_no=place.number, premises_version=place.version)
    entity = record(
        act,
        entity,
        "premises.changed",
        unit=unit,
        subject=f"premises/{place.number}",
        basis=filing.receipt_number,
    )
    if host != before.unit:  # the place moved to another unit: to that one it is new
        filing = _handed_over(act, entity, filing, host)
    return renew_site_code(act, entity, place, unit), filing


def _handed_over(act: Act, entity: Entity, filing: Filing, host: int) -> Filing:
    """The filing with its hand-over, where another unit supervises the place (invariant 4)."""
    if filing.premises_no is None:
        raise AssertionError("a place is filed before it is handed over")
    if host == supervises(entity):
        return filing
    number = hand_over(act, entity, filing.number, filing.premises_no, host)
    return replace(filing, handover_no=number)


def _host(filing: Filing) -> int:
    unit = filing.site.address.unit
    if unit is None:
        raise FilingBlocked(
            "nobody knows which unit would supervise the place; return the filing",
            zh="经营场所的管辖单位不明，不能备案；请退回补正，由申请人写明县（市、区）",
            rules="10",
        )
    return unit
