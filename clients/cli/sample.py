"""`yizhao sample`: a CSV of an invented city."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from clients import exits
from clients.cli.say import plain, say, write_json
from clients.cli.session import session_of


def run(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE.csv", help="Where to write.")],
    entities: Annotated[int, typer.Option(min=0, metavar="N", help="How many.")] = 2_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same city.")] = 1,
    premises: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Places that they filed before.")
    ] = None,
    copies: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Their licences in use.")
    ] = None,
) -> None:
    """Write the files of an invented city 虚构城市样例, as old systems hand them over.

    Entities under provincial field names and with some faults; on demand their filed places and
    their licences in use.
    """
    from clients import sample

    try:
        written = {str(out): write_rows(out, sample.FIELDS, sample.city(entities, seed))}
        if premises is not None:
            rows = sample.premises(entities, seed)
            written[str(premises)] = write_rows(premises, sample.PREMISES_FIELDS, rows)
        if copies is not None:
            rows = sample.copies(entities, seed)
            written[str(copies)] = write_rows(copies, sample.COPIES_FIELDS, rows)
    except ValueError as error:
        raise exits.Failure(str(error), exit_code=exits.USAGE) from error
    if session_of(context).as_json:
        told = {"file": str(out), "entities": entities, "seed": seed}
        write_json(told | {"rows": written})
        return
    for file, count in written.items():
        say(f"[green]✓[/] {plain(file)}: {count:,} invented rows, seed {seed}")


def write_rows(path: Path, fields: Sequence[str], rows: Iterable[Mapping[str, str]]) -> int:
    """Write a CSV; how many rows."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            count += 1
    return count
