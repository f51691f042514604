"""`yizhao import`: files of entities, premises and copies, and what becomes of them."""

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from clients import exits
from clients.cli.field_limits import UINT64
from clients.cli.import_tables import REMARKS_SHOWN, show_remarks, show_run, show_runs
from clients.cli.own_unit import Unit, unit_of
from clients.cli.say import as_dict, plain, say, write_json, write_message
from clients.cli.session import session_of
from clients.cli.unit_names import UnitNames

if TYPE_CHECKING:
    from clients.cli.session import Session
    from clients.sdk import RegistryClient
    from yizhao.registry.v1 import import_run_pb2

app = typer.Typer()

File = Annotated[Path, typer.Argument(metavar="FILE.csv", help="UTF-8 or GB18030.")]
Source = Annotated[
    str, typer.Option(help="System it comes from; unit codes are read as that system's.")
]
Rejects = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write rejected and quarantined rows there, as CSV."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Read, compare and tell; keep nothing but the report.")
]
Run = Annotated[str, typer.Argument(metavar="RUN", help="As `import list` shows it.")]
_NOBODYS: Final = "units/-"
_UNCLEAR: Final = ("-", "unclear", "管辖区域存疑")


@app.command()
def entities(
    context: typer.Context,
    file: File,
    source: Source = "provincial",
    rejects: Rejects = None,
    dry_run: DryRun = False,
) -> None:
    """Send a file of entities 主体, under provincial field names or Chinese headers.

    Every row is new, unchanged, rejected, or quarantined. New rows go on the register once the
    head of their unit signs off. A file that broke off goes on where it was when sent again; a
    file of rejects, mended, can be sent like any other. For operators.
    """
    _send(context, "entities", file, source, rejects, dry_run=dry_run)


@app.command()
def premises(
    context: typer.Context,
    file: File,
    source: Source = "provincial",
    rejects: Rejects = None,
    dry_run: DryRun = False,
) -> None:
    """Send a file of premises 经营场所 that were filed before; their hosts claim them.

    Columns: 统一社会信用代码, 经营场所, 场所名称, 管辖单位, 经营范围, 用途, 备案日期, 备案编号.
    """
    _send(context, "premises", file, source, rejects, dry_run=dry_run)


@app.command()
def copies(
    context: typer.Context,
    file: File,
    source: Source = "provincial",
    rejects: Rejects = None,
    dry_run: DryRun = False,
) -> None:
    """Send a file of copies of licences in use 在用执照: 正本, 副本1, 副本2.

    Columns: 统一社会信用代码, 正副本, 执照编号, 电子证照标识, 发照日期, 执照状态.
    """
    _send(context, "copies", file, source, rejects, dry_run=dry_run)


def _send(
    context: typer.Context,
    kind: str,
    file: Path,
    source: str,
    rejects: Path | None,
    *,
    dry_run: bool,
) -> None:
    from clients.cli.import_progress import loading
    from clients.importing.rejects import write_rejects
    from clients.importing.run import import_table
    from clients.importing.table import Table, UnreadableFile
    from clients.importing.vocabulary import KINDS

    session = session_of(context)
    try:
        table = Table.open(file, KINDS[kind])
    except UnreadableFile as error:
        raise exits.Failure(str(error), zh="文件无法读取") from error
    with session.registry() as registry:
        with loading(file.name, table.count, quiet=session.as_json) as progress:
            run = import_table(registry.imports, table, kind, source, progress, dry_run=dry_run)
        written = 0
        if rejects is not None:
            written = write_rejects(rejects, table, registry.imports.remarks(run.name))
        if session.as_json:
            _tell_json(registry, run, table.columns.unused)
            return
        units = UnitNames(registry)
        show_run(run, units, unused=table.columns.unused)
        show_remarks(registry.imports.remarks(run.name), units, REMARKS_SHOWN)
    if rejects is not None:
        say(f"退回和待定的 {written:,} 行已写入 written to [bold]{plain(str(rejects))}[/]")


def _tell_json(
    registry: "RegistryClient", run: "import_run_pb2.ImportRun", unused: tuple[str, ...]
) -> None:
    told = [as_dict(remark) for remark in registry.imports.remarks(run.name)]
    shares = run.shares
    write_json(
        {
            "import_run": run.name,
            "rows": run.row_count,
            "new": sum(share.new_count for share in shares),
            "unchanged": sum(share.unchanged_count for share in shares),
            "rejected": sum(share.rejected_count for share in shares),
            "quarantined": sum(share.quarantined_count for share in shares),
            "warned": sum(share.warned_count for share in shares),
            "shares": [as_dict(share) for share in shares],
            "rejects": told,
            "unused_columns": list(unused),
        }
    )


@app.command("list")
def list_runs(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most this many.")] = 20,
) -> None:
    """List files that were sent, newest first."""
    session = session_of(context)
    with session.registry() as registry:
        found = list(islice(registry.imports.list(), limit))
        if session.as_json:
            write_json({"import_runs": [as_dict(run) for run in found]})
        else:
            show_runs(found)


@app.command()
def show(context: typer.Context, run: Run) -> None:
    """Show a run with its counts by unit, and who signed off."""
    session = session_of(context)
    with session.registry() as registry:
        found = registry.imports.get(_name(run))
        if session.as_json:
            write_message(found)
        else:
            show_run(found, UnitNames(registry))


@app.command()
def remarks(
    context: typer.Context,
    run: Run,
    unit: Annotated[str, typer.Option("--unit", help="Only rows of this unit; `-`: unclear.")] = "",
    warnings: Annotated[bool, typer.Option("--warnings", help="Warnings as well.")] = False,
    open_only: Annotated[bool, typer.Option("--open", help="Only what waits.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="At most this many.")] = 200,
) -> None:
    """List what is to be said of a run's rows 问题清单: rejects and quarantine, by line."""
    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        where = _where(session, units, unit) if unit else ""
        found = registry.imports.remarks(
            _name(run), unit=where, warnings=warnings, open_only=open_only
        )
        if session.as_json:
            write_json({"remarks": [as_dict(remark) for remark in islice(found, limit)]})
        else:
            show_remarks(found, units, limit)


@app.command("sign-off")
def sign_off(
    context: typer.Context,
    run: Run,
    unit: Unit = "",
    every: Annotated[
        bool, typer.Option("--all", help="Every unit's share that waits; for the city.")
    ] = False,
    expect: Annotated[
        int | None,
        typer.Option(
            "--expect", min=0, max=UINT64, metavar="N", help="New rows there must be, for scripts."
        ),
    ] = None,
) -> None:
    """Sign a unit's share off 签收: its new rows go on the register. For its head, or the city."""
    from clients.cli.import_progress import applying

    session = session_of(context)
    with session.registry() as registry:
        units = UnitNames(registry)
        found = registry.imports.get(_name(run))
        if every:
            shares = [share for share in found.shares if share.state == _OPEN]
        else:
            given = _where(session, units, unit) if unit else unit_of(session, registry, units, "")
            shares = [share for share in found.shares if (share.unit or _NOBODYS) == given]
        if not shares:
            raise exits.Failure(
                f"{found.name} holds nothing to be signed off", zh="没有待签收的内容"
            )
        for share in shares:
            wanted = share.new_count if expect is None else expect
            registry.imports.sign_off(found.name, share.unit or _NOBODYS, wanted)
        found = applying(registry.imports, found.name, quiet=session.as_json)
        if session.as_json:
            write_message(found)
        else:
            show_run(found, units)


_OPEN: Final = 1
"""IMPORT_SHARE_STATE_OPEN."""


@app.command()
def undo(context: typer.Context, run: Run) -> None:
    """Take back 撤回 what no unit has signed off; the report stays. For operators."""
    session = session_of(context)
    with session.registry() as registry:
        found = registry.imports.undo(_name(run))
        if session.as_json:
            write_message(found)
        else:
            show_run(found, UnitNames(registry))


@app.command()
def dismiss(
    context: typer.Context,
    run: Run,
    line: Annotated[int, typer.Argument(min=1, max=UINT64, help="Line of the file.")],
    reason: Annotated[str, typer.Option(help="Why, in Chinese.")],
) -> None:
    """Decide that a row is not to come on the register 剔除. For the head of its unit."""
    session = session_of(context)
    with session.registry() as registry:
        found = registry.imports.dismiss(_name(run), line, reason)
        if session.as_json:
            write_message(found)
        else:
            say(f"[green]✓[/] {plain(found.name)} 第 {line} 行不予登记 dismissed")


def _name(run: str) -> str:
    return run if run.startswith("importRuns/") else f"importRuns/{run}"


def _where(session: "Session", units: UnitNames, text: str) -> str:
    return _NOBODYS if text in _UNCLEAR else units.parse(text, session.today())
