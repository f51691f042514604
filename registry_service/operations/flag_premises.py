"""提出异常, and its answer: the host unit notes something at a place, the home unit answers."""

from typing import Final

from registry_service.domain.authority import ActName
from registry_service.domain.entity import Entity
from registry_service.domain.errors import FlagAnswered
from registry_service.domain.handover import FLAG_DAYS
from registry_service.domain.premises import Premises
from registry_service.domain.reading import Reader
from registry_service.domain.working_days import due
from registry_service.operations.act import Act, lock_entity
from registry_service.operations.authority import authorise, require_entitled
from registry_service.operations.issue_site_code import require_filed
from registry_service.operations.record import record

_TEXT: Final = 500


def flag_premises(act: Act, code: str, premises_no: int, finding: str) -> tuple[Entity, Premises]:
    """Note something at a place; the home unit's clock begins.

    Raises:
        NotYourUnit, RoleMissing: not a supervisor of the place.
        PremisesUnknown: the entity has no such place.
        PremisesEnded: it is no longer filed.
        InvalidRequest: nothing was found.
    """
    require_entitled(act, ActName.FLAG_PREMISES)
    entity = lock_entity(act, code)
    place = act.tx.premises.find(entity.number, premises_no)
    unit = authorise(act, ActName.FLAG_PREMISES, unit=_host(act, place))
    require_filed(place)
    text = _text("finding", finding)
    deadline = due(act.today, FLAG_DAYS)
    number = act.tx.flags.add(
        entity.number,
        premises_no,
        text,
        act.actor.number,
        deadline.date,
        deadline.provisional,
        act.now,
    )
    subject = f"premises/{premises_no}/flags/{number}"
    entity = record(act, entity, "premises.flagged", unit=unit, subject=subject, basis=text)
    return entity, place


def answer_flag(
    act: Act, code: str, premises_no: int, flag_no: int, answer: str
) -> tuple[Entity, Premises]:
    """Answer a flag for the home unit.

    Raises:
        NotYourUnit, RoleMissing: not the home registrar.
        PremisesUnknown, FlagUnknown: no such place, or no such flag of it.
        FlagAnswered: it was answered already.
        InvalidRequest: no answer.
    """
    require_entitled(act, ActName.ANSWER_FLAG)
    entity = lock_entity(act, code)
    unit = authorise(act, ActName.ANSWER_FLAG, entity=entity)
    place = act.tx.premises.find(entity.number, premises_no)
    flag = act.tx.flags.find(entity.number, premises_no, flag_no)
    if not flag.open:
        raise FlagAnswered(
            f"flag {flag_no} was answered by staff/{flag.answered_by}",
            zh=f"该异常已由工号 {flag.answered_by} 答复，不能重复答复",
            answered_by=flag.answered_by,
        )
    text = _text("answer", answer)
    act.tx.flags.answer(flag, text, act.actor.number, act.now)
    subject = f"premises/{premises_no}/flags/{flag_no}"
    entity = record(act, entity, "premises.flag_answered", unit=unit, subject=subject, basis=text)
    return entity, place


def _host(act: Act, place: Premises) -> int:
    """Who supervises the place: its unit, or that unit's station that took it on."""
    handover = act.tx.handovers.of_place(place.entity_no, place.number)
    if handover is not None and act.units.covers(place.unit, handover.to_unit):
        return handover.to_unit
    return place.unit


def _text(field: str, value: str) -> str:
    reader = Reader()
    text = reader.text(field, value, _TEXT, required=True)
    reader.finish()
    return text
