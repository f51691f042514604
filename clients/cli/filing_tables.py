"""Tables of filings."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from clients.cli.due_dates import due_cell, due_text, show_counts
from clients.cli.say import date_text, facts, plain, say, table, time_text
from clients.cli.words import (
    BUILDINGS,
    FILING_ACTS,
    FILING_STATES,
    FINDING_OUTCOMES,
    words_of,
)
from clients.sdk import names

if TYPE_CHECKING:
    from clients.cli.unit_names import UnitNames
    from clients.sdk.queues import Queue
    from yizhao.registry.v1 import premises_pb2, premises_service_pb2


def filing_state(state: "premises_pb2.FilingState.ValueType") -> str:
    """As `已备案 FILED`."""
    from yizhao.registry.v1 import premises_pb2

    return words_of(premises_pb2.FilingState.Name(state), "FILING_STATE", FILING_STATES)


def filing_words(state: "premises_pb2.FilingState.ValueType") -> str:
    """As `已备案`, for narrow columns."""
    from yizhao.registry.v1 import premises_pb2

    short = premises_pb2.FilingState.Name(state).removeprefix("FILING_STATE_")
    return FILING_STATES.get(short, short)


def show_findings(findings: Iterable["premises_pb2.Finding"]) -> None:
    """What the rules found."""
    from yizhao.registry.v1 import premises_pb2

    rows = [
        (
            str(finding.rule),
            words_of(
                premises_pb2.FindingOutcome.Name(finding.outcome),
                "FINDING_OUTCOME",
                FINDING_OUTCOMES,
            ),
            finding.reason,
            finding.remedy,
        )
        for finding in findings
    ]
    if rows:
        table("审查意见 findings", ("规则", "结果", "理由", "办法"), rows)


def act_words(filing: "premises_pb2.PremisesFiling") -> str:
    """As `新增`, or `变更第 2 号场所`."""
    from yizhao.registry.v1 import premises_pb2

    short = premises_pb2.FilingAct.Name(filing.act).removeprefix("FILING_ACT_")
    words = FILING_ACTS.get(short, FILING_ACTS["ADD"])
    return f"{words}第 {filing.target.rpartition('/')[2]} 号场所" if filing.target else words


def building_words(building: "premises_pb2.Building.ValueType") -> str:
    """What a building is; empty where not told."""
    from yizhao.registry.v1 import premises_pb2

    return BUILDINGS.get(premises_pb2.Building.Name(building).removeprefix("BUILDING_"), "")


def show_check(found: "premises_service_pb2.CheckFilingResponse") -> None:
    """A check without filing."""
    say(f"预审结果 would be: [bold]{plain(filing_state(found.state))}[/]")
    show_findings(found.findings)


def show_filing(filing: "premises_pb2.PremisesFiling", units: "UnitNames") -> None:
    """One filing."""
    place = filing.site.address
    facts(
        f"备案 {names.short(filing.name)}",
        [
            ("企业", filing.business_name),
            ("事项", act_words(filing)),
            ("状态", filing_state(filing.state)),
            ("办理期限", due_text(filing.due_date, filing.due_date_provisional)),
            ("承办人", filing.assignee.removeprefix("staff/")),
            ("审定理由", filing.decision),
            ("场所名称", filing.site.title),
            ("地址", place.text),
            ("管辖单位", (units.title(place.unit) or "存疑 unclear") if place.text else ""),
            ("用途", filing.site.use),
            ("建筑", building_words(filing.site.building)),
            ("租赁至", date_text(filing.site.tenancy_end_date)),
            ("申请", names.short(filing.application)),
            ("场所", names.short(filing.premises)),
            ("抄告", names.short(filing.handover)),
            ("更新时间", time_text(filing.update_time)),
        ],
    )
    show_findings(filing.findings)


def show_filings(found: Sequence["premises_pb2.PremisesFiling"], units: "UnitNames") -> None:
    """Many filings, a line each."""
    table(
        f"备案 {len(found)}",
        ("备案", "事项", "状态", "场所", "管辖单位", "理由"),
        [
            (
                names.short(filing.name),
                act_words(filing),
                filing_words(filing.state),
                _place(filing),
                units.title(filing.site.address.unit),
                filing.decision or "；".join(finding.reason for finding in filing.findings),
            )
            for filing in found
        ],
    )


def show_filing_queue(queue: "Queue[premises_pb2.PremisesFiling]", today: date) -> None:
    """What waits, most urgent first."""
    from yizhao.registry.v1 import premises_pb2

    waits = (
        premises_pb2.FILING_STATE_DRAFT,
        premises_pb2.FILING_STATE_SUBMITTED,
        premises_pb2.FILING_STATE_MANUAL,
    )
    show_counts(queue.counts, len(queue.items), "备案待办")
    table(
        "",
        ("备案", "状态", "期限", "企业", "场所", "承办"),
        [
            (
                names.short(filing.name),
                filing_words(filing.state),
                due_cell(
                    filing.due_date,
                    filing.due_date_provisional,
                    today,
                    waits=filing.state in waits,
                    done=filing.state not in (*waits, premises_pb2.FILING_STATE_RETURNED),
                ),
                filing.business_name,
                _place(filing),
                filing.assignee.removeprefix("staff/"),
            )
            for filing in queue.items
        ],
    )


def _place(filing: "premises_pb2.PremisesFiling") -> str:
    """Title and address; a removal names its place by number only."""
    told = " ".join(filter(None, (filing.site.title, filing.site.address.text)))
    return told or act_words(filing)
