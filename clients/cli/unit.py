"""`yizhao unit`: administrative units."""

from typing import Annotated

import typer

from clients.cli.say import as_dict, facts, table, write_json, write_message
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames
from clients.cli.words import UNIT_KINDS, words_of

app = typer.Typer()


@app.callback()
def unit() -> None:
    """Administrative units 管辖单位."""


@app.command("list")
def list_units(context: typer.Context) -> None:
    """List the unit tree with the codes that other systems use."""
    from yizhao.registry.v1 import unit_pb2

    session = session_of(context)
    with session.registry() as registry:
        found = list(registry.admin.units())
    if session.as_json:
        write_json({"units": [as_dict(each) for each in found]})
        return
    names = {each.name: each.title for each in found}
    table(
        f"管辖单位 {len(found)}",
        ("编号", "名称", "类别", "上级", "他系统代码"),
        [
            (
                each.name,
                each.title,
                words_of(unit_pb2.UnitKind.Name(each.kind), "UNIT_KIND", UNIT_KINDS),
                names.get(each.parent, UnitNames().title(each.parent)),
                "、".join(f"{a.source}:{a.code}" for a in each.aliases if a.source != "name"),
            )
            for each in found
        ],
    )


@app.command()
def put(
    context: typer.Context,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="As 鲁城市场监督管理所.")],
    parent: Annotated[
        str, typer.Option(metavar="UNIT", help="County or zone above it: 曲阜市 or 370881.")
    ],
    number: Annotated[
        int, typer.Option(min=0, help="Of a station that is there, to give it another title.")
    ] = 0,
) -> None:
    """Add a station 市场监督管理所, or give one another title. For operators."""
    from yizhao.registry.v1 import unit_pb2

    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        found = registry.admin.put_unit(
            unit_pb2.Unit(
                name=f"units/{number}" if number else "",
                title=title,
                kind=unit_pb2.UNIT_KIND_STATION,
                parent=units.parse(parent, session.today()),
            )
        )
        if session.as_json:
            write_message(found)
            return
        facts(
            "监管所",
            [
                ("名称", found.title),
                ("编号", found.name),
                ("上级", units.title(found.parent)),
            ],
        )
