"""`yizhao bench`: measure speed, as ratios of things timed in turns in one run."""

import typer

from clients.cli.say import write_json
from clients.cli.session import session_of

app = typer.Typer(invoke_without_command=True)


@app.callback()
def everything(context: typer.Context) -> None:
    """Measure everything, or the part that is named."""
    if context.invoked_subcommand is None:
        verify(context)


@app.command()
def verify(context: typer.Context) -> None:
    """The library against raw signature checks and `cwt.decode`."""
    from clients.bench.library import measure

    lines = measure()
    if session_of(context).as_json:
        write_json({line.what: round(line.ratio, 3) for line in lines})
        return
    for line in lines:
        reached = "reached" if line.ratio >= line.wanted else "MISSED "
        typer.echo(f"{line.ratio:6.2f}  wanted {line.wanted:.2f}  {reached}  {line.what}")
        typer.echo(f"        {line.note}")
