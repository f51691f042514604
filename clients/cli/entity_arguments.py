"""Arguments that the commands on businesses share, and how each tells its outcome."""

from typing import TYPE_CHECKING, Annotated

import typer

from clients.cli.entity_tables import show_entity
from clients.cli.say import write_message

if TYPE_CHECKING:
    from clients.cli.session import Session
    from clients.cli.unit_names import UnitNames
    from yizhao.registry.v1 import entity_pb2

Code = Annotated[
    str,
    typer.Argument(
        metavar="CODE",
        show_default=False,
        help="统一社会信用代码, a former code, or a scanned licence; asked for if absent.",
    ),
]
Basis = Annotated[str, typer.Option("--basis", help="Decision number and legal ground 依据.")]
ExpectedName = Annotated[
    str,
    typer.Option(
        "--expect-name",
        show_default=False,
        help="名称 as you believe it; asked for on a terminal. The act stops if it differs.",
    ),
]


def told(session: "Session", entity: "entity_pb2.Entity", units: "UnitNames", what: str) -> None:
    """Print a business, and what was done."""
    if session.as_json:
        write_message(entity)
    else:
        show_entity(entity, units, what)
