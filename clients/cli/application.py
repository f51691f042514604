"""`yizhao application`: visits and their receipts."""

from typing import TYPE_CHECKING, Annotated

import typer

from clients.cli.say import facts, time_text, write_message
from clients.cli.session import Session, session_of
from clients.cli.unit_names import UnitNames
from clients.cli.visits import Agent, Channel, Identity, details

if TYPE_CHECKING:
    from yizhao.registry.v1 import application_pb2

app = typer.Typer()

Code = Annotated[str, typer.Argument(metavar="CODE", help="统一社会信用代码.")]


@app.command()
def create(
    context: typer.Context,
    code: Code,
    applicant: Annotated[str, typer.Option(help="Who applies 申请人.")],
    agent: Agent = "",
    identity: Identity = "card",
    channel: Channel = "counter",
) -> None:
    """Take an application and give it a receipt number 受理编号."""
    session = session_of(context)
    with session.registry() as registry:
        visit = details(applicant, agent, identity, channel)
        _told(session, registry.applications.create(code, visit), UnitNames(registry))


@app.command()
def get(
    context: typer.Context,
    code: Code,
    receipt: Annotated[str, typer.Argument(metavar="RECEIPT", help="受理编号.")],
) -> None:
    """Read an application by its receipt number."""
    from clients.sdk import names

    session = session_of(context)
    with session.registry() as registry:
        found = registry.applications.get(names.below(code, "applications", receipt))
        _told(session, found, UnitNames(registry))


def _told(session: Session, found: "application_pb2.Application", units: UnitNames) -> None:
    if session.as_json:
        write_message(found)
        return
    facts(
        f"受理编号 {found.receipt_number}",
        [
            ("申请人", found.details.applicant),
            ("委托代理人", found.details.agent),
            ("受理单位", units.title(found.unit)),
            ("受理人", found.taken_by.removeprefix("staff/")),
            ("受理时间", time_text(found.create_time)),
        ],
    )
