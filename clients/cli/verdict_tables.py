"""A verdict as a clerk reads it: headline, sentence, next step, face, checks, age of the data."""

from typing import Final

from rich.panel import Panel

from clients.cli.say import console, facts, plain, say, span_text, table
from clients.cli.verdicts import HOLDER, Shown
from license_verify.reasons import Reason
from license_verify.wordings import REASONS, SILENT

_COLOURS: Final = {"VALID": "green", "INVALID": "red", "INDETERMINATE": "yellow"}
_RESULTS: Final = {
    "PASSED": "✓ 通过",
    "FAILED": "✗ 不通过",
    "NOT_ESTABLISHED": "? 未能确认",
    "NOT_REQUIRED": "– 未要求",
}
_CHECKS: Final = {
    "READ": "识读",
    "FORMAT": "格式",
    "HOST": "域名",
    "KEY_TRUST": "签发密钥",
    "SIGNATURE": "签名",
    "TIME": "有效时间",
    "STATUS": "登记状态",
    "PLACE": "场所",
    "LOGGED": "签发日志",
    "HOLDER": "持有人",
}
_SOURCES: Final = {"live": "实时 live", "cached": "缓存 cached", "bundled": "离线数据包 bundle"}
_ANSWERS: Final = {"name": "名称", "person": "人员", "address": "地址"}


def show_verdict(shown: Shown) -> None:
    """Print it."""
    colour = _COLOURS.get(shown.outcome, "yellow")
    lines = [
        f"[bold]{plain(shown.zh.headline)}[/]  [bold]{shown.outcome} / {shown.status}[/]",
        plain(shown.zh.sentence),
        plain(shown.en.sentence),
        f"→ {plain(shown.zh.next_step)} {plain(shown.en.next_step)}".rstrip(),
    ]
    if "不证明出示人" not in shown.zh.sentence:
        lines.append(HOLDER)
    if shown.environment not in ("", "production"):
        lines.append(f"[bold]测试系统 {plain(shown.environment)} — not a production licence[/]")
    console().print(Panel("\n".join(lines), border_style=colour))
    _face(shown)
    _checks(shown)
    say(freshness_text(shown))
    if shown.receipt:
        say(f"凭据 receipt: {plain(shown.receipt)}")


def freshness_text(shown: Shown) -> str:
    """One line about the age of the data."""
    if shown.age_seconds is None:
        return "数据 data: [yellow]没有可信数据 none[/]"
    return (
        f"数据 data: {_SOURCES.get(shown.source, shown.source)}，"
        f"{span_text(max(shown.age_seconds, 0))} 前 old，"
        f"最长允许 at most {span_text(shown.maximum_age_seconds)}"
    )


def _face(shown: Shown) -> None:
    face = shown.face
    if face is None:
        return
    site = f"-{face['site']}" if face["site"] else ""
    facts(
        "场所码 site code" if face["kind"] == "site" else "营业执照 licence",
        [
            ("统一社会信用代码", f"{face['uscc']}{site}"),
            ("名称", face["name"]),
            ("类型", face["type"]),
            (face["person_title"] or "负责人", face["person"]),
            (face["address_title"] or "住所", face["address"]),
            ("资本", face["capital"]),
            ("成立日期", face["established"]),
            ("版本", f"{face['version']}（{face['approved']}）".replace("（）", "")),
            ("登记机关", face["registrar"]),
            ("监管单位", face["supervisor"]),
            ("一照多址", "是" if face["multi_address"] else ""),
        ],
    )
    answers = [f"{_ANSWERS.get(name, name)} {value}" for name, value in shown.answers.items()]
    if answers:
        say("比对 claims: " + plain("，".join(answers)))


def _checks(shown: Shown) -> None:
    table(
        "检查 checks",
        ("#", "项目", "结果", "原因"),
        [
            (
                str(check.number),
                f"{_CHECKS.get(check.name, '')} {check.name}",
                _RESULTS.get(check.result, check.result),
                reason_text(check.reason),
            )
            for check in shown.checks
        ],
    )


def reason_text(code: str) -> str:
    """What a check's reason says, with its code; a newer service may give one unknown here."""
    try:
        reason = Reason(code)
    except ValueError:
        return code
    if reason is Reason.NOT_REACHED:  # its sentence is of the whole verdict
        said = "前面的检查未过，未做此项。"
    elif reason in SILENT:
        said, _ = SILENT[reason]
    else:
        said, _ = REASONS[reason].sentence
    return f"{said}\n{code}"
