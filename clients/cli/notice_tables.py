"""Notices 告知书: all defects of a visit, told once and whole."""

from typing import TYPE_CHECKING

from clients.cli.say import table, time_text
from clients.sdk import names

if TYPE_CHECKING:
    from yizhao.registry.v1 import application_pb2


def show_notice(notice: "application_pb2.Notice") -> None:
    """One notice, a line each defect."""
    receipt = notice.name.split("/")[3]
    teller = notice.told_by.removeprefix("staff/")
    table(
        f"第 {notice.number} 号一次性告知书（受理编号 {receipt}，{time_text(notice.create_time)}"
        f"，告知人 {teller}）",
        ("序", "备案", "规则", "需补正", "办法"),
        [
            (
                str(number),
                names.short(defect.subject),
                str(defect.rule) if defect.rule else "人工",
                defect.reason,
                defect.remedy,
            )
            for number, defect in enumerate(notice.defects, 1)
        ],
    )
