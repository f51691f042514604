"""`yizhao application`: visits, their receipts, notices and documents."""

from pathlib import Path
from typing import Annotated

import typer

from clients.cli.application_tables import show_application, show_application_queue
from clients.cli.codes import named, read_code
from clients.cli.dates import wire_date
from clients.cli.notice_tables import show_notice
from clients.cli.own_unit import Unit, unit_of
from clients.cli.queue_arguments import Assignee, DueBy, Limit, assignee_of, state_of
from clients.cli.say import as_dict, facts, say, write_json, write_message
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames
from clients.cli.visits import Agent, Applicant, Channel, Identity, details
from clients.cli.words import APPLICATION_STATES

app = typer.Typer()

Visit = Annotated[
    str, typer.Argument(metavar="APPLICATION", help="CODE/RECEIPT, with its 受理编号.")
]


@app.command()
def create(
    context: typer.Context,
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="统一社会信用代码 or a scan; asked for if absent.")
    ] = "",
    applicant: Applicant = "",
    agent: Agent = "",
    identity: Identity = "card",
    channel: Channel = "counter",
) -> None:
    """Take an application and give it a receipt number 受理编号."""
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        who = applicant or registry.entities.get(code, "受理申请").face.person
        found = registry.applications.create(code, details(who, agent, identity, channel))
        if session.as_json:
            write_message(found)
        else:
            show_application(found, UnitNames(registry))


@app.command()
def get(
    context: typer.Context,
    application: Visit,
    receipt: Annotated[
        str, typer.Argument(metavar="[RECEIPT]", help="受理编号, if not in APPLICATION.")
    ] = "",
) -> None:
    """Read an application: what was asked for, and what became of each."""
    session = session_of(context)
    name = named(f"{application}/{receipt}" if receipt else application, "applications")
    with session.registry() as registry:
        found = registry.applications.get(name)
        if session.as_json:
            write_message(found)
        else:
            show_application(found, UnitNames(registry))


@app.command("list")
def list_applications(
    context: typer.Context,
    unit: Unit = "",
    state: Annotated[str, typer.Option(help="As MANUAL or 待审查.")] = "",
    assignee: Assignee = "",
    due_by: DueBy = "",
    limit: Limit = 50,
) -> None:
    """List the applications of a unit 申请待办: overdue first, due today, then by age."""
    from yizhao.registry.v1 import application_pb2

    wanted = state_of(state, APPLICATION_STATES)
    session = session_of(context)
    with session.registry() as registry:
        found = registry.applications.queue(
            unit_of(session, registry, UnitNames(registry), unit),
            state=application_pb2.ApplicationState.Value(f"APPLICATION_STATE_{wanted}"),
            assignee=assignee_of(session, assignee),
            due_by=wire_date(due_by, "--due-by") if due_by else None,
            limit=limit,
        )
    if session.as_json:
        told = [as_dict(each) for each in found.items]
        write_json({"applications": told, "counts": as_dict(found.counts)})
    else:
        show_application_queue(found, session.today())


@app.command()
def assign(
    context: typer.Context,
    application: Visit,
    to: Annotated[str, typer.Option("--to", help="Staff number, `me`, or `-` for nobody.")] = "me",
) -> None:
    """Say who looks after an application 分派; everybody of the unit may still act on it."""
    session = session_of(context)
    with session.registry() as registry:
        person = assignee_of(session, to).replace("staff/-", "")
        found = registry.applications.assign(named(application, "applications"), person)
        if session.as_json:
            write_message(found)
        else:
            show_application(found, UnitNames(registry))


@app.command()
def submit(context: typer.Context, application: Visit) -> None:
    """Submit every draft and completed filing of a visit; all defects come in one notice."""
    from yizhao.registry.v1 import application_pb2

    session = session_of(context)
    with session.registry() as registry:
        found = registry.applications.submit(named(application, "applications"))
        if session.as_json:
            write_message(found)
            return
        show_application(found, UnitNames(registry))
        if found.state == application_pb2.APPLICATION_STATE_RETURNED:
            show_notice(list(registry.applications.notices(found.name))[-1])


@app.command()
def extend(
    context: typer.Context,
    application: Visit,
    basis: Annotated[str, typer.Option(help="Why more time is needed, in Chinese.")],
) -> None:
    """Give 3 more working days 延长办理期限. For heads."""
    session = session_of(context)
    with session.registry() as registry:
        found = registry.applications.extend(named(application, "applications"), basis)
        if session.as_json:
            write_message(found)
        else:
            show_application(found, UnitNames(registry))


@app.command()
def notices(context: typer.Context, application: Visit) -> None:
    """List what was told to the applicant 一次性告知书, oldest first."""
    session = session_of(context)
    with session.registry() as registry:
        found = list(registry.applications.notices(named(application, "applications")))
    if session.as_json:
        write_json({"notices": [as_dict(notice) for notice in found]})
        return
    for notice in found:
        show_notice(notice)
    if not found:
        say("没有告知书 no notice")


@app.command("add-document")
def add_document(context: typer.Context, application: Visit, file: Path) -> None:
    """Keep a document of a visit 收存材料, at most 3 MiB; tells its SHA-256."""
    session = session_of(context)
    with session.registry() as registry:
        found = registry.applications.add_document(
            named(application, "applications"), file.read_bytes()
        )
    told = {"file": str(file), "sha256": found.sha256.hex(), "size_bytes": found.size_bytes}
    if session.as_json:
        write_json(told)
    else:
        facts("已收存 kept", [(key, str(value)) for key, value in told.items()])
