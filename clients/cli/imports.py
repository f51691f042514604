"""`yizhao import`: entities from a CSV file."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from clients import exits
from clients.cli.say import console, facts, plain, say, table, write_json
from clients.cli.session import session_of

if TYPE_CHECKING:
    from clients.importing.run import Outcome, Reject
    from clients.importing.table import Table

_REJECTS_SHOWN: Final = 20
_WARNINGS_SHOWN: Final = 5


def run(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="UTF-8 or GB18030.")],
    source: Annotated[
        str, typer.Option(help="System it comes from; unit codes are read as that system's.")
    ] = "provincial",
    rejects: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write rejected rows there, as CSV.")
    ] = None,
) -> None:
    """Import entities 批量导入 from provincial field names or Chinese headers. For operators.

    Every row is imported, found unchanged or rejected with its line, field and reason. Sending
    the same file again changes nothing.
    """
    from clients.importing.run import import_table, write_rejects
    from clients.importing.table import Table, UnreadableFile

    session = session_of(context)
    try:
        read = Table.open(file)
        with session.registry() as registry:
            if session.as_json:
                outcome = import_table(registry.admin, read, source, lambda _: None)
            else:
                outcome = _with_progress(registry.admin, read, source)
    except UnreadableFile as error:
        raise exits.Failure(str(error), zh="文件无法读取") from error
    if rejects is not None:
        write_rejects(rejects, read, outcome)
    if session.as_json:
        write_json(_counts(read, outcome) | {"rejects": [_plain(r) for r in outcome.rejects]})
    else:
        _show(read, outcome, rejects)
    if outcome.rows != read.count:
        raise exits.Failure(
            f"the counts do not add up: the file has {read.count} rows, {outcome.rows} are "
            "accounted for; send the file again",
            zh="行数不符，请重新导入",
        )


def _with_progress(admin: Any, read: "Table", source: str) -> "Outcome":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from clients.importing.run import import_table

    columns = (
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console()) as bar:
        task = bar.add_task(plain(f"导入 {read.path.name}"), total=read.count)
        return import_table(
            admin, read, source, lambda outcome: bar.update(task, completed=outcome.rows)
        )


def _counts(read: "Table", outcome: "Outcome") -> dict[str, Any]:
    return {
        "import_run": outcome.run,
        "rows": read.count,
        "imported": outcome.imported,
        "unchanged": outcome.unchanged,
        "unit_unclear": outcome.unit_unclear,
        "rejected": outcome.rejected,
        "warned": len(outcome.warnings),
        "unused_columns": list(read.columns.unused),
    }


def _plain(reject: "Reject") -> dict[str, Any]:
    told = asdict(reject)
    del told["cells"]
    return told


def _show(read: "Table", outcome: "Outcome", rejects: Path | None) -> None:
    added = f"{outcome.imported:,} + {outcome.unchanged:,} + {outcome.rejected:,}"
    facts(
        f"导入 {read.path.name}",
        [
            ("已导入 imported", f"{outcome.imported:,}"),
            ("其中管辖存疑 unit unclear", f"{outcome.unit_unclear:,}"),
            ("无变化 unchanged", f"{outcome.unchanged:,}"),
            ("已退回 rejected", f"{outcome.rejected:,}"),
            ("合计 sum", f"{added} = {outcome.rows:,}（文件 {read.count:,} 行）"),
            ("提示 warnings", f"{len(outcome.warnings):,}"),
            ("未用的列 unused columns", "、".join(read.columns.unused)),
            ("批次 run", outcome.run),
        ],
    )
    _list("退回的行 rejects", outcome.rejects, _REJECTS_SHOWN)
    _list("提示 warnings", outcome.warnings, _WARNINGS_SHOWN)
    if rejects is not None:
        say(f"退回的行已写入 rejected rows are in [bold]{plain(str(rejects))}[/]")


def _list(title: str, told: "list[Reject]", at_most: int) -> None:
    if not told:
        return
    shown = told[:at_most]
    table(
        title if len(shown) == len(told) else f"{title}（{len(shown)} / {len(told):,}）",
        ("行", "字段", "原因", "说明"),
        [(str(each.line), each.field, each.reason, each.text) for each in shown],
    )
