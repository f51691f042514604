"""Tables of visits."""

from datetime import date
from typing import TYPE_CHECKING

from clients.cli.due_dates import due_cell, due_text, show_counts
from clients.cli.say import facts, table, time_text
from clients.cli.words import APPLICATION_STATES
from clients.sdk import names

if TYPE_CHECKING:
    from clients.cli.unit_names import UnitNames
    from clients.sdk.queues import Queue
    from yizhao.registry.v1 import application_pb2


def show_application(found: "application_pb2.Application", units: "UnitNames") -> None:
    """One visit, with what became of each thing that was asked for."""
    facts(
        f"受理编号 {found.receipt_number}",
        [
            ("申请", names.short(found.name)),
            ("企业", found.business_name),
            ("状态", _state(found)),
            ("办理期限", due_text(found.due_date, found.due_date_provisional)),
            ("承办人", found.assignee.removeprefix("staff/")),
            ("申请人", found.details.applicant),
            ("委托代理人", found.details.agent),
            ("受理单位", units.title(found.unit)),
            ("受理人", found.taken_by.removeprefix("staff/")),
            ("受理时间", time_text(found.create_time)),
        ],
    )
    if found.items:
        table(
            f"事项 {len(found.items)}",
            ("编号", "结果"),
            [(names.short(item.subject), item.text) for item in found.items],
        )


def show_application_queue(queue: "Queue[application_pb2.Application]", today: date) -> None:
    """What waits, most urgent first."""
    from yizhao.registry.v1 import application_pb2

    waits = (application_pb2.APPLICATION_STATE_OPEN, application_pb2.APPLICATION_STATE_MANUAL)
    show_counts(queue.counts, len(queue.items), "申请待办")
    table(
        "",
        ("申请", "状态", "期限", "企业", "申请人", "承办"),
        [
            (
                names.short(found.name),
                _state(found),
                due_cell(
                    found.due_date,
                    found.due_date_provisional,
                    today,
                    waits=found.state in waits,
                    done=found.state == application_pb2.APPLICATION_STATE_CLOSED,
                ),
                found.business_name,
                found.details.applicant,
                found.assignee.removeprefix("staff/"),
            )
            for found in queue.items
        ],
    )


def _state(found: "application_pb2.Application") -> str:
    from yizhao.registry.v1 import application_pb2

    short = application_pb2.ApplicationState.Name(found.state).removeprefix("APPLICATION_STATE_")
    return APPLICATION_STATES.get(short, short)
