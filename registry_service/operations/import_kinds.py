"""What differs from one kind of file to another: how its rows are read, compared and applied."""

from collections.abc import Sequence
from typing import Final, Protocol

from registry_service.domain.import_run import ImportKind, ImportRun, Share
from registry_service.operations.act import Act
from registry_service.operations.import_copies import CopyLoader
from registry_service.operations.import_entities import EntityLoader
from registry_service.operations.import_premises import PremisesLoader
from registry_service.operations.import_rows import Fields
from registry_service.store.import_staging import Chunk, Staging
from registry_service.store.transaction import Transaction


class Loader(Protocol):
    """Everything that is particular to one kind of file."""

    def staging(self, tx: Transaction) -> Staging:
        """Where its rows wait."""

    def stage(self, act: Act, run: ImportRun, before: int, rows: Sequence[Fields]) -> None:
        """Read rows and keep them; `before` rows of the file came earlier."""

    def compare(self, act: Act, run: ImportRun) -> dict[int, int]:
        """Set aside what clashes, drop what is known; `unit_id` → rows that were known."""

    def apply(self, tx: Transaction, run: ImportRun, share: Share, chunk: Chunk) -> tuple[int, int]:
        """Put a chunk of a signed share on the register.

        The caller holds the sequencer's lock, and every committed event has its number.

        Returns:
            How many rows are on the register, and how many were set aside instead.
        """


LOADERS: Final[dict[ImportKind, Loader]] = {
    ImportKind.ENTITIES: EntityLoader(),
    ImportKind.PREMISES: PremisesLoader(),
    ImportKind.COPIES: CopyLoader(),
}
