"""`yizhao sync`: dated deltas of another system, and what is to be decided between it and us."""

from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from clients import exits
from clients.cli.own_unit import Unit, unit_of
from clients.cli.say import as_dict, plain, say, write_json, write_message
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames

if TYPE_CHECKING:
    from yizhao.registry.v1 import import_run_pb2

app = typer.Typer()

_COUNTS: Final = (
    "new",
    "changed",
    "late",
    "unchanged",
    "decide",
    "missing",
    "rejected",
    "quarantined",
)


@app.command()
def file(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE.csv", help="UTF-8 or GB18030.")],
    day: Annotated[
        datetime,
        typer.Option("--date", formats=["%Y-%m-%d"], help="The day that the delta tells of."),
    ],
    source: Annotated[
        str, typer.Option(help="System it comes from; unit codes are read as that system's.")
    ] = "provincial",
    complete: Annotated[
        bool,
        typer.Option("--complete", help="The file is all that the source has: the rest is gone."),
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write rejected and quarantined rows there, as CSV."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read, compare and tell; keep nothing.")
    ] = False,
) -> None:
    """Send a delta 每日增量; a column 操作 may say 删除.

    Deltas may come in any order and more than once. What differs from an act done here changes
    nothing and waits in `sync list`. For operators, who may let it run at night.
    """
    from clients.cli.import_progress import applying, loading
    from clients.cli.import_tables import REMARKS_SHOWN, show_remarks
    from clients.cli.sync_tables import show_outcome
    from clients.importing.rejects import write_rejects
    from clients.importing.run import import_table
    from clients.importing.table import Table, UnreadableFile
    from clients.importing.vocabulary import SYNC

    session = session_of(context)
    try:
        table = Table.open(path, SYNC)
    except UnreadableFile as error:
        raise exits.Failure(str(error), zh="文件无法读取") from error
    with session.registry() as registry:
        imports, quiet = registry.imports, session.as_json
        with loading(path.name, table.count, quiet=quiet) as progress:
            run = import_table(
                imports, table, "sync", source, progress,
                dry_run=dry_run, source_date=day.date(), complete=complete,
            )  # fmt: skip
        if not dry_run:
            run = applying(imports, run.name, quiet=quiet)
        written = 0
        if rejects is not None:
            written = write_rejects(rejects, table, imports.remarks(run.name))
        if quiet:
            write_json(_outcome(run, day.date()))
            return
        show_outcome(run, day.date())
        show_remarks(imports.remarks(run.name), UnitNames(registry), REMARKS_SHOWN)
    if rejects is not None:
        say(f"退回和待定的 {written:,} 行已写入 written to [bold]{plain(str(rejects))}[/]")


def _outcome(run: "import_run_pb2.ImportRun", day: date) -> dict[str, object]:
    counts = {
        name: sum(getattr(share, f"{name}_count") for share in run.shares) for name in _COUNTS
    }
    told: dict[str, object] = {"import_run": run.name, "date": day.isoformat()}
    return told | {"rows": run.row_count} | counts


@app.command("list")
def list_items(
    context: typer.Context,
    unit: Unit = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most this many.")] = 50,
) -> None:
    """List what a unit is to decide 同步待定事项, oldest first."""
    from clients.cli.sync_tables import show_items

    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        where = unit_of(session, registry, units, unit)
        found = list(islice(registry.imports.sync_items(where), limit))
        if session.as_json:
            write_json({"sync_items": [as_dict(item) for item in found]})
        else:
            show_items(found, units)


@app.command()
def decide(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="CODE/N", help="As `sync list` shows it.")],
    reason: Annotated[str, typer.Option(help="Why, in Chinese.")],
    take: Annotated[bool, typer.Option("--take", help="What the source says 采用来源.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="What is here 保留本地.")] = False,
) -> None:
    """Decide between a source and the register. For the home unit's registrar or head."""
    from clients.cli.sync_tables import show_items

    if take == keep:
        raise exits.Failure(
            "say either --take or --keep", exit_code=exits.USAGE, zh="请写明 --take 或 --keep"
        )
    code, _, number = item.partition("/")
    session = session_of(context)
    with session.registry() as registry:
        name = f"entities/{code}/syncItems/{number}"
        decided = registry.imports.decide_sync_item(name, reason, take=take)
        if session.as_json:
            write_message(decided)
        else:
            show_items([decided], UnitNames(registry))
