"""`yizhao doctor`: what is wrong here, why, and the command to run next."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.text import Text

from clients import exits
from clients.cli.say import say, styled, table, write_json
from clients.cli.session import session_of

if TYPE_CHECKING:
    from clients.doctor.finding import Finding

_MEBIBYTE: Final = 1 << 20
_SHOWN: Final = {
    "fail": ("✗ 故障 FAIL", "bold red"),
    "warn": ("! 注意 WARN", "yellow"),
    "ok": ("✓ 正常 OK", "green"),
    "not_applicable": ("– 不适用 N/A", "dim"),
}


def run(
    context: typer.Context,
    every: Annotated[
        bool, typer.Option("--all", help="Show also what is as it should be.")
    ] = False,
    spare: Annotated[
        int, typer.Option(min=1, metavar="MIB", help="Free space that each disk should have.")
    ] = 1024,
) -> None:
    """Look for the likeliest failures and name cause and next command 故障诊断.

    Looks at the settings YIZHAO_REGISTRY_… and YIZHAO_VERIFY_…, and at the instance of `yizhao up`.
    Changes nothing, and works while services are down. Exit 1 if something fails.
    """
    from clients.doctor.examine import examine
    from clients.doctor.finding import Outcome
    from clients.doctor.subject import read_subject

    session = session_of(context)
    findings = examine(read_subject(session.folder, session.environ, spare * _MEBIBYTE))
    failed = any(finding.outcome is Outcome.FAIL for finding in findings)
    if session.as_json:
        write_json({"failed": failed, "findings": [asdict(finding) for finding in findings]})
    else:
        _show(findings, every=every)
    if failed:
        raise typer.Exit(exits.REFUSED)


def _show(findings: "list[Finding]", *, every: bool) -> None:
    from clients.doctor.checks import CHECKS
    from clients.doctor.finding import Outcome

    titles = {check.name: check.zh for check in CHECKS}
    wrong = (Outcome.FAIL, Outcome.WARN)
    shown = [each for each in findings if every or each.outcome in wrong]
    if shown:
        table(
            "诊断 doctor",
            ("结果", "检查", "对象 looked at", "原因 cause → 下一步 next"),
            [_row(each, titles.get(each.check, "")) for each in shown],
        )
    good = sum(each.outcome is Outcome.OK for each in findings)
    bad = sum(each.outcome is Outcome.FAIL for each in findings)
    attention = sum(each.outcome is Outcome.WARN for each in findings)
    say(
        f"故障 {bad} failed · 注意 {attention} to look at · 正常 {good} as they should be"
        + ("" if every else " · 全部结果 everything: yizhao doctor --all")
    )


def _row(finding: "Finding", title: str) -> tuple[str | Text, ...]:
    words, style = _SHOWN[finding.outcome]
    return (
        styled(words, style),
        f"{title} {finding.check}",
        finding.looked_at,
        "\n".join(filter(None, (finding.zh, finding.en, finding.next and f"→ {finding.next}"))),
    )
