"""`yizhao sample`: a CSV of an invented city."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from clients import exits
from clients.cli.say import plain, say, write_json
from clients.cli.session import session_of
from clients.whole_files import naming


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
    delta_of: Annotated[
        int | None,
        typer.Option("--delta-of", metavar="SEED", help="A night's delta of that city instead."),
    ] = None,
    day: Annotated[int, typer.Option(min=1, help="Which night's, from 1.")] = 1,
    rows: Annotated[int, typer.Option(min=1, help="How many rows the delta has.")] = 200,
) -> None:
    """Write the files of an invented city 虚构城市样例, as old systems hand them over.

    Entities under provincial field names and with some faults; on demand their filed places and
    their licences in use, or what one night changed.
    """
    try:
        if delta_of is not None:
            written, told = _delta(out, entities, delta_of, day, rows)
        else:
            written = _city(out, entities, seed, premises, copies)
            told = {"entities": entities, "seed": seed}
    except ValueError as error:
        raise exits.Failure(str(error), exit_code=exits.USAGE, zh="样例参数超出范围") from error
    if session_of(context).as_json:
        write_json({"file": str(out)} | told | {"rows": written})
        return
    said = ", ".join(f"{name} {value}" for name, value in told.items())
    for file, count in written.items():
        say(f"[green]✓[/] {plain(file)}: {count:,} invented rows, {said}")


def _city(
    out: Path, entities: int, seed: int, premises: Path | None, copies: Path | None
) -> dict[str, int]:
    """Write a city's files; file → rows."""
    from clients import sample

    written = {str(out): write_rows(out, sample.FIELDS, sample.city(entities, seed))}
    if premises is not None:
        rows = sample.premises(entities, seed)
        written[str(premises)] = write_rows(premises, sample.PREMISES_FIELDS, rows)
    if copies is not None:
        rows = sample.copies(entities, seed)
        written[str(copies)] = write_rows(copies, sample.COPIES_FIELDS, rows)
    return written


def _delta(
    out: Path, entities: int, seed: int, day: int, rows: int
) -> tuple[dict[str, int], dict[str, Any]]:
    """Write what one night changed in a city; file → rows, and what it is."""
    from clients.sample.delta import DELTA_FIELDS, day_of, delta

    written = {str(out): write_rows(out, DELTA_FIELDS, delta(entities, seed, day, rows))}
    return written, {"delta_of": seed, "date": day_of(day).isoformat()}


def write_rows(path: Path, fields: Sequence[str], rows: Iterable[Mapping[str, str]]) -> int:
    """Write a CSV; how many rows."""
    count = 0
    with naming(path), path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            count += 1
    return count
