"""Table `recovery_item`: documents whose state a restore lost, until it is entered again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow

from license_verify.lists.status import Status
from registry_service.domain.entity import EntityState
from registry_service.domain.errors import RecoveryItemUnknown
from registry_service.domain.license import entry
from registry_service.domain.recovery import RecoveryItem
from registry_service.store.numbers import after_highest

_SELECT: LiteralString = """
    SELECT i.entity_no, i.item_no, i.list_no, i.idx, i.published, i.restored, i.closed_at,
           i.closed_by, i.reason, r.recovered_at, e.uscc, e.registrar_unit_id, v.business_name,
           coalesce('licenses/' || l.version, 'copies/' || t.copy_no,
                    'premises/' || c.premises_no || '/codes/' || c.version,
                    'premisesStatements/' || p.version) AS document
      FROM recovery_item i
      JOIN recovery r ON r.epoch = i.epoch
      JOIN entity e ON e.entity_no = i.entity_no
      JOIN entity_version v ON v.entity_no = e.entity_no AND v.version = e.version
      LEFT JOIN license_version l
        ON l.entity_no = i.entity_no AND l.list_no = i.list_no AND l.idx = i.idx
      LEFT JOIN site_code c
        ON c.entity_no = i.entity_no AND c.list_no = i.list_no AND c.idx = i.idx
      LEFT JOIN copy_token t
        ON t.entity_no = i.entity_no AND t.list_no = i.list_no AND t.idx = i.idx
      LEFT JOIN premises_statement p
        ON p.entity_no = i.entity_no AND p.list_no = i.list_no AND p.idx = i.idx
"""
_FIND: LiteralString = _SELECT + " WHERE i.entity_no = %(entity_no)s AND i.item_no = %(item_no)s"
_PAGE: LiteralString = (
    _SELECT
    + """
     WHERE (e.uscc, i.item_no) > (%(code)s, %(item_no)s)
       AND (%(closed)s OR i.closed_at IS NULL)
       AND (%(units)s::integer[] IS NULL OR e.registrar_unit_id = ANY (%(units)s))
     ORDER BY e.uscc, i.item_no LIMIT %(limit)s
"""
)
_ADD: LiteralString = (
    """
    INSERT INTO recovery_item (entity_no, item_no, epoch, list_no, idx, published, restored)
    SELECT %(entity_no)s, """
    + after_highest("item_no")
    + """, %(epoch)s, %(list_no)s, %(idx)s, %(published)s, %(restored)s
      FROM recovery_item WHERE entity_no = %(entity_no)s
"""
)
_OPEN_OF: LiteralString = """
    SELECT i.item_no, i.published, i.restored, s.own, e.state
      FROM recovery_item i
      JOIN status_entry s USING (entity_no, list_no, idx)
      JOIN entity e ON e.entity_no = i.entity_no
     WHERE i.entity_no = %(entity_no)s AND i.closed_at IS NULL
"""
_CLOSE: LiteralString = """
    WITH closed AS (
        UPDATE recovery_item
           SET closed_at = %(now)s, closed_by = %(closed_by)s, closed_revision = %(revision)s,
               reason = %(reason)s
         WHERE entity_no = %(entity_no)s AND item_no = %(item_no)s AND closed_at IS NULL
        RETURNING entity_no, list_no, idx
    )
    UPDATE status_entry s SET floor = NULL FROM closed c
     WHERE s.entity_no = c.entity_no AND s.list_no = c.list_no AND s.idx = c.idx
"""
_COUNT: LiteralString = """
    SELECT count(*) AS n FROM recovery_item WHERE epoch = %(epoch)s
"""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An open item with what the register says of its document now."""

    number: int
    published: Status
    restored: Status
    now: Status
    """Without any floor."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """A document found in another state than it was published in."""

    entity_no: int
    list_no: int
    index: int
    published: Status
    restored: Status


def _item(row: DictRow) -> RecoveryItem:
    return RecoveryItem(
        entity_no=row["entity_no"],
        number=row["item_no"],
        code=row["uscc"],
        business_name=row["business_name"],
        registrar=row["registrar_unit_id"],
        document=row["document"],
        published=Status(row["published"]),
        restored=Status(row["restored"]),
        recovered_at=row["recovered_at"],
        closed_at=row["closed_at"],
        closed_by=row["closed_by"] or "",
        reason=row["reason"],
    )


class RecoveryItems:
    """Items; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def add(self, epoch: int, items: Iterable[NewItem]) -> None:
        """Open items, each under its entity's next number."""
        rows = [
            {
                "entity_no": item.entity_no,
                "epoch": epoch,
                "list_no": item.list_no,
                "idx": item.index,
                "published": item.published,
                "restored": item.restored,
            }
            for item in items
        ]
        with self._connection.cursor() as cursor:
            cursor.executemany(_ADD, rows)

    def count(self, epoch: int) -> int:
        """How many items that epoch's recovery opened."""
        row = self._connection.execute(_COUNT, {"epoch": epoch}).fetchone()
        return int(row["n"]) if row else 0

    def find(self, entity_no: int, number: int) -> RecoveryItem:
        """One item.

        Raises:
            RecoveryItemUnknown: the entity has none with that number.
        """
        key = {"entity_no": entity_no, "item_no": number}
        row = self._connection.execute(_FIND, key).fetchone()
        if row is None:
            raise RecoveryItemUnknown(
                f"the entity has no recovery item {number}",
                zh=f"该主体没有第 {number} 号恢复待办",
                number=number,
            )
        return _item(row)

    def page(
        self, units: list[int] | None, after: tuple[str, int], limit: int, *, closed: bool = False
    ) -> list[RecoveryItem]:
        """Items by code of the entity and number.

        Args:
            units: of entities of these registrars; None for all.
            after: code and number after which to begin.
            limit: at most so many.
            closed: those that are closed, too.
        """
        code, number = after
        parameters: dict[str, Any] = {
            "units": units,
            "code": code,
            "item_no": number,
            "limit": limit,
            "closed": closed,
        }
        return [_item(row) for row in self._connection.execute(_PAGE, parameters)]

    def open_of(self, entity_no: int) -> list[OpenItem]:
        """The open items of an entity; nearly always none."""
        return [
            OpenItem(
                number=row["item_no"],
                published=Status(row["published"]),
                restored=Status(row["restored"]),
                now=entry(EntityState(row["state"]), Status(row["own"])),
            )
            for row in self._connection.execute(_OPEN_OF, {"entity_no": entity_no})
        ]

    def close(
        self,
        entity_no: int,
        number: int,
        *,
        now: datetime,
        closed_by: str,
        revision: int,
        reason: str = "",
    ) -> None:
        """Close an item: its document reads what the register says from now.

        Args:
            entity_no: of the entity.
            number: of the item.
            now: when.
            closed_by: staff number; empty for the system.
            revision: of the event that closed it.
            reason: empty where the act was repeated.
        """
        row = {
            "entity_no": entity_no,
            "item_no": number,
            "now": now,
            "closed_by": closed_by or None,
            "revision": revision,
            "reason": reason,
        }
        self._connection.execute(_CLOSE, row)
