"""`yizhao access`: who looked at what, for auditors."""

from typing import Annotated

import typer

from clients import exits
from clients.cli.access_tables import show_accesses
from clients.cli.codes import tidied
from clients.cli.dates import read_time
from clients.cli.say import as_dict, write_json
from clients.cli.session import session_of

app = typer.Typer()


@app.callback()
def access() -> None:
    """Who looked at what 查阅记录."""


@app.command("list")
def list_accesses(
    context: typer.Context,
    entity: Annotated[str, typer.Option(metavar="CODE", help="Who read this business.")] = "",
    person: Annotated[str, typer.Option(metavar="STAFF_NO", help="What this person read.")] = "",
    since: Annotated[
        str, typer.Option("--from", metavar="TIME", help="From this day or time on.")
    ] = "",
    until: Annotated[
        str, typer.Option("--until", metavar="TIME", help="Before this day or time.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most this many.")] = 50,
) -> None:
    """List reads of a business or by a person, newest first. Looking here is recorded, too."""
    if bool(entity) == bool(person):
        raise exits.Failure(
            "name one: --entity CODE or --person STAFF_NO",
            exit_code=exits.USAGE,
            zh="请用 --entity 指明主体，或用 --person 指明人员",
        )
    session = session_of(context)
    with session.registry() as registry:
        accesses = registry.admin.accesses(
            entity=tidied(entity).upper(),
            person=f"staff/{person.removeprefix('staff/')}" if person else "",
            from_time=read_time(since, "--from") if since else None,
            until_time=read_time(until, "--until") if until else None,
        )
        found = [access for access, _ in zip(accesses, range(limit), strict=False)]
        if session.as_json:
            write_json({"accesses": [as_dict(access) for access in found]})
        else:
            show_accesses(found, limit)
