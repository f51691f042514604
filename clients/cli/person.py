"""`yizhao person`: persons who may not apply."""

from typing import Annotated

import typer

from clients.cli.dates import wire_date
from clients.cli.entity_arguments import Basis
from clients.cli.say import date_text, facts, write_message
from clients.cli.session import session_of

app = typer.Typer()


@app.callback()
def person() -> None:
    """Persons who may not apply 限制申请登记."""


@app.command()
def bar(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="姓名.")],
    basis: Basis,
    until: Annotated[str, typer.Option(metavar="DATE", help="Last day, as three years on.")],
    since: Annotated[
        str, typer.Option("--from", metavar="DATE", help="First day; today if absent.")
    ] = "",
) -> None:
    """Bar a person from applying 限制申请登记 (rule 23). For the city."""
    from yizhao.registry.v1 import policy_pb2

    session = session_of(context)
    wanted = policy_pb2.PersonBar(
        person=name,
        basis=basis,
        from_date=wire_date(since or session.today().isoformat(), "--from"),
        until_date=wire_date(until, "--until"),
    )
    with session.registry() as registry:
        found = registry.policies.bar_person(wanted)
    if session.as_json:
        write_message(found)
        return
    facts(
        "已限制申请登记 barred",
        [
            ("姓名", found.person),
            ("自", date_text(found.from_date)),
            ("至", date_text(found.until_date)),
            ("依据", found.basis),
        ],
    )
