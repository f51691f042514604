"""`yizhao handover`: premises handed to the unit that supervises the place 抄告."""

from typing import TYPE_CHECKING, Annotated

import typer

from clients import exits
from clients.cli.filing_tables import show_handovers
from clients.cli.say import as_dict, write_json, write_message
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames

if TYPE_CHECKING:
    from clients.sdk import RegistryClient

app = typer.Typer()


@app.command("list")
def list_handovers(
    context: typer.Context,
    unit: Annotated[str, typer.Option(help="Host unit: 曲阜市 or 370881.")],
    state: Annotated[str, typer.Option(help="Only these, as PENDING or ACKNOWLEDGED.")] = "",
) -> None:
    """List the inbox of a host unit, oldest first."""
    from yizhao.registry.v1 import premises_pb2

    try:
        wanted = premises_pb2.HandoverState.Value(f"HANDOVER_STATE_{state or 'UNSPECIFIED'}")
    except ValueError:
        raise exits.Failure(
            f"--state {state!r}: PENDING, ACKNOWLEDGED, DECLINED, FORWARDED, DISPUTED or REPORTED",
            exit_code=exits.USAGE,
        ) from None
    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        where = units.parse(unit, session.today())
        found = list(registry.filings.handovers(where, wanted))
        if session.as_json:
            write_json({"handovers": [as_dict(handover) for handover in found]})
        else:
            show_handovers(found, units)


@app.command()
def acknowledge(
    context: typer.Context,
    handover: Annotated[
        str, typer.Argument(metavar="HANDOVER", help="CODE/N, as `handover list` shows it.")
    ],
    etag: Annotated[str, typer.Option(help="As it was read; read now if absent.")] = "",
) -> None:
    """Take premises on for the host unit 接收. For supervisors of that unit."""
    from clients.sdk import names

    session = session_of(context)
    with session.registry() as registry:
        name = names.whole(handover, "handovers")
        found = registry.filings.acknowledge(name, etag or _etag(registry, name))
        if session.as_json:
            write_message(found)
        else:
            show_handovers([found], UnitNames(registry))


def _etag(registry: "RegistryClient", name: str) -> str:
    """The hand-over as it stands in the inbox of one of the entity's host units."""
    from clients.sdk import names

    places = registry.filings.premises(names.code_of(name))
    for unit in sorted({place.site.address.unit for place in places} - {""}):
        for each in registry.filings.handovers(unit):
            if each.name == name:
                return each.etag
    raise exits.Failure(f"there is no hand-over {names.short(name)}", zh="没有此抄告")
