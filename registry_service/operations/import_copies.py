"""Files of licences in use: 正本 and 副本."""

from collections.abc import Sequence
from typing import Final

from registry_service.domain.import_copy_row import ImportedCopy, read_copy_row
from registry_service.domain.import_run import Applied, ImportRun, Share
from registry_service.operations.act import Act
from registry_service.operations.import_below import stage_below
from registry_service.operations.import_entities import imported
from registry_service.operations.import_rows import CHUNK_ROWS, Fields
from registry_service.store.entities import Home
from registry_service.store.import_copies import StagedCopies
from registry_service.store.import_staging import Aside, Chunk
from registry_service.store.transaction import Transaction

_TAKEN: Final = Aside(
    "license_number", "LICENSE_NUMBER_TAKEN", "主体 %s 的执照编号与另一主体的相同，请核对"
)


class CopyLoader:
    """Printed copies."""

    chunk_rows = CHUNK_ROWS
    unattended = False

    def staging(self, tx: Transaction) -> StagedCopies:
        """Where its rows wait."""
        return tx.staged_copies

    def stage(self, act: Act, run: ImportRun, before: int, rows: Sequence[Fields]) -> None:
        """Read rows and keep those of entities on the register."""

        def read(row: Fields) -> ImportedCopy:
            return read_copy_row(row.line, row.values, act.today, row.mends)

        def keep(found: list[tuple[Fields, ImportedCopy]], homes: dict[str, Home]) -> None:
            staged = [(before + row.place, copy) for row, copy in found]
            act.tx.staged_copies.stage(run.number, staged, homes)

        stage_below(act, run, rows, read, keep)

    def compare(self, act: Act, run: ImportRun) -> dict[int, int]:
        """Set aside what clashes, drop what is there already."""
        staged = act.tx.staged_copies
        staged.prepare()
        staged.quarantine_numbers(run.number, _TAKEN)
        return staged.drop_known(run.number, mend=not run.dry_run)

    def apply(self, act: Act, run: ImportRun, share: Share, chunk: Chunk) -> Applied:
        """Make copies of the rows, each with an event of its entity."""
        lost = act.tx.staged_copies.set_taken_aside(chunk, _TAKEN)
        act.tx.feed.number_waiting()  # theirs, who held these entities until now
        event = imported(run, share, "copy.migrated")
        put = act.tx.staged_copies.put_on_register(chunk, event, act.tx.feed.last_no())
        act.tx.feed.count(put)
        return Applied(put, lost)

    def finish(self, act: Act, run: ImportRun) -> None:
        """Nothing more is to be done."""
