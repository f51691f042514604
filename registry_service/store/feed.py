"""Feed numbers of events, given after commit, and the row that counts them."""

from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.feed import Fed, Span, Wanted
from registry_service.store.events import COLUMNS, read_event
from registry_service.store.recoveries import Recoveries
from registry_service.store.rows import only_row

# An entity's events keep the order of their revisions even if a clock went back between two.
_NUMBER: LiteralString = """
    WITH waiting AS (
        SELECT entity_no, revision,
               max(recorded_at) OVER (PARTITION BY entity_no ORDER BY revision) AS since
          FROM event
         WHERE feed_no IS NULL
    ), numbered AS (
        SELECT entity_no, revision,
               row_number() OVER (ORDER BY since, entity_no, revision) AS place
          FROM waiting
    )
    UPDATE event e
       SET feed_no = f.last_no + n.place
      FROM numbered n, feed f
     WHERE e.entity_no = n.entity_no AND e.revision = n.revision
"""
_COUNT: LiteralString = "UPDATE feed SET last_no = last_no + %(given)s RETURNING last_no"
_LAST: LiteralString = "SELECT last_no FROM feed"
_SPAN: LiteralString = "SELECT oldest_no, last_no FROM feed"
_GO_ON: LiteralString = "UPDATE feed SET last_no = %(number)s WHERE last_no <= %(number)s"
# An entity that moved away shows its old registrar the move itself, and nothing after it: what
# counts is who registers it now, and who did just before and just after the event. So do its places
# to the units that had them. A hand-over's own events count for every unit and station that it went
# to; a place's newest one brings all else to who has it, though who is to answer hosts nothing yet.
# OFFSET 0 keeps the planner from reading the whole table once where it can look up a few keys.
_PAGE: LiteralString = (
    "SELECT e.uscc, ARRAY (SELECT c.code FROM entity_code c"
    " WHERE c.entity_no = v.entity_no AND c.code <> e.uscc ORDER BY c.code) AS former_codes,"
    + COLUMNS
    + """
      FROM (SELECT """
    + COLUMNS
    + """ FROM event WHERE feed_no > %(after)s AND feed_no <= %(until)s) v
      JOIN (SELECT entity_no, uscc, registrar_unit_id FROM entity) e USING (entity_no)
     WHERE (%(every_kind)s OR v.kind = ANY (%(kinds)s)
            OR split_part(v.kind, '.', 1) = ANY (%(families)s))
       AND (%(entity_no)s::bigint IS NULL OR v.entity_no = %(entity_no)s)
       AND (%(units)s::integer[] IS NULL
            OR e.registrar_unit_id = ANY (%(units)s)
            OR EXISTS (SELECT FROM premises p
                        WHERE p.entity_no = v.entity_no AND p.unit_id = ANY (%(units)s))
            OR EXISTS (SELECT FROM handover h
                        WHERE h.entity_no = v.entity_no
                          AND v.subject = 'handovers/' || h.handover_no
                          AND (h.to_unit_id = ANY (%(units)s)
                               OR h.earlier_unit_ids && %(units)s::integer[])
                       OFFSET 0)
            OR EXISTS (SELECT FROM handover h
                        WHERE h.entity_no = v.entity_no AND h.to_unit_id = ANY (%(units)s)
                          AND NOT EXISTS (SELECT FROM handover x
                                           WHERE x.entity_no = h.entity_no
                                             AND x.premises_no = h.premises_no
                                             AND x.handover_no > h.handover_no))
            OR EXISTS (SELECT FROM premises_version w
                        WHERE w.entity_no = v.entity_no
                          AND w.address_unit_id = ANY (%(units)s)
                          AND w.recorded_at <= v.recorded_at
                          AND NOT EXISTS (SELECT FROM premises_version x
                                           WHERE x.entity_no = w.entity_no
                                             AND x.premises_no = w.premises_no
                                             AND x.version > w.version
                                             AND x.recorded_at < v.recorded_at))
            OR EXISTS (SELECT FROM entity_version w
                        WHERE w.entity_no = v.entity_no
                          AND w.registrar_unit_id = ANY (%(units)s)
                          AND w.recorded_at <= v.recorded_at
                          AND NOT EXISTS (SELECT FROM entity_version x
                                           WHERE x.entity_no = w.entity_no
                                             AND x.version > w.version
                                             AND x.recorded_at < v.recorded_at)))
     ORDER BY feed_no
"""
)
_TOUCHED: LiteralString = """
    SELECT DISTINCT entity_no FROM event WHERE feed_no > %(after)s AND feed_no <= %(until)s
"""


class Feed:
    """The feed; only the sequencer, under its lock, gives numbers."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def number_waiting(self) -> int:
        """Give every committed event that has none the next number, without gaps.

        Returns:
            The last number given so far.
        """
        given = self._connection.execute(_NUMBER).rowcount
        return self.count(given) if given else self.last_no()

    def count(self, given: int) -> int:
        """Note that the next so many numbers were given; the last of them."""
        row = only_row(self._connection, _COUNT, {"given": given})
        last_no: int = row["last_no"]
        return last_no

    def last_no(self) -> int:
        """The last number given so far."""
        row = only_row(self._connection, _LAST)
        last_no: int = row["last_no"]
        return last_no

    def span(self) -> Span:
        """How far the feed goes."""
        row = only_row(self._connection, _SPAN)
        return Span(row["oldest_no"], row["last_no"], Recoveries(self._connection).gaps())

    def go_on_after(self, number: int) -> None:
        """Give the next event a number above that, never a lower one."""
        self._connection.execute(_GO_ON, {"number": number})

    def between(self, after: int, until: int, wanted: Wanted) -> list[Fed]:
        """The wanted events above `after`, up to `until`, in order."""
        parameters = {
            "after": after,
            "until": until,
            "every_kind": not wanted.kinds,
            "kinds": wanted.exact_kinds(),
            "families": wanted.families(),
            "entity_no": wanted.entity_no,
            "units": None if wanted.units is None else sorted(wanted.units),
        }
        rows = self._connection.execute(_PAGE, parameters)
        return [Fed(read_event(row), row["uscc"], tuple(row["former_codes"])) for row in rows]

    def touched(self, after: int, until: int) -> set[int]:
        """Entities with an event above `after`, up to `until`."""
        rows = self._connection.execute(_TOUCHED, {"after": after, "until": until})
        return {row["entity_no"] for row in rows}
