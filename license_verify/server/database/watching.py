"""Tables `watched_code`, `watched_change` and `feed_position`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString

from psycopg.rows import DictRow

from license_verify.server.database.connections import Connection

_ADD: LiteralString = """
    INSERT INTO watched_code (partner_id, code, since_at)
    SELECT %(id)s, code, %(now)s FROM unnest(%(codes)s::text[]) AS code
        ON CONFLICT (partner_id, code) DO NOTHING
"""
_REMOVE: LiteralString = """
    DELETE FROM watched_code WHERE partner_id = %(id)s AND code = ANY (%(codes)s::text[])
"""
_COUNT: LiteralString = "SELECT count(*) AS codes FROM watched_code WHERE partner_id = %(id)s"
_CODES: LiteralString = """
    SELECT code, since_at FROM watched_code
     WHERE partner_id = %(id)s AND code > %(after)s ORDER BY code LIMIT %(limit)s
"""
_CHANGES: LiteralString = """
    SELECT feed_number, code, kind, items, place, effective_date, happened_at, items_known,
           current_code
      FROM watched_change
     WHERE partner_id = %(id)s AND feed_number > %(after)s ORDER BY feed_number LIMIT %(limit)s
"""
# A watch begins at the place of the feed where the follower is: by a clock, which may run ahead on
# the node that was asked, what happened until that time would be told to nobody.
_TELL: LiteralString = """
    INSERT INTO watched_change (partner_id, feed_number, code, kind, items, place, effective_date,
                                happened_at, items_known, current_code)
    SELECT w.partner_id, %(number)s, %(code)s, %(kind)s, %(items)s, %(place)s, %(effective_date)s,
           %(happened_at)s, %(items_known)s, %(current_code)s
      FROM watched_code w WHERE w.code = %(code)s
        ON CONFLICT (partner_id, feed_number) DO NOTHING
"""
_TELL_EVERYBODY: LiteralString = """
    INSERT INTO watched_change (partner_id, feed_number, code, kind, items, happened_at)
    SELECT DISTINCT partner_id, %(number)s::bigint, '', %(kind)s, '{}'::text[], now()
      FROM watched_code
        ON CONFLICT (partner_id, feed_number) DO NOTHING
"""
_ANY: LiteralString = "SELECT code FROM watched_code WHERE code = ANY (%(codes)s::text[])"
_POSITION: LiteralString = "SELECT feed_number FROM feed_position"
_BEGIN: LiteralString = """
    INSERT INTO feed_position (feed_number) VALUES (%(number)s)
        ON CONFLICT (one) DO UPDATE SET feed_number = excluded.feed_number
"""
# A follower that lost its lock and has not noticed yet does not move it back.
_MOVE: LiteralString = """
    UPDATE feed_position SET feed_number = %(number)s WHERE feed_number < %(number)s
"""


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a code, never a value."""

    number: int
    """Of the registry's feed."""
    code: str
    """Empty: it is of the feed itself, not of a business."""
    kind: str
    """As the feed names it."""
    items: tuple[str, ...]
    """Of the face, names of `policy.ALL_ITEMS` and `scope`."""
    place: int | None
    """Number of the place that it happened to; None: to the firm itself."""
    effective_date: date | None
    happened_at: datetime
    items_known: bool = True
    """False: the register did not tell which items changed."""
    current_code: str = ""
    """In force when it was told, where `code` is a former one of the business; else empty."""


class WatchTable:
    """Watch lists and what happened to the codes on them, in the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, partner_id: str, codes: Sequence[str], now: datetime) -> None:
        """Watch codes; those watched already stay as they are."""
        self._connection.execute(_ADD, {"id": partner_id, "codes": list(codes), "now": now})

    def remove(self, partner_id: str, codes: Sequence[str]) -> None:
        """Watch codes no more."""
        self._connection.execute(_REMOVE, {"id": partner_id, "codes": list(codes)})

    def count(self, partner_id: str) -> int:
        """How many codes a partner watches."""
        row = self._connection.execute(_COUNT, {"id": partner_id}).fetchone()
        return int(row["codes"]) if row else 0

    def codes(self, partner_id: str, after: str, limit: int) -> list[tuple[str, datetime]]:
        """Codes in order, with the time since when each is watched."""
        key = {"id": partner_id, "after": after, "limit": limit}
        rows = self._connection.execute(_CODES, key)
        return [(row["code"], row["since_at"]) for row in rows]

    def changes(self, partner_id: str, after: int, limit: int) -> list[Change]:
        """What happened after that number, oldest first."""
        key = {"id": partner_id, "after": after, "limit": limit}
        return [_change(row) for row in self._connection.execute(_CHANGES, key)]

    def watched(self, codes: Iterable[str]) -> set[str]:
        """Those of the codes that anybody watches."""
        rows = self._connection.execute(_ANY, {"codes": list(codes)})
        return {row["code"] for row in rows}

    def tell(self, change: Change) -> None:
        """Put a change down for everybody who watches its code; once, however often it is told,
        and by whichever of its codes."""
        self._connection.execute(
            _TELL,
            {
                "number": change.number,
                "code": change.code,
                "kind": change.kind,
                "items": list(change.items),
                "place": change.place,
                "effective_date": change.effective_date,
                "happened_at": change.happened_at,
                "items_known": change.items_known,
                "current_code": change.current_code,
            },
        )

    def tell_everybody(self, number: int, kind: str) -> None:
        """Put down for everybody who watches anything what is of no code."""
        self._connection.execute(_TELL_EVERYBODY, {"number": number, "kind": kind})

    def position(self) -> int | None:
        """Up to which number of the feed all is told; None: nothing was read yet."""
        row = self._connection.execute(_POSITION).fetchone()
        return int(row["feed_number"]) if row else None

    def begin_at(self, number: int) -> None:
        """What was before is not told; go on after that number."""
        self._connection.execute(_BEGIN, {"number": number})

    def move(self, number: int) -> None:
        """All is told up to that number."""
        self._connection.execute(_MOVE, {"number": number})


def _change(row: DictRow) -> Change:
    return Change(
        row["feed_number"],
        row["code"],
        row["kind"],
        tuple(row["items"]),
        row["place"],
        row["effective_date"],
        row["happened_at"],
        row["items_known"],
        row["current_code"],
    )
