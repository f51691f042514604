"""The text of `docs/reasons.md`: every reason of a check, what it means and what to do."""

from collections.abc import Iterable
from typing import Final

from license_verify.checks import CheckName
from license_verify.reason_list import ANY_CHECK, BY_CHECK
from license_verify.reasons import Reason
from license_verify.wordings import REASONS, SILENT

_HEAD: Final = """\
<!-- Made by `make docs` from license_verify/{reasons,reason_list,wordings}.py; edit those. -->
# 核验原因 Reasons of a verdict

每项检查都有一个原因代码，整个结论的原因就是起决定作用的那项检查的原因。代码只增不减，含义不变，程序可以据此判断；\
文字会改进，请勿据以判断。“结论”一栏是该原因起决定作用时的标题；“—”表示它只说明一项检查，从不决定结论。

Every check has a reason, and a verdict's reason is that of the check which decided. The list only
grows and a name never changes its meaning: programs may rely on the names, never on the words.
"""
_ZH: Final = {
    CheckName.READ: "识读",
    CheckName.FORMAT: "格式",
    CheckName.HOST: "域名",
    CheckName.KEY_TRUST: "签发密钥",
    CheckName.SIGNATURE: "签名",
    CheckName.TIME: "有效时间",
    CheckName.STATUS: "登记状态",
    CheckName.PLACE: "场所",
    CheckName.LOGGED: "签发日志",
    CheckName.HOLDER: "出示人",
}
_COLUMNS: Final = "| 原因 | 结论 | 含义 | 下一步 |\n|---|---|---|---|\n"


def reasons_page() -> str:
    """`docs/reasons.md`."""
    parts = [_HEAD, "\n## 多项检查共用 Of several checks\n\n", _table(ANY_CHECK)]
    for check, reasons in BY_CHECK.items():
        parts.append(f"\n## {check.value} {_ZH[check]} {check.name}\n\n{_table(reasons)}")
    return "".join(parts)


def _table(reasons: Iterable[Reason]) -> str:
    return _COLUMNS + "".join(_row(reason) for reason in reasons)


def _row(reason: Reason) -> str:
    if reason in SILENT:
        cells = ["—", "<br>".join(SILENT[reason]), "—"]
    else:
        words = REASONS[reason]
        cells = ["<br>".join(pair) for pair in (words.headline, words.sentence, words.next_step)]
    return f"| `{reason}` | {' | '.join(cells)} |\n"
