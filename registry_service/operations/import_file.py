"""A file comes in: its rows are read and staged part by part, then compared with the register.

Nothing of it is on the register before a unit signs its part off.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from license_verify.refusal import FieldViolation
from registry_service.domain.authority import ActName
from registry_service.domain.errors import ImportBusy, InvalidRequest
from registry_service.domain.import_run import UNCLEAR, ImportKind, ImportRun, RunState, ShareState
from registry_service.operations.act import Act
from registry_service.operations.authority import authorise
from registry_service.operations.import_kinds import LOADERS
from registry_service.operations.import_rows import Cells, shaped

ACTS: Final = {
    ImportKind.ENTITIES: ActName.IMPORT_ENTITIES,
    ImportKind.PREMISES: ActName.IMPORT_PREMISES,
    ImportKind.COPIES: ActName.IMPORT_COPIES,
    ImportKind.SYNC: ActName.SYNC_ENTITIES,
}
"""Who may send a file of each kind."""


@dataclass(frozen=True, slots=True)
class File:
    """What its sender tells of a file."""

    kind: ImportKind
    source: str
    name: str
    sha256: bytes
    rows: int
    dry_run: bool
    source_date: date | None = None
    """The day that a delta tells of."""
    complete: bool = False
    """The file is everything that its source has."""


def begin_import(act: Act, file: File) -> ImportRun:
    """The run of a file: a new one, or the one that broke off while the same file was sent.

    Raises:
        RoleMissing: the actor may not import.
        InvalidRequest: a delta without its day.
    """
    unit = authorise(act, ACTS[file.kind])
    if file.kind is ImportKind.SYNC:
        _require_day(act, file)
    run = ImportRun(
        number=0,
        kind=file.kind,
        state=RunState.LOADING,
        source=file.source,
        file_name=file.name,
        rows=file.rows,
        loaded=0,
        dry_run=file.dry_run,
        staff_no=act.actor.number,
        staff_name=act.actor.person_name,
        unit=unit,
        workload=act.actor.workload,
        started_at=act.now,
        updated_at=act.now,
        source_date=file.source_date,
        complete=file.complete,
    )
    broken_off = act.tx.imports.unfinished(run, file.sha256)
    return broken_off or act.tx.imports.start(run, file.sha256)


def _require_day(act: Act, file: File) -> None:
    if file.source_date is None or file.source_date > act.today:
        raise InvalidRequest(
            FieldViolation(
                "header.source_date",
                "must be the day that the delta tells of, today at the latest",
                "须注明增量数据的日期，且不晚于今天",
            )
        )


def load_part(act: Act, run: ImportRun, columns: Sequence[str], rows: Sequence[Cells]) -> ImportRun:
    """Read the next rows of a file and make them durable, all or none.

    Args:
        act: who and when.
        run: as it was after the part before.
        columns: field name of each cell; empty for those of no use here.
        rows: those behind `run.loaded`.

    Raises:
        RoleMissing: the actor may not import any more.
        ImportBusy: somebody else sends the same file.
        InvalidRequest: more rows than were announced.
    """
    authorise(act, ACTS[run.kind])
    loaded = run.loaded + len(rows)
    if loaded > run.rows:
        raise InvalidRequest(
            FieldViolation(
                "rows",
                f"are more than the {run.rows} that the header tells of",
                f"文件行数与说明不符：应为 {run.rows} 行",
            )
        )
    if not act.tx.imports.loaded(run, loaded, act.now):
        raise ImportBusy(
            "the same file is being sent by somebody else right now; wait until it is loaded",
            zh="同一文件正在由他人导入，请等待其完成",
            run=run.number,
        )
    fit, misshapen = shaped(columns, rows)
    act.tx.import_remarks.add(run.number, misshapen)
    LOADERS[run.kind].stage(act, run, run.loaded, fit)
    return replace(run, loaded=loaded)


def check_import(act: Act, run: ImportRun) -> ImportRun:
    """Compare what was staged with the register, and count it by unit. A dry run ends here.

    Raises:
        InvalidRequest: fewer rows came than were announced.
    """
    authorise(act, ACTS[run.kind])
    run = act.tx.imports.find(run.number, for_update=True)
    if run.state is not RunState.LOADING:
        return run
    if run.loaded != run.rows:
        raise InvalidRequest(
            FieldViolation(
                "rows",
                f"ended after {run.loaded} of {run.rows}; send the file again",
                f"只收到 {run.loaded} 行，应为 {run.rows} 行，请重新导入同一文件",
            )
        )
    loader = LOADERS[run.kind]
    unchanged = loader.compare(act, run)
    staging, number = loader.staging(act.tx), run.number
    act.tx.imports.count(number, staging.count(number), unchanged, staging.known(number))
    if run.dry_run:
        staging.forget(number)
    act.tx.imports.move(number, RunState.TRIED if run.dry_run else RunState.CHECKED, act.now)
    if not run.dry_run:
        act.tx.imports.close_empty(number)
        if loader.unattended:
            _sign_every_share(act, act.tx.imports.find(number))
        if act.tx.imports.finish(number, act.now):
            loader.finish(act, run)
    return act.tx.imports.find(number)


def _sign_every_share(act: Act, run: ImportRun) -> None:
    """Who sends a delta signs it: it comes at night, and overwrites nothing that was done here."""
    units = [share.unit or UNCLEAR for share in run.shares if share.state is ShareState.OPEN]
    act.tx.imports.sign(run.number, units, act.actor.number, act.actor.person_name, act.now)
