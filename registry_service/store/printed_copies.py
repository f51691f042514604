"""Table `printed_copy`: who holds which 正本 and 副本; `copy_token` beside it is what they say."""

from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.errors import CopyUnknown
from registry_service.domain.printed_copy import CopyKind, CopyState, PrintedCopy
from registry_service.store.licenses import document_of
from registry_service.store.numbers import FLOOR, after_highest, after_highest_of_few
from registry_service.store.rows import only_row

_SELECT: LiteralString = """
    SELECT c.entity_no, c.copy_no, c.kind, c.duplicate_no, c.license_number, c.document_id,
           c.state AS held_state, c.recorded_at, c.printed_date, c.printed_by, c.collected_by,
           c.collected_date, c.ended_at, c.ended_basis,
           NULL::integer AS premises_no, t.copy_no AS version, t.entity_version AS facts_version,
           t.license_no AS copy_of, t.duplicate_no AS duplicate, t.state, t.request_id, t.kid,
           t.to_be_signed, t.list_no, t.idx, t.scan_host, t.token, t.token_id, t.created_at,
           t.issued_at
      FROM printed_copy c
      LEFT JOIN copy_token t ON t.entity_no = c.entity_no AND t.copy_no = c.copy_no
     WHERE c.entity_no = %(entity_no)s
"""
_FIND: LiteralString = _SELECT + " AND c.copy_no = %(number)s"
_PAGE: LiteralString = _SELECT + " AND c.copy_no > %(after)s ORDER BY c.copy_no LIMIT %(limit)s"
_ADD: LiteralString = (
    """
    INSERT INTO printed_copy (entity_no, copy_no, kind, duplicate_no, license_number, document_id,
                              printed_date, printed_by, state, recorded_at, source, source_id)
    SELECT %(entity_no)s, """
    + after_highest("copy_no")
    + """, %(kind)s, %(duplicate)s, %(license_number)s, %(document_id)s, %(printed_date)s,
           %(printed_by)s, %(state)s, %(recorded_at)s, 'counter', ''
      FROM printed_copy WHERE entity_no = %(entity_no)s
    RETURNING copy_no
"""
)
# A restore may have lost copies of the versions from before it, and of no other.
_NEXT_DUPLICATE: LiteralString = (
    "SELECT "
    + after_highest_of_few("duplicate_no", "%(license_no)s < " + FLOOR)
    + """ AS n
      FROM copy_token WHERE entity_no = %(entity_no)s AND license_no = %(license_no)s
"""
)
_SAVE: LiteralString = """
    UPDATE printed_copy
       SET state = %(state)s, collected_by = %(collected_by)s, collected_date = %(collected_date)s,
           ended_at = %(ended_at)s, ended_basis = %(ended_basis)s
     WHERE entity_no = %(entity_no)s AND copy_no = %(number)s
"""


def _copy(row: DictRow) -> PrintedCopy:
    return PrintedCopy(
        entity_no=row["entity_no"],
        number=row["copy_no"],
        kind=CopyKind(row["kind"]),
        duplicate=row["duplicate_no"],
        license_number=row["license_number"],
        document_id=row["document_id"],
        state=CopyState(row["held_state"]),
        recorded_at=row["recorded_at"],
        printed_date=row["printed_date"],
        printed_by=row["printed_by"] or "",
        collected_by=row["collected_by"] or "",
        collected_date=row["collected_date"],
        ended_at=row["ended_at"],
        ended_basis=row["ended_basis"] or "",
        document=document_of(row) if row["copy_of"] is not None else None,
    )


class PrintedCopies:
    """Copies; every call runs in the caller's transaction. The caller has locked the entity."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def find(self, entity_no: int, number: int) -> PrintedCopy:
        """One copy.

        Raises:
            CopyUnknown: the entity has none with that number.
        """
        key = {"entity_no": entity_no, "number": number}
        row = self._connection.execute(_FIND, key).fetchone()
        if row is None:
            raise CopyUnknown(
                f"the entity has no printed copy {number}",
                zh=f"该主体没有第 {number} 号纸质执照",
                copy=number,
            )
        return _copy(row)

    def page(self, entity_no: int, after: int, limit: int) -> list[PrintedCopy]:
        """Copies above that number, of every version, by number."""
        key = {"entity_no": entity_no, "after": after, "limit": limit}
        return [_copy(row) for row in self._connection.execute(_PAGE, key)]

    def next_duplicate(self, entity_no: int, license_no: int) -> int:
        """Which 副本 of a licence version the next one is; never one that was printed before."""
        key = {"entity_no": entity_no, "license_no": license_no}
        return int(only_row(self._connection, _NEXT_DUPLICATE, key)["n"])

    def add(self, copy: PrintedCopy) -> int:
        """Keep a copy that is printed here; its number. That of `copy` is not read."""
        row = {
            "entity_no": copy.entity_no,
            "kind": copy.kind.value,
            "duplicate": copy.duplicate,
            "license_number": copy.license_number,
            "document_id": copy.document_id,
            "printed_date": copy.printed_date,
            "printed_by": copy.printed_by,
            "state": copy.state.value,
            "recorded_at": copy.recorded_at,
        }
        return int(only_row(self._connection, _ADD, row)["copy_no"])

    def save(self, copy: PrintedCopy) -> None:
        """Write who holds it, or what became of it."""
        row: dict[str, Any] = {
            "entity_no": copy.entity_no,
            "number": copy.number,
            "state": copy.state.value,
            "collected_by": copy.collected_by or None,
            "collected_date": copy.collected_date,
            "ended_at": copy.ended_at,
            "ended_basis": copy.ended_basis or None,
        }
        self._connection.execute(_SAVE, row)
