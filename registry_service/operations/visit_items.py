"""What was asked for in a visit, and what became of each."""

from typing import Final

from registry_service.domain.application import Application, Item
from registry_service.domain.event import Event
from registry_service.domain.premises import Filing, FilingAct, FilingState, Outcome
from registry_service.operations.act import Act

_ACTS: Final = {
    "entity.registered": "设立登记",
    "entity.changed": "变更登记",
    "entity.moved": "迁移登记",
    "entity.suspended": "歇业备案",
    "entity.dormancy_extended": "延长歇业",
    "entity.resumed": "恢复营业",
    "entity.liquidating": "清算备案",
    "entity.deregistered": "注销登记",
}
_FILING_ACTS: Final = {
    FilingAct.ADD: "新增经营场所备案",
    FilingAct.CHANGE: "变更经营场所备案",
    FilingAct.REMOVE: "取消经营场所备案",
}
_TELLING: Final = {
    FilingState.RETURNED: (Outcome.RETURN,),
    FilingState.MANUAL: (Outcome.MANUAL,),
    FilingState.REJECTED: (Outcome.BLOCK,),
}
"""Of a filing in that state, the findings that say why."""


def items_of(act: Act, application: Application) -> tuple[Item, ...]:
    """Filings by number, then the other acts that name the receipt, oldest first."""
    filings = act.tx.filings.of_application(application)
    events = act.tx.events.on_ground(application.entity_no, application.receipt_number, "entity.")
    return (*map(_of_filing, filings), *map(_of_event, events))


def _of_filing(filing: Filing) -> Item:
    told = f"{_FILING_ACTS[filing.act]}：{filing.state.zh}"
    if filing.state is FilingState.FILED:
        told += f"（第 {filing.premises_no} 号经营场所）"
    if filing.decision:
        why = [filing.decision]
    else:
        kinds = _TELLING.get(filing.state, ())
        why = [found.reason for found in filing.findings if found.outcome in kinds]
    if why:
        told += f"（{'；'.join(why)}）"
    return Item(f"filings/{filing.number}", "filing", filing.state.value, told)


def _of_event(event: Event) -> Item:
    return Item("", event.kind, "done", f"{_ACTS.get(event.kind, '登记事项')}：已办结")
