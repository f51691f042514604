"""`yizhao sample`: a CSV of an invented city."""

import csv
from collections.abc import Iterable, Sequence
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
    delta_of: Annotated[
        int | None,
        typer.Option("--delta-of", metavar="SEED", help="A night's delta of that city instead."),
    ] = None,
    day: Annotated[int, typer.Option(min=1, help="Which night's, from 1.")] = 1,
    rows: Annotated[int, typer.Option(min=1, help="How many rows the delta has.")] = 200,
) -> None:
    """Write a CSV of an invented city 虚构城市样例, with provincial field names and some faults."""
    from clients.sample import FIELDS, city
    from clients.sample.delta import DELTA_FIELDS, day_of, delta

    try:
        if delta_of is None:
            _write(out, FIELDS, city(entities, seed))
        else:
            _write(out, DELTA_FIELDS, delta(entities, delta_of, day, rows))
    except ValueError as error:
        raise exits.Failure(str(error), exit_code=exits.USAGE) from error
    if delta_of is not None:
        told = {"file": str(out), "delta_of": delta_of, "date": day_of(day).isoformat()}
        if session_of(context).as_json:
            write_json(told)
        else:
            say(f"[green]✓[/] {plain(str(out))}: delta of {told['date']}, seed {delta_of}")
    elif session_of(context).as_json:
        write_json({"file": str(out), "entities": entities, "seed": seed})
    else:
        say(f"[green]✓[/] {plain(str(out))}: {entities:,} invented entities, seed {seed}")


def _write(out: Path, fields: Sequence[str], rows: Iterable[dict[str, str]]) -> None:
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
