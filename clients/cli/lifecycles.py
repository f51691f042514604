"""`yizhao entity …`: code, home, dormancy, liquidation."""

from typing import Annotated

import typer

from clients.cli import faces
from clients.cli.codes import read_code, tidied
from clients.cli.dates import wire_date
from clients.cli.entity_arguments import Basis, Code, told
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames
from clients.cli.visits import Agent, Applicant, Channel, Identity, details

app = typer.Typer()


@app.command("correct-code")
def correct_code(
    context: typer.Context,
    right: Annotated[str, typer.Option("--to", metavar="USCC", help="The right code.")],
    basis: Basis,
    code: Code = "",
) -> None:
    """Correct the credit code 更正代码; the old one still finds the business."""
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        before = registry.entities.get(code, "更正代码")
        entity = registry.lifecycles.correct_code(before, tidied(right).upper(), basis)
        told(session, entity, UnitNames(registry), "已更正代码，原代码仍可查到 code corrected")


@app.command()
def move(
    context: typer.Context,
    address: Annotated[str, typer.Option("--address", help="新住所, in your unit.")],
    code: Code = "",
    address_unit: faces.AddressUnit = None,
    applicant: Applicant = "",
    agent: Agent = "",
    identity: Identity = "card",
    channel: Channel = "counter",
) -> None:
    """Move a business to your unit 迁移登记: asked by the new registrar, before it moves."""
    from yizhao.registry.v1 import entity_pb2

    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        units = UnitNames(registry)
        before = registry.entities.get(code, "迁移登记")
        unit = units.parse(address_unit, session.today()) if address_unit else ""
        visit = details(applicant or before.face.person, agent, identity, channel)
        place = entity_pb2.Address(text=address, unit=unit)
        entity = registry.lifecycles.move(before, place, visit)
        told(session, entity, units, f"已由{units.title(before.registrar)}迁入 moved here")


@app.command()
def suspend(
    context: typer.Context,
    until: Annotated[str, typer.Option(metavar="DATE", help="Last day 歇业期限至.")],
    code: Code = "",
    since: Annotated[
        str, typer.Option("--from", metavar="DATE", help="First day; today if absent.")
    ] = "",
    applicant: Applicant = "",
    agent: Agent = "",
    identity: Identity = "card",
    channel: Channel = "counter",
) -> None:
    """File dormancy 歇业, or extend it in its last 30 days; three years in all."""
    last = wire_date(until, "--until")
    first = wire_date(since, "--from") if since else None
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        before = registry.entities.get(code, "歇业")
        visit = details(applicant or before.face.person, agent, identity, channel)
        entity = registry.lifecycles.suspend(before, last, visit, since=first)
        what = "已延长歇业 extended" if before.dormant_until_date.year else "已歇业 dormant"
        told(session, entity, UnitNames(registry), what)


@app.command()
def resume(
    context: typer.Context,
    code: Code = "",
    applicant: Applicant = "",
    agent: Agent = "",
    identity: Identity = "card",
    channel: Channel = "counter",
) -> None:
    """End dormancy 恢复营业; the places are in use again."""
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        before = registry.entities.get(code, "恢复营业")
        visit = details(applicant or before.face.person, agent, identity, channel)
        entity = registry.lifecycles.resume(before, visit)
        told(session, entity, UnitNames(registry), "已恢复营业 resumed")


@app.command()
def liquidate(
    context: typer.Context,
    code: Code = "",
    applicant: Applicant = "",
    agent: Agent = "",
    identity: Identity = "card",
    channel: Channel = "counter",
) -> None:
    """File liquidation 清算备案."""
    session = session_of(context)
    code = read_code(session, code)
    with session.registry() as registry:
        before = registry.entities.get(code, "清算备案")
        visit = details(applicant or before.face.person, agent, identity, channel)
        entity = registry.lifecycles.liquidate(before, visit)
        told(session, entity, UnitNames(registry), "已备案清算 in liquidation")
