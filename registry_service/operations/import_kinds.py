"""What differs from one kind of file to another: how its rows are read, compared and applied."""

from collections.abc import Sequence
from typing import Final, Protocol

from registry_service.domain.import_run import Applied, ImportKind, ImportRun, Share
from registry_service.operations.act import Act
from registry_service.operations.import_copies import CopyLoader
from registry_service.operations.import_entities import EntityLoader
from registry_service.operations.import_premises import PremisesLoader
from registry_service.operations.import_rows import Fields
from registry_service.operations.import_sync import SyncLoader
from registry_service.store.import_staging import Chunk, Staging
from registry_service.store.transaction import Transaction


class Loader(Protocol):
    """Everything that is particular to one kind of file."""

    chunk_rows: int
    """How many rows go on the register in one transaction."""
    unattended: bool
    """Nobody signs off: who sends the file answers for it."""

    def staging(self, tx: Transaction) -> Staging:
        """Where its rows wait."""

    def stage(self, act: Act, run: ImportRun, before: int, rows: Sequence[Fields]) -> None:
        """Read rows and keep them; `before` rows of the file came earlier."""

    def compare(self, act: Act, run: ImportRun) -> dict[int, int]:
        """Set aside what clashes, drop what is known; `unit_id` → rows that were known."""

    def apply(self, act: Act, run: ImportRun, share: Share, chunk: Chunk) -> Applied:
        """Put a chunk of a signed share on the register.

        The caller holds the sequencer's lock, and every committed event has its number.

        Args:
            act: of the person who sent the file, at the time of the signature.
            run: the file.
            share: whose chunk it is.
            chunk: which rows.
        """

    def finish(self, act: Act, run: ImportRun) -> None:
        """Do what is to be done once every share of a run is on the register."""


LOADERS: Final[dict[ImportKind, Loader]] = {
    ImportKind.ENTITIES: EntityLoader(),
    ImportKind.PREMISES: PremisesLoader(),
    ImportKind.COPIES: CopyLoader(),
    ImportKind.SYNC: SyncLoader(),
}
