"""What journals hold, taken into the tables: each entry once, and counted only when it is new."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from license_verify.server.database.connections import Connection
from license_verify.server.usage.entry import PageScans, Row

# One text and one string of bytes for a thousand receipts: to write a column each as an array takes
# this side ten times as long, and verdicts wait for it.
_TAKE: LiteralString = """
    WITH told AS (
        SELECT day, receipt_id, to_timestamp(iat) AS checked_at, partner, purpose, item, operator,
               case_number, unit, uscc, decode(token_id, 'hex') AS token_id, outcome, status,
               reason,
               CASE WHEN size > 0 THEN substring(%(documents)b FROM begins + 1 FOR size) END
                   AS document
          FROM json_to_recordset(%(told)s::json)
            AS t (day date, receipt_id uuid, iat bigint, partner text, purpose text, item text,
                  operator text, case_number text, unit integer, uscc text, token_id text,
                  outcome text, status text, reason text, begins integer, size integer)
    ), new AS (
        INSERT INTO receipt (day, receipt_id, checked_at, partner, purpose, item, operator,
                             case_number, unit, uscc, token_id, outcome, status, reason, document)
        SELECT day, receipt_id, checked_at, partner, purpose, item, operator, case_number, unit,
               uscc, token_id, outcome, status, reason, document
          FROM told
        ON CONFLICT (day, receipt_id) DO NOTHING
        RETURNING day, partner, purpose, item, operator, unit, outcome
    )
    INSERT INTO usage_day (day, partner, purpose, item, operator, unit, outcome, count)
    SELECT day, partner, purpose, item, operator, unit, outcome, count(*)
      FROM new GROUP BY 1, 2, 3, 4, 5, 6, 7
     ORDER BY 1, 2, 3, 4, 5, 6, 7 -- in one order, so that no two nodes wait for each other
    ON CONFLICT (day, partner, purpose, item, operator, unit, outcome)
       DO UPDATE SET count = usage_day.count + excluded.count
"""
_TAKE_SCANS: LiteralString = """
    WITH new AS (
        INSERT INTO page_scan (day, scan_id, unit, count)
        SELECT * FROM unnest(%(day)s::date[], %(id)s::uuid[], %(unit)s::int[], %(count)s::bigint[])
        ON CONFLICT (day, scan_id) DO NOTHING
        RETURNING day, unit, count
    )
    INSERT INTO usage_day (day, partner, purpose, item, operator, unit, outcome, count)
    SELECT day, 'page', 'page', '', '', unit, '', sum(count)
      FROM new GROUP BY day, unit ORDER BY day, unit
    ON CONFLICT (day, partner, purpose, item, operator, unit, outcome)
       DO UPDATE SET count = usage_day.count + excluded.count
"""


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A row of `receipt`."""

    day: date
    receipt_id: UUID
    checked_at: datetime
    partner: str
    purpose: str
    item: str
    operator: str
    case_number: str
    unit: int
    uscc: str
    token_id: bytes | None
    outcome: str
    status: str
    reason: str
    document: bytes | None


def take_receipts(connection: Connection, rows: Sequence[Row]) -> None:
    """Store those that are new, and count them, in one statement."""
    if not rows:
        return
    told, documents, begins = [], [], 0
    for _, members, document in rows:
        size = len(document)
        told.append(f'{members}, "begins": {begins}, "size": {size}}}')
        documents.append(document)
        begins += size
    connection.execute(_TAKE, {"told": f"[{','.join(told)}]", "documents": b"".join(documents)})


def take_scans(connection: Connection, rows: Sequence[PageScans]) -> None:
    """The same for scans of the page."""
    if rows:
        columns = {each.name: [getattr(row, each.name) for row in rows] for each in fields(rows[0])}
        connection.execute(_TAKE_SCANS, columns)
