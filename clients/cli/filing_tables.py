"""Tables of filings, premises and hand-overs."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from clients.cli.say import date_text, facts, plain, say, table, time_text
from clients.cli.words import (
    FILING_STATES,
    FINDING_OUTCOMES,
    HANDOVER_STATES,
    PREMISES_STATES,
    words_of,
)
from clients.sdk import names

if TYPE_CHECKING:
    from clients.cli.unit_names import UnitNames
    from yizhao.registry.v1 import premises_pb2, premises_service_pb2


def filing_state(state: "premises_pb2.FilingState.ValueType") -> str:
    """As `已备案 FILED`."""
    from yizhao.registry.v1 import premises_pb2

    return words_of(premises_pb2.FilingState.Name(state), "FILING_STATE", FILING_STATES)


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
            ("状态", filing_state(filing.state)),
            ("场所名称", filing.site.title),
            ("地址", place.text),
            ("管辖单位", units.title(place.unit) if place.unit else "存疑 unclear"),
            ("用途", filing.site.use),
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
        ("备案", "状态", "场所", "地址", "管辖单位", "理由"),
        [
            (
                names.short(filing.name),
                filing_state(filing.state),
                filing.site.title,
                filing.site.address.text,
                units.title(filing.site.address.unit),
                "；".join(finding.reason for finding in filing.findings),
            )
            for filing in found
        ],
    )


def show_premises(found: Sequence["premises_pb2.Premises"], units: "UnitNames") -> None:
    """Filed places, a line each."""
    from yizhao.registry.v1 import premises_pb2

    table(
        f"经营场所 {len(found)}",
        ("编号", "场所", "地址", "管辖单位", "状态", "备案日期"),
        [
            (
                str(place.number),
                place.site.title,
                place.site.address.text,
                units.title(place.site.address.unit),
                words_of(
                    premises_pb2.PremisesState.Name(place.state), "PREMISES_STATE", PREMISES_STATES
                ),
                date_text(place.filing_date),
            )
            for place in found
        ],
    )


def show_handovers(found: Sequence["premises_pb2.Handover"], units: "UnitNames") -> None:
    """Inbox of a host unit, a line each."""
    from yizhao.registry.v1 import premises_pb2

    table(
        f"抄告 {len(found)}",
        ("抄告", "企业", "地址", "来自", "至", "状态", "抄告时间", "接收"),
        [
            (
                names.short(handover.name),
                handover.business_name,
                handover.address,
                units.title(handover.from_unit),
                units.title(handover.to_unit),
                words_of(
                    premises_pb2.HandoverState.Name(handover.state),
                    "HANDOVER_STATE",
                    HANDOVER_STATES,
                ),
                time_text(handover.create_time),
                " ".join(
                    filter(
                        None,
                        (
                            handover.acknowledged_by.removeprefix("staff/"),
                            time_text(handover.acknowledge_time),
                        ),
                    )
                ),
            )
            for handover in found
        ],
    )
