"""Tables of hand-overs and inspections."""

from datetime import date
from typing import TYPE_CHECKING

from clients.cli.due_dates import due_cell, due_text, show_counts
from clients.cli.place_tables import place_state
from clients.cli.say import date_text, facts, table, time_text
from clients.cli.words import HANDOVER_STATES, INSPECTION_RESULTS, words_of
from clients.sdk import names

if TYPE_CHECKING:
    from clients.cli.unit_names import UnitNames
    from clients.sdk.queues import Queue
    from yizhao.registry.v1 import premises_pb2


def show_handover(handover: "premises_pb2.Handover", units: "UnitNames") -> None:
    """One hand-over with its inspections."""
    from yizhao.registry.v1 import premises_pb2

    state = premises_pb2.HandoverState.Name(handover.state)
    taken = (handover.acknowledged_by.removeprefix("staff/"), time_text(handover.acknowledge_time))
    facts(
        f"抄告 {names.short(handover.name)}",
        [
            ("状态", words_of(state, "HANDOVER_STATE", HANDOVER_STATES)),
            ("企业", handover.business_name),
            ("场所", f"{names.short(handover.premises)}（{place_state(handover.premises_state)}）"),
            ("地址", handover.address),
            ("登记机关", units.title(handover.from_unit)),
            ("监管单位", units.title(handover.to_unit)),
            ("曾经单位", " → ".join(units.titles(handover.earlier_units))),
            ("抄告时间", time_text(handover.create_time)),
            ("办理期限", due_text(handover.due_date, handover.due_date_provisional)),
            ("接收", " ".join(filter(None, taken))),
            ("理由", handover.reason),
        ],
    )
    if handover.inspections:
        _show_inspections(handover)


def _show_inspections(handover: "premises_pb2.Handover") -> None:
    from yizhao.registry.v1 import premises_pb2

    table(
        "现场核查 inspections",
        ("日期", "结果", "执法人员", "情况"),
        [
            (
                date_text(inspection.inspection_date),
                words_of(
                    premises_pb2.InspectionResult.Name(inspection.result),
                    "INSPECTION_RESULT",
                    INSPECTION_RESULTS,
                ),
                "、".join(inspection.inspectors),
                inspection.report,
            )
            for inspection in handover.inspections
        ],
    )


def show_handover_queue(
    queue: "Queue[premises_pb2.Handover]", units: "UnitNames", today: date, *, home: bool
) -> None:
    """What a unit received, or with `home` what it handed over; a line each."""
    from yizhao.registry.v1 import premises_pb2

    waits = (premises_pb2.HANDOVER_STATE_PENDING, premises_pb2.HANDOVER_STATE_FORWARDED)
    show_counts(queue.counts, len(queue.items), "抄告外发" if home else "抄告收件")
    table(
        "",
        ("抄告", "状态", "期限", "企业", "地址", "监管单位" if home else "登记机关"),
        [
            (
                names.short(handover.name),
                HANDOVER_STATES[
                    premises_pb2.HandoverState.Name(handover.state).removeprefix("HANDOVER_STATE_")
                ],
                due_cell(
                    handover.due_date,
                    handover.due_date_provisional,
                    today,
                    waits=handover.state in waits,
                ),
                handover.business_name,
                handover.address,
                units.title(handover.to_unit if home else handover.from_unit),
            )
            for handover in queue.items
        ],
    )
