"""`yizhao usage`: how many checks there were 核验用量, and who checked a business."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from clients import exits
from clients.cli.codes import tidied
from clients.cli.dates import wire_date
from clients.cli.say import as_dict, plain, say, write_json
from clients.cli.session import session_of
from clients.cli.usage_tables import show_checks, show_usage, whole_name
from clients.whole_files import write_whole

if TYPE_CHECKING:
    from google.type.date_pb2 import Date

    from yizhao.verify.v1 import usage_pb2

app = typer.Typer()

BY: Final = ("partner", "purpose", "item", "operator", "unit", "day", "month", "outcome")
_OF_A_YEAR: Final = BY[:5]
From = Annotated[str, typer.Option("--from", metavar="DATE", help="First day, as 2026-01-31.")]
To = Annotated[str, typer.Option("--to", metavar="DATE", help="Last day; today if absent.")]


@app.callback()
def usage() -> None:
    """How many checks there were 核验用量; a partner sees its own, the city all."""


@app.command("show")
def show(
    context: typer.Context,
    by: Annotated[
        str, typer.Option(metavar="WHAT", help=f"What to tell apart, by commas: {', '.join(BY)}.")
    ] = "purpose,day",
    partner: Annotated[str, typer.Option(metavar="PARTNER", help="As partner/icbank.")] = "",
    since: From = "",
    until: To = "",
) -> None:
    """Show usage, this month's if no date is given."""
    session, dimensions = session_of(context), _dimensions(by)
    with session.usage() as client:
        found = client.usage(
            [number for number, _ in dimensions],
            partner=whole_name(partner),
            from_date=_date(since, "--from"),
            to_date=_date(until, "--to"),
        )
    if session.as_json:
        write_json({"whose": found.whose, "rows": [as_dict(row) for row in found.rows]})
    else:
        show_usage(found, [name for _, name in dimensions])


@app.command("totals")
def totals(
    context: typer.Context,
    year: Annotated[
        int | None, typer.Option(min=2000, max=9999, help="Of which year; this one if absent.")
    ] = None,
    by: Annotated[
        str, typer.Option(metavar="WHAT", help=f"One of {', '.join(_OF_A_YEAR)}.")
    ] = "partner",
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="Draw it by month, too.")
    ] = None,
) -> None:
    """Show a year by month 全市核验总量, for the city and auditors; others see their own alone."""
    session = session_of(context)
    year = year or session.today().year
    dimensions = _dimensions(f"month,{_one(by)}")
    names = [name for _, name in dimensions]
    with session.usage() as client:
        found = client.usage(
            [number for number, _ in dimensions],
            from_date=wire_date(f"{year}-01-01", "--year"),
            to_date=wire_date(f"{year}-12-31", "--year"),
        )
    if chart is not None:
        from clients.cli.usage_chart import draw

        write_whole(chart, draw(found, names[1:], year))
    if session.as_json:
        rows = [as_dict(row) for row in found.rows]
        write_json({"whose": found.whose, "rows": rows, "chart": str(chart or "")})
        return
    show_usage(found, names)
    if chart is not None:
        say(f"[green]✓[/] 已绘制 drawn: {plain(str(chart))}")


@app.command("checks")
def checks(
    context: typer.Context,
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="统一社会信用代码, or a former code.")
    ],
    since: From = "",
    until: To = "",
) -> None:
    """List who checked a business 被核验记录, for itself to know; say --why.

    For registrars of the unit that registers it. Checks of confidential purposes are not in it.
    """
    session = session_of(context)
    if not session.why.strip():
        raise exits.Failure(
            "say why you look: --why TEXT; the registry keeps it with the read",
            exit_code=exits.USAGE,
            zh="请用 --why 填写查询事由，登记系统随查阅记录留存",
        )
    with session.usage() as client:
        found = list(
            client.checks(
                tidied(code).upper(),
                from_date=_date(since, "--from"),
                to_date=_date(until, "--to"),
            )
        )
    if session.as_json:
        write_json({"checks": [as_dict(check) for check in found]})
    else:
        show_checks(found)


def _one(by: str) -> str:
    """What a year is told apart by, besides its months.

    Raises:
        Failure: another thing, or more than one.
    """
    if by not in _OF_A_YEAR:
        raise exits.no_choice("--by", by, _OF_A_YEAR)
    return by


def _dimensions(by: str) -> "list[tuple[usage_pb2.UsageDimension.ValueType, str]]":
    """What to tell apart, each once; operators by partner, whose own references they are.

    Raises:
        Failure: some of it is nothing known.
    """
    from yizhao.verify.v1 import usage_pb2

    names = list(dict.fromkeys(name.strip() for name in by.split(",")))
    if unknown := [name for name in names if name not in BY]:
        raise exits.no_choice("--by", unknown[0], BY)
    if "operator" in names and "partner" not in names:
        names.insert(names.index("operator"), "partner")
    return [
        (usage_pb2.UsageDimension.Value(f"USAGE_DIMENSION_{name.upper()}"), name) for name in names
    ]


def _date(text: str, option: str) -> "Date | None":
    return wire_date(text, option) if text else None
