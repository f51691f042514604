"""Progress of a file: while it is sent, and while it goes on the register."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from clients.cli.say import console, plain
from yizhao.registry.v1 import import_run_pb2

if TYPE_CHECKING:
    from clients.sdk.imports import Imports

_LOOK_SECONDS: Final = 0.2


def _bar() -> Progress:
    return Progress(
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console(),
    )


@contextmanager
def loading(name: str, rows: int, *, quiet: bool) -> Iterator[Callable[[Any], None]]:
    """What tells a person how far the sending is; nothing if quiet."""
    if quiet:
        yield lambda _: None
        return
    with _bar() as bar:
        task = bar.add_task(plain(f"读入 {name}"), total=rows)

        def progress(run: import_run_pb2.ImportRun) -> None:
            bar.update(task, completed=run.loaded_count)
            if run.loaded_count == run.row_count:
                bar.update(task, description=plain(f"比对 {name}"))

        yield progress


def applying(imports: "Imports", name: str, *, quiet: bool) -> import_run_pb2.ImportRun:
    """Wait until every signed share is on the register, and tell how far it is.

    Ctrl-C ends the waiting, not the work: what is signed goes on the register all the same.
    """
    run = imports.get(name)
    with _bar() as bar:
        task = bar.add_task(plain(f"入册 {run.file_name}"), total=_wanted(run), visible=not quiet)
        while _waits(run):
            bar.update(task, completed=_done(run), total=_wanted(run))
            time.sleep(_LOOK_SECONDS)  # progress for a person: nothing here is to be awaited
            run = imports.get(name)
        bar.update(task, completed=_done(run), total=_wanted(run))
    return run


def _signed(run: import_run_pb2.ImportRun) -> list[import_run_pb2.ImportShare]:
    states = (import_run_pb2.IMPORT_SHARE_STATE_SIGNED, import_run_pb2.IMPORT_SHARE_STATE_DONE)
    return [share for share in run.shares if share.state in states]


def _waits(run: import_run_pb2.ImportRun) -> bool:
    return any(s.state == import_run_pb2.IMPORT_SHARE_STATE_SIGNED for s in run.shares)


def _wanted(run: import_run_pb2.ImportRun) -> int:
    return sum(
        share.new_count + share.changed_count + share.late_count + share.decide_count
        for share in _signed(run)
    )


def _done(run: import_run_pb2.ImportRun) -> int:
    return sum(share.applied_count for share in _signed(run))
