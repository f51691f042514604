"""`yizhao filing …`: the queue, and what officials decide."""

from typing import Annotated

import typer

from clients import exits
from clients.cli.codes import named
from clients.cli.dates import wire_date
from clients.cli.filing_tables import show_filing_queue
from clients.cli.filing_told import Filing, tell_filing, with_findings
from clients.cli.own_unit import Unit, unit_of
from clients.cli.queue_arguments import Assignee, DueBy, Limit, assignee_of, state_of
from clients.cli.say import as_dict, write_json
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames
from clients.cli.words import FILING_STATES

app = typer.Typer()


@app.command()
def queue(
    context: typer.Context,
    unit: Unit = "",
    state: Annotated[str, typer.Option(help="As MANUAL or 转人工审查.")] = "",
    assignee: Assignee = "",
    due_by: DueBy = "",
    limit: Limit = 50,
) -> None:
    """List the filings of a unit 备案待办: overdue first, due today, then by age."""
    from yizhao.registry.v1 import premises_pb2

    wanted = state_of(state, FILING_STATES)
    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        found = registry.filings.queue(
            unit_of(session, registry, units, unit),
            state=premises_pb2.FilingState.Value(f"FILING_STATE_{wanted}"),
            assignee=assignee_of(session, assignee),
            due_by=wire_date(due_by, "--due-by") if due_by else None,
            limit=limit,
        )
        if session.as_json:
            filings = [as_dict(filing) for filing in found.items]
            write_json({"filings": filings, "counts": as_dict(found.counts)})
        else:
            show_filing_queue(found, session.today())


@app.command()
def assign(
    context: typer.Context,
    filing: Filing,
    to: Annotated[str, typer.Option("--to", help="Staff number, `me`, or `-` for nobody.")] = "me",
) -> None:
    """Say who looks after a filing 分派; everybody of the unit may still act on it."""
    session = session_of(context)
    with session.registry() as registry:
        person = assignee_of(session, to).replace("staff/-", "")
        tell_filing(session, registry, registry.filings.assign(named(filing, "filings"), person))


@app.command()
def decide(
    context: typer.Context,
    filing: Filing,
    reason: Annotated[str, typer.Option(help="Why, in Chinese 审定理由.")],
    accept: Annotated[
        bool | None, typer.Option("--accept/--reject", help="准予备案 or 不予备案.")
    ] = None,
) -> None:
    """Decide a filing that the rules gave to an official 人工审定."""
    if accept is None:
        raise exits.Failure(
            "say --accept or --reject",
            exit_code=exits.USAGE,
            zh="请指明准予（--accept）还是不予（--reject）",
        )
    session = session_of(context)
    with session.registry() as registry:
        read = registry.filings.get(named(filing, "filings"))
        with with_findings(session, registry, read.name):
            found = registry.filings.decide(read, accept=accept, reason=reason)
        tell_filing(session, registry, found)


@app.command("return")
def give_back(
    context: typer.Context,
    filing: Filing,
    defect: Annotated[
        list[str], typer.Option("--defect", help="What is missing, in Chinese; may be repeated.")
    ],
) -> None:
    """Send a filing back to be completed 退回补正, with a notice of all that is missing."""
    session = session_of(context)
    with session.registry() as registry:
        read = registry.filings.get(named(filing, "filings"))
        tell_filing(session, registry, registry.filings.give_back(read, defect))


@app.command()
def withdraw(context: typer.Context, filing: Filing) -> None:
    """Take back a filing that was not decided yet 撤回."""
    session = session_of(context)
    with session.registry() as registry:
        read = registry.filings.get(named(filing, "filings"))
        tell_filing(session, registry, registry.filings.withdraw(read))
