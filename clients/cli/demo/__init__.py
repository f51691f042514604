"""`yizhao demo`: the main job from start to end, played by the real commands."""

import os
from pathlib import Path
from typing import Annotated

import typer

from clients import exits
from clients.cli.session import DEFAULT_INSTANCE, session_of

DEMO_CSV = "DEMO_CSV"


def run(
    context: typer.Context,
    csv: Annotated[
        Path | None,
        typer.Option(envvar=DEMO_CSV, metavar="FILE.csv", help="Import this, no invented city."),
    ] = None,
    entities: Annotated[int, typer.Option(min=1, help="Size of the invented city.")] = 2_000,
) -> None:
    """Play the main job from start to end 演示: exit 0 only if everything came as expected.

    Works in an instance of its own, `demo` inside the instance folder, made anew each time and
    stopped at the end.
    """
    from clients.cli.demo.play import Play, Unmet
    from clients.cli.demo.scenes import play_all

    session = session_of(context)
    folder = (session.folder if session.folder != DEFAULT_INSTANCE else DEFAULT_INSTANCE) / "demo"
    if csv is not None and not csv.is_file():
        raise exits.Failure(
            f"{DEMO_CSV}={csv}: no such file",
            exit_code=exits.USAGE,
            zh=f"找不到 {DEMO_CSV} 指定的文件 {csv}",
        )
    with Play.opened(folder, os.environ) as play:
        try:
            play_all(play, csv, entities)
        except Unmet as unmet:
            play.failed(str(unmet))
            raise typer.Exit(exits.REFUSED) from unmet
