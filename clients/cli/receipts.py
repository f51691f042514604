"""`yizhao receipt`: receipts of checks 核验凭据, fetched again."""

from pathlib import Path
from typing import Annotated

import typer

from clients import exits
from clients.cli.codes import tidied
from clients.cli.dates import wire_date
from clients.cli.say import as_dict, plain, say, write_json, write_message
from clients.cli.session import session_of
from clients.cli.usage_tables import show_receipt, show_receipts, whole_name
from clients.whole_files import write_whole

app = typer.Typer()


@app.callback()
def receipt() -> None:
    """Receipts of checks 核验凭据; a partner sees its own, the city also others'."""


@app.command("get")
def get(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="RECEIPT", help="As `yizhao verify` told it.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the signed document, to be checked years later."),
    ] = None,
) -> None:
    """Fetch one."""
    session = session_of(context)
    with session.usage() as client:
        found = client.receipt(name if name.startswith("receipts/") else f"receipts/{name}")
    if out is not None:
        if not found.document:
            raise exits.Failure(
                "it has no signed document: the node had no key for it, or a premises statement "
                "was checked",
                zh="该核验没有签名凭据：当时没有可用的凭据密钥，或核验的是经营场所清单",
            )
        write_whole(out, found.document)
    if session.as_json:
        write_message(found)
        return
    show_receipt(found)
    if out is not None:
        say(f"[green]✓[/] 已写入 written: {plain(str(out))}")


@app.command("list")
def list_receipts(
    context: typer.Context,
    partner: Annotated[str, typer.Option(metavar="PARTNER", help="As partner/icbank.")] = "",
    of_case: Annotated[str, typer.Option("--of-case", metavar="NUMBER", help="Of this case.")] = "",
    code: Annotated[str, typer.Option(metavar="CODE", help="Of this business.")] = "",
    since: Annotated[
        str, typer.Option("--from", metavar="DATE", help="First day, as 2026-01-31.")
    ] = "",
    until: Annotated[
        str, typer.Option("--to", metavar="DATE", help="Last day; today if absent.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most this many.")] = 50,
) -> None:
    """List your own, newest first; of a month if no date is given. The city names --partner."""
    session = session_of(context)
    with session.usage() as client:
        every = client.receipts(
            partner=whole_name(partner),
            case_number=of_case,
            uscc=tidied(code).upper(),
            from_date=wire_date(since, "--from") if since else None,
            to_date=wire_date(until, "--to") if until else None,
        )
        found = [each for each, _ in zip(every, range(limit), strict=False)]
    if session.as_json:
        write_json({"receipts": [as_dict(each) for each in found]})
    else:
        show_receipts(found, limit)
