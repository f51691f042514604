"""Rows of statements that give exactly one."""

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
