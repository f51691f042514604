"""Progress of a mass run, with its rate."""

import time
from typing import TYPE_CHECKING, Final

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from clients.cli.say import console, plain, say
from yizhao.registry.v1 import mass_run_pb2

if TYPE_CHECKING:
    from clients.sdk.mass import MassRuns

_LOOK_SECONDS: Final = 0.3
RUNNING: Final = mass_run_pb2.MASS_RUN_STATE_RUNNING


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        """Entities a second, lately."""
        return Text(f"{task.speed or 0:,.0f} 户/s")


def watching(runs: "MassRuns", name: str, *, quiet: bool) -> mass_run_pb2.MassRun:
    """Wait until a run goes on no more, and tell how far it is.

    Ctrl-C ends the waiting, not the run: it goes on in the registry, and this says so.
    """
    run = runs.get(name)
    bar = Progress(
        TextColumn("[progress.description]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console(),
    )
    try:
        with bar:
            task = bar.add_task(plain("办理"), total=run.wanted_count, visible=not quiet)
            while run.state == RUNNING:
                bar.update(task, completed=done(run))
                time.sleep(_LOOK_SECONDS)  # progress for a person: nothing here is to be awaited
                run = runs.get(name)
            bar.update(task, completed=done(run))
    except KeyboardInterrupt:
        if not quiet:
            number = name.removeprefix("massRuns/")
            say(
                f"批量任务 {number} 在登记服务中继续进行 the run goes on in the registry; "
                f"查看 watch it: [bold]yizhao mass show {number} --watch[/]，"
                f"取消 end it: [bold]yizhao mass cancel {number}[/]"
            )
        raise
    return run


def done(run: mass_run_pb2.MassRun) -> int:
    """Entities that are dealt with."""
    return run.issued_count + run.failed_count
