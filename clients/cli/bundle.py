"""`yizhao bundle`: signed data to take along."""

from pathlib import Path
from typing import Annotated

import typer

from clients.cli.say import plain, say, write_json
from clients.cli.session import session_of
from clients.whole_files import write_whole

app = typer.Typer()


@app.callback()
def bundle() -> None:
    """Signed data to take along 离线数据."""


@app.command()
def save(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")],
) -> None:
    """Save the bundle in force: trust list, manifest and status lists, all signed."""
    session = session_of(context)
    with session.registry() as registry:
        found = registry.publication.bundle()
    write_whole(file, found.content)
    told = {"file": str(file), "bytes": len(found.content), "etag": found.etag, "seq": found.seq}
    if session.as_json:
        write_json(told)
    else:
        say(f"[green]✓[/] {plain(str(file))}: {len(found.content):,} bytes, manifest {found.seq}")
