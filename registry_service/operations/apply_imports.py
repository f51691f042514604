"""Signed shares of import runs go on the register, a chunk in a transaction.

A share that was signed off is put on the register whatever happens: the chunk that a crash broke
off is done again, rows keep the numbers that their places in the file give them, and what is
recorded is the time of the signature. So a register that was interrupted ends up the same to the
letter as one that was not.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from registry_service.domain.errors import CodeTaken
from registry_service.domain.import_run import UNCLEAR, Share
from registry_service.operations.import_kinds import LOADERS
from registry_service.store.transaction import Store, Transaction

CHUNK_ROWS: Final = 5_000
"""Publishing waits for a chunk, since the import gives its events their numbers itself."""
_CHUNK_SECONDS: Final = 120.0


def apply_next(store: Store, now: Callable[[], datetime], rows: int = CHUNK_ROWS) -> bool:
    """Put the next chunk of the share that was signed first on the register.

    Returns:
        Whether there was any.

    Raises:
        DatabaseUnavailable: the chunk was not put.
    """
    with store.transaction(_CHUNK_SECONDS) as tx:
        tx.publication.lock_in_transaction()
        signed = tx.imports.next_signed()
        if signed is None:
            return False
        try:
            with tx.connection.transaction():
                finished = _apply(tx, signed, now(), rows)
        except CodeTaken:
            return True  # the next attempt sets that row aside
    if finished:
        with store.transaction(_CHUNK_SECONDS) as tx:
            tx.imports.analyse()
    return True


def _apply(tx: Transaction, signed: tuple[int, int], now: datetime, rows: int) -> bool:
    """Put a chunk; whether it was the run's last."""
    run_no, unit_id = signed
    run = tx.imports.find(run_no, for_update=True)
    share = _share(run.shares, unit_id)
    loader = LOADERS[run.kind]
    tx.feed.number_waiting()
    chunk, count = loader.staging(tx).chunk(run_no, unit_id, share.applied_to, rows)
    put = lost = 0
    if count:
        put, lost = loader.apply(tx, run, share, chunk)
        tx.events.wake()
    whole = count < rows
    tx.imports.applied(run_no, unit_id, chunk.to, put, lost, whole=whole)
    return whole and tx.imports.finish(run_no, now)


def _share(shares: tuple[Share, ...], unit_id: int) -> Share:
    return next(share for share in shares if (share.unit or UNCLEAR) == unit_id)
