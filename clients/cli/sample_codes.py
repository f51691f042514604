"""`yizhao sample codes`: one code for each answer, for those who build checking into programs."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from clients import exits
from clients.cli.say import plain, say, write_json
from clients.cli.session import session_of


def run(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where to write.")],
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Publish the data now, not on the fixed day.")
    ] = False,
    svg: Annotated[bool, typer.Option("--svg", help="Pictures as SVG too.")] = False,
) -> None:
    """Write a code for each outcome, status and reason 对接联调用样例码, with data to check them.

    The same codes each time, of invented firms; the keys are public, and believed in the
    environment `integrators` alone. docs/integrators.md lists them.
    """
    from clients.integrators import System

    try:
        from clients.integrators.files import write
    except ModuleNotFoundError as error:
        raise exits.Failure(
            f"pictures need {error.name}: pip install 'yizhao[up]'; docs/integrators has the files",
            zh="绘制二维码需要安装 yizhao[up]；样例文件见 docs/integrators",
        ) from None

    session = session_of(context)
    system = System(session.now().replace(microsecond=0)) if fresh else System()
    written = write(out, system, svg=svg)
    if session.as_json:
        write_json({"folder": str(out), "published_at": system.published_at.isoformat()}
                   | asdict(written))  # fmt: skip
    else:
        say(f"[green]✓[/] {plain(str(out))}: {written.codes} codes, "
            f"data of {system.published_at:%Y-%m-%d %H:%M} UTC")  # fmt: skip
