"""Dated deltas of another system: what is new comes on the register, what is known is followed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from registry_service.domain.import_row import cell, read_gone, read_row
from registry_service.domain.import_run import Applied, ImportRun, Remark, RemarkKind, Share
from registry_service.domain.restriction import Restriction
from registry_service.domain.sync import digest_of
from registry_service.domain.sync_face import Delta
from registry_service.domain.sync_state import STATE_KINDS
from registry_service.operations.act import Act
from registry_service.operations.import_entities import (
    FORMER_DOUBLED,
    FORMER_TAKEN,
    imported,
)
from registry_service.operations.import_rows import Fields
from registry_service.operations.sync_entity import Known, Outcome, sync_entity
from registry_service.store.import_staging import Aside, Chunk
from registry_service.store.import_sync import StagedRow, StagedSync
from registry_service.store.transaction import Transaction

_CHUNK_ROWS: Final = 500
"""Rows of known entities are worked on one by one, and publishing waits for a chunk."""
_CLASHING: Final = Aside(
    "uniscid",
    "CODE_DOUBLED",
    "代码 %s 在文件%s出现，同一核准日期内容各不相同；请核实后只保留正确的一行",
)
_GONE_DIGEST: Final = bytes(32)


class SyncLoader:
    """What the provincial system approved, day by day."""

    chunk_rows = _CHUNK_ROWS
    unattended = True

    def staging(self, tx: Transaction) -> StagedSync:
        """Where its rows wait."""
        return tx.staged_sync

    def stage(self, act: Act, run: ImportRun, before: int, rows: Sequence[Fields]) -> None:
        """Read rows and keep them; those that can't be read are told of."""
        day = day_of(run)
        remarks, facts, gone = list[Remark](), [], []
        remarks += [_odd(row) for row in rows if _is_odd(row)]
        for row in rows:
            place = before + row.place
            if _is_odd(row):
                continue
            if _op(row) in _GONE:
                code, rejects = read_gone(row.line, row.values)
                remarks += rejects
                if not rejects:
                    gone.append((place, row.line, code))
                continue
            read = read_row(row.line, row.values, run.source, day, row.mends)
            remarks += read.rejects or read.warnings
            if not read.rejects:
                state = read.state if read.state_told else None
                digest = digest_of(read.effective_date, read.face, read.registrar, state)
                facts.append((place, read, digest))
        homes = act.tx.entities.homes(code for *_, code in gone)
        leaving = [
            (place, line, code, homes[code].registrar if code in homes else None, day)
            for place, line, code in gone
        ]
        act.tx.staged_sync.stage_facts(run.number, facts)
        act.tx.staged_sync.stage_gone(run.number, leaving, _GONE_DIGEST)
        act.tx.import_remarks.add(run.number, remarks)

    def compare(self, act: Act, run: ImportRun) -> dict[int, int]:
        """Set aside what clashes, drop what changes nothing."""
        staged, number, day = act.tx.staged_sync, run.number, day_of(run)
        act.tx.source_facts.lock()
        staged.prepare()
        staged.quarantine_clashing(number, _CLASHING)
        staged.quarantine_former_taken(number, FORMER_TAKEN)
        staged.quarantine_former_doubled(number, FORMER_DOUBLED)
        staged.mark_known(number)
        unchanged = staged.drop_unchanged(number, run.source, day, act.now, keep=not run.dry_run)
        if not run.dry_run and (waiting := act.tx.sync_items.waiting_gone(run.source)):
            act.tx.sync_items.settle_gone(run.source, waiting, act.now)
        return unchanged

    def apply(self, act: Act, run: ImportRun, share: Share, chunk: Chunk) -> Applied:
        """Put what is new on the register, and let what is known follow."""
        tx = act.tx
        tx.source_facts.lock()
        before = tx.staged_sync.rows_of(chunk)
        tx.staged_sync.mark_chunk(chunk)
        rows = tx.staged_sync.rows_of(chunk)
        lost = _set_aside(act, chunk, rows)
        fresh = _firsts(row for row in rows if row.ordinal not in lost)
        born = _put(act, run, share, chunk, fresh)
        tx.staged_sync.mark_chunk(chunk)
        left = tx.staged_sync.rows_of(chunk)
        outcomes, waiting = _follow(act, run, chunk, left, born)
        tx.staged_sync.forget_chunk(chunk)
        known_before = sum(row.known_entity_no is not None for row in before)
        counts = Counter(outcomes)
        return Applied(
            put=len(before) - len(lost),
            lost=len(lost),
            waiting=waiting,
            new=len(fresh) - (len(before) - known_before - len(lost)),
            changed=counts[Outcome.CHANGED] - known_before,
            late=counts[Outcome.LATE],
            decide=counts[Outcome.DECIDE],
            unchanged=counts[Outcome.UNCHANGED],
        )

    def finish(self, act: Act, run: ImportRun) -> None:
        """Once all of a complete file is known, tell what it lacks."""
        if run.complete:
            missing = act.tx.sync_items.settle_gone(run.source, None, act.now)
            act.tx.imports.missing(run.number, missing)


def day_of(run: ImportRun) -> date:
    """The day that a delta tells of."""
    if run.source_date is None:
        raise AssertionError("a delta has its day")
    return run.source_date


_GONE: Final = frozenset(["删除", "delete", "d"])
_TOLD: Final = frozenset(["", "新增", "变更", "修改", "insert", "update", "i", "u"])


def _is_odd(row: Fields) -> bool:
    """Whether its `op` is no known word."""
    return _op(row) not in _GONE | _TOLD


def _op(row: Fields) -> str:
    return cell(row.values.get("op", "")).lower()


def _odd(row: Fields) -> Remark:
    text = "操作须为新增、变更或删除"
    return Remark(row.line, RemarkKind.REJECT, "op", "OP_UNKNOWN", text, None, row.values)


def _set_aside(act: Act, chunk: Chunk, rows: Sequence[StagedRow]) -> set[int]:
    """Rows of new entities whose 注册号 became somebody's since the file was compared."""
    fresh = [row for row in rows if row.known_entity_no is None and row.former_code]
    taken = act.tx.entities.taken(row.former_code for row in fresh)
    lost = {row.ordinal for row in fresh if row.former_code in taken}
    if lost:
        act.tx.staged_sync.set_rows_aside(chunk, lost, FORMER_TAKEN)
    return lost


def _firsts(rows: Iterable[StagedRow]) -> list[StagedRow]:
    """Of each unknown code the row that was approved first."""
    fresh = [row for row in rows if row.known_entity_no is None and not row.gone]
    firsts: dict[str, StagedRow] = {}
    for row in sorted(fresh, key=lambda row: (row.effective_date, row.ordinal)):
        firsts.setdefault(row.uscc, row)
    return list(firsts.values())


def _put(
    act: Act, run: ImportRun, share: Share, chunk: Chunk, fresh: Sequence[StagedRow]
) -> dict[str, int]:
    """Make entities of rows; code → number."""
    if not fresh:
        return {}
    tx = act.tx
    first_no = run.first_entity_no or tx.imports.reserve_numbers(run.number, run.rows)
    event = imported(run, share, "entity.synced", signed_off=False)
    ordinals = [row.ordinal for row in fresh]
    numbers = (first_no, tx.feed.last_no())
    tx.feed.count(tx.staged_sync.put_rows(chunk, ordinals, event, day_of(run), numbers))
    return {row.uscc: first_no + row.ordinal - 1 for row in fresh}


def _follow(
    act: Act, run: ImportRun, chunk: Chunk, rows: Sequence[StagedRow], born: dict[str, int]
) -> tuple[list[Outcome], tuple[int, ...]]:
    """What became of each row that made no entity, and entities of which something is to be signed.

    Those just born are looked at too if other rows tell of them, or if they came dormant.
    """
    tx, day = act.tx, day_of(run)
    told = [row for row in rows if row.known_entity_no is not None and not row.gone]
    gone = [row for row in rows if row.gone]
    tx.source_facts.keep(
        run.number, chunk.unit_id, [row.ordinal for row in told], run.source, day, act.now
    )
    tx.source_facts.gone([row.uscc for row in gone], run.source, day, run.number)
    numbers = {row.known_entity_no for row in told if row.known_entity_no is not None}
    followed, waiting = _sync(act, run, numbers | set(born.values()))
    touched = {row.known_entity_no for row in gone if row.known_entity_no is not None}
    tx.sync_items.settle_gone(run.source, numbers | touched | set(born.values()), act.now)
    asked = tx.sync_items.waiting_gone(run.source) if gone else []
    outcomes = [followed[row.known_entity_no or 0] for row in told]
    outcomes += [
        Outcome.DECIDE if row.known_entity_no in asked else Outcome.UNCHANGED for row in gone
    ]
    return outcomes, waiting


def _sync(
    act: Act, run: ImportRun, numbers: set[int]
) -> tuple[dict[int, Outcome], tuple[int, ...]]:
    delta = Delta(run.source, run.number, act.now)
    outcomes: dict[int, Outcome] = {}
    waiting = []
    for known in _load(act, run.source, numbers):
        number = known.entity.number
        outcomes[number] = sync_entity(act, delta, known, run.unit)
        if known.followed and outcomes[number] is not Outcome.UNCHANGED:
            waiting.append(number)
    return outcomes, tuple(waiting)


def _load(act: Act, source: str, numbers: set[int]) -> Iterable[Known]:
    """Lock the entities and read what matters of them, a query for each table."""
    tx = act.tx
    entities = tx.entities.locked(numbers)
    facts = tx.source_facts.of(numbers, source)
    versions = tx.entities.versions_of(numbers)
    stories = tx.events.stories(numbers, STATE_KINDS)
    items = tx.sync_items.of(numbers, source)
    followed = tx.places.followed(numbers)
    holds: dict[int, list[Restriction]] = {}
    for hold in tx.restrictions.standing_of(numbers, act.today):
        holds.setdefault(hold.entity_no, []).append(hold)
    for entity in entities:
        number = entity.number
        yield Known(
            entity=entity,
            facts=facts[number],
            versions=versions[number],
            story=stories[number],
            items=items.get(number, ()),
            holds=holds.get(number, ()),
            followed=number in followed,
        )
