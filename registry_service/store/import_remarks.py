"""Table `import_reject`: what is to be said of rows of a file, and what became of it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from registry_service.domain.import_run import UNCLEAR, Remark, RemarkKind, RemarkState
from registry_service.store.imports import unit_of

_ADD: LiteralString = """
    INSERT INTO import_reject (run_no, line, field, reason, kind, text, unit_id, fields)
    VALUES (%(run_no)s, %(line)s, %(field)s, %(reason)s, %(kind)s, %(text)s, %(unit_id)s,
            %(fields)s)
    ON CONFLICT DO NOTHING
"""
_PAGE: LiteralString = """
    SELECT run_no, line, field, reason, kind, text, unit_id, fields, state, decided_by, decision
      FROM import_reject
     WHERE run_no = %(run_no)s AND (line, field, reason) > (%(line)s, %(field)s, %(reason)s)
       AND kind = ANY (%(kinds)s)
       AND (%(unit_id)s::integer IS NULL OR unit_id = %(unit_id)s)
       AND (NOT %(open_only)s OR state = 'open')
     ORDER BY line, field, reason LIMIT %(limit)s
"""
_DISMISS: LiteralString = """
    UPDATE import_reject
       SET state = 'dismissed', decided_by = %(staff_no)s, decided_at = %(now)s,
           decision = %(decision)s, fields = '{}'
     WHERE run_no = %(run_no)s AND line = %(line)s AND state = 'open' AND kind <> 'warning'
"""
_UNIT_OF_LINE: LiteralString = """
    SELECT unit_id FROM import_reject
     WHERE run_no = %(run_no)s AND line = %(line)s AND state = 'open' AND kind <> 'warning'
     LIMIT 1
"""


def _remark(row: DictRow) -> Remark:
    return Remark(
        line=row["line"],
        kind=RemarkKind(row["kind"]),
        field=row["field"],
        reason=row["reason"],
        text=row["text"],
        unit=unit_of(row["unit_id"]),
        fields=row["fields"],
        state=RemarkState(row["state"]),
        decided_by=row["decided_by"] or "",
        decision=row["decision"],
        run=row["run_no"],
    )


def _storable(fields: Mapping[str, str | None]) -> dict[str, str | None]:
    """PostgreSQL keeps every character but NUL, which files of broken encoding are full of."""
    return {name: text and text.replace("\0", "\ufffd") for name, text in fields.items()}


class ImportRemarks:
    """Remarks; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def add(self, run_no: int, remarks: Iterable[Remark]) -> None:
        """Keep remarks, each with its row."""
        rows = [
            {
                "run_no": run_no,
                "line": remark.line,
                "field": remark.field,
                "reason": remark.reason,
                "kind": remark.kind,
                "text": remark.text,
                "unit_id": remark.unit or UNCLEAR,
                "fields": Jsonb(_storable(remark.fields)),
            }
            for remark in remarks
        ]
        with self._connection.cursor() as cursor:
            cursor.executemany(_ADD, rows)

    def page(
        self,
        run_no: int,
        after: tuple[int, str, str],
        limit: int,
        *,
        kinds: Collection[RemarkKind] = tuple(RemarkKind),
        unit_id: int | None = None,
        open_only: bool = False,
    ) -> list[Remark]:
        """Remarks behind (line, field, reason), in that order.

        Args:
            run_no: of the run.
            after: where the last page ended; ``(0, "", "")`` for the first.
            limit: at most so many.
            kinds: only of these.
            unit_id: only of rows of this unit; `UNCLEAR` for those without; None for all.
            open_only: only those that nobody has dealt with.
        """
        line, field, reason = after
        key = {
            "run_no": run_no,
            "line": line,
            "field": field,
            "reason": reason,
            "limit": limit,
            "kinds": list(kinds),
            "unit_id": unit_id,
            "open_only": open_only,
        }
        return [_remark(row) for row in self._connection.execute(_PAGE, key)]

    def unit_of_line(self, run_no: int, line: int) -> int | None:
        """`unit_id` of a row of which something open is said but a warning; None if nothing is."""
        key = {"run_no": run_no, "line": line}
        row = self._connection.execute(_UNIT_OF_LINE, key).fetchone()
        return row["unit_id"] if row else None

    def dismiss(self, run_no: int, line: int, staff_no: str, why: str, now: datetime) -> None:
        """Keep that a row is not to come on the register."""
        key = {"run_no": run_no, "line": line, "staff_no": staff_no, "decision": why, "now": now}
        self._connection.execute(_DISMISS, key)
