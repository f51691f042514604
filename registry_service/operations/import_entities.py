"""Files of entities."""

from collections.abc import Sequence
from typing import Final

from registry_service.domain.china import china_day
from registry_service.domain.event import Event
from registry_service.domain.import_run import Applied, ImportRun, Share
from registry_service.operations.act import Act
from registry_service.operations.import_rows import CHUNK_ROWS, Fields
from registry_service.operations.row_reader import RowReader
from registry_service.store.import_entities import StagedEntities
from registry_service.store.import_staging import Aside, Chunk
from registry_service.store.transaction import Transaction

_DOUBLED: Final = Aside(
    "uniscid", "CODE_DOUBLED", "代码 %s 在文件%s出现，内容各不相同；请核实后只保留正确的一行"
)
FORMER_DOUBLED: Final = Aside(
    "regno", "REGISTRATION_NUMBER_DOUBLED", "注册号 %s 在文件%s属于不同主体，请核实后更正"
)
FORMER_TAKEN: Final = Aside(
    "regno", "REGISTRATION_NUMBER_TAKEN", "注册号 %s 已属于另一主体，请核对后更正"
)
_DIFFERENT: Final = Aside(
    "uniscid",
    "ALREADY_REGISTERED",
    "代码 %s 已登记，且登记内容与本行不同；未作覆盖，请核对后按更正或变更办理",
)
_TAKEN_SINCE: Final = Aside(
    "uniscid", "REGISTERED_SINCE", "代码 %s 或其注册号在核对之后已由他人登记；未作覆盖，请核对"
)


class EntityLoader:
    """Entities under provincial field names."""

    chunk_rows = CHUNK_ROWS
    unattended = False

    def __init__(self) -> None:
        self._reader = RowReader()

    def staging(self, tx: Transaction) -> StagedEntities:
        """Where its rows wait."""
        return tx.staged_entities

    def stage(self, act: Act, run: ImportRun, before: int, rows: Sequence[Fields]) -> None:
        """Read rows and keep them; those that can't be read are told of."""
        reading = self._reader.read(rows, run, act.today, before)
        act.tx.staged_entities.stage(reading.rows)
        act.tx.import_remarks.add(run.number, reading.remarks)

    def compare(self, act: Act, run: ImportRun) -> dict[int, int]:
        """Set aside what clashes with another row or with the register, drop what is known."""
        self._reader.close()
        staged, number = act.tx.staged_entities, run.number
        staged.prepare()
        staged.quarantine_doubled(number, _DOUBLED)
        staged.quarantine_former_taken(number, FORMER_TAKEN)
        staged.quarantine_former_doubled(number, FORMER_DOUBLED)
        staged.quarantine_different(number, _DIFFERENT)
        return staged.drop_known(number, mend=not run.dry_run)

    def apply(self, act: Act, run: ImportRun, share: Share, chunk: Chunk) -> Applied:
        """Make entities of the rows, each at revision 1."""
        lost = act.tx.staged_entities.set_taken_aside(chunk, _TAKEN_SINCE)
        first_no = run.first_entity_no or act.tx.imports.reserve_numbers(run.number, run.rows)
        event = imported(run, share, "entity.imported")
        put = act.tx.staged_entities.put_on_register(chunk, event, first_no, act.tx.feed.last_no())
        act.tx.feed.count(put)
        return Applied(put, lost)

    def finish(self, act: Act, run: ImportRun) -> None:
        """Nothing more is to be done."""


def imported(run: ImportRun, share: Share, kind: str, *, signed_off: bool = True) -> Event:
    """What the events of a share have in common: who sent the file, and who signed it off.

    Args:
        run: the file.
        share: the unit's part.
        kind: of the events.
        signed_off: somebody else signed the share.
    """
    if share.signed_at is None:
        raise AssertionError("a share is applied once it is signed off")
    return Event(
        entity_no=0,
        revision=1,
        kind=kind,
        subject="",
        state_after="",
        actor=run.staff_no,
        actor_name=run.staff_name,
        actor_unit=run.unit,
        workload=run.workload,
        basis=run.source,
        effective_date=china_day(share.signed_at),
        recorded_at=share.signed_at,
        second_actor=share.signed_by if signed_off else "",
        second_actor_name=share.signed_name if signed_off else "",
    )
