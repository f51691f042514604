"""Rows: of statements that give exactly one, and those that come as JSON within another."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow


def only_row(
    connection: psycopg.Connection[DictRow],
    statement: LiteralString,
    parameters: dict[str, Any] | None = None,
) -> DictRow:
    """The row of a statement that always gives one: an aggregate, an INSERT … RETURNING.

    Raises:
        RuntimeError: it gave none, which is a bug of ours.
    """
    row = connection.execute(statement, parameters).fetchone()
    if row is None:
        raise RuntimeError(f"no row of: {' '.join(statement.split())}")
    return row


def json_rows(
    rows: Iterable[DictRow] | None, *, dates: Iterable[str] = (), times: Iterable[str] = ()
) -> Iterator[DictRow]:
    """Rows of `jsonb_agg`, which gives None for none, with days and times as the driver has them.

    Args:
        rows: column → value.
        dates: columns that hold a day.
        times: columns that hold a time.
    """
    read = dict.fromkeys(dates, date.fromisoformat)
    read |= dict.fromkeys(times, datetime.fromisoformat)
    for row in rows or ():
        yield row | {name: make(row[name]) for name, make in read.items() if row[name] is not None}
