"""`yizhao verify statement`: check the signed list of an entity's places."""

from pathlib import Path
from typing import Annotated, Final

import typer

from clients import exits
from clients.cli import failures
from clients.cli.check_arguments import (
    Bundle,
    Environment,
    Item,
    Operator,
    Root,
    require_one_way,
)
from clients.cli.offline import Offline, read_statement
from clients.cli.say import console, facts, plain, say, table, write_json
from clients.cli.session import Session, session_of
from clients.cli.statement_verdicts import ShownStatement, from_library, from_service
from clients.cli.verify import Matter
from license_verify.statement import PlaceState
from license_verify.statement_errors import StatementRefused, StatementWithoutTrust

_EXITS: Final = {"VALID": exits.DONE, "INVALID": exits.INVALID}
_COLOURS: Final = {"VALID": "green", "INVALID": "red"}
_REFUSED: Final = frozenset(
    (StatementRefused.reason, *(each.reason for each in StatementRefused.__subclasses__()))
)
_STATES: Final = {PlaceState.LIVE: "已备案", PlaceState.SUSPENDED: "歇业中"}


def run(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The 经营场所清单, as a file.")],
    bundle: Bundle = None,
    address: Annotated[str, typer.Option(help="Look for this address on the list.")] = "",
    purpose: Annotated[str, typer.Option(help="As counter; decides how old data may be.")] = "",
    item: Item = "",
    operator: Operator = "",
    root: Root = None,
    environment: Environment = "",
    now: Annotated[str, typer.Option(metavar="TIME", help="Another clock, ISO or as +8d.")] = "",
    max_age: Annotated[
        str, typer.Option(metavar="SPAN", help="Oldest data allowed, as 24h or 7d.")
    ] = "",
) -> None:
    """Check a signed list of places 核验经营场所清单, by the service, or offline with --bundle.

    Exit code: 0 in force; 4 not genuine, replaced or void; 5 INDETERMINATE; 1 nothing was checked,
    as a file could not be read.
    """
    session = session_of(context)
    require_one_way(
        bundle,
        {"--root": root, "--environment": environment, "--now": now, "--max-age": max_age},
        {"--item": item, "--operator": operator},
    )
    if bundle is None:
        matter = Matter(purpose, item, operator, session.case_number)
        shown = _by_service(session, file, address, matter)
    else:
        offline = Offline.read(session, bundle, root, environment, now, max_age)
        with offline.judging(session, purpose):
            verdict = offline.check_statement(file, purpose)
        shown = from_library(verdict, address)
    if session.as_json:
        write_json(shown.as_dict())
    else:
        show(shown, address)
    raise typer.Exit(_EXITS.get(shown.outcome, exits.INDETERMINATE))


def _by_service(session: Session, file: Path, address: str, matter: Matter) -> ShownStatement:
    from clients.sdk.errors import ServiceError

    content = read_statement(file)
    with session.verifier() as verifier:
        try:
            told = verifier.verify_statement(
                content,
                address=address,
                purpose=matter.purpose,
                item_code=matter.item,
                case_number=matter.case_number,
                operator_reference=matter.operator,
            )
        except ServiceError as error:
            if error.reason not in _REFUSED:
                raise
            failures.tell(error, as_json=session.as_json)
            undecided = error.reason == StatementWithoutTrust.reason
            raise typer.Exit(exits.INDETERMINATE if undecided else exits.INVALID) from None
        return from_service(told)


def show(shown: ShownStatement, address: str) -> None:
    """Print a verdict, and what came of the address that was asked about."""
    from rich.panel import Panel

    chinese, english = shown.zh, shown.en
    lines = (
        f"[bold]{plain(chinese.headline)}[/]  [bold]{shown.outcome}[/]",
        plain(chinese.sentence),
        plain(english.sentence),
        f"→ {plain(chinese.next_step)} {plain(english.next_step)}",
    )
    colour = _COLOURS.get(shown.outcome, "yellow")
    console().print(Panel("\n".join(lines), border_style=colour))
    if address:
        facts("所查地址", [("地址", address), ("结果", _where(shown))])
    rows = [
        (
            str(place.number),
            place.title,
            place.address,
            place.supervisor,
            place.filed,
            _STATES[PlaceState(place.state)],
        )
        for place in shown.premises
    ]
    if rows:
        table("经营场所", ("序号", "名称", "地址", "监管单位", "备案日期", "状态"), rows)
    else:
        say("清单上没有经营场所。")


def _where(shown: ShownStatement) -> str:
    if shown.address_answer == "NOT_COMPARED":
        return "未查找：本单位的核验权限不含地址比对 not looked for: the grant has no claim address"
    return f"在清单上：第 {shown.found} 号经营场所" if shown.found else "不在清单上"
