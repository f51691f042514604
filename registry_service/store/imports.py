"""Tables `import_run` and `import_reject`."""

from collections.abc import Iterable
from datetime import datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.store.rows import only_row

_START: LiteralString = """
    INSERT INTO import_run (source, file_name, staff_no, started_at)
    VALUES (%(source)s, %(file_name)s, %(staff_no)s, %(now)s) RETURNING run_no
"""
_COUNT: LiteralString = """
    UPDATE import_run
       SET imported = imported + %(imported)s, unchanged = unchanged + %(unchanged)s,
           rejected = rejected + %(rejected)s, ended_at = %(now)s
     WHERE run_no = %(run_no)s
"""
_REJECT: LiteralString = """
    INSERT INTO import_reject (run_no, line, field, reason)
    VALUES (%(run_no)s, %(line)s, %(field)s, %(reason)s) ON CONFLICT DO NOTHING
"""


class Imports:
    """Runs of an import and the rows they refused. Values of refused rows are not kept."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def start(self, source: str, file_name: str, staff_no: str, now: datetime) -> int:
        """Begin a run; its number."""
        row = {"source": source, "file_name": file_name, "staff_no": staff_no, "now": now}
        stored = only_row(self._connection, _START, row)
        return int(stored["run_no"])

    def count(
        self, run_no: int, imported: int, unchanged: int, rejected: int, now: datetime
    ) -> None:
        """Add one part's counts to the run."""
        row = {
            "run_no": run_no,
            "imported": imported,
            "unchanged": unchanged,
            "rejected": rejected,
            "now": now,
        }
        self._connection.execute(_COUNT, row)

    def reject(self, run_no: int, rows: Iterable[tuple[int, str, str]]) -> None:
        """Keep (line, field, reason) of each refused row."""
        parameters = [
            {"run_no": run_no, "line": line, "field": field, "reason": reason}
            for line, field, reason in rows
        ]
        with self._connection.cursor() as cursor:
            cursor.executemany(_REJECT, parameters)
