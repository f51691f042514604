"""Usage, receipts and checks of a business as tables."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from clients.cli.say import date_text, facts, plain, say, table, time_text
from clients.cli.unit_names import UnitNames
from clients.cli.words import VERDICTS, words_of
from license_verify.policy import POLICIES

if TYPE_CHECKING:
    from clients.sdk.usage import Usage
    from yizhao.verify.v1 import receipt_pb2, usage_pb2, verdict_pb2

PAGE: Final = "page"
_HEADS: Final = {
    "partner": "单位",
    "purpose": "用途",
    "item": "事项",
    "operator": "经办编号",
    "unit": "登记机关",
    "day": "日期",
    "month": "月份",
    "outcome": "结论",
}


def whole_name(partner: str) -> str:
    """`partner/icbank`, of that or of `icbank` alone; `page` and nobody as they are."""
    return partner if "/" in partner or partner in ("", PAGE) else f"partner/{partner}"


def partner_text(row: "usage_pb2.UsageRow | receipt_pb2.EntityCheck") -> str:
    """Who asked, as people call it and as its certificate does; scans of the page are nobody's."""
    if row.partner == PAGE:
        return "公众扫码 page"
    return f"{row.partner_title} {row.partner}" if row.partner_title else row.partner


def purpose_text(purpose: str) -> str:
    """The purpose in Chinese."""
    policy = POLICIES.get(purpose)
    return f"{policy.zh} {purpose}" if policy else purpose


def unit_text(unit: str) -> str:
    """The county that registered the business."""
    return UnitNames().title(unit) if unit else "未确定"


CELLS: Final[dict[str, Callable[["usage_pb2.UsageRow"], str]]] = {
    "partner": partner_text,
    "purpose": lambda row: purpose_text(row.purpose),
    "item": lambda row: row.item_code,
    "operator": lambda row: row.operator_reference,
    "unit": lambda row: unit_text(row.unit),
    "day": lambda row: date_text(row.day),
    "month": lambda row: date_text(row.day)[:7],
    "outcome": lambda row: _outcome(row.outcome),
}
"""What a row says, by dimension."""


def show_usage(found: "Usage", by: Sequence[str]) -> None:
    """Print sums, their total, and whose they are."""
    total = sum(row.count for row in found.rows)
    table(
        f"核验用量 usage: {total:,}",
        [*(_HEADS[each] for each in by), "次数"],
        [[*(CELLS[each](row) for each in by), f"{row.count:,}"] for row in found.rows],
    )
    say(plain(whose_text(found.whose)))


def whose_text(whose: str) -> str:
    """Whose sums are told; those of one caller could be taken for the city's."""
    if not whose:
        return "全市，含公众扫码 of everybody, scans of the page too"
    return f"仅统计 {whose} 的核验，并非全市数据 only the checks of {whose}, not the city's"


def show_receipts(found: "Sequence[receipt_pb2.Receipt]", limit: int) -> None:
    """Print a list of receipts."""
    table(
        f"核验凭据 receipts: {len(found)}",
        # One below the other: side by side, 80 columns would break ids and codes.
        ["核验时间\n凭据", "代码", "结论\n用途\n案号"],
        [
            [
                f"{time_text(each.verify_time)}\n{each.name.removeprefix('receipts/')}",
                each.uscc,
                f"{_outcome(each.outcome)}\n{purpose_text(each.purpose)}\n{each.case_number}".rstrip(),
            ]
            for each in found
        ],
    )
    if len(found) == limit:
        say("可能还有更多 there may be more: --limit, --from, --to")


def show_receipt(found: "receipt_pb2.Receipt") -> None:
    """Print one receipt."""
    facts(
        "核验凭据 receipt",
        [
            ("凭据 name", found.name),
            ("核验时间 time", time_text(found.verify_time)),
            ("结论 outcome", _outcome(found.outcome)),
            ("理由 reason", found.reason),
            ("代码 uscc", found.uscc),
            ("证照编码 token", found.token_id.hex()),
            ("单位 partner", found.partner),
            ("用途 purpose", purpose_text(found.purpose)),
            ("事项 item", found.item_code),
            ("案号 case", found.case_number),
            ("经办编号 operator", found.operator_reference),
            ("签名 signed", "有 yes" if found.document else "无 no"),
        ],
    )


def show_checks(found: "Sequence[receipt_pb2.EntityCheck]") -> None:
    """Print who checked a business."""
    table(
        f"被核验记录 checks: {len(found)}",
        ["核验时间", "单位", "用途", "结论"],
        [
            [
                time_text(each.verify_time),
                partner_text(each),
                f"{each.purpose_title} {each.purpose}",
                _outcome(each.outcome),
            ]
            for each in found
        ],
    )


def _outcome(outcome: "verdict_pb2.Outcome.ValueType") -> str:
    from yizhao.verify.v1 import verdict_pb2

    if not outcome:
        return ""
    return words_of(verdict_pb2.Outcome.Name(outcome), "OUTCOME", VERDICTS)
