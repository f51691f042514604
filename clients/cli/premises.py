"""`yizhao premises`: filed places of business."""

from typing import Annotated

import typer

from clients.cli.filing_tables import show_premises
from clients.cli.say import as_dict, write_json
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames

app = typer.Typer()


@app.callback()
def premises() -> None:
    """Filed places of business 经营场所."""


@app.command("list")
def list_premises(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="统一社会信用代码.")],
) -> None:
    """List an entity's places of business, by number."""
    session = session_of(context)
    with session.registry() as registry:
        found = list(registry.filings.premises(code))
        if session.as_json:
            write_json({"premises": [as_dict(place) for place in found]})
        else:
            show_premises(found, UnitNames(registry))
