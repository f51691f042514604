"""Table `event`."""

from collections.abc import Collection
from typing import Any, Final, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.event import Event

COLUMNS: LiteralString = """
    entity_no, revision, feed_no, kind, subject, state_after, actor, actor_name, actor_unit_id,
    workload, basis, reverses_revision, effective_date, recorded_at, second_actor,
    second_actor_name
"""
CHANNEL: Final = "yizhao_event"
_WAKE: LiteralString = "NOTIFY yizhao_event"
_INSERT: LiteralString = """
    INSERT INTO event (entity_no, revision, kind, subject, state_after, actor, actor_name,
                       actor_unit_id, workload, basis, reverses_revision, effective_date,
                       recorded_at, second_actor, second_actor_name, row_hash)
    VALUES (%(entity_no)s, %(revision)s, %(kind)s, %(subject)s, %(state_after)s, %(actor)s,
            %(actor_name)s, %(actor_unit)s, %(workload)s, %(basis)s, %(reverses_revision)s,
            %(effective_date)s, %(recorded_at)s, %(second_actor)s, %(second_actor_name)s,
            %(row_hash)s)
"""
# `Event.digest` for events of a mass act: kind, subject and state are words of ours, which JSON
# writes as they are. The parameters are `Event.hashed_parts`.
ROW_HASH: LiteralString = """
    sha256(convert_to(concat('[', entity_no, ',', revision, ',"', kind, '","', subject, '","',
                             state_after, '",', %(by)s::text, ',"',
                             to_char(effective_date, 'YYYY-MM-DD'), '",', %(rest)s::text, ']'),
                      'UTF8'))
"""
_LIST: LiteralString = (
    "SELECT "
    + COLUMNS
    + """ FROM event WHERE entity_no = %(entity_no)s AND revision < %(before)s
     ORDER BY revision DESC LIMIT %(limit)s
"""
)
_ON_GROUND: LiteralString = (
    "SELECT "
    + COLUMNS
    + """ FROM event WHERE entity_no = %(entity_no)s AND basis = %(basis)s
       AND starts_with(kind, %(prefix)s)
     ORDER BY revision
"""
)
_LAST: LiteralString = (
    "SELECT "
    + COLUMNS
    + """ FROM event WHERE entity_no = %(entity_no)s AND kind = %(kind)s
     ORDER BY revision DESC LIMIT 1
"""
)

_NTH: LiteralString = (
    "SELECT "
    + COLUMNS
    + """ FROM event WHERE entity_no = %(entity_no)s AND kind = ANY (%(kinds)s)
     ORDER BY revision OFFSET %(skip)s LIMIT 1
"""
)
_OF_SUBJECT: LiteralString = (
    "SELECT "
    + COLUMNS
    + """ FROM event
     WHERE entity_no = %(entity_no)s AND kind = %(kind)s AND subject = %(subject)s
     ORDER BY revision DESC LIMIT 1
"""
)
_SUBJECTS: LiteralString = """
    SELECT DISTINCT subject FROM event
     WHERE entity_no = %(entity_no)s AND kind = %(kind)s AND revision > %(after)s
"""
_STORIES: LiteralString = (
    "SELECT "
    + COLUMNS
    + """ FROM event
     WHERE entity_no = ANY (%(entities)s) AND (revision = 1 OR kind = ANY (%(kinds)s))
     ORDER BY entity_no, revision
"""
)


def read_event(row: DictRow) -> Event:
    """The event in a row of `COLUMNS`."""
    return Event(
        entity_no=row["entity_no"],
        revision=row["revision"],
        kind=row["kind"],
        subject=row["subject"],
        state_after=row["state_after"],
        actor=row["actor"],
        actor_name=row["actor_name"],
        actor_unit=row["actor_unit_id"],
        workload=row["workload"],
        basis=row["basis"],
        effective_date=row["effective_date"],
        recorded_at=row["recorded_at"],
        reverses_revision=row["reverses_revision"],
        feed_no=row["feed_no"],
        second_actor=row["second_actor"],
        second_actor_name=row["second_actor_name"],
    )


def _row(event: Event) -> dict[str, Any]:
    return {
        "entity_no": event.entity_no,
        "revision": event.revision,
        "kind": event.kind,
        "subject": event.subject,
        "state_after": event.state_after,
        "actor": event.actor,
        "actor_name": event.actor_name,
        "actor_unit": event.actor_unit,
        "workload": event.workload,
        "basis": event.basis,
        "reverses_revision": event.reverses_revision,
        "effective_date": event.effective_date,
        "recorded_at": event.recorded_at,
        "second_actor": event.second_actor,
        "second_actor_name": event.second_actor_name,
        "row_hash": event.digest(),
    }


class Events:
    """Events; only ever added."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def add(self, event: Event) -> None:
        """Store an event, and wake whoever listens for `yizhao_event` once it is committed."""
        self.add_many([event])

    def add_many(self, events: list[Event]) -> None:
        """Store events, and wake whoever listens once they are committed."""
        with self._connection.cursor() as cursor:
            cursor.executemany(_INSERT, [_row(event) for event in events])
        self.wake()

    def wake(self) -> None:
        """Wake whoever listens for `yizhao_event`, once this is committed."""
        self._connection.execute(_WAKE)

    def page(self, entity_no: int, before: int = 2**62, limit: int = 1000) -> list[Event]:
        """Events of an entity below revision `before`, newest first."""
        key = {"entity_no": entity_no, "before": before, "limit": limit}
        return [read_event(row) for row in self._connection.execute(_LIST, key)]

    def on_ground(self, entity_no: int, basis: str, prefix: str) -> list[Event]:
        """Events of kinds that begin so and name that basis, oldest first."""
        key = {"entity_no": entity_no, "basis": basis, "prefix": prefix}
        return [read_event(row) for row in self._connection.execute(_ON_GROUND, key)]

    def before(self, event: Event) -> Event | None:
        """The event of the same entity just before this one, or None."""
        found = self.page(event.entity_no, before=event.revision, limit=1)
        return found[0] if found else None

    def last(self, entity_no: int, kind: str) -> Event | None:
        """The newest event of that kind, or None."""
        key = {"entity_no": entity_no, "kind": kind}
        row = self._connection.execute(_LAST, key).fetchone()
        return read_event(row) if row else None

    def nth(self, entity_no: int, kinds: Collection[str], place: int) -> Event | None:
        """The event that stands at that place, from 1, among the entity's of these kinds."""
        key = {"entity_no": entity_no, "kinds": list(kinds), "skip": place - 1}
        row = self._connection.execute(_NTH, key).fetchone()
        return read_event(row) if row else None

    def of_subject(self, entity_no: int, kind: str, subject: str) -> Event | None:
        """The newest event of that kind that happened to that thing, or None."""
        key = {"entity_no": entity_no, "kind": kind, "subject": subject}
        row = self._connection.execute(_OF_SUBJECT, key).fetchone()
        return read_event(row) if row else None

    def subjects(self, entity_no: int, kind: str, after: int) -> frozenset[str]:
        """What events of that kind, above revision `after`, happened to."""
        key = {"entity_no": entity_no, "kind": kind, "after": after}
        return frozenset(row["subject"] for row in self._connection.execute(_SUBJECTS, key))

    def stories(self, entities: Collection[int], kinds: Collection[str]) -> dict[int, list[Event]]:
        """The first event of each entity and those of these kinds, oldest first, by entity."""
        key = {"entities": list(entities), "kinds": list(kinds)}
        found: dict[int, list[Event]] = {}
        for row in self._connection.execute(_STORIES, key):
            found.setdefault(row["entity_no"], []).append(read_event(row))
        return found
