"""Licences of many entities at once, set by set."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, LiteralString

import psycopg
from psycopg.rows import DictRow

from license_verify.limits import STATUS_ENTRIES
from license_verify.lists.status import Status
from registry_service.domain.entity import Entity
from registry_service.domain.event import Event
from registry_service.domain.license_draft import Signed
from registry_service.domain.mass_run import MassKind, MassRun
from registry_service.store.entities import OF_ENTITY, PRESENT, read_entity
from registry_service.store.import_staging import told_events
from registry_service.store.numbers import after_highest
from registry_service.store.rows import only_row

# OFFSET 0 keeps the planner from joining whole tables where it can look up a key for each row.
_CONDITION: LiteralString = """
       e.entity_no > %(after)s AND e.entity_no <= %(to)s
       AND e.state NOT IN ('revoked', 'deregistered', 'annulled')
       AND (%(unit)s::integer IS NULL OR e.registrar_unit_id = %(unit)s)
       AND NOT EXISTS (SELECT FROM mass_remark r
                        WHERE r.run_no = %(run_no)s AND r.entity_no = e.entity_no OFFSET 0)
"""
_LIVE: LiteralString = """
       SELECT FROM license_version l
        WHERE l.entity_no = e.entity_no AND l.state IN ('intent', 'issued')
"""
_OF_KIND: Final[dict[MassKind, LiteralString]] = {
    MassKind.ISSUE: _CONDITION + " AND NOT EXISTS (" + _LIVE + " OFFSET 0)",
    MassKind.REISSUE: _CONDITION
    + " AND EXISTS ("
    + _LIVE
    + """ AND l.state = 'issued' AND l.issued_at < %(started_at)s
          AND (%(kid)s::bytea IS NULL OR l.kid = %(kid)s)
          AND (%(host)s = '' OR l.scan_host = %(host)s) OFFSET 0)
    """,
}
_LAST: Final = 2**63 - 1


def _count(kind: MassKind) -> LiteralString:
    return "SELECT count(*) AS n FROM entity e WHERE " + _OF_KIND[kind]


def _range(kind: MassKind) -> LiteralString:
    return (
        "SELECT max(entity_no) AS last FROM (SELECT e.entity_no FROM entity e WHERE "
        + _OF_KIND[kind]
        + " ORDER BY e.entity_no LIMIT %(limit)s) s"
    )


def _entities(kind: MassKind) -> LiteralString:
    return "SELECT " + PRESENT + " FROM " + OF_ENTITY + " WHERE " + _OF_KIND[kind]


_ENTRIES: LiteralString = """
    SELECT array_agg(n) AS numbers
      FROM (SELECT nextval('status_entry_seq') AS n FROM generate_series(1, %(count)s)) s
"""
# An entity that anybody touched since it was read has another revision and stays as it is.
_MOVE: LiteralString = """
    UPDATE entity e SET revision = e.revision + %(events)s, updated_at = %(now)s
      FROM unnest(%(entities)b::bigint[], %(revisions)b::bigint[]) AS g (entity_no, revision)
     WHERE e.entity_no = g.entity_no AND e.revision = g.revision
    RETURNING e.entity_no, e.revision, e.state
"""
_SUPERSEDE: LiteralString = """
    WITH old AS (
        UPDATE license_version SET state = 'superseded'
         WHERE entity_no = ANY (%(entities)s) AND state = 'issued'
        RETURNING entity_no, version, list_no, idx
    ), entries AS (
        UPDATE status_entry s SET own = %(superseded)s FROM old
         WHERE s.entity_no = old.entity_no AND s.list_no = old.list_no AND s.idx = old.idx
    )
    SELECT entity_no, version FROM old
"""
_PUT: LiteralString = (
    """
    WITH given AS (
        SELECT g.*, (SELECT """
    + after_highest("version")
    + """ FROM license_version l WHERE l.entity_no = g.entity_no) AS version
          FROM unnest(%(entities)b::bigint[], %(facts)b::integer[], %(lists)b::integer[],
                      %(indices)b::integer[], %(said)b::bytea[], %(tokens)b::bytea[])
               AS g (entity_no, facts_version, list_no, idx, said, token)
    ), entries AS (
        INSERT INTO status_entry (entity_no, list_no, idx, own)
        SELECT entity_no, list_no, idx, %(valid)s FROM given
    ), documents AS (
        INSERT INTO license_version (entity_no, version, entity_version, state, kid, to_be_signed,
                                     list_no, idx, scan_host, token, token_id, created_at,
                                     issued_at)
        SELECT entity_no, version, facts_version, 'issued', %(kid)s, said, list_no, idx, %(host)s,
               token, sha256(said), %(made_at)s, %(now)s
          FROM given
    )
    SELECT entity_no, version FROM given
"""
)
_TELL: LiteralString = told_events(
    """
    SELECT entity_no, revision, 'licenses/' || version AS subject, state_after,
           %(day)s::date AS effective_date, ordinal
      FROM unnest(%(entities)b::bigint[], %(revisions)b::bigint[], %(versions)b::integer[],
                  %(states)s::text[]) WITH ORDINALITY
           AS t (entity_no, revision, version, state_after, ordinal)
"""
)
_WITH_ITEMS: LiteralString = """
    SELECT DISTINCT entity_no FROM recovery_item
     WHERE closed_at IS NULL AND entity_no = ANY (%(entities)s)
"""
_WITH_COPIES: LiteralString = """
    SELECT DISTINCT entity_no FROM copy_token
     WHERE state IN ('intent', 'issued') AND entity_no = ANY (%(entities)s)
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """An entity that was moved on for its licence; locked until the transaction ends."""

    entity_no: int
    revision: int
    state: str


class MassLicenses:
    """Every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def prepare(self) -> None:
        """Let statements of this transaction be planned for the tables as large as they are now.

        A plan that is kept from when they were empty reads all of them once for each entity.
        """
        self._connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")

    def count(self, run: MassRun) -> int:
        """Entities that the run is of and that are not done."""
        query = _count(run.selection.kind)
        return int(only_row(self._connection, query, _of(run, 0, _LAST))["n"])

    def end_of_chunk(self, run: MassRun, after: int, size: int) -> int | None:
        """The number of the last of the next so many entities; None where there is none."""
        key = _of(run, after, _LAST) | {"limit": size}
        last: int | None = only_row(self._connection, _range(run.selection.kind), key)["last"]
        return last

    def entities(self, run: MassRun, after: int, to: int) -> list[Entity]:
        """Those of the run's entities that are not done, in a range of numbers."""
        query = _entities(run.selection.kind) + " ORDER BY e.entity_no"
        return [read_entity(row) for row in self._connection.execute(query, _of(run, after, to))]

    def allocate(self, count: int) -> list[tuple[int, int]]:
        """Take so many status entries, never given before: list number and index of each."""
        numbers = only_row(self._connection, _ENTRIES, {"count": count})["numbers"] or []
        return [divmod(number, STATUS_ENTRIES) for number in numbers]

    def move(self, read: Collection[tuple[int, int]], events: int, now: datetime) -> list[Moved]:
        """Move entities on by so many events; those are left out that changed since.

        Args:
            read: number and revision of each, as it was read.
            events: that the caller will tell of each.
            now: when.
        """
        key = {
            "entities": [number for number, _ in read],
            "revisions": [revision for _, revision in read],
            "events": events,
            "now": now,
        }
        return [Moved(**row) for row in self._connection.execute(_MOVE, key)]

    def supersede(self, entities: Sequence[int]) -> dict[int, int]:
        """Take live licences out of force; the version of each, by entity."""
        key = {"entities": entities, "superseded": Status.SUPERSEDED.value}
        rows = self._connection.execute(_SUPERSEDE, key)
        return {row["entity_no"]: row["version"] for row in rows}

    def put(
        self, signed: Sequence[Signed], kid: bytes, host: str, made_at: datetime, now: datetime
    ) -> dict[int, int]:
        """Store signed licences with their entries; the version of each, by entity."""
        drafts = [one.draft for one in signed]
        row = {
            "entities": [draft.entity_no for draft in drafts],
            "facts": [draft.facts_version for draft in drafts],
            "lists": [draft.list_no for draft in drafts],
            "indices": [draft.index for draft in drafts],
            "said": [one.to_be_signed for one in signed],
            "tokens": [one.token for one in signed],
            "kid": kid,
            "host": host,
            "made_at": made_at,
            "now": now,
            "valid": Status.VALID.value,
        }
        rows = self._connection.execute(_PUT, row, binary=True)
        return {row["entity_no"]: row["version"] for row in rows}

    def tell(
        self, event: Event, told: Sequence[tuple[int, int, int, str]], feed_no: int, day: date
    ) -> None:
        """Store the events of licences, numbered behind `feed_no`; for who holds the feed.

        Args:
            event: what all have in common.
            told: entity, its revision, version of the licence, state of the entity.
            feed_no: the last number given.
            day: on which it takes effect.
        """
        by, rest = event.hashed_parts()
        row: dict[str, Any] = {
            "entities": [each[0] for each in told],
            "revisions": [each[1] for each in told],
            "versions": [each[2] for each in told],
            "states": [each[3] for each in told],
            "feed_no": feed_no,
            "day": day,
            "kind": event.kind,
            "actor": event.actor,
            "actor_name": event.actor_name,
            "actor_unit": event.actor_unit,
            "workload": event.workload,
            "basis": event.basis,
            "now": event.recorded_at,
            "second_actor": event.second_actor,
            "second_actor_name": event.second_actor_name,
            "by": by,
            "rest": rest,
        }
        self._connection.execute(_TELL, row)

    def with_recovery_items(self, entities: Collection[int]) -> list[int]:
        """Those of the entities of which a restore lost something that is still open."""
        rows = self._connection.execute(_WITH_ITEMS, {"entities": list(entities)})
        return [row["entity_no"] for row in rows]

    def with_live_copies(self, entities: Collection[int]) -> list[int]:
        """Those of the entities that have printed copies in force."""
        rows = self._connection.execute(_WITH_COPIES, {"entities": list(entities)})
        return [row["entity_no"] for row in rows]


def _of(run: MassRun, after: int, to: int) -> dict[str, Any]:
    return {
        "run_no": run.number,
        "after": after,
        "to": to,
        "unit": run.selection.unit,
        "kid": run.selection.kid,
        "host": run.selection.host,
        "started_at": run.started_at or run.created_at,
    }
