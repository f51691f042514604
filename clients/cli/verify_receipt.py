"""`yizhao verify receipt`: what the receipt of an earlier check proves, offline."""

from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from clients.cli.check_arguments import Environment, Published, Root
from clients.cli.offline import Offline
from clients.cli.say import console, facts, plain, span_text, write_json
from clients.cli.session import SHANGHAI, session_of
from clients.cli.words import VERDICTS
from license_verify.checks import Result
from license_verify.receipt import Receipt
from license_verify.trust import Source
from license_verify.verdict import DocumentStatus, Outcome, Proof

_OUTCOMES: Final = {
    Outcome.VALID: "VALID",
    Outcome.INVALID: "INVALID: not to be relied on",
    Outcome.INDETERMINATE: "INDETERMINATE: not established",
}
_STATUSES: Final = {
    DocumentStatus.VALID: "有效",
    DocumentStatus.INVALID: "未签发",
    DocumentStatus.SUSPENDED: "歇业",
    DocumentStatus.SUPERSEDED: "已换发",
    DocumentStatus.REVOKED: "吊销",
    DocumentStatus.DEREGISTERED: "注销",
    DocumentStatus.ANNULLED: "撤销",
    DocumentStatus.LOST_VOID: "遗失作废",
    DocumentStatus.EXPIRED: "期满",
    DocumentStatus.NOT_YET_VALID: "尚未生效",
    DocumentStatus.UNKNOWN: "未知",
}
_SOURCES: Final = {Source.LIVE: "实时", Source.CACHED: "缓存", Source.BUNDLED: "离线数据包"}


def run(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The receipt 核验凭据, as a file.")],
    bundle: Published,
    root: Root = None,
    environment: Environment = "",
) -> None:
    """Check the receipt of a check 核验凭据, and say what it proves; nothing is asked of anybody.

    It holds for years: the age of the data does not matter, if the data knows the receipt's key.

    Exit code: 0 genuine, whatever came of the check then; 4 not genuine; 5 INDETERMINATE, the data
    can't tell; 1 nothing was checked, as a file could not be read.
    """
    session = session_of(context)
    offline = Offline.read(session, bundle, root, environment, "", "")
    with offline.judging(session):
        receipt = offline.open_receipt(file)
    if session.as_json:
        write_json(_plain(receipt))
    else:
        _show(receipt)


def _plain(receipt: Receipt) -> dict[str, Any]:
    data, asked = receipt.manifest_issued_at, receipt.asked
    chinese, english = said(receipt)
    return {
        "id": str(receipt.id),
        "outcome": receipt.outcome.value,
        "status": receipt.status.value,
        "proof": receipt.proof.value,
        "environment": receipt.environment,
        "reason": receipt.reason.value,
        "checks": [
            {"name": each.name.name, "result": each.result.value, "reason": each.reason.value}
            for each in receipt.checks
        ],
        "source": receipt.source.value,
        "data_issued_at": data.isoformat() if data else None,
        "maximum_age_seconds": int(receipt.max_age.total_seconds()),
        "token_id": receipt.token_id.hex() if receipt.token_id else None,
        "uscc": receipt.uscc,
        "as_of": receipt.as_of.isoformat() if receipt.as_of else None,
        "asked": asdict(asked),
        "checked_at": receipt.issued_at.isoformat(),
        "zh": chinese,
        "en": english,
    }


def said(receipt: Receipt) -> tuple[str, str]:
    """What the receipt proves, in Chinese and in English."""
    at = _local(receipt.issued_at)
    zh, en = VERDICTS[receipt.outcome.value], _OUTCOMES[receipt.outcome]
    subject = receipt.uscc or "（未读出主体）"
    typed = receipt.proof is Proof.NONE
    what_zh = f"{subject} 的" + ("手工输入代码" if typed else "执照或场所码")
    what_en = ("a typed code of " if typed else "a licence or site code of ") + (
        receipt.uscc or "nobody that could be read"
    )
    return (
        f"本凭据证明：{at}（北京时间）{receipt.asked.partner} 核验了 {what_zh}，"
        f"当时结果为“{zh}”，登记状态为“{_STATUSES[receipt.status]}”。"
        "不证明此后的状态，也不证明出示人。",
        f"It proves that {receipt.asked.partner} had {what_en} checked at {at} Beijing time, and "
        f"that the answer was {en}, with the status {receipt.status.value}. It proves nothing of "
        "any time after, nor of the person who showed it.",
    )


def _show(receipt: Receipt) -> None:
    from rich.panel import Panel

    chinese, english = said(receipt)
    lines = ["[bold]凭据真实 The receipt is genuine[/]", plain(chinese), plain(english)]
    if receipt.environment not in ("", "production"):
        lines.append(f"[bold]测试系统 {plain(receipt.environment)} — not of production[/]")
    console().print(Panel("\n".join(lines), border_style="green"))
    asked = receipt.asked
    open_checks = [
        f"{each.name.name} {each.result.value} {each.reason.value}"
        for each in receipt.checks
        if each.result in (Result.FAILED, Result.NOT_ESTABLISHED)
    ]
    facts(
        "核验凭据 receipt",
        [
            ("编号", str(receipt.id)),
            ("结果", f"{receipt.outcome.value} / {receipt.status.value} / {receipt.reason.value}"),
            ("统一社会信用代码", receipt.uscc or ""),
            ("核验方", asked.partner),
            ("用途", asked.purpose),
            ("事项", asked.item_code),
            ("案号", asked.case_number),
            ("经办编号", asked.operator),
            ("所查日期", receipt.as_of.isoformat() if receipt.as_of else ""),
            ("数据", _data(receipt)),
            ("未通过或未能确认的检查", "；".join(open_checks)),
        ],
    )


def _data(receipt: Receipt) -> str:
    """How old the data was by which the check was made."""
    data = receipt.manifest_issued_at
    if data is None:
        return "当时没有可信数据 none"
    age = max(receipt.issued_at - data, timedelta(0))
    return (
        f"{_SOURCES[receipt.source]}，{_local(data)} 发布，当时 {span_text(age.total_seconds())}，"
        f"最长允许 {span_text(receipt.max_age.total_seconds())}"
    )


def _local(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
