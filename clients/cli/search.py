"""`yizhao entity search`: businesses by what is known of them."""

from typing import TYPE_CHECKING, Annotated

import typer

from clients import exits
from clients.cli.queue_arguments import Limit, state_of
from clients.cli.say import as_dict, write_json
from clients.cli.search_tables import show_results
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames
from clients.cli.words import ENTITY_STATES

if TYPE_CHECKING:
    pass

app = typer.Typer()

_UNCLEAR, _ALL = "-", "all"


@app.command()
def search(
    context: typer.Context,
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT",
            show_default=False,
            help="A code, former code, 注册号 or licence number; or two characters and more of a "
            "name, a former name, a person or an address.",
        ),
    ] = "",
    name: Annotated[str, typer.Option(help="名称 or 曾用名, a part of it.")] = "",
    exact: Annotated[bool, typer.Option("--exact", help="--name is the whole name.")] = False,
    person: Annotated[str, typer.Option(help="Part of the person's name.")] = "",
    address: Annotated[str, typer.Option(help="Part of the domicile 住所.")] = "",
    code: Annotated[str, typer.Option(help="统一社会信用代码, a former code or 注册号.")] = "",
    license_number: Annotated[
        str, typer.Option("--license", metavar="NUMBER", help="Number of a licence.")
    ] = "",
    unit: Annotated[
        str, typer.Option("--unit", help="Registrar: 任城区, 370811, `-` unit unclear.")
    ] = "",
    state: Annotated[
        list[str] | None,
        typer.Option("--state", help="在营, 歇业, 清算, 吊销, 注销, 撤销; several if repeated."),
    ] = None,
    basis: Annotated[str, typer.Option(help="Why you look; kept in the access record.")] = "",
    limit: Limit = 20,
) -> None:
    """Find businesses of the whole city; what is given must all fit. Each line says why it fits."""
    from yizhao.registry.v1 import entity_pb2, entity_service_pb2

    exact_name = entity_service_pb2.NAME_MATCH_EXACT
    criteria = entity_service_pb2.SearchEntitiesRequest(
        text=text,
        code=code,
        license_number=license_number,
        business_name=name,
        name_match=exact_name if exact else entity_service_pb2.NAME_MATCH_PARTIAL,
        person=person,
        address=address,
        states=[
            entity_pb2.EntityState.Value(f"ENTITY_STATE_{state_of(each, ENTITY_STATES)}")
            for each in state or ()
        ],
        basis=basis,
    )
    if exact and not name:
        raise exits.Failure(
            "--exact goes with --name", exit_code=exits.USAGE, zh="--exact 须与 --name 一起使用"
        )
    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        if unit and unit != _ALL:
            criteria.registrar = (
                "units/-" if unit == _UNCLEAR else units.parse(unit, session.today())
            )
        found = registry.entities.search(criteria, limit)
        if session.as_json:
            write_json({"results": [as_dict(result) for result in found]})
        else:
            show_results(found, units, limit)
