"""Table `sync_item`: what is to be decided between a source and the register."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.errors import SyncItemUnknown
from registry_service.domain.sync import ItemKind, ItemState, SyncItem
from registry_service.store.numbers import after_highest
from registry_service.store.rows import only_row

_COLUMNS: LiteralString = """
    i.entity_no, i.item_no, i.kind, i.state, i.fact_no, i.source, i.source_date, i.run_no,
    i.created_at, i.decided_by, i.decided_at, i.reason
"""
_SELECT: LiteralString = "SELECT " + _COLUMNS + " FROM sync_item i"
_FIND: LiteralString = _SELECT + " WHERE i.entity_no = %(entity_no)s AND i.item_no = %(item_no)s"
_OF: LiteralString = (
    _SELECT
    + """ WHERE i.entity_no = ANY (%(entities)s) AND i.source = %(source)s AND i.kind <> 'gone'
     ORDER BY i.entity_no, i.item_no
"""
)
_OF_UNITS: LiteralString = """
     JOIN entity e ON e.entity_no = i.entity_no
    WHERE i.state = %(state)s
      AND (e.registrar_unit_id = ANY (%(units)s) OR (%(unclear)s AND e.registrar_unit_id IS NULL))
"""
_PAGE: LiteralString = (
    _SELECT
    + _OF_UNITS
    + """
      AND (i.created_at, i.entity_no, i.item_no) >
          (%(after_time)s, %(after_entity)s, %(after_item)s)
    ORDER BY i.created_at, i.entity_no, i.item_no LIMIT %(limit)s
"""
)
_COUNT: LiteralString = "SELECT count(*) AS n FROM sync_item i" + _OF_UNITS
_OPEN: LiteralString = (
    """
    INSERT INTO sync_item (entity_no, item_no, kind, fact_no, source, source_date, run_no, state,
                           created_at)
    SELECT %(entity_no)s, """
    + after_highest("item_no")
    + """, %(kind)s, %(fact_no)s, %(source)s,
           %(source_date)s, %(run_no)s, 'open', %(now)s
      FROM sync_item WHERE entity_no = %(entity_no)s
"""
)
_MOVE: LiteralString = """
    UPDATE sync_item SET fact_no = %(fact_no)s, source_date = %(source_date)s, run_no = %(run_no)s
     WHERE entity_no = %(entity_no)s AND item_no = %(item_no)s AND state = 'open'
"""
_CLOSE: LiteralString = """
    UPDATE sync_item SET state = %(state)s, decided_by = %(decided_by)s, decided_at = %(now)s,
                         reason = %(reason)s
     WHERE entity_no = %(entity_no)s AND item_no = %(item_no)s AND state = 'open'
"""
# A source has an entity no more if, after the last day on which it told of it, it said so, or sent
# all that it has without it; a row that could not be read tells of its entity all the same.
_ABSENT: LiteralString = """
    WITH whole AS (
        SELECT run_no, source_date FROM import_run
         WHERE kind = 'sync' AND complete AND state = 'done' AND source = %(source)s
         ORDER BY source_date DESC, run_no DESC LIMIT 1
    ), told AS (
        SELECT e.entity_no, e.registrar_unit_id, e.state, e.uscc,
               coalesce((SELECT max(f.source_date) FROM source_fact f
                          WHERE f.entity_no = e.entity_no AND f.source = %(source)s),
                        (SELECT v.effective_date - 1 FROM entity_version v
                          WHERE v.entity_no = e.entity_no AND v.version = 1
                            AND v.source = %(source)s)) AS last_day
          FROM entity e
         WHERE %(entities)s::bigint[] IS NULL OR e.entity_no = ANY (%(entities)s)
    ), absent AS (
        SELECT t.entity_no, t.registrar_unit_id, t.last_day,
               greatest(g.source_date, w.source_date) AS day,
               CASE WHEN g.source_date >= w.source_date OR w.run_no IS NULL THEN g.run_no
                    ELSE w.run_no END AS run_no
          FROM told t
          LEFT JOIN source_gone g ON g.uscc = t.uscc AND g.source = %(source)s
          LEFT JOIN whole w ON NOT EXISTS (
               SELECT FROM import_reject r
                WHERE r.run_no = w.run_no AND r.kind <> 'warning'
                  AND r.fields ->> 'uniscid' = t.uscc)
         WHERE t.last_day IS NOT NULL
           AND t.state NOT IN ('revoked', 'deregistered', 'annulled')
           AND greatest(g.source_date, w.source_date) > t.last_day
    )
"""
_SETTLE: LiteralString = (
    _ABSENT
    + """
    , lapsed AS (
        UPDATE sync_item i SET state = 'lapsed', decided_at = %(now)s
         WHERE i.kind = 'gone' AND i.state = 'open' AND i.source = %(source)s
           AND (%(entities)s::bigint[] IS NULL OR i.entity_no = ANY (%(entities)s))
           AND NOT EXISTS (SELECT FROM absent a WHERE a.entity_no = i.entity_no)
    ), opened AS (
        INSERT INTO sync_item (entity_no, item_no, kind, source, source_date, run_no, state,
                               created_at)
        SELECT a.entity_no,
               (SELECT """
    + after_highest("i.item_no")
    + """ FROM sync_item i
                 WHERE i.entity_no = a.entity_no),
               'gone', %(source)s, a.day, a.run_no, 'open', %(now)s
          FROM absent a
         WHERE NOT EXISTS (SELECT FROM sync_item i
                            WHERE i.entity_no = a.entity_no AND i.kind = 'gone'
                              AND i.source = %(source)s
                              AND (i.state = 'open' OR (i.state = 'kept'
                                                        AND i.source_date > a.last_day)))
        RETURNING entity_no
    )
    SELECT o.entity_no, coalesce(e.registrar_unit_id, 0) AS unit_id
      FROM opened o JOIN entity e ON e.entity_no = o.entity_no
"""
)
_WAITING_GONE: LiteralString = """
    SELECT i.entity_no FROM sync_item i
     WHERE i.kind = 'gone' AND i.state = 'open' AND i.source = %(source)s
"""


def _item(row: DictRow) -> SyncItem:
    return SyncItem(
        entity_no=row["entity_no"],
        number=row["item_no"],
        kind=ItemKind(row["kind"]),
        state=ItemState(row["state"]),
        fact_no=row["fact_no"],
        source=row["source"],
        source_date=row["source_date"],
        run=row["run_no"],
        created_at=row["created_at"],
        decided_by=row["decided_by"] or "",
        decided_at=row["decided_at"],
        reason=row["reason"],
    )


class SyncItems:
    """What is to be decided; the caller of a write holds the entity's lock."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def find(self, entity_no: int, item_no: int) -> SyncItem:
        """The entity's item with this number.

        Raises:
            SyncItemUnknown: it has none.
        """
        key = {"entity_no": entity_no, "item_no": item_no}
        row = self._connection.execute(_FIND, key).fetchone()
        if row is None:
            raise SyncItemUnknown(
                f"the entity has no sync item {item_no}",
                zh=f"该主体没有编号为 {item_no} 的待定事项",
                item=item_no,
            )
        return _item(row)

    def of(self, entities: Collection[int], source: str) -> dict[int, list[SyncItem]]:
        """Conflicts and states of these entities, decided or not, by entity and number."""
        key = {"entities": list(entities), "source": source}
        found: dict[int, list[SyncItem]] = {}
        for row in self._connection.execute(_OF, key):
            found.setdefault(row["entity_no"], []).append(_item(row))
        return found

    def page(
        self,
        units: Sequence[int],
        state: ItemState,
        after: tuple[datetime, int, int],
        limit: int,
        *,
        unclear: bool,
    ) -> list[SyncItem]:
        """Items of these units' entities behind (time, entity, item), oldest first.

        With `unclear`, also those of entities whose unit is unclear.
        """
        at, entity_no, item_no = after
        key = {
            "units": list(units),
            "unclear": unclear,
            "state": state,
            "after_time": at,
            "after_entity": entity_no,
            "after_item": item_no,
            "limit": limit,
        }
        return [_item(row) for row in self._connection.execute(_PAGE, key)]

    def count(self, units: Sequence[int], state: ItemState, *, unclear: bool) -> int:
        """How many there are in all."""
        key = {"units": list(units), "state": state, "unclear": unclear}
        return int(only_row(self._connection, _COUNT, key)["n"])

    def open(self, item: SyncItem) -> None:
        """Let something wait, under the entity's next number; `item.number` is not read."""
        self._connection.execute(_OPEN, _row(item) | {"now": item.created_at})

    def move(self, item: SyncItem) -> None:
        """Let an open item be about the fact that it names now."""
        self._connection.execute(_MOVE, _row(item))

    def close(self, item: SyncItem) -> None:
        """Write down what became of an open item."""
        row = _row(item) | {
            "state": item.state,
            "decided_by": item.decided_by or None,
            "now": item.decided_at,
            "reason": item.reason,
        }
        self._connection.execute(_CLOSE, row)

    def settle_gone(
        self, source: str, entities: Collection[int] | None, now: datetime
    ) -> dict[int, int]:
        """Open an item for each living entity that its source has no more, and close the others'.

        Args:
            source: which.
            entities: among these; None for all.
            now: when.

        Returns:
            How many were opened, by `unit_id`.
        """
        given = None if entities is None else list(entities)
        key = {"source": source, "entities": given, "now": now}
        counts: dict[int, int] = {}
        for row in self._connection.execute(_SETTLE, key):
            counts[row["unit_id"]] = counts.get(row["unit_id"], 0) + 1
        return counts

    def waiting_gone(self, source: str) -> list[int]:
        """Entities that wait for a decision because that source has them no more."""
        rows = self._connection.execute(_WAITING_GONE, {"source": source})
        return [row["entity_no"] for row in rows]


def _row(item: SyncItem) -> dict[str, Any]:
    return {
        "entity_no": item.entity_no,
        "item_no": item.number,
        "kind": item.kind,
        "fact_no": item.fact_no,
        "source": item.source,
        "source_date": item.source_date,
        "run_no": item.run,
    }
