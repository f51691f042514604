"""`yizhao sample`: a CSV of an invented city."""

import csv
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
) -> None:
    """Write a CSV of an invented city 虚构城市样例, with provincial field names and some faults."""
    from clients.sample import FIELDS, city

    try:
        rows = city(entities, seed)
        with out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    except ValueError as error:
        raise exits.Failure(str(error), exit_code=exits.USAGE) from error
    if session_of(context).as_json:
        write_json({"file": str(out), "entities": entities, "seed": seed})
    else:
        say(f"[green]✓[/] {plain(str(out))}: {entities:,} invented entities, seed {seed}")
