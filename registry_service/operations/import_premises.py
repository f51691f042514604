"""Files of premises that were filed before this register was."""

from collections.abc import Sequence
from typing import Final

from registry_service.domain.import_premises_row import ImportedPremises, read_premises_row
from registry_service.domain.import_run import Applied, ImportRun, Share
from registry_service.operations.act import Act
from registry_service.operations.import_below import stage_below
from registry_service.operations.import_entities import imported
from registry_service.operations.import_rows import CHUNK_ROWS, Fields
from registry_service.store.entities import Home
from registry_service.store.import_premises import DOMICILE, DOUBLED, ENDED, TAKEN, StagedPremises
from registry_service.store.import_staging import Aside, Chunk
from registry_service.store.transaction import Transaction

_NOW: Final = {
    ENDED: Aside("uniscid", "ENTITY_ENDED", "主体 %s 已吊销、注销或撤销，不能有经营场所"),
    DOMICILE: Aside("address", "ADDRESS_IS_DOMICILE", "主体 %s 的该地址就是住所，无需备案"),
    TAKEN: Aside(
        "address", "ADDRESS_FILED", "主体 %s 在该地址已有备案的经营场所，且内容与本行不同"
    ),
}
_DOUBLED: Final = Aside(
    "address", "ADDRESS_DOUBLED", "主体 %s 的该地址在文件中出现多次，请只保留一行"
)


class PremisesLoader:
    """Premises; they come without hand-over, and their hosts claim them."""

    chunk_rows = CHUNK_ROWS
    unattended = False

    def staging(self, tx: Transaction) -> StagedPremises:
        """Where its rows wait."""
        return tx.staged_premises

    def stage(self, act: Act, run: ImportRun, before: int, rows: Sequence[Fields]) -> None:
        """Read rows and keep those of entities on the register."""

        def read(row: Fields) -> ImportedPremises:
            return read_premises_row(row.line, row.values, run.source, act.today, row.mends)

        def keep(found: list[tuple[Fields, ImportedPremises]], homes: dict[str, Home]) -> None:
            staged = [(before + row.place, place) for row, place in found]
            act.tx.staged_premises.stage(run.number, staged, homes)

        stage_below(act, run, rows, read, keep)

    def compare(self, act: Act, run: ImportRun) -> dict[int, int]:
        """Set aside what clashes, drop what is filed already."""
        staged = act.tx.staged_premises
        staged.prepare()
        staged.quarantine(run.number, {DOUBLED: _DOUBLED})
        unchanged = staged.drop_known(run.number, mend=not run.dry_run)
        staged.quarantine(run.number, _NOW)
        return unchanged

    def apply(self, act: Act, run: ImportRun, share: Share, chunk: Chunk) -> Applied:
        """Make places of the rows, each with an event of its entity."""
        lost = act.tx.staged_premises.set_taken_aside(chunk, _NOW)
        act.tx.feed.number_waiting()  # theirs, who held these entities until now
        event = imported(run, share, "premises.migrated")
        put = act.tx.staged_premises.put_on_register(chunk, event, act.tx.feed.last_no())
        act.tx.feed.count(put)
        act.tx.statements.end_where_run_filed(run.number)
        return Applied(put, lost)

    def finish(self, act: Act, run: ImportRun) -> None:
        """Nothing more is to be done."""
