"""反馈: the host unit reports an inspection of premises that it took on."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from license_verify import limits
from license_verify.text import UnfitText, clean
from registry_service.domain.authority import ActName
from registry_service.domain.handover import HandoverAct
from registry_service.domain.premises import Handover
from registry_service.domain.reading import Reader
from registry_service.domain.supervision import InspectionResult
from registry_service.operations.act import Act
from registry_service.operations.handover_step import begin, finish

_REPORT: Final = 1000
_INSPECTORS: Final = 2


@dataclass(frozen=True, slots=True)
class Report:
    """An inspection as it is reported, not yet checked."""

    result: InspectionResult | None
    inspection_date: date | None
    inspectors: tuple[str, ...]
    text: str


def report_inspection(
    act: Act, code: str, number: int, report: Report, *, etag: str = ""
) -> Handover:
    """Keep an inspection; there may be several.

    Raises:
        NotYourUnit, RoleMissing: not a supervisor of the host unit.
        HandoverUnknown: the entity has no such hand-over.
        HandoverNotTaken: the unit has not acknowledged it.
        EtagMismatch: it changed since it was read.
        InvalidRequest: it names every wrong field.
    """
    step = begin(act, ActName.REPORT_INSPECTION, HandoverAct.REPORT, code, number, etag)
    place = act.tx.premises.find(step.entity.number, step.handover.premises_no)
    reader = Reader()
    result = report.result
    if result is None:
        reader.fault("inspection.result", "is required", "请选择核查结果")
    day = _day(reader, report.inspection_date, place.filing_date, act.today)
    inspectors = _inspectors(reader, report.inspectors)
    text = reader.text("inspection.report", report.text, _REPORT, required=_tells(result))
    reader.finish()
    if result is None or inspectors is None:
        raise AssertionError("a fault that did not stop")
    act.tx.inspections.add(
        step.entity.number, number, result, day, inspectors, text, act.actor.number, act.now
    )
    finish(act, step, "handover.reported", basis=text)
    return act.tx.handovers.find(step.entity.number, number)


def _tells(result: InspectionResult | None) -> bool:
    """What differs has to be told; a place as filed speaks for itself."""
    return result is not None and result is not InspectionResult.AS_FILED


def _day(reader: Reader, day: date | None, filed: date, today: date) -> date:
    field = "inspection.inspection_date"
    if day is None:
        reader.fault(field, "is required", "请填写核查日期")
    elif day > today:
        reader.fault(field, "lies in the future", "核查日期不能晚于今天")
    elif day < filed:
        reader.fault(field, f"lies before the filing of {filed}", "核查日期不能早于备案日期")
    return day or today


def _inspectors(reader: Reader, given: tuple[str, ...]) -> tuple[str, str] | None:
    field = "inspection.inspectors"
    if len(given) != _INSPECTORS:
        reader.fault(field, "must be two", "现场核查须由两名执法人员进行")
        return None
    try:
        first, second = (clean(name, limits.PERSON_CHARACTERS) for name in given)
    except UnfitText as error:
        reader.fault(field, str(error), error.zh)
        return None
    if first.removeprefix("staff/") == second.removeprefix("staff/"):
        reader.fault(field, "are the same person", "两名执法人员不能是同一人")
        return None
    return first, second
