"""Table `status_entry`: each document's place in the status lists, and its own status."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, LiteralString

import psycopg
from psycopg.rows import DictRow

from license_verify.limits import STATUS_ENTRIES
from license_verify.lists.status import Status
from registry_service.domain.entity import EntityState
from registry_service.domain.license import entry
from registry_service.store.rows import only_row

_NEXT: LiteralString = "SELECT nextval('status_entry_seq') AS n"
_INSERT: LiteralString = """
    INSERT INTO status_entry (entity_no, list_no, idx, own)
    VALUES (%(entity_no)s, %(list_no)s, %(idx)s, %(own)s)
"""
_SET_OWN: LiteralString = """
    UPDATE status_entry SET own = %(own)s
     WHERE entity_no = %(entity_no)s AND list_no = %(list_no)s AND idx = %(idx)s
"""
_SET_FLOOR: LiteralString = """
    UPDATE status_entry SET floor = %(floor)s
     WHERE entity_no = %(entity_no)s AND list_no = %(list_no)s AND idx = %(idx)s
"""
_GO_ON: LiteralString = "SELECT setval('status_entry_seq', %(n)s, false)"
_HIGHEST: LiteralString = "SELECT last_value / %(size)s AS list_no FROM status_entry_seq"
_ALL: LiteralString = """
    SELECT s.entity_no, s.list_no, s.idx, s.own, s.floor, e.state
      FROM status_entry s JOIN entity e ON e.entity_no = s.entity_no
"""
_OF_ENTITIES: LiteralString = _ALL + " WHERE s.entity_no = ANY (%(entities)s)"
_ALIKE: LiteralString = """
    SELECT s.list_no, s.own, s.floor, e.state, array_agg(s.idx) AS indices
      FROM status_entry s JOIN entity e ON e.entity_no = s.entity_no
     GROUP BY s.list_no, s.own, s.floor, e.state
"""
_BATCH: Final = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with the two states that decide what it reads."""

    entity_no: int
    list_no: int
    index: int
    own: Status
    entity: EntityState
    floor: Status | None = None
    """What was published before a restore, if that was worse."""

    @property
    def published(self) -> Status:
        """What the published list must read (invariant 6)."""
        return entry(self.entity, self.own, self.floor)


@dataclass(frozen=True, slots=True)
class Alike:
    """Entries of one list that read the same, and for the same reason."""

    list_no: int
    published: Status
    """What the published list must read (invariant 6)."""
    indices: Sequence[int]


def _entry(row: DictRow) -> Entry:
    floor = row["floor"]
    return Entry(
        row["entity_no"],
        row["list_no"],
        row["idx"],
        Status(row["own"]),
        EntityState(row["state"]),
        None if floor is None else Status(floor),
    )


class StatusEntries:
    """Entries; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def allocate(self, entity_no: int) -> tuple[int, int]:
        """Take the next entry, never given before, for a document not yet signed.

        Returns:
            List number and index in it.
        """
        row = only_row(self._connection, _NEXT)
        list_no, index = divmod(row["n"], STATUS_ENTRIES)
        key = {"entity_no": entity_no, "list_no": list_no, "idx": index}
        self._connection.execute(_INSERT, key | {"own": Status.INVALID.value})
        return list_no, index

    def set_own(self, entity_no: int, list_no: int, index: int, own: Status) -> None:
        """Write a document's own status."""
        key = {"entity_no": entity_no, "list_no": list_no, "idx": index}
        self._connection.execute(_SET_OWN, key | {"own": own.value})

    def set_floor(self, entity_no: int, list_no: int, index: int, floor: Status) -> None:
        """Let an entry read no better than that, until its recovery item is closed."""
        key = {"entity_no": entity_no, "list_no": list_no, "idx": index}
        self._connection.execute(_SET_FLOOR, key | {"floor": floor})

    def highest_list(self) -> int:
        """The list of the last entry that was given."""
        row = only_row(self._connection, _HIGHEST, {"size": STATUS_ENTRIES})
        return int(row["list_no"])

    def go_on_with(self, list_no: int) -> None:
        """Give entries from the first of that list on; not undone by a rollback."""
        self._connection.execute(_GO_ON, {"n": list_no * STATUS_ENTRIES})

    def of(self, entities: Collection[int]) -> list[Entry]:
        """Every entry of these entities."""
        rows = self._connection.execute(_OF_ENTITIES, {"entities": list(entities)})
        return [_entry(row) for row in rows]

    def alike(self) -> Iterator[Alike]:
        """Every entry of the register, those of a list that are alike together: a million that
        come one by one take ten times as long."""
        with self._connection.cursor("alike_status_entries") as cursor:
            cursor.itersize = 1  # each holds up to a list of numbers
            cursor.execute(_ALIKE)
            for row in cursor:
                floor = None if row["floor"] is None else Status(row["floor"])
                published = entry(EntityState(row["state"]), Status(row["own"]), floor)
                yield Alike(row["list_no"], published, row["indices"])

    def every(self) -> Iterator[Entry]:
        """Every entry of the register, in one pass that does not hold all of them in memory."""
        with self._connection.cursor("every_status_entry") as cursor:
            cursor.itersize = _BATCH
            cursor.execute(_ALL)
            yield from map(_entry, cursor)
