"""The register as it is: acts on a real database, and what its tables say, in the model's words."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg.rows import namedtuple_row

from license_verify.lists.status import Status
from license_verify.refusal import Refusal
from license_verify.token.claims import status_uri
from registry_service.domain.entity import EntityState
from registry_service.domain.license import entry
from registry_service.domain.staff import Assignment, Role, Staff
from registry_service.fsck import check
from registry_service.operations.act import Act
from registry_service.operations.publisher import Publisher
from registry_service.store.publishing import Publishing, publishing
from tests.db.issuing.world import HOST, World, a_world
from tests.model.naive import Entity
from tests.model.places import (
    AUDITOR,
    CITY,
    CITY_UNIT,
    HEADS,
    REGISTRARS,
    SUPERVISORS,
)

Answer = TypeVar("Answer")

_ENTITIES: LiteralString = """
    SELECT e.entity_no, e.uscc, e.state, e.registrar_unit_id AS unit, e.version, e.revision,
           v.address, v.person, v.business_name AS name, v.scope
      FROM entity e JOIN entity_version v USING (entity_no, version)
"""
_PLACES: LiteralString = """
    SELECT p.entity_no, p.premises_no AS number, p.state, p.unit_id AS unit, p.version, v.address
      FROM premises p JOIN premises_version v USING (entity_no, premises_no, version)
"""
_FILINGS: LiteralString = """
    SELECT entity_no, filing_no AS number, act, state, address, target_premises_no AS target,
           premises_no AS place, handover_no AS handover
      FROM filing
"""
_HANDOVERS: LiteralString = """
    SELECT entity_no, handover_no AS number, state, to_unit_id AS to_unit, premises_no AS place
      FROM handover
"""
_DOCUMENTS: LiteralString = """
    SELECT d.entity_no, d.premises_no, d.version, d.facts, d.state, s.own, s.list_no, s.idx
      FROM (SELECT entity_no, NULL AS premises_no, version, entity_version AS facts, state, list_no,
                   idx FROM license_version
            UNION ALL
            SELECT entity_no, premises_no, version, premises_version, state, list_no, idx
              FROM site_code) d
      JOIN status_entry s USING (entity_no, list_no, idx)
     ORDER BY d.entity_no, d.premises_no, d.version
"""
_COPIES: LiteralString = """
    SELECT t.entity_no, t.copy_no, t.license_no, t.duplicate_no, t.entity_version AS facts, t.state,
           t.list_no, t.idx, c.state AS held, s.own
      FROM copy_token t
      JOIN printed_copy c USING (entity_no, copy_no)
      JOIN status_entry s USING (entity_no, list_no, idx)
"""
_STATEMENTS: LiteralString = """
    SELECT d.entity_no, d.version, d.face_version, d.state, s.own, s.list_no, s.idx
      FROM premises_statement d JOIN status_entry s USING (entity_no, list_no, idx)
     ORDER BY d.entity_no, d.version
"""
_ENTRIES: LiteralString = "SELECT list_no, idx FROM status_entry"
_EVENTS: LiteralString = "SELECT entity_no, kind, count(*) AS n FROM event GROUP BY 1, 2"
_WAITING: LiteralString = "SELECT entity_no, act_no AS number, state FROM pending_act"


@dataclass
class Actual:
    """A register on a database of its own."""

    world: World
    publishing: Publishing
    publisher: Publisher
    reading: "psycopg.Connection[Any]"
    _fresh: bool = False
    """Nothing was done since the last publication."""

    def attempt(self, actor: str, do: Callable[[Act], Answer]) -> tuple[str, Answer | None]:
        """The reason of the refusal, or empty and the answer; what is to be signed is signed."""
        self._fresh = False
        try:
            with self.world.act(actor) as act:
                answer = do(act)
        except Refusal as refusal:
            return refusal.reason if refusal.zh else "SAYS_NOTHING_IN_CHINESE", None
        self.world.finisher.finish_all()
        self.world.statements.finish_all()
        return "", answer

    def require_equal(self, entities: dict[str, Entity]) -> None:
        """Every table against the model."""
        rows = {row.entity_no: row for row in self._rows(_ENTITIES)}
        known = {row.uscc: number for number, row in rows.items()}
        assert known.keys() == entities.keys()
        numbers = {number: entities[row.uscc] for number, row in rows.items()}
        for number, entity in numbers.items():
            row = rows[number]
            for name in ("state", "unit", "version", "address", "person", "name", "scope"):
                assert getattr(row, name) == getattr(entity, name), (name, row, entity)
            assert row.revision == entity.events.total(), "revisions have gaps"
        self._require_parts(numbers)
        self._require_documents(numbers)
        events: dict[int, Counter[str]] = {number: Counter() for number in numbers}
        for row in self._rows(_EVENTS):
            events[row.entity_no][row.kind] = row.n
        for number, entity in numbers.items():
            assert events[number] == +entity.events, entity.code

    def _require_parts(self, numbers: dict[int, Entity]) -> None:
        parts: tuple[tuple[LiteralString, str, tuple[str, ...]], ...] = (
            (_PLACES, "places", ("state", "unit", "version", "address")),
            (
                _FILINGS,
                "filings",
                ("act", "state", "address", "target", "place", "handover"),
            ),
            (_HANDOVERS, "handovers", ("state", "to_unit", "place")),
            (_WAITING, "waiting", ("state",)),
        )
        for query, part, names in parts:
            found: dict[int, set[int]] = {number: set() for number in numbers}
            for row in self._rows(query):
                expected = getattr(numbers[row.entity_no], part)[row.number]
                for name in names:
                    assert getattr(row, name) == getattr(expected, name), (part, name, row)
                found[row.entity_no].add(row.number)
            for number, entity in numbers.items():
                assert found[number] == getattr(entity, part).keys(), part

    def _require_documents(self, numbers: dict[int, Entity]) -> None:
        published = self._published()
        count = 0
        for row in self._rows(_DOCUMENTS):
            entity = numbers[row.entity_no]
            if row.premises_no is None:
                document = entity.licences[row.version - 1]
                status = entity.licence_status(document)
            else:
                place = entity.places[row.premises_no]
                document = place.codes[row.version - 1]
                status = entity.code_status(place, document)
            count += 1
            assert (row.state, row.facts) == (document.state, document.facts), row
            assert entry(EntityState(entity.state), Status(row.own)).name == status, row
            assert published.get((row.list_no, row.idx), status) == status, row
        self._require_copies(numbers, published)
        self._require_statements(numbers, published)
        codes = (len(p.codes) for e in numbers.values() for p in e.places.values())
        assert count == sum(len(e.licences) for e in numbers.values()) + sum(codes)

    def _require_copies(
        self, numbers: dict[int, Entity], published: dict[tuple[int, int], str]
    ) -> None:
        count = 0
        for row in self._rows(_COPIES):
            entity = numbers[row.entity_no]
            copy = entity.copies[row.copy_no]
            status = entity.licence_status(copy)
            count += 1
            assert (row.license_no, row.duplicate_no) == (copy.licence, copy.duplicate), row
            assert (row.state, row.facts, row.held) == (copy.state, copy.facts, copy.held), row
            assert entry(EntityState(entity.state), Status(row.own)).name == status, row
            assert published.get((row.list_no, row.idx), status) == status, row
        assert count == sum(len(entity.copies) for entity in numbers.values())

    def _require_statements(
        self, numbers: dict[int, Entity], published: dict[tuple[int, int], str]
    ) -> None:
        found: dict[int, int] = dict.fromkeys(numbers, 0)
        for row in self._rows(_STATEMENTS):
            entity = numbers[row.entity_no]
            statement = entity.statements[row.version - 1]
            status = entity.licence_status(statement)
            found[row.entity_no] += 1
            assert (row.state, row.face_version) == (statement.state, statement.facts), row
            assert entry(EntityState(entity.state), Status(row.own)).name == status, row
            assert published.get((row.list_no, row.idx), status) == status, row
        assert found == {number: len(entity.statements) for number, entity in numbers.items()}

    def _published(self) -> dict[tuple[int, int], str]:
        """What the lists say, where a publication was made since the last act; empty else."""
        if not self._fresh:
            return {}
        trust = self.world.trust(self.publisher.edition())
        found = trust.lists[status_uri(HOST, 0)]
        entries = [(row.list_no, row.idx) for row in self._rows(_ENTRIES)]
        statuses = ((entry, found.status(entry[1])) for entry in entries)
        return {entry: status.name for entry, status in statuses if status is not None}

    def publish(self) -> None:
        """Publish, so that the next comparison reads the lists as checkers do."""
        self.publisher.publish(self.publishing)
        self._fresh = True

    def _rows(self, query: LiteralString) -> list[Any]:
        with self.reading.cursor(row_factory=namedtuple_row) as cursor:
            return cursor.execute(query).fetchall()

    def require_sound(self) -> None:
        """The invariants of design.md §2, on what is stored and published."""
        self.publish()
        faults = [str(fault) for fault in check(self.world.url)]
        assert faults == [], faults


@contextmanager
def an_actual(url: str, keys: Path) -> Iterator[Actual]:
    """A register with the model's people, and no entity."""
    with a_world(url, keys) as world:
        since = world.clock().date().replace(year=2020)
        roles: dict[str, list[Assignment]] = {}
        for role, holders in (
            (Role.REGISTRAR, REGISTRARS),
            (Role.HEAD, HEADS),
            (Role.SUPERVISOR, SUPERVISORS),
            (Role.CITY, {CITY: CITY_UNIT}),
            (Role.AUDITOR, {AUDITOR: CITY_UNIT}),
        ):
            for number, unit in holders.items():
                roles.setdefault(number, []).append(Assignment(unit, role, since))
        with world.store.transaction() as tx:
            for number, held in roles.items():
                tx.staff.put(Staff(number, f"测试{number}", tuple(held)))
        with (
            publishing(world.store) as database,
            psycopg.connect(url, autocommit=True) as reading,
        ):
            yield Actual(world, database, world.publisher(), reading)
