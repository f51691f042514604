"""Tables `mass_run`, `mass_chunk` and `mass_remark`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.errors import MassRunUnknown
from registry_service.domain.mark import MarkKind
from registry_service.domain.mass_run import (
    ChunkState,
    Done,
    MassChunk,
    MassKind,
    MassRemark,
    MassRun,
    MassState,
    Selection,
)
from registry_service.store.numbers import after_highest
from registry_service.store.rows import only_row

_ENGINE_KEY: Final = 0x59_5A_00_04
"""Held by the one process that works on mass runs."""
_ENTITIES_KEY: Final = 0x59_5A_00_05
"""Held together by chunks, alone by an import, from before they lock entities."""

_ASKING_KEY: Final = 0x59_5A_00_06
"""Held by who asks for a run, until it is kept."""

_SELECT: LiteralString = """
    SELECT r.run_no, r.kind, r.state, r.unit_id, r.of_kid, r.of_host, r.basis, r.wanted, r.staff_no,
           r.staff_name, r.actor_unit_id, r.workload, r.created_at, r.confirmed_by,
           r.confirmed_name, r.started_at, r.ended_at, r.cursor_no, r.mark_kind,
           c.issued, c.voided, c.failed
      FROM mass_run r
      LEFT JOIN LATERAL (SELECT sum(issued) AS issued, sum(voided) AS voided, sum(failed) AS failed
                           FROM mass_chunk c WHERE c.run_no = r.run_no) c ON true
"""
_FIND: LiteralString = _SELECT + " WHERE r.run_no = %(run_no)s"
_LOCK: LiteralString = "SELECT FROM mass_run WHERE run_no = %(run_no)s FOR NO KEY UPDATE"
_PAGE: LiteralString = (
    _SELECT + " WHERE r.run_no < %(before)s ORDER BY r.run_no DESC LIMIT %(limit)s"
)
# What is stored to be signed is finished whatever became of its run.
_NEXT: LiteralString = """
    SELECT r.run_no FROM mass_run r
     WHERE r.state = 'running'
        OR EXISTS (SELECT FROM mass_chunk c WHERE c.run_no = r.run_no AND c.state = 'intended')
     ORDER BY r.run_no LIMIT 1
"""
_OPEN: LiteralString = """
    SELECT EXISTS (SELECT FROM mass_run WHERE state IN ('waiting', 'running', 'paused')) AS any
"""
_ADD: LiteralString = """
    INSERT INTO mass_run (kind, state, unit_id, of_kid, of_host, basis, wanted, staff_no,
                          staff_name, actor_unit_id, workload, created_at, mark_kind)
    VALUES (%(kind)s, 'waiting', %(unit)s, %(kid)s, %(host)s, %(basis)s, %(wanted)s, %(staff_no)s,
            %(staff_name)s, %(actor_unit)s, %(workload)s, %(now)s, %(mark)s)
    RETURNING run_no
"""
_CONFIRM: LiteralString = """
    UPDATE mass_run SET state = 'running', confirmed_by = %(staff_no)s, confirmed_name = %(name)s,
                        started_at = %(now)s
     WHERE run_no = %(run_no)s
"""
_MOVE: LiteralString = """
    UPDATE mass_run SET state = %(state)s, ended_at = CASE WHEN %(ended)s THEN %(now)s END
     WHERE run_no = %(run_no)s
"""
_SET_CURSOR: LiteralString = "UPDATE mass_run SET cursor_no = %(to)s WHERE run_no = %(run_no)s"
_ADD_CHUNK: LiteralString = (
    """
    INSERT INTO mass_chunk (run_no, chunk_no, after_no, to_no, state)
    SELECT %(run_no)s, """
    + after_highest("chunk_no")
    + """, %(after)s, %(to)s, 'open'
      FROM mass_chunk WHERE run_no = %(run_no)s
    RETURNING chunk_no
"""
)
_CHUNK: LiteralString = """
    SELECT run_no, chunk_no, after_no, to_no, state, epoch, kid, host, made_at, intents
      FROM mass_chunk WHERE run_no = %(run_no)s
"""
_WAITING: LiteralString = """
    SELECT chunk_no, state FROM mass_chunk
     WHERE run_no = %(run_no)s AND state <> 'done' ORDER BY chunk_no
"""
_FIND_CHUNK: LiteralString = _CHUNK + " AND chunk_no = %(chunk_no)s FOR UPDATE"
_INTEND: LiteralString = """
    UPDATE mass_chunk
       SET state = 'intended', epoch = %(epoch)s, kid = %(kid)s, host = %(host)s,
           made_at = %(made_at)s, intents = %(intents)s, failed = %(failed)s
     WHERE run_no = %(run_no)s AND chunk_no = %(chunk_no)s
"""
_REOPEN: LiteralString = """
    UPDATE mass_chunk SET state = 'open', intents = NULL, failed = 0
     WHERE run_no = %(run_no)s AND chunk_no = %(chunk_no)s
"""
_FINISH: LiteralString = """
    UPDATE mass_chunk
       SET state = 'done', intents = NULL, issued = %(issued)s, voided = %(voided)s,
           failed = failed + %(failed)s
     WHERE run_no = %(run_no)s AND chunk_no = %(chunk_no)s
"""
_COUNT: LiteralString = """
    UPDATE mass_chunk SET issued = issued + %(issued)s, failed = failed + %(failed)s
     WHERE run_no = %(run_no)s AND chunk_no = %(chunk_no)s
"""
_CLOSE: LiteralString = """
    UPDATE mass_chunk SET state = 'done' WHERE run_no = %(run_no)s AND chunk_no = %(chunk_no)s
"""
_SET_WANTED: LiteralString = "UPDATE mass_run SET wanted = %(wanted)s WHERE run_no = %(run_no)s"
_REMARK: LiteralString = """
    INSERT INTO mass_remark (run_no, entity_no, reason, text)
    VALUES (%(run_no)s, %(entity_no)s, %(reason)s, %(text)s)
        ON CONFLICT (run_no, entity_no) DO UPDATE SET reason = excluded.reason, text = excluded.text
"""
_REMARKS: LiteralString = """
    SELECT m.entity_no, m.reason, m.text, e.uscc, e.registrar_unit_id, v.business_name
      FROM mass_remark m
      JOIN entity e ON e.entity_no = m.entity_no
      JOIN entity_version v ON v.entity_no = e.entity_no AND v.version = e.version
     WHERE m.run_no = %(run_no)s AND m.entity_no > %(after)s
     ORDER BY m.entity_no LIMIT %(limit)s
"""
_EPOCH: LiteralString = "SELECT coalesce(max(epoch), 0) AS epoch FROM recovery"


def _run(row: DictRow) -> MassRun:
    return MassRun(
        number=row["run_no"],
        selection=Selection(
            MassKind(row["kind"]),
            row["unit_id"],
            bytes(row["of_kid"]) if row["of_kid"] is not None else None,
            row["of_host"],
            MarkKind(row["mark_kind"]) if row["mark_kind"] else None,
        ),
        state=MassState(row["state"]),
        basis=row["basis"],
        wanted=row["wanted"],
        staff_no=row["staff_no"],
        staff_name=row["staff_name"],
        unit=row["actor_unit_id"],
        workload=row["workload"],
        created_at=row["created_at"],
        confirmed_by=row["confirmed_by"] or "",
        confirmed_name=row["confirmed_name"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        cursor=row["cursor_no"],
        issued=int(row["issued"] or 0),
        voided=int(row["voided"] or 0),
        failed=int(row["failed"] or 0),
    )


def _chunk(row: DictRow) -> MassChunk:
    return MassChunk(
        run_no=row["run_no"],
        number=row["chunk_no"],
        after=row["after_no"],
        to=row["to_no"],
        state=ChunkState(row["state"]),
        epoch=row["epoch"],
        kid=bytes(row["kid"] or b""),
        host=row["host"],
        made_at=row["made_at"],
        intents=bytes(row["intents"] or b""),
    )


class MassRuns:
    """Runs, their chunks and remarks; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def add(self, run: MassRun) -> MassRun:
        """Keep a run that waits for its second person; it comes back with its number."""
        row = {
            "kind": run.selection.kind,
            "unit": run.selection.unit,
            "kid": run.selection.kid,
            "host": run.selection.host,
            "mark": run.selection.mark,
            "basis": run.basis,
            "wanted": run.wanted,
            "staff_no": run.staff_no,
            "staff_name": run.staff_name,
            "actor_unit": run.unit,
            "workload": run.workload,
            "now": run.created_at,
        }
        return self.find(only_row(self._connection, _ADD, row)["run_no"])

    def find(self, run_no: int, *, for_update: bool = False) -> MassRun:
        """The run.

        Raises:
            MassRunUnknown: there is none.
        """
        key = {"run_no": run_no}
        if for_update:
            self._connection.execute(_LOCK, key)
        row = self._connection.execute(_FIND, key).fetchone()
        if row is None:
            raise MassRunUnknown(
                f"there is no mass run {run_no}", zh=f"没有批量任务 {run_no}", run=run_no
            )
        return _run(row)

    def page(self, before: int, limit: int) -> list[MassRun]:
        """Runs numbered below `before`, newest first."""
        rows = self._connection.execute(_PAGE, {"before": before, "limit": limit})
        return [_run(row) for row in rows]

    def any_open(self) -> bool:
        """Whether a run waits, goes on or is paused; nobody else asks until the caller is done."""
        self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (_ASKING_KEY,))
        return bool(only_row(self._connection, _OPEN)["any"])

    def next(self) -> MassRun | None:
        """The run to be worked on: the first that goes on, or left something to be signed."""
        row = self._connection.execute(_NEXT).fetchone()
        return self.find(row["run_no"]) if row else None

    def confirm(self, run_no: int, staff_no: str, name: str, now: datetime) -> None:
        """Let it begin."""
        self._connection.execute(
            _CONFIRM, {"run_no": run_no, "staff_no": staff_no, "name": name, "now": now}
        )

    def move(self, run_no: int, state: MassState, now: datetime) -> None:
        """Put a run in another state."""
        row = {"run_no": run_no, "state": state, "ended": state.ended, "now": now}
        self._connection.execute(_MOVE, row)

    def go_to(self, run_no: int, cursor: int) -> None:
        """Note that entities up to that number are in a chunk."""
        self._connection.execute(_SET_CURSOR, {"run_no": run_no, "to": cursor})

    def add_chunk(self, run_no: int, after: int, to: int) -> MassChunk:
        """Begin the run's next chunk."""
        key = {"run_no": run_no, "after": after, "to": to}
        self.go_to(run_no, to)
        return MassChunk(run_no, only_row(self._connection, _ADD_CHUNK, key)["chunk_no"], after, to)

    def waiting(self, run_no: int) -> list[tuple[int, ChunkState]]:
        """Chunks that are not done, by number, and how far each is."""
        rows = self._connection.execute(_WAITING, {"run_no": run_no})
        return [(row["chunk_no"], ChunkState(row["state"])) for row in rows]

    def hold_chunk(self, run_no: int, number: int) -> MassChunk:
        """A chunk, locked."""
        key = {"run_no": run_no, "chunk_no": number}
        return _chunk(only_row(self._connection, _FIND_CHUNK, key))

    def intend(self, chunk: MassChunk, failed: int) -> None:
        """Store what is to be signed."""
        row = {
            "run_no": chunk.run_no,
            "chunk_no": chunk.number,
            "epoch": chunk.epoch,
            "kid": chunk.kid,
            "host": chunk.host,
            "made_at": chunk.made_at,
            "intents": chunk.intents,
            "failed": failed,
        }
        self._connection.execute(_INTEND, row)

    def reopen(self, chunk: MassChunk) -> None:
        """Forget what was to be signed; its numbers are not given again."""
        self._connection.execute(_REOPEN, {"run_no": chunk.run_no, "chunk_no": chunk.number})

    def finish_chunk(self, chunk: MassChunk, done: Done) -> None:
        """Note what became of its entities."""
        row: dict[str, Any] = {"run_no": chunk.run_no, "chunk_no": chunk.number}
        row |= {"issued": done.issued, "voided": done.voided, "failed": done.failed}
        self._connection.execute(_FINISH, row)

    def count(self, chunk: MassChunk, done: Done) -> None:
        """Add what became of some of its entities; for a run on a list."""
        row = {"run_no": chunk.run_no, "chunk_no": chunk.number}
        self._connection.execute(_COUNT, row | {"issued": done.issued, "failed": done.failed})

    def close_chunk(self, chunk: MassChunk) -> None:
        """Nothing of it waits, and all is counted."""
        self._connection.execute(_CLOSE, {"run_no": chunk.run_no, "chunk_no": chunk.number})

    def want(self, run_no: int, wanted: int) -> None:
        """Note of how many entities the run is."""
        self._connection.execute(_SET_WANTED, {"run_no": run_no, "wanted": wanted})

    def remark(self, run_no: int, remarks: Iterable[tuple[int, str, str]]) -> None:
        """Say why entities got no licence: entity number, reason, Chinese text."""
        rows = [
            {"run_no": run_no, "entity_no": entity_no, "reason": reason, "text": text}
            for entity_no, reason, text in remarks
        ]
        with self._connection.cursor() as cursor:
            cursor.executemany(_REMARK, rows)

    def remarks(self, run_no: int, after: int, limit: int) -> list[MassRemark]:
        """What is said of the run's entities numbered above `after`."""
        key = {"run_no": run_no, "after": after, "limit": limit}
        return [
            MassRemark(
                place=row["entity_no"],
                entity_no=row["entity_no"],
                code=row["uscc"],
                business_name=row["business_name"],
                unit=row["registrar_unit_id"],
                reason=row["reason"],
                text=row["text"],
            )
            for row in self._connection.execute(_REMARKS, key)
        ]

    def epoch(self) -> int:
        """Of the last recovery; 0 if nothing was ever restored."""
        return int(only_row(self._connection, _EPOCH)["epoch"])

    def share_entities(self) -> None:
        """Before a chunk locks entities: imports, which take the publishing lock first, wait."""
        self._connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", (_ENTITIES_KEY,))

    def keep_chunks_out(self) -> None:
        """Before an import takes the publishing lock: chunks that hold entities end first."""
        self._connection.execute("SELECT pg_advisory_xact_lock(%s)", (_ENTITIES_KEY,))


def hold_engine(connection: "psycopg.Connection[Any]") -> bool:
    """Be the one that works on mass runs until the connection ends; False: another process is."""
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (_ENGINE_KEY,)).fetchone()
    return bool(row and row[0])
