"""Tables `import_run` and `import_unit`: files, and what each holds for each unit."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import LiteralString

import psycopg
from psycopg.rows import DictRow

from registry_service.domain.errors import ImportUnknown
from registry_service.domain.import_run import (
    UNCLEAR,
    Applied,
    ImportKind,
    ImportRun,
    RunState,
    Share,
    ShareState,
)
from registry_service.store.rows import only_row

_RUN_COLUMNS: LiteralString = """
    run_no, kind, state, source, file_name, row_count, loaded_count, dry_run, staff_no, staff_name,
    actor_unit_id, workload, started_at, ended_at, first_entity_no, source_date, complete
"""
_RUN: LiteralString = "SELECT " + _RUN_COLUMNS + " FROM import_run"
_LOCK: LiteralString = "SELECT FROM import_run WHERE run_no = %(run_no)s FOR NO KEY UPDATE"
# One statement, so that the run's state fits its shares'.
_FIND: LiteralString = (
    "SELECT r.*, u.* FROM ("
    + _RUN
    + """ WHERE run_no = %(run_no)s) r
      LEFT JOIN (SELECT run_no AS of_run, unit_id, new_count, unchanged_count, rejected_count,
                        quarantined_count, warned_count, state AS share_state, signed_by,
                        signed_name, signed_at, applied_to, applied_count, changed_count,
                        late_count, decide_count, missing_count
                   FROM import_unit) u ON u.of_run = r.run_no
     ORDER BY u.unit_id
"""
)
_PAGE: LiteralString = _RUN + " WHERE run_no < %(before)s ORDER BY run_no DESC LIMIT %(limit)s"
_UNFINISHED: LiteralString = (
    _RUN
    + """ WHERE state = 'loading' AND file_sha256 = %(sha256)s AND kind = %(kind)s
       AND source = %(source)s AND dry_run = %(dry_run)s AND staff_no = %(staff_no)s
       AND source_date IS NOT DISTINCT FROM %(source_date)s AND complete = %(complete)s
     ORDER BY run_no DESC LIMIT 1
"""
)
_START: LiteralString = """
    INSERT INTO import_run (kind, state, source, file_name, file_sha256, row_count, dry_run,
                            staff_no, staff_name, actor_unit_id, workload, started_at, ended_at,
                            source_date, complete)
    VALUES (%(kind)s, 'loading', %(source)s, %(file_name)s, %(sha256)s, %(rows)s, %(dry_run)s,
            %(staff_no)s, %(staff_name)s, %(unit)s, %(workload)s, %(now)s, %(now)s,
            %(source_date)s, %(complete)s)
    RETURNING run_no
"""
_LOADED: LiteralString = """
    UPDATE import_run SET loaded_count = %(loaded)s, ended_at = %(now)s
     WHERE run_no = %(run_no)s AND state = 'loading' AND loaded_count = %(before)s
"""
_MOVE: LiteralString = """
    UPDATE import_run SET state = %(state)s, ended_at = %(now)s WHERE run_no = %(run_no)s
"""
# Rows that are staged are new; those of which nothing but a warning is said are among them.
_COUNT: LiteralString = """
    INSERT INTO import_unit (run_no, unit_id, new_count, unchanged_count, rejected_count,
                             quarantined_count, warned_count, changed_count)
    WITH told AS (
        SELECT line, min(unit_id) AS unit_id, bool_or(kind = 'reject') AS rejected,
               bool_or(kind = 'quarantine') AS quarantined
          FROM import_reject WHERE run_no = %(run_no)s GROUP BY line
    ), counted AS (
        SELECT unit_id, count AS new, 0 AS unchanged, 0 AS rejected, 0 AS quarantined, 0 AS warned,
               0 AS changed
          FROM unnest(%(units)s::integer[], %(new)s::bigint[]) AS n (unit_id, count)
        UNION ALL
        SELECT unit_id, 0, count, 0, 0, 0, 0
          FROM unnest(%(same_units)s::integer[], %(same)s::bigint[]) AS s (unit_id, count)
        UNION ALL
        SELECT unit_id, 0, 0, rejected::integer, (quarantined AND NOT rejected)::integer,
               (NOT rejected AND NOT quarantined)::integer, 0
          FROM told
        UNION ALL
        SELECT unit_id, -count, 0, 0, 0, 0, count
          FROM unnest(%(changed_units)s::integer[], %(changed)s::bigint[]) AS c (unit_id, count)
    )
    SELECT %(run_no)s, unit_id, sum(new), sum(unchanged), sum(rejected), sum(quarantined),
           sum(warned), sum(changed)
      FROM counted GROUP BY unit_id
"""
_SIGN: LiteralString = """
    UPDATE import_unit SET state = 'signed', signed_by = %(staff_no)s, signed_name = %(name)s,
                           signed_at = %(now)s
     WHERE run_no = %(run_no)s AND unit_id = %(unit_id)s AND state = 'open'
"""
_UNDO: LiteralString = """
    UPDATE import_unit SET state = 'undone' WHERE run_no = %(run_no)s AND state = 'open'
"""
# Nothing of them would come on the register: nobody need look at them.
_CLOSE_EMPTY: LiteralString = """
    UPDATE import_unit SET state = 'done'
     WHERE run_no = %(run_no)s AND state = 'open' AND new_count = 0 AND changed_count = 0
"""
_SIGNED: LiteralString = """
    SELECT run_no, unit_id FROM import_unit
     WHERE state = 'signed'
       AND (run_no, unit_id) NOT IN (SELECT * FROM unnest(%(runs)s::bigint[], %(units)s::integer[]))
     ORDER BY signed_at, run_no, unit_id LIMIT 1
"""
_APPLIED: LiteralString = """
    UPDATE import_unit
       SET applied_to = greatest(applied_to, %(to)s), applied_count = applied_count + %(count)s,
           new_count = new_count - %(lost)s + %(new)s,
           changed_count = changed_count + %(changed)s, late_count = late_count + %(late)s,
           decide_count = decide_count + %(decide)s,
           unchanged_count = unchanged_count + %(unchanged)s,
           quarantined_count = quarantined_count + %(lost)s,
           state = CASE WHEN %(whole)s THEN 'done' ELSE state END
     WHERE run_no = %(run_no)s AND unit_id = %(unit_id)s
"""
_FINISH: LiteralString = """
    UPDATE import_run r SET state = 'done', ended_at = %(now)s
     WHERE r.run_no = %(run_no)s AND r.state = 'checked'
       AND NOT EXISTS (SELECT FROM import_unit u
                        WHERE u.run_no = r.run_no AND u.state IN ('open', 'signed'))
"""
_MISSING: LiteralString = """
    INSERT INTO import_unit (run_no, unit_id, missing_count, state)
    VALUES (%(run_no)s, %(unit_id)s, %(count)s, 'done')
        ON CONFLICT (run_no, unit_id) DO UPDATE SET missing_count = EXCLUDED.missing_count
"""
# ALTER SEQUENCE keeps everybody else off the sequence until this transaction ends, and is undone
# with it: unlike setval, a crash loses no number, and the rows of a file have theirs for good.
_LOCK_NUMBERS: LiteralString = "ALTER SEQUENCE entity_no_seq INCREMENT BY 1"
_NEXT_NUMBER: LiteralString = """
    SELECT last_value + is_called::integer AS next FROM entity_no_seq
"""
_ANALYSE: LiteralString = """
    ANALYZE entity, entity_version, entity_search, code_directory, premises, premises_version
"""
_RESERVE: LiteralString = """
    UPDATE import_run SET first_entity_no = %(first)s WHERE run_no = %(run_no)s
"""


def unit_of(unit_id: int) -> int | None:
    """The unit of a key; None where it is unclear."""
    return unit_id if unit_id != UNCLEAR else None


def _run(row: DictRow, shares: tuple[Share, ...] = ()) -> ImportRun:
    return ImportRun(
        number=row["run_no"],
        kind=ImportKind(row["kind"]),
        state=RunState(row["state"]),
        source=row["source"],
        file_name=row["file_name"],
        rows=row["row_count"],
        loaded=row["loaded_count"],
        dry_run=row["dry_run"],
        staff_no=row["staff_no"],
        staff_name=row["staff_name"],
        unit=row["actor_unit_id"],
        workload=row["workload"],
        started_at=row["started_at"],
        updated_at=row["ended_at"],
        first_entity_no=row["first_entity_no"],
        source_date=row["source_date"],
        complete=row["complete"],
        shares=shares,
    )


def _share(row: DictRow) -> Share:
    return Share(
        unit=unit_of(row["unit_id"]),
        new=row["new_count"],
        unchanged=row["unchanged_count"],
        rejected=row["rejected_count"],
        quarantined=row["quarantined_count"],
        warned=row["warned_count"],
        state=ShareState(row["share_state"]),
        signed_by=row["signed_by"] or "",
        signed_name=row["signed_name"],
        signed_at=row["signed_at"],
        applied_to=row["applied_to"],
        applied=row["applied_count"],
        changed=row["changed_count"],
        late=row["late_count"],
        decide=row["decide_count"],
        missing=row["missing_count"],
    )


class Imports:
    """Runs and their units' shares; every call runs in the caller's transaction."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._connection = connection

    def start(self, run: ImportRun, sha256: bytes) -> ImportRun:
        """Begin a run; it comes back with its number."""
        row = {
            "kind": run.kind,
            "source": run.source,
            "file_name": run.file_name,
            "sha256": sha256,
            "rows": run.rows,
            "dry_run": run.dry_run,
            "staff_no": run.staff_no,
            "staff_name": run.staff_name,
            "unit": run.unit,
            "workload": run.workload,
            "now": run.started_at,
            "source_date": run.source_date,
            "complete": run.complete,
        }
        return self.find(only_row(self._connection, _START, row)["run_no"])

    def unfinished(self, run: ImportRun, sha256: bytes) -> ImportRun | None:
        """The run of the same file, sent as `run` by the same person, that broke off, or None.

        Somebody else begins anew: who sent a file cannot sign it off, and must be one.
        """
        key = {
            "kind": run.kind,
            "source": run.source,
            "sha256": sha256,
            "dry_run": run.dry_run,
            "staff_no": run.staff_no,
            "source_date": run.source_date,
            "complete": run.complete,
        }
        row = self._connection.execute(_UNFINISHED, key).fetchone()
        return _run(row) if row else None

    def find(self, run_no: int, *, for_update: bool = False) -> ImportRun:
        """The run with its shares.

        Raises:
            ImportUnknown: there is none.
        """
        key = {"run_no": run_no}
        if for_update:
            self._connection.execute(_LOCK, key)
        rows = self._connection.execute(_FIND, key).fetchall()
        if not rows:
            raise ImportUnknown(
                f"there is no import run {run_no}", zh=f"没有批次 {run_no}", run=run_no
            )
        return _run(rows[0], tuple(_share(row) for row in rows if row["of_run"] is not None))

    def page(self, before: int, limit: int) -> list[ImportRun]:
        """Runs numbered below `before`, newest first, without shares."""
        rows = self._connection.execute(_PAGE, {"before": before, "limit": limit})
        return [_run(row) for row in rows]

    def loaded(self, run: ImportRun, loaded: int, now: datetime) -> bool:
        """Note that so many rows are durable; False if somebody else loads the same run."""
        key = {"run_no": run.number, "before": run.loaded, "loaded": loaded, "now": now}
        return self._connection.execute(_LOADED, key).rowcount == 1

    def move(self, run_no: int, state: RunState, now: datetime) -> None:
        """Put a run in another state."""
        self._connection.execute(_MOVE, {"run_no": run_no, "state": state, "now": now})

    def count(
        self,
        run_no: int,
        new: dict[int, int],
        unchanged: dict[int, int],
        changed: dict[int, int],
    ) -> None:
        """Store each unit's counts: of rows told of, and by `unit_id` of the others.

        Args:
            run_no: of the run.
            new: staged rows.
            unchanged: rows that say nothing new.
            changed: those of the staged rows that are of known entities.
        """
        row = {
            "run_no": run_no,
            "units": list(new),
            "new": list(new.values()),
            "same_units": list(unchanged),
            "same": list(unchanged.values()),
            "changed_units": list(changed),
            "changed": list(changed.values()),
        }
        self._connection.execute(_COUNT, row)

    def sign(
        self, run_no: int, units: Iterable[int], staff_no: str, name: str, now: datetime
    ) -> None:
        """Sign the open shares of these units off; `UNCLEAR` for rows without one."""
        for unit in units:
            row = {
                "run_no": run_no,
                "unit_id": unit,
                "staff_no": staff_no,
                "name": name,
                "now": now,
            }
            self._connection.execute(_SIGN, row)

    def close_empty(self, run_no: int) -> None:
        """Close open shares of which nothing would come on the register."""
        self._connection.execute(_CLOSE_EMPTY, {"run_no": run_no})

    def undo(self, run_no: int) -> None:
        """Take the open shares back."""
        self._connection.execute(_UNDO, {"run_no": run_no})

    def next_signed(self, skip: Collection[tuple[int, int]] = ()) -> tuple[int, int] | None:
        """Run and `unit_id` of the share that was signed first and is not applied, or None.

        Those in `skip` are passed over.
        """
        key = {"runs": [run for run, _ in skip], "units": [unit for _, unit in skip]}
        row = self._connection.execute(_SIGNED, key).fetchone()
        return (row["run_no"], row["unit_id"]) if row else None

    def applied(self, run_no: int, unit_id: int, to: int, applied: Applied, *, whole: bool) -> None:
        """Note what became of the rows up to that ordinal; `whole` if that was all of the share."""
        key = {
            "run_no": run_no,
            "unit_id": unit_id,
            "to": to,
            "whole": whole,
            "count": applied.put,
            "lost": applied.lost,
            "new": applied.new,
            "changed": applied.changed,
            "late": applied.late,
            "decide": applied.decide,
            "unchanged": applied.unchanged,
        }
        self._connection.execute(_APPLIED, key)

    def missing(self, run_no: int, counts: dict[int, int]) -> None:
        """Store how many entities a complete file lacks, by `unit_id`."""
        for unit_id, count in counts.items():
            key = {"run_no": run_no, "unit_id": unit_id, "count": count}
            self._connection.execute(_MISSING, key)

    def finish(self, run_no: int, now: datetime) -> bool:
        """Close a run if none of its shares waits any more; whether it is closed."""
        return self._connection.execute(_FINISH, {"run_no": run_no, "now": now}).rowcount == 1

    def analyse(self) -> None:
        """Tell the planner what the register holds now: a search goes by it."""
        self._connection.execute(_ANALYSE)

    def reserve_numbers(self, run_no: int, count: int) -> int:
        """Take a block of entity numbers for the run's rows; the first of them."""
        self._connection.execute(_LOCK_NUMBERS)
        first = int(only_row(self._connection, _NEXT_NUMBER)["next"])
        restart = psycopg.sql.SQL("ALTER SEQUENCE entity_no_seq RESTART WITH {}")
        self._connection.execute(restart.format(psycopg.sql.Literal(first + count)))
        self._connection.execute(_RESERVE, {"run_no": run_no, "first": first})
        return first
